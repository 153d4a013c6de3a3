//! User data as it came becomes the pieces that a first boot runs.
//!
//! Follows cloud-init's formats: a script (`#!`), `#cloud-config`, `#cloud-boothook`, a MIME
//! message of several such parts; any of them gzipped. What a container's first boot cannot do
//! (`#include`, `#part-handler`, Jinja templates) is named in the output, never dropped silently.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;

use super::mime;

/// One piece, in the order in which it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Runs at the end of the first boot.
    Script(Vec<u8>),
    /// Runs before everything.
    Boothook(Vec<u8>),
    /// YAML of modules.
    CloudConfig(String),
    /// Something else; its first line or type.
    Unknown(String),
}

/// What a gzip of at most 64 KiB may grow to.
const INFLATED_BYTES: u64 = 4 << 20;

/// The bytes behind the base64 of a request; the contract has refused what is no base64.
pub(crate) fn decode(base64: &str) -> Vec<u8> {
    let text: String = base64.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(text).unwrap_or_default()
}

/// The pieces of user data.
pub(crate) fn pieces(data: &[u8]) -> Vec<Piece> {
    let data = inflate(data);
    if data.iter().all(u8::is_ascii_whitespace) {
        return Vec::new();
    }
    if mime::is_multipart(&data) {
        let parts = mime::parts(&data);
        return parts.into_iter().map(|part| typed(&part.media_type, &part.content)).collect();
    }
    vec![by_first_line(&data)]
}

fn inflate(data: &[u8]) -> Vec<u8> {
    if !data.starts_with(&[0x1f, 0x8b]) {
        return data.to_vec();
    }
    let mut plain = Vec::new();
    match GzDecoder::new(data).take(INFLATED_BYTES).read_to_end(&mut plain) {
        Ok(_) => plain,
        Err(_) => data.to_vec(),
    }
}

fn typed(media_type: &str, content: &[u8]) -> Piece {
    let content = inflate(content);
    match media_type {
        "text/x-shellscript"
        | "text/x-shellscript-per-instance"
        | "text/x-shellscript-per-once" => Piece::Script(content),
        "text/cloud-boothook" => Piece::Boothook(content),
        "text/cloud-config" => Piece::CloudConfig(text(&content)),
        // cloud-init looks at the content where the type says nothing.
        "text/plain" | "text/x-not-multipart" | "application/octet-stream" | "" => {
            by_first_line(&content)
        }
        other => Piece::Unknown(other.to_owned()),
    }
}

fn by_first_line(data: &[u8]) -> Piece {
    let start = data.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let data = data.get(start..).unwrap_or_default();
    if data.starts_with(b"#!") {
        return Piece::Script(data.to_vec());
    }
    if data.starts_with(b"#cloud-config") && !data.starts_with(b"#cloud-config-archive") {
        return Piece::CloudConfig(text(data));
    }
    if data.starts_with(b"#cloud-boothook") {
        return Piece::Boothook(data.to_vec());
    }
    let line: String = text(data).lines().next().unwrap_or_default().chars().take(60).collect();
    Piece::Unknown(line)
}

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_first_line_says_what_it_is() {
        assert_eq!(pieces(b"\n#!/bin/sh\n"), [Piece::Script(b"#!/bin/sh\n".to_vec())]);
        assert!(matches!(pieces(b"#cloud-config\na: 1").as_slice(), [Piece::CloudConfig(_)]));
        assert_eq!(pieces(b"#include\nhttp://x"), [Piece::Unknown("#include".into())]);
        assert_eq!(pieces(b" \n"), []);
    }

    #[test]
    fn gzip_is_opened() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"#!/bin/sh\necho hi\n").unwrap();
        let gzipped = encoder.finish().unwrap();
        assert_eq!(pieces(&gzipped), [Piece::Script(b"#!/bin/sh\necho hi\n".to_vec())]);
    }
}
