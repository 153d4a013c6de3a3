//! Websockets: a handler answers with an [`Upgrade`], which is run with the [`Socket`] once the
//! connection is one. Never knows what is said on it.
//!
//! Keeping the connection alive is done here: pings are answered and sent, a peer that says
//! nothing for long has gone, and every socket ends when the service stops.

use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, Session};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use crate::tasks::Tasks;

/// A message longer than this ends the connection, bytes.
const MESSAGE_LIMIT: usize = 1 << 20;
/// A quiet peer is asked so often whether it is there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How many questions in a row may stay without an answer.
const PINGS_UNANSWERED: u32 = 3;
/// A peer that takes nothing for so long has gone.
const SEND_PATIENCE: Duration = Duration::from_secs(30);
/// What clients that carry bytes offer, and browsers need not.
const BINARY_PROTOCOL: &str = "binary";

/// What is done with the connection, to its end.
pub struct Upgrade(Box<dyn FnOnce(Socket) -> LocalBoxFuture<'static, ()>>);

impl Upgrade {
    /// Runs this once the connection is a websocket.
    pub fn new<F>(run: impl FnOnce(Socket) -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        Self(Box::new(|socket| Box::pin(run(socket))))
    }
}

/// What is said on a websocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Bytes),
}

/// An open websocket.
pub struct Socket {
    session: Session,
    messages: AggregatedMessageStream,
    open: Tasks,
    unanswered: u32,
}

impl Socket {
    /// The next message; `None` when the peer has gone or the service stops. A call that is dropped
    /// loses nothing.
    pub async fn receive(&mut self) -> Option<Message> {
        loop {
            let next = tokio::select! {
                next = tokio::time::timeout(PING_EVERY, self.messages.next()) => next,
                () = self.open.stopped() => return None,
            };
            let Ok(next) = next else {
                self.ask_whether_there().await?;
                continue;
            };
            self.unanswered = 0;
            match next?.ok()? {
                AggregatedMessage::Text(text) => return Some(Message::Text(text.to_string())),
                AggregatedMessage::Binary(bytes) => return Some(Message::Binary(bytes)),
                AggregatedMessage::Ping(bytes) => self.session.pong(&bytes).await.ok()?,
                AggregatedMessage::Pong(_) => {}
                AggregatedMessage::Close(_) => return None,
            }
        }
    }

    async fn ask_whether_there(&mut self) -> Option<()> {
        self.unanswered += 1;
        if self.unanswered > PINGS_UNANSWERED {
            return None;
        }
        self.session.ping(b"").await.ok()
    }

    /// Sends bytes; `false` when the peer has gone.
    pub async fn send(&mut self, bytes: Bytes) -> bool {
        let sent = tokio::time::timeout(SEND_PATIENCE, self.session.binary(bytes)).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Ends the connection in an orderly way.
    pub async fn close(self) {
        tokio::time::timeout(SEND_PATIENCE, self.session.close(None)).await.ok();
    }
}

/// Whether the request wants to become a websocket.
pub(super) fn is_asked_for(request: &HttpRequest) -> bool {
    let upgrade = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Makes the connection a websocket and runs what is to be done with it.
pub(super) fn open(
    request: &HttpRequest,
    frames: web::Payload,
    Upgrade(run): Upgrade,
    open: &Tasks,
) -> HttpResponse {
    let (mut response, session, messages) = match actix_ws::handle(request, frames) {
        Ok(opened) => opened,
        Err(error) => return error.into(),
    };
    if offers_binary(request) {
        let chosen = HeaderValue::from_static(BINARY_PROTOCOL);
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, chosen);
    }
    let messages = messages.max_frame_size(MESSAGE_LIMIT).aggregate_continuations();
    let messages = messages.max_continuation_size(MESSAGE_LIMIT);
    let socket = Socket { session, messages, open: open.clone(), unanswered: 0 };
    actix_web::rt::spawn(run(socket));
    response
}

fn offers_binary(request: &HttpRequest) -> bool {
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let mut offered =
        offered.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    offered.any(|protocol| protocol.trim() == BINARY_PROTOCOL)
}
