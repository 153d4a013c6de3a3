//! `OS-DCF:diskConfig`: whether a server's disk grows to the size of its flavor. Called by whoever
//! makes a server of an image or changes its flavor; a container's disk has no partition to grow, so
//! nothing here goes further than the row.
//!
//! Nova: `compute/api.py: _check_auto_disk_config`, `_inherit_properties_from_image`.

use std::collections::BTreeMap;

use kit::error::{Error, Result};
use kit::ids::ImageId;
use serde_json::Value;

use crate::loose;

/// The image property that says what its servers start with, or that it must not be asked for.
const PROPERTY: &str = "auto_disk_config";

/// What a body asks for.
pub(crate) fn asked(body: &Value) -> Option<bool> {
    body.get("OS-DCF:diskConfig").and_then(Value::as_str).map(|text| text == "AUTO")
}

/// An image may forbid it.
pub(crate) fn check(
    asked: Option<bool>,
    properties: &BTreeMap<String, String>,
    image: &ImageId,
) -> Result<()> {
    let of_image = properties.get(PROPERTY).map_or("", |text| text.trim());
    if asked == Some(true) && of_image.eq_ignore_ascii_case("disabled") {
        return Err(Error::bad_request(format!(
            "Requested image {image} has automatic disk resize disabled."
        )));
    }
    Ok(())
}

/// What a new server has: what was asked for, else what its image says.
pub(crate) fn inherited(asked: Option<bool>, properties: &BTreeMap<String, String>) -> bool {
    let of_image = || properties.get(PROPERTY).and_then(|text| loose::boolean(text));
    asked.or_else(of_image).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(PROPERTY.to_owned(), text.to_owned())])
    }

    #[test]
    fn an_image_may_forbid_what_is_asked_for() {
        let image = ImageId::from("an-image".to_owned());
        let forbids = properties(" Disabled ");
        let refused = check(Some(true), &forbids, &image).unwrap_err();
        let sentence = "Requested image an-image has automatic disk resize disabled.";
        assert_eq!(refused.public, sentence);
        check(Some(false), &forbids, &image).unwrap();
        check(None, &forbids, &image).unwrap();
        check(Some(true), &properties("False"), &image).unwrap();
    }

    #[test]
    fn a_server_has_what_its_image_says_unless_asked() {
        assert!(inherited(None, &properties("True")));
        assert!(!inherited(Some(false), &properties("True")));
        assert!(!inherited(None, &properties("disabled")));
        assert!(!inherited(None, &BTreeMap::new()));
    }
}
