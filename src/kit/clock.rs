//! The only caller of "now". Times are integer microseconds since the Unix epoch inside the
//! house; each API's text form is a function here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Microseconds since the Unix epoch, UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// This time moved by a number of seconds.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This time moved by a number of milliseconds.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms.saturating_mul(1_000)))
    }

    /// Whole seconds since the epoch.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// `2026-01-02T03:04:05Z`: Nova's `created`, Glance, Neutron.
    pub fn iso_z(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// `2026-01-02T03:04:05.000000`: Nova's `launched_at` and instance actions.
    pub fn iso_micro(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.6f")
    }

    /// `2026-01-02T03:04:05.000000Z`: Keystone.
    pub fn iso_micro_z(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.6fZ")
    }

    /// `Fri, 02 Jan 2026 03:04:05 GMT`: headers.
    pub fn http(self) -> String {
        self.format("%a, %d %b %Y %H:%M:%S GMT")
    }

    /// Reads the forms that `oslo_utils.timeutils.parse_isotime` takes; a time without an
    /// offset is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let zoned = text.parse::<Timestamp>().ok().or_else(|| {
            let civil = text.parse::<jiff::civil::DateTime>().ok()?;
            jiff::tz::Offset::UTC.to_timestamp(civil).ok()
        })?;
        Some(Self(zoned.as_microsecond()))
    }

    fn format(self, pattern: &str) -> String {
        Timestamp::from_microsecond(self.0).unwrap_or_default().strftime(pattern).to_string()
    }
}

impl ToSql for Time {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

/// Where "now" comes from: the machine, or a test's hand.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance_seconds`].
    pub fn manual(start: Time) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    /// The present time.
    #[expect(clippy::disallowed_methods, reason = "the only caller of now")]
    pub fn now(&self) -> Time {
        match &self.0 {
            Source::System => Time(Timestamp::now().as_microsecond()),
            Source::Manual(at) => Time(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock; a system clock does not move.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Source::Manual(at) = &self.0 {
            at.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_has_its_form() {
        let time = Time(1_700_000_000_123_456);
        assert_eq!(time.iso_z(), "2023-11-14T22:13:20Z");
        assert_eq!(time.iso_micro(), "2023-11-14T22:13:20.123456");
        assert_eq!(time.iso_micro_z(), "2023-11-14T22:13:20.123456Z");
    }

    #[test]
    fn a_time_without_an_offset_is_utc() {
        assert_eq!(Time::parse("2023-11-14T22:13:20"), Some(Time(1_700_000_000_000_000)));
        assert_eq!(Time::parse("2023-11-14T22:13:20Z"), Some(Time(1_700_000_000_000_000)));
        assert_eq!(Time::parse("yesterday"), None);
    }
}
