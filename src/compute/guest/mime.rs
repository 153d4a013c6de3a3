//! The little of MIME that user data uses: headers, `multipart/*`, transfer encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A part that is not itself multipart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// `text/x-shellscript`, lower case.
    pub(super) media_type: String,
    /// The bytes, decoded.
    pub(super) content: Vec<u8>,
}

/// How deep parts may nest; what is deeper is left out.
const DEPTH: usize = 8;

/// Whether the text is a MIME message with several parts.
pub(super) fn is_multipart(text: &[u8]) -> bool {
    let (headers, _) = split_headers(&String::from_utf8_lossy(text));
    header(&headers, "content-type")
        .is_some_and(|value| value.to_lowercase().contains("multipart/"))
}

/// The parts of a message, in order.
pub(super) fn parts(message: &[u8]) -> Vec<Part> {
    let mut found = Vec::new();
    collect(&String::from_utf8_lossy(message), DEPTH, &mut found);
    found
}

fn collect(message: &str, depth: usize, found: &mut Vec<Part>) {
    let (headers, body) = split_headers(message);
    let content_type = header(&headers, "content-type").unwrap_or("text/plain");
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    if !media_type.starts_with("multipart/") {
        let encoding = header(&headers, "content-transfer-encoding").unwrap_or_default();
        found.push(Part { media_type, content: decode(&body, encoding) });
        return;
    }
    let Some(boundary) = parameter(content_type, "boundary").filter(|_| depth > 0) else {
        return;
    };
    for part in between(&body, &boundary) {
        collect(&part, depth - 1, found);
    }
}

/// Header lines (unfolded) and the body.
fn split_headers(message: &str) -> (Vec<(String, String)>, String) {
    let text = message.replace("\r\n", "\n");
    let text = text.trim_start_matches('\n');
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, body.to_owned())
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|item| {
        let (key, text) = item.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| text.trim().trim_matches('"').to_owned())
    })
}

/// The texts between the boundary's lines; what stands before the first and after the last is
/// not part of the message.
fn between(body: &str, boundary: &str) -> Vec<String> {
    let (open, close) = (format!("--{boundary}"), format!("--{boundary}--"));
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in body.lines() {
        if line.trim_end() == close {
            break;
        }
        if line.trim_end() == open {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(line);
        }
    }
    parts.into_iter().map(|lines| lines.join("\n") + "\n").collect()
}

fn decode(body: &str, encoding: &str) -> Vec<u8> {
    match encoding.trim().to_lowercase().as_str() {
        "base64" => {
            let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            STANDARD.decode(text).unwrap_or_else(|_| body.as_bytes().to_vec())
        }
        "quoted-printable" => unquote(body),
        _ => body.as_bytes().to_vec(),
    }
}

fn unquote(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| *first == b'=');
        let byte = code
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "Content-Type: multipart/mixed;\r\n boundary=\"=B=\"\r\nMIME-Version: 1.0\r\n\r\npreamble\r\n--=B=\r\nContent-Type: text/x-shellscript; charset=\"us-ascii\"\r\n\r\n#!/bin/sh\r\necho one\r\n--=B=\r\nContent-Type: text/cloud-config\r\nContent-Transfer-Encoding: base64\r\n\r\nI2Nsb3VkLWNvbmZpZwo=\r\n--=B=--\r\nepilogue";

    #[test]
    fn a_message_falls_into_its_parts() {
        assert!(is_multipart(MESSAGE.as_bytes()));
        let parts = parts(MESSAGE.as_bytes());
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].media_type, "text/x-shellscript");
        assert_eq!(parts[0].content, b"#!/bin/sh\necho one\n");
        assert_eq!(parts[1].content, b"#cloud-config\n");
    }

    #[test]
    fn a_script_is_no_message() {
        assert!(!is_multipart(b"#!/bin/sh\necho multipart/mixed\n"));
    }

    #[test]
    fn quoted_printable_is_read() {
        assert_eq!(unquote("a=3Db=\nc=ZZ"), b"a=bc=ZZ");
    }
}
