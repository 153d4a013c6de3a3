//! The operator's `policy.yaml`: `"rule name": "check string"`, checked at start.

use std::collections::HashMap;
use std::path::Path;

use super::Check;
use crate::error::{Error, Result};

pub(super) fn apply(file: &Path, checks: &mut HashMap<String, Check>) -> Result<()> {
    let wrong = |what: String| Error::bad_request(format!("{}: {what}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let rows: HashMap<String, String> =
        serde_saphyr::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    for (name, check) in rows {
        let line = 1 + text.lines().position(|line| line.contains(&name)).unwrap_or_default();
        let parsed = Check::parse(&check)
            .map_err(|why| wrong(format!("line {line}: rule {name}: {why}")))?;
        checks.insert(name, parsed);
    }
    Ok(())
}
