//! Pages: limit, marker, the "one more than asked" rule, next links.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use super::operation::Call;
use crate::error::{Error, Result};

/// What a name or a value in a query may not hold as it is (RFC 3986, section 3.4; `:` and `/`
/// may stand there, and are easier to read).
const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':').remove(b'/');

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows at most; already cut to the service's maximum.
    pub limit: i64,
    /// The id of the last row of the page before.
    pub marker: Option<String>,
}

impl Page {
    /// Reads `limit` and `marker`; a limit above `max` becomes `max` (Nova: `get_limit_and_marker`).
    pub fn from(call: &Call, max: i64) -> Result<Self> {
        let limit = match call.query("limit") {
            None | Some("") => max,
            Some(text) => text
                .parse::<i64>()
                .ok()
                .filter(|limit| *limit >= 0)
                .ok_or_else(|| Error::bad_request("limit param must be an integer"))?
                .min(max),
        };
        let marker = call.query("marker").map(str::to_owned);
        Ok(Self { limit, marker })
    }

    /// The link to the page after `last`, or none when this page is not full. `path` is below
    /// the version; the query is the request's own with another marker.
    pub fn next(&self, call: &Call, path: &str, rows: usize, last: Option<&str>) -> Option<String> {
        let full = self.limit > 0 && i64::try_from(rows).is_ok_and(|rows| rows >= self.limit);
        let last = last.filter(|_| full)?;
        let kept = call.query.iter().filter(|(key, _)| key != "marker");
        let query =
            kept.map(|(key, value)| (key.as_str(), value.as_str())).chain([("marker", last)]);
        Some(format!("{}?{}", call.links.path(path), query_string(query)))
    }
}

/// A query of these parameters, encoded.
pub fn query_string<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = parameters
        .map(|(key, value)| format!("{}={}", encode_query(key), encode_query(value)))
        .collect();
    pairs.join("&")
}

/// A name or a value of a query, encoded.
pub fn encode_query(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}
