//! What the `format` keyword accepts, and the sentences of those that have their own.
//!
//! The rules are those of the services themselves, which are laxer than the standards in places:
//! a `uuid` needs no dashes, `base64` skips characters that are not of its alphabet. A format that
//! is not in the table accepts everything, as it does upstream.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::patterns::Pattern;
use crate::http::pyrepr::Quoted;

/// One format: its name, what it accepts, and the sentence that replaces the usual one.
struct Format {
    name: &'static str,
    accepts: fn(&str) -> bool,
    sentence: Option<&'static str>,
}

const fn format(name: &'static str, accepts: fn(&str) -> bool) -> Format {
    Format { name, accepts, sentence: None }
}

const fn named(name: &'static str, accepts: fn(&str) -> bool, sentence: &'static str) -> Format {
    Format { name, accepts, sentence: Some(sentence) }
}

static FORMATS: &[Format] = &[
    format("uuid", is_uuid),
    format("base64", is_base64),
    format("date-time", is_date_time),
    format("ipv4", |text| text.parse::<Ipv4Addr>().is_ok()),
    format("ipv6", |text| text.parse::<Ipv6Addr>().is_ok()),
    format("cidr", is_cidr),
    format("email", |text| text.contains('@')),
    format("regex", |text| !text.is_empty() && Pattern::new(text).is_ok()),
    format("uri", |text| matches(&URI, text)),
    named(
        "name",
        |text| is_printable(text) && !starts_or_ends_blank(text),
        "An invalid 'name' value was provided. The name must be: \
         printable characters. Can not start or end with whitespace.",
    ),
    named(
        "name_with_leading_trailing_spaces",
        |text| is_printable(text) && !is_blank(text),
        "An invalid 'name' value was provided. The name must be: \
         printable characters with at least one non space character",
    ),
    named(
        "az_name",
        |text| is_printable(text) && !text.contains(':') && !starts_or_ends_blank(text),
        // The missing blank is upstream's.
        "An invalid 'name' value was provided. The name must be: \
         printable characters except :.Can not start or end with whitespace.",
    ),
    named(
        "az_name_with_leading_trailing_spaces",
        |text| is_printable(text) && !text.contains(':') && !is_blank(text),
        "An invalid 'name' value was provided. The name must be: \
         printable characters except :, with at least one non space character",
    ),
];

/// What is wrong with `text` as a `name`, if anything.
pub(super) fn complaint(name: &str, text: &str) -> Option<String> {
    let format = find(name).filter(|format| !(format.accepts)(text))?;
    Some(
        format
            .sentence
            .map_or_else(|| format!("{} is not a {}", Quoted(text), Quoted(name)), str::to_owned),
    )
}

/// Whether the complaints of this format are whole answers, told without path and value.
pub(super) fn has_own_sentence(name: &str) -> bool {
    find(name).is_some_and(|format| format.sentence.is_some())
}

fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// A pattern of this file, compiled at first use; a test compiles them all.
type Known = LazyLock<Option<Regex>>;

fn matches(pattern: &Known, text: &str) -> bool {
    pattern.as_ref().is_some_and(|regex| regex.is_match(text))
}

static UUID: Known = LazyLock::new(|| Regex::new("^[0-9a-f]{32}$").ok());

/// Year, month, day, time and zone, each optional from its place on; separators are optional.
static DATE_TIME: Known = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?<year>[0-9]{4})(?:(?:-(?<month>[0-9]{1,2})|(?<m>[0-9]{2}))",
        r"(?:(?:-(?<day>[0-9]{1,2})|(?<d>[0-9]{2}))",
        r"(?:[ T](?<hour>[0-9]{2})(?::?(?<minute>[0-9]{2}))?",
        r"(?::?(?<second>[0-9]{1,2})(?:[.,][0-9]+)?)?",
        r"(?:Z|[-+][0-9]{2}:?(?:[0-9]{2})?)?)?)?)?$",
    ))
    .ok()
});

static URI: Known = LazyLock::new(|| {
    Regex::new(r#"^[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#<>"\\^`{|}]+[^\s<>"\\^`{|}]*$"#).ok()
});

/// Letters, marks, digits, punctuation, symbols and blanks of the basic plane: upstream's table
/// of printable characters ends there, so an emoji is refused.
static PRINTABLE: Known =
    LazyLock::new(|| Regex::new(r"^[^\p{C}\p{Zl}\p{Zp}\x{10000}-\x{10ffff}]*$").ok());

static BLANK_EDGE: Known = LazyLock::new(|| Regex::new(r"^\p{Zs}|\p{Zs}$").ok());

static BLANK: Known = LazyLock::new(|| Regex::new(r"^\p{Zs}*$").ok());

fn is_printable(text: &str) -> bool {
    matches(&PRINTABLE, text)
}

fn starts_or_ends_blank(text: &str) -> bool {
    matches(&BLANK_EDGE, text)
}

fn is_blank(text: &str) -> bool {
    matches(&BLANK, text)
}

fn is_uuid(text: &str) -> bool {
    let bare = text.replace("urn:", "").replace("uuid:", "").to_ascii_lowercase();
    matches(&UUID, &bare.trim_matches(['{', '}']).replace('-', ""))
}

/// Python's lenient decoder: foreign ASCII characters are skipped, but the digits must come out
/// even.
fn is_base64(text: &str) -> bool {
    if !text.is_ascii() {
        return false;
    }
    let (mut digits, mut padding) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'=' if digits >= 2 => {
                padding += 1;
                if digits + padding >= 4 {
                    return true;
                }
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {
                digits = (digits + 1) % 4;
                padding = 0;
            }
            _ => {}
        }
    }
    digits == 0
}

