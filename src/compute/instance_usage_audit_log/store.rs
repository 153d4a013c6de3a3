//! The SQL of the audit log, over the tables of hosts and servers.

use kit::error::Result;
use rusqlite::{Connection, named_params};

use super::logic::Month;

/// Every host, with the number of servers that it had in the month.
pub(super) fn list(connection: &Connection, month: Month) -> Result<Vec<(String, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT name, (SELECT count(*) FROM server
             WHERE server.host = host.name AND launched_at < :end
               AND (terminated_at IS NULL OR terminated_at > :begin))
         FROM host ORDER BY name",
    )?;
    let range = named_params! {":begin": month.begin, ":end": month.end};
    let rows = statement.query_map(range, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
