//! 169.254.169.254 on the host's loopback: guests on every bridge of the engine reach it there,
//! and their own addresses are what arrives.
//!
//! Needs root. What was there already is left alone, at the end too.

use std::net::IpAddr;

use kit::error::{Error, Result};
use tokio::process::Command;

/// The address that this process put on the loopback.
pub(crate) struct Added(IpAddr);

/// Makes sure that the host has `address`; `None` when it had it before, or when it is no
/// link-local address and so somebody else's business.
pub(crate) async fn ensure(address: IpAddr) -> Result<Option<Added>> {
    let IpAddr::V4(wanted) = address else {
        return Ok(None);
    };
    if !wanted.is_link_local() || has(address).await? {
        return Ok(None);
    }
    ip(&["address", "add", &format!("{address}/32"), "dev", "lo"]).await?;
    Ok(Some(Added(address)))
}

impl Added {
    /// Takes the address away again.
    pub(crate) async fn remove(self) -> Result<()> {
        ip(&["address", "del", &format!("{}/32", self.0), "dev", "lo"]).await?;
        Ok(())
    }
}

async fn has(address: IpAddr) -> Result<bool> {
    let listing = ip(&["-oneline", "address", "show"]).await?;
    let mine = format!("{address}/");
    Ok(listing.split_whitespace().any(|word| word.starts_with(&mine)))
}

async fn ip(arguments: &[&str]) -> Result<String> {
    let output = Command::new("ip").args(arguments).output().await?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::unavailable(format!("ip {}: {why}", arguments.join(" "))))
}
