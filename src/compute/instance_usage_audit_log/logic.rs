//! Which month is meant. PURE.
//!
//! Upstream: `nova/utils.py::last_completed_audit_period`, with its default of a month.

use kit::clock::Time;
use kit::error::{Error, Result};

/// A month: its first instant, and the first one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) begin: Time,
    pub(super) end: Time,
}

/// `2026-07-01 12:00:00`, with or without a fraction.
pub(super) fn parse(text: &str) -> Option<Time> {
    let (date, time) = text.split_once(' ')?;
    Time::parse(&format!("{date}T{time}Z"))
}

/// The last month that was over before an instant; one that ends with it was not.
pub(super) fn month_before(instant: Time) -> Result<Month> {
    let text = instant.iso_z();
    let mut parts = text.split('-').map(str::parse::<i32>);
    let (Some(Ok(year)), Some(Ok(month))) = (parts.next(), parts.next()) else {
        return Err(Error::internal(format!("{text} has no month")));
    };
    let months = year * 12 + month - 1;
    let months = if first_of(months)? >= instant { months - 1 } else { months };
    Ok(Month { begin: first_of(months - 1)?, end: first_of(months)? })
}

/// The first instant of a month, counted from the year 0.
fn first_of(months: i32) -> Result<Time> {
    let text =
        format!("{:04}-{:02}-01T00:00:00Z", months.div_euclid(12), months.rem_euclid(12) + 1);
    let out_of_time = || Error::bad_request(format!("Invalid timestamp for date {text}"));
    Time::parse(&text).ok_or_else(out_of_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(before: &str) -> (String, String) {
        let month = month_before(parse(before).unwrap()).unwrap();
        (month.begin.iso_z(), month.end.iso_z())
    }

    #[test]
    fn the_month_is_the_last_that_was_over() {
        let pair =
            |begin: &str, end: &str| (format!("{begin}T00:00:00Z"), format!("{end}T00:00:00Z"));
        assert_eq!(month("2026-07-15 12:00:00"), pair("2026-06-01", "2026-07-01"));
        assert_eq!(month("2026-02-01 00:00:00.5"), pair("2026-01-01", "2026-02-01"));
        assert_eq!(month("2026-01-31 00:00:00"), pair("2025-12-01", "2026-01-01"));
        assert_eq!(month("2026-02-01 00:00:00"), pair("2025-12-01", "2026-01-01"));
        assert_eq!(month("2026-01-01 00:00:00"), pair("2025-11-01", "2025-12-01"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "my_invalid_time", "2026-07-15", "2026-07-15T12:00:00", "2026-13-01 00:00:00"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
