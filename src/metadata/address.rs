//! 169.254.169.254 on the host's loopback: guests on every bridge of the engine reach it there,
//! and their own addresses are what arrives.
//!
//! Needs root. What somebody else put there is left alone, at the end too. A label says whose it is, so
//! what a process that was killed left behind is its installation's still.

use std::net::IpAddr;

use kit::error::{Error, Result};
use kit::ids::InstallationId;
use tokio::process::Command;

/// Characters of an interface's name at most, which a label is one of.
const LABEL_LENGTH: usize = 15;

/// The address that this installation put on the loopback.
pub(crate) struct Added(IpAddr);

/// Makes sure that the host has `address`; `None` when somebody else gave it that, or when it is no
/// link-local address and so somebody else's business.
pub(crate) async fn ensure(
    address: IpAddr,
    installation: &InstallationId,
) -> Result<Option<Added>> {
    let IpAddr::V4(wanted) = address else {
        return Ok(None);
    };
    if !wanted.is_link_local() {
        return Ok(None);
    }
    let (label, mine) = (label(installation), format!("{address}/"));
    let listing = ip(&["-oneline", "address", "show"]).await?;
    let mut lines = listing.lines().map(str::split_whitespace);
    if let Some(mut words) = lines.find(|words| words.clone().any(|word| word.starts_with(&mine))) {
        return Ok(words.any(|word| word == label).then_some(Added(address)));
    }
    ip(&["address", "add", &format!("{address}/32"), "dev", "lo", "label", &label]).await?;
    Ok(Some(Added(address)))
}

/// Takes away what the installation put on the loopback; nothing there is success.
pub(crate) async fn forget(installation: &InstallationId) -> Result<()> {
    ip(&["address", "flush", "dev", "lo", "label", &label(installation)]).await.map(drop)
}

impl Added {
    /// Takes the address away again.
    pub(crate) async fn remove(self) -> Result<()> {
        ip(&["address", "del", &format!("{}/32", self.0), "dev", "lo"]).await?;
        Ok(())
    }
}

/// A label begins with the interface, or programs of old do not show it.
fn label(installation: &InstallationId) -> String {
    format!("lo:{installation}").chars().take(LABEL_LENGTH).collect()
}

async fn ip(arguments: &[&str]) -> Result<String> {
    let output = Command::new("ip").args(arguments).output().await?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::unavailable(format!("ip {}: {why}", arguments.join(" "))))
}
