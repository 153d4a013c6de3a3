//! The page of a console, what it is made of, and the websocket behind it. Public: the token in the
//! address is what counts.

use kit::error::{Error, Result};
use kit::http::{Call, Reply, Upgrade};

use super::{logic, session};

/// Nothing from elsewhere, and no address of ours to anybody: it holds the token. The terminal
/// styles itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'";
const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Name, type and content.
static ASSETS: &[(&str, &str, &str)] = &[
    ("console.js", SCRIPT, include_str!("assets/console.js")),
    ("xterm.js", SCRIPT, include_str!("assets/xterm.js")),
    ("addon-fit.js", SCRIPT, include_str!("assets/addon-fit.js")),
    ("xterm.css", STYLE, include_str!("assets/xterm.css")),
];

/// `GET /console/`.
pub(crate) async fn show(_: Call) -> Result<Reply> {
    Ok(Reply::text(HTML, include_str!("assets/index.html"))
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "no-referrer")
        .header("Cache-Control", "no-store"))
}

/// `GET /console/{asset}`.
pub(crate) async fn asset(call: Call) -> Result<Reply> {
    let named = call.param("asset");
    let asset = ASSETS.iter().find(|(name, ..)| *name == named);
    let (_, media_type, content) =
        asset.ok_or_else(|| Error::not_found("The resource could not be found."))?;
    Ok(Reply::text(media_type, *content).header("X-Content-Type-Options", "nosniff"))
}

/// `GET /console/socket`: uses the token up.
pub(crate) async fn socket(call: Call) -> Result<Reply> {
    let is_websocket =
        call.header("upgrade").is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
    if !is_websocket {
        return Err(Error::bad_request("This address is for websockets."));
    }
    if let Some(origin) = call.header("origin") {
        check_origin(origin, &[&call.links.host, call.header("host").unwrap_or_default()])?;
    }
    let token = call.query("token").unwrap_or_default();
    let server = logic::redeem(&call.platform, token).await?;
    let terminal =
        call.platform.engine.open_terminal(&server.engine_name(), session::USUAL).await?;
    Ok(Reply::socket(Upgrade::new(|socket| session::run(socket, terminal))))
}

/// A page of another site must not use a console that its reader has open. Whoever sends no origin is
/// no browser.
fn check_origin(origin: &str, ours: &[&str]) -> Result<()> {
    let authority = |url: &str| url.split_once("://").map_or(url, |(_, rest)| rest).to_lowercase();
    let is_ours = ours.iter().any(|ours| authority(ours) == authority(origin));
    if is_ours { Ok(()) } else { Err(Error::forbidden("Origin header does not match this host.")) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_our_own_pages_open_consoles() {
        let from =
            |origin| super::check_origin(origin, &["https://cloud", "10.0.0.1:8774"]).is_ok();
        assert!(from("https://cloud") && from("http://10.0.0.1:8774") && from("https://CLOUD"));
        assert!(!from("https://evil") && !from("null") && !from("https://cloud.evil"));
    }
}
