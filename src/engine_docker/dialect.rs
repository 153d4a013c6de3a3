//! What is said differently to different engines: every request passes here on its way out.
//!
//! * The path gets the API version that was agreed on; bollard leaves it out, and the engine
//!   would take its newest, whatever that is.
//! * Before API 1.44 the MAC of a container's first interface stands in the container's own
//!   configuration, and a network name may be taken twice unless one asks for a check. bollard's
//!   types are those of the newest API and have neither, so the body is completed here.

use std::fmt;

use bollard::{BollardRequest, body_full};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use serde_json::{Map, Value};

/// A version of the Engine API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion(pub(crate) u32, pub(crate) u32);

/// The first with a MAC per interface.
pub(crate) const MAC_PER_INTERFACE: ApiVersion = ApiVersion(1, 44);

/// The first that can be told which interface is the way out.
pub(crate) const GATEWAY_PRIORITY: ApiVersion = ApiVersion(1, 48);

impl ApiVersion {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The request as an engine of this version wants it.
pub(crate) fn speak(api: ApiVersion, mut request: BollardRequest) -> BollardRequest {
    let complete = match request.uri().path() {
        "/containers/create" if api < MAC_PER_INTERFACE => Some(lift_mac as fn(&mut Map<_, _>)),
        "/networks/create" if api < MAC_PER_INTERFACE => Some(check_duplicate as _),
        _ => None,
    };
    if let Some(complete) = complete {
        request = with_body(request, complete);
    }
    with_version(api, request)
}

fn with_version(api: ApiVersion, mut request: BollardRequest) -> BollardRequest {
    let uri = request.uri();
    let (scheme, authority) = (uri.scheme_str(), uri.authority());
    if let (Some(scheme), Some(authority), Some(path)) = (scheme, authority, uri.path_and_query())
        && let Ok(versioned) = format!("{scheme}://{authority}/v{api}{path}").parse()
    {
        *request.uri_mut() = versioned;
    }
    request
}

fn with_body(request: BollardRequest, complete: fn(&mut Map<String, Value>)) -> BollardRequest {
    let (parts, body) = request.into_parts();
    // A body that is not there at once is a stream; those two requests never have one.
    let bytes = match body.collect().now_or_never() {
        Some(Ok(collected)) => collected.to_bytes(),
        Some(Err(_)) | None => return BollardRequest::from_parts(parts, body_full(<_>::default())),
    };
    let completed = match serde_json::from_slice(&bytes) {
        Ok(Value::Object(mut object)) => {
            complete(&mut object);
            Value::Object(object).to_string().into()
        }
        Ok(_) | Err(_) => bytes,
    };
    BollardRequest::from_parts(parts, body_full(completed))
}

/// Copies the MAC of the first interface's endpoint to the place where old engines look.
fn lift_mac(create: &mut Map<String, Value>) {
    let endpoints = create.get("NetworkingConfig").and_then(|config| config.get("EndpointsConfig"));
    let first = endpoints.and_then(Value::as_object).and_then(|all| all.values().next());
    if let Some(mac) = first.and_then(|endpoint| endpoint.get("MacAddress")).cloned() {
        create.insert("MacAddress".to_owned(), mac);
    }
}

fn check_duplicate(create: &mut Map<String, Value>) {
    create.insert("CheckDuplicate".to_owned(), Value::Bool(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number() {
        assert!(ApiVersion::parse("1.5") < ApiVersion::parse("1.41"));
        assert_eq!(ApiVersion(1, 44).to_string(), "1.44");
        assert_eq!(ApiVersion::parse("1"), None);
    }

    #[test]
    fn old_engines_find_the_mac_in_the_container() {
        let text = r#"{"Image":"i","NetworkingConfig":{"EndpointsConfig":
            {"n":{"MacAddress":"fa:16:3e:00:00:01"}}}}"#;
        let Ok(Value::Object(mut body)) = serde_json::from_str(text) else { panic!("no object") };
        lift_mac(&mut body);
        assert_eq!(body["MacAddress"], "fa:16:3e:00:00:01");
    }
}