fn is_date_time(text: &str) -> bool {
    let Some(parts) = DATE_TIME.as_ref().and_then(|regex| regex.captures(text)) else {
        return false;
    };
    // YYYYMM could be YYMMDD.
    if parts.name("m").is_some() && parts.name("d").or(parts.name("day")).is_none() {
        return false;
    }
    let part = |name, absent: i16| {
        parts.name(name).map_or(Some(absent), |digits| digits.as_str().parse::<i16>().ok())
    };
    let either = |long, short| part(long, -1).filter(|n| *n >= 0).or_else(|| part(short, 1));
    let date = || {
        let small = |number: i16| i8::try_from(number).ok();
        let (month, day) = (small(either("month", "m")?)?, small(either("day", "d")?)?);
        jiff::civil::Date::new(part("year", 0).filter(|year| *year > 0)?, month, day).ok()
    };
    let within = |name, limit| part(name, 0).is_some_and(|number| number < limit);
    date().is_some() && within("hour", 24) && within("minute", 60) && within("second", 60)
}

fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => fits(length, 32) || length.parse::<Ipv4Addr>().is_ok_and(is_mask),
        Ok(IpAddr::V6(_)) => fits(length, 128),
        Err(_) => false,
    }
}

fn fits(length: &str, bits: u8) -> bool {
    length.bytes().all(|byte| byte.is_ascii_digit())
        && length.parse::<u8>().is_ok_and(|length| length <= bits)
}

fn is_mask(mask: Ipv4Addr) -> bool {
    let bits = u32::from(mask);
    bits.leading_ones() + bits.trailing_zeros() == 32
        || bits.leading_zeros() + bits.trailing_ones() == 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(name: &str, text: &str) -> bool {
        complaint(name, text).is_none()
    }

    #[test]
    fn every_pattern_compiles() {
        for pattern in [&UUID, &DATE_TIME, &URI, &PRINTABLE, &BLANK_EDGE, &BLANK] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn formats_accept_what_the_services_accept() {
        for (name, text) in [
            ("uuid", "d7bb04cc-9e19-4b33-a2f0-0ba5f4d32ed9"),
            ("uuid", "{D7BB04CC9E194B33A2F00BA5F4D32ED9}"),
            ("uuid", "urn:uuid:d7bb04cc-9e19-4b33-a2f0-0ba5f4d32ed9"),
            ("base64", ""),
            ("base64", "aGk="),
            ("base64", "aG k=\n"),
            ("date-time", "2026-02-01T00:00:00Z"),
            ("date-time", "2026-02-01 10:20:30.5+02:00"),
            ("date-time", "20260201T1020"),
            ("date-time", "2026"),
            ("ipv6", "::1"),
            ("cidr", "10.0.0.0/8"),
            ("cidr", "10.0.0.0/255.0.0.0"),
            ("cidr", "fe80::/10"),
            ("uri", "http://cloud:8774/v2.1/servers/1?limit=1"),
            ("name", ""),
            ("name", "Jürgen's web 1"),
            ("name_with_leading_trailing_spaces", " web "),
            ("az_name", "nova"),
            ("unheard-of", "anything"),
        ] {
            assert!(accepts(name, text), "{name} {text}");
        }
    }

    #[test]
    fn formats_refuse_what_the_services_refuse() {
        for (name, text) in [
            ("uuid", "d7bb04cc-9e19-4b33-a2f0-0ba5f4d32ed"),
            ("base64", "not base64!!"),
            ("base64", "a"),
            ("base64", "aGk=\u{e9}"),
            ("date-time", "202602"),
            ("date-time", "2026-02-30"),
            ("date-time", "2026-02-01T24:00:00Z"),
            ("date-time", "yesterday"),
            ("ipv4", "10.0.0.256"),
            ("ipv4", "10.0.0.01"),
            ("cidr", "10.0.0.0"),
            ("cidr", "10.0.0.0/33"),
            ("regex", "["),
            ("regex", ""),
            ("uri", "/servers"),
            ("name", " web"),
            ("name", "a\nb"),
            ("name", "🦀"),
            ("name_with_leading_trailing_spaces", "  "),
            ("az_name", "nova:host"),
            ("az_name_with_leading_trailing_spaces", " "),
        ] {
            assert!(!accepts(name, text), "{name} {text}");
        }
    }
}
