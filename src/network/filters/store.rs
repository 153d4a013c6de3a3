//! The SQL of filters: who is a member of a group, and whose filter is out of date.

use ipnet::IpNet;
use kit::Result;
use kit::ids::{SecurityGroupId, ServerId};
use kit::store::json_column;
use rusqlite::Connection;

use crate::ports::model::AddressPair;

/// The addresses of the ports in a group, and the pairs allowed beside them: members as Neutron
/// counts them.
pub(crate) fn members(connection: &Connection, group: &SecurityGroupId) -> Result<Vec<IpNet>> {
    let mut addresses = connection.prepare_cached(
        "SELECT a.address FROM port_security_group g JOIN port_address a ON a.port = g.port
         WHERE g.security_group = ?1",
    )?;
    let texts = addresses.query_map([group], |row| row.get::<_, String>(0))?;
    let mut members = Vec::new();
    for text in texts {
        let address: Option<std::net::IpAddr> = text?.parse().ok();
        members.extend(address.map(IpNet::from));
    }
    let mut pairs = connection.prepare_cached(
        "SELECT p.allowed_address_pairs FROM port_security_group g JOIN port p ON p.id = g.port
         WHERE g.security_group = ?1 AND p.allowed_address_pairs <> '[]'",
    )?;
    let lists = pairs
        .query_map([group], |row| json_column::<Vec<AddressPair>>(row, "allowed_address_pairs"))?;
    for list in lists {
        members.extend(list?.iter().filter_map(AddressPair::range));
    }
    Ok(members)
}

/// The last note of what is out of date; `None` when nothing is.
pub(crate) fn last_due(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT max(position) FROM filter_due";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The servers whose filters are out of date by the notes up to this one.
pub(crate) fn due(connection: &Connection, last: i64) -> Result<Vec<ServerId>> {
    let mut statement = connection.prepare_cached(
        "WITH changed (security_group) AS (
             SELECT id FROM filter_due WHERE position <= ?1 AND subject = 'group'
             UNION
             SELECT r.security_group FROM filter_due d
             JOIN security_group_rule r ON r.remote_group = d.id
             WHERE d.position <= ?1 AND d.subject = 'members'
         )
         SELECT id FROM filter_due WHERE position <= ?1 AND subject = 'server'
         UNION
         SELECT p.device_id FROM changed c
         JOIN port_security_group g ON g.security_group = c.security_group
         JOIN port p ON p.id = g.port WHERE p.device_owner LIKE 'compute:%'",
    )?;
    let rows = statement.query_map([last], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes that a server's filter is out of date, where no row of ours says so.
pub(crate) fn note(connection: &Connection, server: &ServerId) -> Result<()> {
    let sql = "INSERT INTO filter_due (subject, id) VALUES ('server', ?1)";
    connection.prepare_cached(sql)?.execute([server])?;
    Ok(())
}

/// Forgets the notes up to this one.
pub(crate) fn forget(connection: &Connection, last: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM filter_due WHERE position <= ?1")?.execute([last])?;
    Ok(())
}
