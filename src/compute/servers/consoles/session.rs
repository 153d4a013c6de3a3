//! One sitting at a console: a websocket joined to a terminal in the guest.
//!
//! Bytes are what is typed and shown. Text is typed too, for clients that know no bytes, unless it
//! says how large the terminal is (`{"columns": 80, "rows": 24}`).
//!
//! **Invariant:** however a session ends, the terminal in the guest is closed.

use bytes::Bytes;
use futures_util::StreamExt;
use kit::engine::{EngineResult, Size, Terminal};
use kit::http::{Message, Socket};
use serde::Deserialize;

/// What a terminal has until its page says otherwise.
pub(super) const USUAL: Size = Size { columns: 80, rows: 24 };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSize {
    columns: u16,
    rows: u16,
}

enum Input {
    Typed(Bytes),
    Resized(Size),
}

impl From<Message> for Input {
    fn from(message: Message) -> Self {
        let text = match message {
            Message::Binary(bytes) => return Self::Typed(bytes),
            Message::Text(text) => text,
        };
        match serde_json::from_str(&text) {
            Ok(NewSize { columns, rows }) if columns > 0 && rows > 0 => {
                Self::Resized(Size { columns, rows })
            }
            Ok(_) | Err(_) => Self::Typed(Bytes::from(text)),
        }
    }
}

/// Joins both until either ends.
pub(super) async fn run(mut socket: Socket, terminal: Terminal) {
    let Terminal { mut output, mut control } = terminal;
    loop {
        let goes_on = tokio::select! {
            message = socket.receive() => match message.map(Input::from) {
                Some(Input::Typed(bytes)) => goes_on(control.write(&bytes).await),
                Some(Input::Resized(size)) => goes_on(control.resize(size).await),
                None => false,
            },
            shown = output.next() => match shown {
                Some(bytes) => socket.send(bytes).await,
                None => false,
            },
        };
        if !goes_on {
            break;
        }
    }
    if let Err(error) = control.close().await {
        tracing::warn!(%error, "the terminal of a console could not be closed");
    }
    socket.close().await;
}

fn goes_on(done: EngineResult<()>) -> bool {
    done.inspect_err(|error| tracing::debug!(%error, "a console ends")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_typed_unless_it_is_a_size() {
        let input = |text: &str| match Input::from(Message::Text(text.to_owned())) {
            Input::Typed(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Input::Resized(size) => size.to_string(),
        };
        assert_eq!(input(r#"{"columns": 100, "rows": 30}"#), "100 columns, 30 rows");
        for typed in ["ls\n", "{}", r#"{"columns": 0, "rows": 1}"#, "größer"] {
            assert_eq!(input(typed), typed);
        }
    }
}
