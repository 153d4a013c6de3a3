//! `/auth/tokens`: calls become logic, tokens become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;

use super::logic;
use super::model::{Token, TokenScope};
use super::request::AuthRequest;
use super::view;
use crate::access::is_true;
use crate::catalog::address;
use crate::catalog::view::Catalogue;
use crate::sentences::forbidden_action;

/// How long after its end a token may be shown with `allow_expired`, seconds.
const ALLOW_EXPIRED: i64 = 2 * 24 * 3600;

/// `POST /auth/tokens`.
pub(crate) async fn issue(call: Call) -> Result<Reply> {
    let request = AuthRequest::parse(&call.body)?;
    let (text, token) = logic::issue(&call.platform, request).await?;
    reply(&call, &text, &token).await
}

/// `GET /auth/tokens` and `HEAD /auth/tokens`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (text, token) = subject(&call).await?;
    reply(&call, &text, &token).await
}

/// `DELETE /auth/tokens`.
pub(crate) async fn revoke(call: Call) -> Result<Reply> {
    let (_, token) = subject(&call).await?;
    let cascade = call.query("cascade").is_none_or(is_true);
    logic::revoke(&call.platform, token, cascade).await?;
    Ok(Reply::empty())
}

/// Whether the caller's token stands for all of its user: a password is behind it.
pub(crate) async fn is_primary(call: &Call) -> Result<bool> {
    call.caller()?;
    match &call.token {
        Some(text) => Ok(!logic::validate(&call.platform, text.expose(), 0).await?.is_delegated()),
        None => Ok(false),
    }
}

/// Refuses a token that stands for less than its user: what it could read would be worth more.
pub(crate) async fn require_primary(call: &Call) -> Result<()> {
    if is_primary(call).await? {
        return Ok(());
    }
    Err(forbidden_action("Delegated tokens cannot access credentials directly"))
}

/// The token of `X-Subject-Token`, if the caller may see it. An unknown token is 404 before
/// anything else, as upstream.
async fn subject(call: &Call) -> Result<(String, Token)> {
    call.caller()?;
    let Some(text) = call.header("x-subject-token") else {
        call.authorize_on(&Target::none())?;
        return Err(Error::not_found("No token in the request"));
    };
    let allow_expired =
        call.query("allow_expired").is_some_and(|text| !text.is_empty() && is_true(text));
    let window = if allow_expired { ALLOW_EXPIRED } else { 0 };
    let token = logic::validate(&call.platform, text, window).await?;
    call.authorize_on(&Target::none().with("target.token.user_id", &token.user.id))?;
    Ok((text.to_owned(), token))
}

/// A token with its text in the header.
pub(crate) async fn reply(call: &Call, text: &str, token: &Token) -> Result<Reply> {
    let project = match &token.scope {
        TokenScope::Project { project, .. } => Some(project.id.to_string()),
        TokenScope::Domain(_) | TokenScope::System | TokenScope::Unscoped => None,
    };
    let wanted = call.query("nocatalog").is_none() && token.scope != TokenScope::Unscoped;
    let catalogue = if wanted {
        let catalogue = call.platform.store.read(Catalogue::read).await?;
        let base = address::base(&call.links, &call.platform.settings);
        Some(catalogue.render(&base, project.as_deref()))
    } else {
        None
    };
    Ok(Reply::json(view::token(token, catalogue)).header("X-Subject-Token", text))
}
