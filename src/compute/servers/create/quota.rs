//! The quotas of a request for servers, in Nova's words.

use kit::Platform;
use kit::error::{Error, Result};
use kit::ids::{ProjectId, UserId};
use kit::quota::Exceeded;
use rusqlite::Connection;

use crate::servers::model::{FlavorCopy, Server};
use crate::servers::request::Personality;

/// Nova: `_check_injected_file_quota`.
pub(crate) fn check_personality_quota(
    platform: &Platform,
    connection: &Connection,
    project: &ProjectId,
    files: &[Personality],
) -> Result<()> {
    let longest = |length: fn(&Personality) -> usize| files.iter().map(length).max().unwrap_or(0);
    let beyond = |name: &str, size: usize| -> Result<Option<i64>> {
        let limit = platform.quotas.limit(connection, project, name)?;
        let passed = limit >= 0 && i64::try_from(size).is_ok_and(|size| size > limit);
        Ok(passed.then_some(limit))
    };
    if beyond("injected_files", files.len())?.is_some() {
        return Err(Error::quota("Personality file limit exceeded"));
    }
    if let Some(limit) = beyond("injected_file_path_bytes", longest(|file| file.path.len()))? {
        let sentence = format!("Personality file path exceeds maximum {limit}");
        return Err(Error::quota(sentence));
    }
    let contents = longest(|file| file.contents.len());
    if let Some(limit) = beyond("injected_file_content_bytes", contents)? {
        let sentence = format!("Personality file content exceeds maximum {limit}");
        return Err(Error::quota(sentence));
    }
    Ok(())
}

/// Servers that somebody wants to have.
pub(crate) struct Wish<'a> {
    pub(crate) project: &'a ProjectId,
    pub(crate) user: &'a UserId,
    pub(crate) flavor: &'a FlavorCopy,
    pub(crate) min_count: i64,
    pub(crate) max_count: i64,
}

/// How many servers the quota admits, between `min_count` and `max_count`.
///
/// Nova: `check_num_instances_quota`. It counts here, in the closure that inserts, so a hundred
/// requests at once get no more than the limit together.
pub(crate) fn admitted(
    platform: &Platform,
    connection: &Connection,
    asked: &Wish<'_>,
) -> Result<i64> {
    let Wish { project, user, flavor, .. } = *asked;
    let each = [("instances", 1), ("cores", flavor.vcpus), ("ram", flavor.ram_mb)];
    let deltas = each.map(|(name, amount)| (name, amount.saturating_mul(asked.max_count)));
    let quotas = &platform.quotas;
    let exceeded = quotas.check(connection, project, user, &deltas)?;
    if exceeded.is_empty() {
        return Ok(asked.max_count);
    }
    let mut allowed = asked.max_count;
    for (name, amount) in each {
        let limit = quotas.limit(connection, project, name)?;
        if limit >= 0 && amount > 0 {
            let left = limit - quotas.usage(connection, project, user, name)?;
            allowed = allowed.min(left / amount);
        }
    }
    if allowed >= asked.min_count {
        return Ok(allowed);
    }
    let range = if asked.min_count == asked.max_count {
        asked.max_count.to_string()
    } else {
        format!("{}-{}", asked.min_count, asked.max_count)
    };
    Err(refused(&exceeded, |row| {
        if row.name == "instances" { range.clone() } else { row.requested.to_string() }
    }))
}

/// Refuses a larger flavor beyond the quota. Only what grows is asked for (Nova:
/// `_check_quota_for_upsize`).
pub(crate) fn check_upsize(
    platform: &Platform,
    connection: &Connection,
    server: &Server,
    flavor: &FlavorCopy,
) -> Result<()> {
    let deltas = [
        ("cores", flavor.vcpus.saturating_sub(server.flavor.vcpus)),
        ("ram", flavor.ram_mb.saturating_sub(server.flavor.ram_mb)),
    ];
    let (project, user) = (&server.project_id, &server.user_id);
    let exceeded = platform.quotas.check(connection, project, user, &deltas)?;
    if exceeded.is_empty() {
        return Ok(());
    }
    Err(refused(&exceeded, |row| row.requested.to_string()))
}

/// Nova's sentence (`TooManyInstances`).
fn refused(exceeded: &[Exceeded], requested: impl Fn(&Exceeded) -> String) -> Error {
    let listed = |text: &dyn Fn(&Exceeded) -> String| {
        exceeded.iter().map(text).collect::<Vec<_>>().join(", ")
    };
    let names = listed(&|row| row.name.to_owned());
    Error::quota(format!(
        "Quota exceeded for {names}: Requested {}, but already used {} of {} {names}",
        listed(&requested),
        listed(&|row| row.used.to_string()),
        listed(&|row| row.limit.to_string()),
    ))
}
