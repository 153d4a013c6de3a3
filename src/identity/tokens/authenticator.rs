//! What the pipeline asks about every token.

use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::error::{Error, Kind, Result};
use kit::http::Authenticator;
use kit::policy::Caller;

use super::cache::TokenCache;
use super::logic;
use crate::sentences::unauthorized;

/// Checks the tokens of this service, from memory where it can.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenAuthenticator;

#[async_trait]
impl Authenticator for TokenAuthenticator {
    async fn authenticate(&self, platform: &Arc<Platform>, token: &str) -> Result<Caller> {
        let cache = platform.extension::<TokenCache>()?;
        if let Some(caller) = cache.get(token, platform.clock.now()) {
            return Ok(caller);
        }
        let generation = cache.generation();
        let caller = logic::validate(platform, token, 0).await.map_err(refused)?.caller();
        cache.put(token, generation, caller.clone());
        Ok(caller)
    }
}

/// Why a token is not good is nobody's business; that the database is broken is.
fn refused(error: Error) -> Error {
    match error.kind {
        Kind::Internal | Kind::Unavailable => error,
        Kind::BadRequest
        | Kind::Unauthorized
        | Kind::Forbidden
        | Kind::QuotaExceeded
        | Kind::NotFound
        | Kind::MethodNotAllowed
        | Kind::NotAcceptable
        | Kind::Conflict
        | Kind::Gone
        | Kind::PreconditionFailed
        | Kind::TooLarge
        | Kind::UnsupportedMediaType
        | Kind::RangeNotSatisfiable
        | Kind::NotImplemented => unauthorized(error.to_string()),
    }
}
