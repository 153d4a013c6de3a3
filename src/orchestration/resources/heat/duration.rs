//! PURE: durations as `CloudFormation` writes them, `PT1H30M`.

use std::sync::LazyLock;

use regex::Regex;

use crate::template;

/// How many seconds it has.
pub(super) fn seconds(text: &str) -> template::Result<i64> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?$").ok());
    let Some(parts) = FORM.as_ref().and_then(|form| form.captures(text)) else {
        let sentence = "Only ISO 8601 duration format of the form PT#H#M#S is supported.";
        return Err(template::Error::validation(sentence));
    };
    let part = |index: usize, unit: i64| {
        let number = parts.get(index).and_then(|part| part.as_str().parse::<i64>().ok());
        number.unwrap_or_default() * unit
    };
    Ok(part(1, 3600) + part(2, 60) + part(3, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_hours_minutes_and_seconds() {
        for (text, expected) in [("PT0S", 0), ("PT1H30M", 5400), ("PT5S", 5), ("PT", 0)] {
            assert_eq!(seconds(text).unwrap(), expected, "{text}");
        }
        for text in ["5", "P1D", "PT5", "PT1S1M"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
