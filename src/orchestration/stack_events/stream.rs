//! Events as they happen: the list as server-sent events, oldest first, that goes on with the stack.
//!
//! What is there is sent at once, what follows when the commit that holds it wakes the stream; nobody
//! polls. `Last-Event-ID` says where a client was. While nothing happens a comment says now and then
//! that somebody is there: proxies keep the connection, and a dead one is noticed at both ends. The
//! stream ends when its stack is gone, and is dropped when its client is.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use kit::Platform;
use kit::error::Result;
use kit::http::{Call, Cx, Download, Reply};
use kit::store::Nudge;
use tokio::time::timeout;

use super::api::{Page, Wanted};
use super::view;

/// Their media type.
pub(super) const MEDIA_TYPE: &str = "text/event-stream";

/// How long a stream is silent at most. Proxies close what has been silent for a minute.
const SILENCE: Duration = Duration::from_secs(15);
/// What is no event to any client.
const HEARTBEAT: &[u8] = b": still here\n\n";

/// Whether a call asks for a stream.
pub(super) fn is_asked(call: &Call) -> bool {
    call.header("accept").is_some_and(|accepted| accepted.contains(MEDIA_TYPE))
}

/// A stream of the events that are wanted.
pub(super) async fn reply(call: Call, mut wanted: Wanted) -> Result<Reply> {
    wanted.query.descending = false;
    wanted.query.marker = call.header("last-event-id").map(str::to_owned).or(wanted.query.marker);
    let platform = Arc::clone(&call.platform);
    // Before the first look: what is committed between them wakes it.
    let nudge = platform.store.watch(&["stack_event"]);
    let first = wanted.clone().read(&platform).await?;
    let state = State { call, platform, nudge, wanted, page: Some(first), is_over: false };
    let chunks = Box::pin(chunks(state));
    let reply = Reply::stream(Download { chunks, length: None, media_type: MEDIA_TYPE });
    Ok(reply.header("Cache-Control", "no-cache"))
}

struct State {
    call: Call,
    platform: Arc<Platform>,
    nudge: Nudge,
    wanted: Wanted,
    /// What was read and not yet sent; `None` before a look.
    page: Option<Page>,
    /// What was read last was the end.
    is_over: bool,
}

fn chunks(state: State) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(state, async |mut state| {
        loop {
            let page = if let Some(page) = state.page.take() {
                page
            } else if state.is_over {
                return Ok(None);
            } else if let Some(comment) = unless(state.nudge.wait()).await {
                return Ok(Some((comment, state)));
            } else {
                state.wanted.clone().read(&state.platform).await?
            };
            state.is_over = page.is_over;
            if let Some(last) = page.events.last() {
                state.wanted.query.marker = Some(last.event.id.to_string());
                let text = text(&page, &Cx::new(&state.call));
                return Ok(Some((Bytes::from(text), state)));
            }
        }
    })
}

/// What is sent where there is no news for too long.
async fn unless(news: impl Future<Output = ()>) -> Option<Bytes> {
    timeout(SILENCE, news).await.err().map(|_| Bytes::from_static(HEARTBEAT))
}

fn text(page: &Page, cx: &Cx<'_>) -> String {
    let one = |shown: &view::Shown| {
        let event = &shown.event;
        let name = format!("{}_{}", event.action, event.status);
        let data = view::SUMMARY.render(shown, cx);
        format!("id: {}\nevent: {name}\ndata: {data}\n\n", event.id)
    };
    page.events.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_says_that_it_is_there() {
        let began = tokio::time::Instant::now();
        let said = unless(std::future::pending()).await.unwrap();
        assert!(said.starts_with(b":") && said.ends_with(b"\n\n"), "a comment that is whole");
        assert_eq!(began.elapsed().as_secs(), SILENCE.as_secs());
        assert_eq!(unless(std::future::ready(())).await, None);
    }
}
