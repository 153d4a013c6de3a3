//! A guest posts the password that it has made for itself, encrypted for its owner.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use compute::facade::{self, PASSWORD_LIMIT_BYTES};
use kit::error::{Error, Kind, Result};
use kit::platform::Platform;

use crate::identify;

/// Keeps the body of a `POST` as the password of whoever speaks.
pub(crate) async fn take(
    request: &HttpRequest,
    payload: web::Payload,
    platform: &Platform,
) -> Result<HttpResponse> {
    let peer = request.peer_addr().ok_or_else(|| Error::internal("a connection without a peer"))?;
    let Some(facts) = identify::by_address(platform, peer.ip()).await? else {
        return Ok(HttpResponse::new(StatusCode::NOT_FOUND));
    };
    let Ok(Ok(body)) = payload.to_bytes_limited(PASSWORD_LIMIT_BYTES).await else {
        return Ok(HttpResponse::new(StatusCode::BAD_REQUEST));
    };
    let Ok(password) = String::from_utf8(body.to_vec()) else {
        return Ok(HttpResponse::new(StatusCode::BAD_REQUEST));
    };
    match facade::post_password(platform, &facts.id, password).await {
        Ok(()) => Ok(HttpResponse::new(StatusCode::OK)),
        Err(error) if error.kind == Kind::Conflict => Ok(HttpResponse::new(StatusCode::CONFLICT)),
        Err(error) => Err(error),
    }
}
