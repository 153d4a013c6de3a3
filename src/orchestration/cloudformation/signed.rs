//! Who asks, where no token says so: a request that an EC2 credential signed (versions 2 and 4).

use std::sync::Arc;

use identity::facade::{SignedRequest, signer};
use kit::error::{Error, Kind, Result};
use kit::http::Call;
use kit::policy::Caller;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// Who signed the request of a call.
pub(super) async fn caller(call: &Call) -> Result<Caller> {
    let (request, platform) = (request(call)?, Arc::clone(&call.platform));
    let prove = move |connection: &Connection| signer(&platform, connection, &request);
    call.platform.store.read(prove).await.map_err(refusal)
}

fn request(call: &Call) -> Result<SignedRequest> {
    let header = call.header("authorization").unwrap_or_default();
    let named = |word: &str| {
        let rest = header.split_once(word).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split([',', ' ']).next()).filter(|text| !text.is_empty())
    };
    let missing = |tag| move || Error::bad_request("").tag(tag);
    let signature = call.query("Signature").or_else(|| call.query("X-Amz-Signature"));
    let signature = signature.or_else(|| named("Signature="));
    let scope = call.query("X-Amz-Credential").or_else(|| named("Credential="));
    let access = call.query("AWSAccessKeyId");
    let access = access.or_else(|| scope.and_then(|scope| scope.split('/').next()));
    let parameters = call.query.iter().filter(|(name, _)| name != "Signature");
    Ok(SignedRequest {
        signature: signature.ok_or_else(missing("IncompleteSignature"))?.to_owned(),
        access: access.ok_or_else(missing("MissingAuthenticationToken"))?.to_owned(),
        verb: call.method.as_str().to_owned(),
        host: call.header("host").unwrap_or_default().to_owned(),
        path: call.url_path.clone(),
        params: parameters.cloned().collect(),
        headers: call.headers.iter().cloned().collect(),
        body_hash: hex::encode(Sha256::digest(call.body.as_str().unwrap_or_default())),
    })
}

/// Why a signature is not good is nobody's business, but which key is unknown.
fn refusal(error: Error) -> Error {
    if error.kind == Kind::NotFound {
        return Error::forbidden("").tag("InvalidClientTokenId").private(error.public);
    }
    if matches!(error.kind, Kind::Unauthorized | Kind::BadRequest) {
        return Error::forbidden("").private(error.public);
    }
    error
}
