//! What the command line can do, one file per command.

pub(crate) mod backup;
pub(crate) mod doctor;
pub(crate) mod reset;
pub(crate) mod serve;

use std::future::Future;
use std::io::Write;

use kit::error::Result;

use crate::app::SERVICES;

/// Prints to standard output; a closed pipe is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints to standard error.
pub(crate) fn complain(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}

/// Runs a command's future on a runtime of its own.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

/// `policy.yaml` with every rule at its default.
pub(crate) fn policy_sample() -> String {
    let rules = SERVICES.iter().flat_map(|service| service.rules).chain(kit::policy::SHARED_RULES);
    let rows = rules.map(|rule| {
        let mut lines = vec![format!("# {}", rule.doc)];
        lines.extend(rule.operations.iter().map(|operation| format!("#   {operation}")));
        lines.push(format!("# \"{}\": \"{}\"\n", rule.name, rule.check));
        lines.join("\n")
    });
    rows.collect::<Vec<_>>().join("\n")
}
