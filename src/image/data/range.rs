//! The `Range` header of a download. Pure.
//!
//! Glance: `common.wsgi.Request.get_range_from_request`, which reads it with webob.

use kit::error::{Error, Kind, Result};
use kit::http::WEBOB_DETAIL;

/// Which bytes to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// The part of `size` bytes that a header asks for.
pub(super) fn parse(header: &str, size: u64) -> Result<Part> {
    if header.contains(',') {
        return Err(Error::bad_request(
            "Requests with multiple ranges are not supported in Glance. \
             You may make multiple single-range requests instead.",
        ));
    }
    let invalid = || outside("Invalid Range header.".to_owned());
    let bounds = header.trim().strip_prefix("bytes=").ok_or_else(invalid)?;
    let (first, last) = bounds.split_once('-').ok_or_else(invalid)?;
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| invalid());
    if first.is_empty() {
        let length = number(last)?.min(size);
        return Ok(Part { offset: size - length, length });
    }
    let offset = number(first)?;
    let end = if last.is_empty() { size } else { number(last)?.saturating_add(1) };
    if end <= offset && !last.is_empty() {
        return Err(invalid());
    }
    if offset >= size {
        let highest = i128::from(size) - 1;
        return Err(outside(format!(
            "Invalid start position in Range header. \
             Start position MUST be in the inclusive range [0, {highest}]."
        )));
    }
    Ok(Part { offset, length: end.min(size) - offset })
}

fn outside(sentence: String) -> Error {
    Error::new(Kind::RangeNotSatisfiable, sentence).tag(WEBOB_DETAIL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read() {
        for (header, offset, length) in
            [("bytes=0-4", 0, 5), ("bytes=5-", 5, 5), ("bytes=-3", 7, 3), ("bytes=8-99", 8, 2)]
        {
            assert_eq!(parse(header, 10).unwrap(), Part { offset, length }, "{header}");
        }
    }

    #[test]
    fn what_lies_outside_or_is_no_range_is_refused() {
        for header in ["bytes=10-", "bytes=5-2", "bytes=-", "lines=1-2", "bytes=a-b"] {
            assert_eq!(parse(header, 10).unwrap_err().kind, Kind::RangeNotSatisfiable, "{header}");
        }
        assert_eq!(parse("bytes=0-1,3-4", 10).unwrap_err().kind, Kind::BadRequest);
    }
}
