//! `os-getConsoleOutput`: the last lines of a guest's console.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::loose;
use crate::servers::logic::{Asked, not_ready};
use crate::servers::model::VmState;
use crate::servers::view;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let server = call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
    if server.host.is_none() {
        return Err(not_ready(&server.id));
    }
    let length = call.wrapped("os-getConsoleOutput").get("length").filter(|value| !value.is_null());
    let length = length.map(|value| loose::integer("length", value)).transpose()?;
    // Nova: -1 is all of it.
    let tail = length.and_then(|length| u32::try_from(length).ok());
    let bytes = match call.platform.engine.console(&server.engine_name(), tail).await {
        Ok(bytes) => bytes,
        Err(kit::engine::EngineError::NotFound(_)) => {
            return Err(Error::not_found("Guest does not have a console available."));
        }
        Err(error) => return Err(error.into()),
    };
    let mut output = readable(&bytes);
    if server.vm_state == VmState::Stopped {
        let seen = call.platform.engine.inspect(&server.engine_name()).await?;
        output.push_str(&seen.and_then(|seen| seen.exit_code).map_or_else(String::new, ended));
    }
    Ok(view::console_output(tail.map_or(&*output, |count| last_lines(&output, count))))
}

/// Nova: what stands after the last line end counts as a line, though it mostly is empty.
fn last_lines(text: &str, count: u32) -> &str {
    let Some(before) = count.checked_sub(1) else { return "" };
    match text.rmatch_indices('\n').nth(before as usize) {
        Some((end, _)) => text.get(end + 1..).unwrap_or_default(),
        None => text,
    }
}

/// The last line of a guest that has ended.
fn ended(exit_code: i64) -> String {
    format!("\n[the guest ended with exit code {exit_code}]\n")
}

/// Nova takes away what XML could not carry, and its clients are used to it.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}')).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_are_counted_as_nova_counts_them() {
        let lines = |count| super::last_lines("a\nb\nc\n", count);
        assert_eq!((lines(0), lines(1), lines(2)), ("", "", "c\n"));
        assert_eq!((lines(3), lines(4), lines(9)), ("b\nc\n", "a\nb\nc\n", "a\nb\nc\n"));
        assert_eq!(super::last_lines("a\nb", 1), "b");
    }

    #[test]
    fn control_characters_go_and_lines_stay() {
        assert_eq!(super::readable(b"a\r\n\x1b[1mb\tc\x00"), "a\n[1mb\tc");
    }
}
