//! `OS::Heat::MultipartMime`: configs together as one user data.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::error::Result;
use rand::RngExt;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::software_config::{Config, group};
use crate::software_configs::logic::text_of;
use crate::software_configs::model::UNGROUPED;
use crate::template::{Property, Schema};

/// The type.
pub(crate) static CONFIG: Config =
    Config { name: "OS::Heat::MultipartMime", schema, text, group: UNGROUPED };

fn schema() -> Schema {
    let part = [
        Property::string("config").required().described("Content of part to attach, either inline or by referencing the ID of another software config resource."),
        Property::string("filename").described("Optional filename to associate with part."),
        Property::string("type").default("text").allowed(["text", "multipart"]).described("Whether the part content is text or multipart."),
        Property::string("subtype").described("Optional subtype to specify with the type."),
    ];
    Schema::of([
        group(),
        Property::list("parts")
            .default(Vec::<Value>::new())
            .of(Property::map("*").with(part))
            .described("Parts belonging to this message."),
    ])
}

/// A part of a message: headers and body.
pub(crate) struct Part {
    /// `text/x-shellscript; charset="us-ascii"`.
    content_type: String,
    encoding: &'static str,
    filename: Option<String>,
    body: String,
}

impl Part {
    /// A text of that subtype.
    pub(crate) fn text(body: &str, subtype: &str, filename: Option<&str>) -> Self {
        let plain = body.is_ascii();
        let charset = if plain { "us-ascii" } else { "utf-8" };
        Self {
            content_type: format!("text/{subtype}; charset=\"{charset}\""),
            encoding: if plain { "7bit" } else { "base64" },
            filename: filename.map(str::to_owned),
            body: if plain { body.to_owned() } else { STANDARD.encode(body) + "\n" },
        }
    }

    fn written(&self, boundary: &str) -> String {
        let Self { content_type, encoding, filename, body } = self;
        let disposition = filename
            .as_ref()
            .map(|name| format!("Content-Disposition: attachment; filename=\"{name}\"\n"));
        let disposition = disposition.unwrap_or_default();
        format!(
            "--{boundary}\nContent-Type: {content_type}\nMIME-Version: 1.0\n\
             Content-Transfer-Encoding: {encoding}\n{disposition}\n{body}\n"
        )
    }

    /// A message of its own, whose headers stand in its text.
    pub(crate) fn message(text: &str) -> Option<Self> {
        let (headers, body) = text.trim_start().split_once("\n\n")?;
        let unfolded = headers.replace("\n ", " ").replace("\n\t", " ");
        let mut lines = unfolded.lines();
        let content_type = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
        });
        let content_type = content_type.filter(|of| of.starts_with("multipart/"))?;
        Some(Self { content_type, encoding: "7bit", filename: None, body: body.to_owned() })
    }
}

/// The message of these parts, as Python writes it.
pub(crate) fn message(parts: &[Part]) -> String {
    let number =
        rand::rng().random_range(1_000_000_000_000_000_000_u64..10_000_000_000_000_000_000);
    let boundary = format!("==============={number}==");
    let written: String = parts.iter().map(|part| part.written(&boundary)).collect();
    format!(
        "Content-Type: multipart/mixed; boundary=\"{boundary}\"\nMIME-Version: 1.0\n\n{written}\
         --{boundary}--\n"
    )
}

fn text(connection: &Connection, properties: &Map<String, Value>) -> Result<Value> {
    let given = properties.get("parts").and_then(Value::as_array);
    let parts = given.into_iter().flatten().map(|given| {
        let word = |name: &str| given.get(name).and_then(Value::as_str);
        let text = text_of(connection, word("config").unwrap_or_default())?;
        let whole = if word("type") == Some("multipart") { Part::message(&text) } else { None };
        let subtype = word("subtype").filter(|text| !text.is_empty()).unwrap_or("plain");
        let filename = word("filename").filter(|text| !text.is_empty());
        Ok(whole.unwrap_or_else(|| Part::text(&text, subtype, filename)))
    });
    let parts = parts.collect::<Result<Vec<Part>>>()?;
    Ok(Value::String(message(&parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_pythons() {
        let parts =
            [Part::text("echo", "plain", None), Part::text("ü", "x-shellscript", Some("x.sh"))];
        let text = message(&parts);
        let (head, rest) = text.split_once("\"\nMIME-Version: 1.0\n\n").unwrap();
        let boundary = head.strip_prefix("Content-Type: multipart/mixed; boundary=\"").unwrap();
        let expected = format!(
            "--{boundary}\nContent-Type: text/plain; charset=\"us-ascii\"\nMIME-Version: 1.0\n\
             Content-Transfer-Encoding: 7bit\n\necho\n--{boundary}\nContent-Type: \
             text/x-shellscript; charset=\"utf-8\"\nMIME-Version: 1.0\nContent-Transfer-Encoding: \
             base64\nContent-Disposition: attachment; filename=\"x.sh\"\n\nw7w=\n\n--{boundary}--\n"
        );
        assert_eq!(rest, expected);
    }
}
