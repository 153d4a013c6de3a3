//! Microversions: the number, spans of numbers, the list of a service, negotiation by header.
//!
//! Follows `nova.api.openstack.wsgi.Request.set_api_version_request` and the
//! `microversion_parse` library: the new header wins over the legacy one, the last entry for
//! the service wins within a header, absence means the base version.

use std::fmt;

/// A microversion, `2.26`. Services without microversions use [`Mv::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mv(pub u16, pub u16);

impl Mv {
    /// The version of every call to a service that has no microversions.
    pub const NONE: Self = Self(0, 0);

    /// The number for [`crate::http::contract`]; `None` for services without microversions.
    pub fn number(self) -> Option<(u16, u16)> {
        (self != Self::NONE).then_some((self.0, self.1))
    }
}

impl fmt::Display for Mv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Versions from `from` up to, but without, `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first version inside.
    pub from: Mv,
    /// The first version that is outside again.
    pub until: Option<Mv>,
}

/// This version and all later ones.
pub const fn since(from: Mv) -> Span {
    Span { from, until: None }
}

/// From `from` up to, but without, `until`.
pub const fn between(from: Mv, until: Mv) -> Span {
    Span { from, until: Some(until) }
}

/// Every version; what services without microversions use.
pub const ALWAYS: Span = since(Mv::NONE);

impl Span {
    /// Whether the version lies inside.
    pub fn contains(self, version: Mv) -> bool {
        self.from <= version && self.until.is_none_or(|until| version < until)
    }
}

/// One row of a service's version list.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// The number.
    pub number: Mv,
    /// What it brought, a sentence.
    pub doc: &'static str,
}

/// How a service negotiates.
#[derive(Debug)]
pub struct Versions {
    /// The name in `OpenStack-API-Version: compute 2.1`.
    pub service_type: &'static str,
    /// The older header, without a service name; of services that had one.
    pub legacy_header: Option<&'static str>,
    /// Since when answers say that nobody shall keep them.
    pub uncached_since: Option<Mv>,
    /// Oldest first; its ends are what the service announces.
    pub list: &'static [Version],
}

/// Why a version header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 400: not a version at all.
    Malformed(String),
    /// 406: a version that is not offered.
    OutOfRange(Mv),
}

impl Versions {
    /// The lowest version announced.
    pub fn min(&self) -> Mv {
        self.list.first().map_or(Mv::NONE, |version| version.number)
    }

    /// The highest version announced.
    pub fn max(&self) -> Mv {
        self.list.last().map_or(Mv::NONE, |version| version.number)
    }

    /// The version of a request, from the values of both headers (each possibly repeated).
    pub fn negotiate(&self, new: &[&str], legacy: &[&str]) -> Result<Mv, Refused> {
        let mut named = new.iter().flat_map(|value| value.split(',')).filter_map(|entry| {
            let (service, version) = entry.trim().split_once(char::is_whitespace)?;
            service.eq_ignore_ascii_case(self.service_type).then(|| version.trim())
        });
        let asked = named.next_back().or_else(|| legacy.last().map(|value| value.trim()));
        match asked {
            None | Some("") => Ok(self.min()),
            Some(text) if text.eq_ignore_ascii_case("latest") => Ok(self.max()),
            Some(text) => {
                let version = parse(text).ok_or_else(|| Refused::Malformed(text.to_owned()))?;
                let offered = self.min() <= version && version <= self.max();
                if offered { Ok(version) } else { Err(Refused::OutOfRange(version)) }
            }
        }
    }
}

/// Nova: `^([1-9]\d*)\.([1-9]\d*|0)$`.
fn parse(text: &str) -> Option<Mv> {
    let (major, minor) = text.split_once('.')?;
    let number = |digits: &str, zero: bool| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let leading = digits.starts_with('0') && !(zero && digits == "0");
        if plain && !leading { digits.parse().ok() } else { None }
    };
    Some(Mv(number(major, false)?, number(minor, true)?))
}

/// The version list of a service: a constant per row, and `LIST`, oldest first.
///
/// ```ignore
/// microversions! { (2, 26, SERVER_TAGS, "Servers can carry tags."), }
/// ```
#[macro_export]
macro_rules! microversions {
    ($(($major:literal, $minor:literal, $name:ident, $doc:literal),)*) => {
        $(#[doc = $doc]
        pub const $name: $crate::http::Mv = $crate::http::Mv($major, $minor);)*
        /// Every version, oldest first; append only.
        pub static LIST: &[$crate::http::Version] =
            &[$($crate::http::Version { number: $name, doc: $doc }),*];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    static VERSIONS: Versions = Versions {
        service_type: "compute",
        legacy_header: Some("x-openstack-nova-api-version"),
        uncached_since: None,
        list: &[Version { number: Mv(2, 1), doc: "" }, Version { number: Mv(2, 104), doc: "" }],
    };

    #[test]
    fn the_new_header_wins_and_its_last_entry_counts() {
        assert_eq!(VERSIONS.negotiate(&["compute 2.1, compute 2.96"], &["2.10"]), Ok(Mv(2, 96)));
        assert_eq!(VERSIONS.negotiate(&["volume 3.50"], &[]), Ok(Mv(2, 1)));
        assert_eq!(VERSIONS.negotiate(&["volume 3.50"], &["2.10"]), Ok(Mv(2, 10)));
        assert_eq!(VERSIONS.negotiate(&["compute latest"], &[]), Ok(Mv(2, 104)));
        assert_eq!(VERSIONS.negotiate(&["2.5"], &[]), Ok(Mv(2, 1)));
        assert_eq!(VERSIONS.negotiate(&[""], &[""]), Ok(Mv(2, 1)));
    }

    #[test]
    fn what_is_no_version_is_malformed_and_what_is_not_offered_is_refused() {
        for text in ["x", "2", "2.x", "02.1", "2.01", "-2.1", "2.1.1"] {
            let header = format!("compute {text}");
            assert_eq!(VERSIONS.negotiate(&[&header], &[]), Err(Refused::Malformed(text.into())));
        }
        for (text, version) in [("2.0", Mv(2, 0)), ("2.999", Mv(2, 999)), ("3.0", Mv(3, 0))] {
            let header = format!("compute {text}");
            assert_eq!(VERSIONS.negotiate(&[&header], &[]), Err(Refused::OutOfRange(version)));
        }
    }
}
