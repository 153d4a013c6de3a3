//! Logs: set up once, by the binary; tests stay silent.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Settings;
use crate::error::{Error, Result};

/// Logs to standard error in the format and at the level of the settings; a panic is logged
/// with its place before it unwinds.
pub fn init(settings: &Settings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.default.log)
        .map_err(|error| Error::bad_request(format!("setting [default] log: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let installed = match settings.default.log_format.as_str() {
        "json" => builder.json().try_init(),
        "text" => builder.try_init(),
        other => {
            let sentence = format!("setting [default] log_format: {other:?} is not text or json");
            return Err(Error::bad_request(sentence));
        }
    };
    installed.map_err(|error| Error::internal(format!("logs: {error}")))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic.payload_as_str().unwrap_or("no text");
        tracing::error!(place, "panic: {text}");
    }));
    Ok(())
}
