//! What guests of stacks are given to work with: user data in Heat's formats, and stand-ins for
//! the tools of `CloudFormation`.
//!
//! The tools are small shell scripts that a bare `BusyBox` runs. What `cfn-init` is to do is
//! written out as a script too ([`init`]), here and not in the guest, which could not read it.

pub(crate) mod init;
mod tools;

use kit::error::Result;
use serde_json::Value;

use crate::resources::heat::multipart_mime::{Part, message};
use crate::resources::{Act, Look};
use crate::signals::urls;
use crate::software_configs::logic::text_of;

/// The key of metadata that `cfn-init` reads.
pub(crate) const INIT: &str = "AWS::CloudFormation::Init";

/// The user data of a server, in the format that it asks for; `None` where there is none.
pub(crate) fn user_data(act: &Act<'_>) -> Result<Option<String>> {
    let given = act.text("user_data").unwrap_or_default();
    let format = act.text("user_data_format").unwrap_or("HEAT_CFNTOOLS");
    let is_cfntools = format == "HEAT_CFNTOOLS";
    let text = if is_cfntools { given.to_owned() } else { text_of(act.hand.connection, given)? };
    let has_init = act.resource.metadata.get(INIT).is_some();
    let wants_tools = match format {
        "RAW" => false,
        "HEAT_CFNTOOLS" => has_init || !text.is_empty(),
        _ => has_init,
    };
    if !wants_tools {
        return Ok(Some(text).filter(|text| !text.is_empty()));
    }
    let look = Look { hand: act.hand, stack: act.stack, resource: act.resource };
    let hook = tools::boothook(&urls::init(&look)?, &init::script(&look.resource.metadata));
    let mut parts = vec![Part::text(&hook, "cloud-boothook", Some("heat-tools.sh"))];
    if !text.is_empty() {
        let whole = if text.contains("multipart/") { Part::message(&text) } else { None };
        parts
            .push(whole.unwrap_or_else(|| Part::text(&text, subtype(&text), Some("cfn-userdata"))));
    }
    Ok(Some(message(&parts)))
}

/// What a text is, by its first line. One that says nothing is left for the guest to look at.
fn subtype(text: &str) -> &'static str {
    static TYPES: &[(&str, &str)] = &[
        ("#!", "x-shellscript"),
        ("#cloud-config", "cloud-config"),
        ("#cloud-boothook", "cloud-boothook"),
    ];
    let known = TYPES.iter().find(|(start, _)| text.starts_with(start));
    known.map_or("plain", |(_, subtype)| subtype)
}

/// A word that the shell takes as it is.
pub(crate) fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Text as it is, all else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_says_what_a_part_is() {
        assert_eq!(subtype("#!/bin/sh\n"), "x-shellscript");
        assert_eq!(subtype("#cloud-config\n"), "cloud-config");
        assert_eq!(subtype("echo"), "plain");
    }
}
