//! PURE: the signatures of Amazon, versions 2 and 4, as `keystoneclient.contrib.ec2` makes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kit::secret::Secret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::SignedRequest;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What stands in a query as it is, when it is signed.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Whether the secret made the signature of the request. Some clients sign without the port.
pub(super) fn is_good(secret: &str, request: &SignedRequest) -> bool {
    let matches = |request: &SignedRequest| {
        expected(secret, request).is_some_and(|good| good.matches(&request.signature))
    };
    if request.signature.is_empty() {
        return false;
    }
    match request.host.rsplit_once(':') {
        Some((host, _)) => {
            matches(request) || matches(&SignedRequest { host: host.to_owned(), ..request.clone() })
        }
        None => matches(request),
    }
}

/// The signature that the request ought to have; none if it is signed in no way that is known.
fn expected(secret: &str, request: &SignedRequest) -> Option<Secret> {
    match request.params.get("SignatureVersion").map(String::as_str) {
        Some("2") => version_2(secret, request),
        None => version_4(secret, request),
        Some(_) => None,
    }
}

fn version_2(secret: &str, request: &SignedRequest) -> Option<Secret> {
    let mut params = request.params.clone();
    params.insert("SignatureMethod".to_owned(), "HmacSHA256".to_owned());
    let query = query(&params);
    let SignedRequest { verb, host, path, .. } = request;
    let signed = sign(secret.as_bytes(), &format!("{verb}\n{host}\n{path}\n{query}"))?;
    Some(Secret::new(STANDARD.encode(signed)))
}

fn version_4(secret: &str, request: &SignedRequest) -> Option<Secret> {
    let signed_headers = member(request, "SignedHeaders")?;
    let credential = member(request, "Credential")?;
    let date =
        request.header("X-Amz-Date").or(request.params.get("X-Amz-Date").map(String::as_str));
    let date = date?;
    let (_, scope) = credential.split_once('/')?;
    let [day, region, service, ..] = scope.split('/').collect::<Vec<_>>()[..] else {
        return None;
    };
    if !date.starts_with(day) {
        return None;
    }
    let verb = request.verb.to_uppercase();
    let query = if verb == "POST" { String::new() } else { query(&request.params) };
    let SignedRequest { path, body_hash, .. } = request;
    let headers = headers(request, &signed_headers);
    let canonical = format!("{verb}\n{path}\n{query}\n{headers}\n{signed_headers}\n{body_hash}");
    let digest = hex::encode(Sha256::digest(canonical));
    let text = format!("{ALGORITHM}\n{date}\n{scope}\n{digest}");
    let key = [day, region, service, "aws4_request"]
        .iter()
        .try_fold(format!("AWS4{secret}").into_bytes(), |key, part| sign(&key, part))?;
    Some(Secret::new(hex::encode(sign(&key, &text)?)))
}

/// A member of the `Authorization` header, or the parameter of the query that stands for it.
fn member(request: &SignedRequest, name: &str) -> Option<String> {
    let Some(header) = request.header("Authorization") else {
        let algorithm = request.params.get("X-Amz-Algorithm")?;
        let value = request.params.get(&format!("X-Amz-{name}"));
        return value.filter(|_| algorithm == ALGORITHM).cloned();
    };
    let members = header.strip_prefix(ALGORITHM)?;
    let (_, value) = members.split_once(&format!("{name}="))?;
    value.split(',').next().map(|value| value.trim().to_owned())
}

/// The signed headers that are there, a line each.
fn headers(request: &SignedRequest, signed: &str) -> String {
    let line = |name: &str| Some(format!("{name}:{}\n", request.header(name)?.trim()));
    signed.split(';').filter_map(line).collect()
}

fn query(params: &std::collections::BTreeMap<String, String>) -> String {
    let quoted = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let pairs: Vec<String> =
        params.iter().map(|(name, value)| format!("{}={}", quoted(name), quoted(value))).collect();
    pairs.join("&")
}

fn sign(key: &[u8], text: &str) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "/6dc7c4af7fc9ef2d5d5a2a7a6e4f2d1";

    fn pairs<const N: usize>(
        rows: [(&str, &str); N],
    ) -> std::collections::BTreeMap<String, String> {
        rows.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    /// The signatures are those that keystoneclient's signer made.
    fn second() -> SignedRequest {
        SignedRequest {
            access: "abc".to_owned(),
            signature: "2UEp2/OQo9iesGjfLe8PrNjVP3QegW8lkwjjujnWNdo=".to_owned(),
            verb: "GET".to_owned(),
            host: "example.org:8000".to_owned(),
            path: "/v1/".to_owned(),
            params: pairs([
                ("Action", "DescribeStackResource"),
                ("SignatureVersion", "2"),
                ("Timestamp", "2026-01-01T00:00:00Z"),
                ("StackName", "a b/~é"),
                ("AWSAccessKeyId", "abc"),
            ]),
            ..SignedRequest::default()
        }
    }

    fn fourth() -> SignedRequest {
        let authorization = "AWS4-HMAC-SHA256 \
                             Credential=abc/20260101/us-east-1/cloudformation/aws4_request, \
                             SignedHeaders=host;x-amz-date, Signature=zzz";
        SignedRequest {
            access: "abc".to_owned(),
            signature: "6f5a74723fceb63c464923f8eb966859e270bc218590b50a5d7fcc0ed4533369"
                .to_owned(),
            verb: "GET".to_owned(),
            host: "example.org".to_owned(),
            path: "/v1/".to_owned(),
            params: pairs([("Action", "x"), ("B", "c:d")]),
            headers: pairs([
                ("Host", "example.org"),
                ("X-Amz-Date", "20260101T000000Z"),
                ("Authorization", authorization),
            ]),
            body_hash: hex::encode(Sha256::digest("")),
        }
    }

    #[test]
    fn a_request_is_signed_by_the_secret_and_whole() {
        for request in [second(), fourth()] {
            assert!(is_good(SECRET, &request), "{request:?}");
            assert!(!is_good("other", &request));
            assert!(!is_good(
                SECRET,
                &SignedRequest { path: "/v2/".to_owned(), ..request.clone() }
            ));
            assert!(!is_good(
                SECRET,
                &SignedRequest { signature: String::new(), ..request.clone() }
            ));
            let mut other = request;
            other.params.insert("Action".to_owned(), "DeleteStack".to_owned());
            assert!(!is_good(SECRET, &other));
        }
    }

    #[test]
    fn a_client_may_sign_without_the_port() {
        let mut request = second();
        request.host = "example.org".to_owned();
        let signed = version_2(SECRET, &request).unwrap();
        let sent = SignedRequest { signature: signed.expose().to_owned(), ..second() };
        assert!(is_good(SECRET, &sent));
    }

    #[test]
    fn what_is_signed_in_no_known_way_is_not_good() {
        let mut request = second();
        request.params.insert("SignatureVersion".to_owned(), "1".to_owned());
        assert!(!is_good(SECRET, &request));
        let mut request = fourth();
        request.headers.insert("X-Amz-Date".to_owned(), "20260102T000000Z".to_owned());
        assert!(!is_good(SECRET, &request), "the day is that of the scope");
        assert!(!is_good(
            SECRET,
            &SignedRequest { signature: "x".to_owned(), ..SignedRequest::default() }
        ));
    }
}
