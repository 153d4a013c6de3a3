//! `make_url`: a URL of its parts, escaped.

use kit::http::pyrepr::Repr;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Snippet};

#[derive(Debug)]
pub(super) struct MakeUrl;

/// The arguments, in the order in which they are checked.
static KEYS: &[&str] =
    &["scheme", "username", "password", "host", "port", "path", "query", "fragment"];

/// What `urllib.parse.quote` escapes with nothing declared safe.
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const UNSAFE_IN_HOST: &AsciiSet = &UNSAFE.remove(b':');
const UNSAFE_IN_PATH: &AsciiSet = &UNSAFE.remove(b'/');

impl Intrinsic for MakeUrl {
    fn description(&self) -> &'static str {
        "A function for performing substitutions on maps."
    }

    fn validate(&self, call: &Call, context: &Context<'_>) -> Result<()> {
        call.validate_arguments(context)?;
        let name = &call.name;
        let Some(members) = call.args.as_map() else {
            return Err(Error::kind(format!("The arguments to \"{name}\" must be a map")));
        };
        let names = members.iter().map(|(key, _)| key.as_str());
        let unknown: Vec<_> = names.filter(|key| !KEYS.contains(key)).collect();
        if !unknown.is_empty() {
            let list = unknown.join(", ");
            return Err(Error::value(format!("Invalid arguments to \"{name}\": {list}")));
        }
        let whole = call.args.to_value();
        let literal = members.iter().filter(|(_, member)| !matches!(member, Snippet::Call(_)));
        let literal = literal.map(|(key, member)| (key.clone(), member.to_value())).collect();
        check(name, &literal, &whole)
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let args = call.arguments(context)?;
        let Some(parts) = args.as_object() else {
            let sentence = format!("The arguments to \"{}\" must be a map", call.name);
            return Err(Error::kind(sentence).into());
        };
        check(&call.name, parts, &args)?;
        Ok(Value::String(url(parts)?))
    }
}

/// Heat: nothing behind `query` is checked.
fn check(name: &str, parts: &Map<String, Value>, whole: &Value) -> Result<()> {
    for key in KEYS {
        match (*key, parts.get(*key)) {
            ("query", Some(Value::Object(_))) => return Ok(()),
            ("query", Some(_)) => {
                let sentence = format!("The \"query\" argument to \"{name}\" must be a map");
                return Err(Error::kind(sentence));
            }
            ("port", Some(port)) => check_port(name, port, whole)?,
            (_, None | Some(Value::String(_))) => {}
            (key, Some(_)) => {
                let sentence = format!("The \"{key}\" argument to \"{name}\" must be a string");
                return Err(Error::kind(sentence));
            }
        }
    }
    Ok(())
}

fn check_port(name: &str, port: &Value, whole: &Value) -> Result<()> {
    if port.is_null() || port.is_array() || port.is_object() {
        python::number(port)?;
    }
    let number = python::int(port).ok_or_else(|| {
        Error::value(format!(
            "Invalid URL port \"{}\" for {name} called with {}",
            python::text(port),
            Repr(whole)
        ))
    })?;
    if (1..=65535).contains(&number) {
        return Ok(());
    }
    Err(Error::value(format!("Invalid URL port {number}, must be in range 1-65535")))
}

fn url(parts: &Map<String, Value>) -> Result<String> {
    let part = |key| parts.get(key).map(python::text).unwrap_or_default();
    let escaped = |key, set| utf8_percent_encode(&part(key), set).to_string();
    let scheme = part("scheme");
    if scheme.contains(':') {
        return Err(Error::value("URL \"scheme\" should not contain ':'"));
    }
    let (username, password) = (escaped("username", UNSAFE), escaped("password", UNSAFE));
    let mut authority = match (username.is_empty(), password.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("{username}@"),
        (_, false) => format!("{username}:{password}@"),
    };
    authority.push_str(&host(&part("host")));
    match part("port").as_str() {
        "" | "0" => {}
        number => authority.extend([":", number]),
    }
    let path = escaped("path", UNSAFE_IN_PATH);
    let query = parts.get("query").and_then(Value::as_object).map(query).unwrap_or_default();
    Ok(join(&scheme, &authority, &path, &query, &escaped("fragment", UNSAFE_IN_PATH)))
}

/// An address of IP version 6 stands in brackets, whether it came in them or not.
fn host(host: &str) -> String {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let escaped = utf8_percent_encode(bare, UNSAFE_IN_HOST).to_string();
    if escaped.contains(':') { format!("[{escaped}]") } else { escaped }
}

fn query(members: &Map<String, Value>) -> String {
    let plus =
        |text: &str| utf8_percent_encode(text, UNSAFE_IN_PATH).to_string().replace("%20", "+");
    let pair =
        |(key, value): (&String, &Value)| format!("{}={}", plus(key), plus(&python::text(value)));
    members.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// `urllib.parse.urlunsplit`.
fn join(scheme: &str, authority: &str, path: &str, query: &str, fragment: &str) -> String {
    let mut url = String::new();
    if !scheme.is_empty() {
        url.extend([scheme, ":"]);
    }
    let netted = ["http", "https", "ftp", "sftp", "file", "rsync"].contains(&scheme);
    if !authority.is_empty() || (netted && !path.starts_with("//")) {
        let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
        url.extend(["//", authority, slash]);
    }
    url.push_str(path);
    for (mark, part) in [('?', query), ('#', fragment)] {
        if !part.is_empty() {
            url.push(mark);
            url.push_str(part);
        }
    }
    url
}
