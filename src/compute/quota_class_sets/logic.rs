//! The rules of quota class sets.

use kit::error::{Error, Result};
use kit::quota::{self, Resource};
use rusqlite::Connection;

use crate::SERVICE;
use crate::quota_sets::model::{Quota, Quotas};

/// The longest name of a class.
const NAME_LENGTH: usize = 255;

/// The limits of a class; what it does not set has the default.
pub(crate) fn show(connection: &Connection, quotas: &quota::Quotas, class: &str) -> Result<Quotas> {
    let one = |row: &'static Resource| {
        let limit = match quota::class_limit(connection, class, row.name)? {
            Some(limit) => limit,
            None => quotas.default_limit(connection, row.name)?,
        };
        Ok((row.name, Quota { limit, in_use: 0 }))
    };
    quotas.of(SERVICE.name).map(one).collect()
}

/// Sets limits of a class. The limits afterwards.
pub(crate) fn update(
    connection: &Connection,
    quotas: &quota::Quotas,
    class: &str,
    limits: &[(String, i64)],
) -> Result<Quotas> {
    let length = class.chars().count();
    if length > NAME_LENGTH {
        return Err(Error::bad_request(format!(
            "quota_class_name has {length} characters, more than {NAME_LENGTH}."
        )));
    }
    for (name, limit) in limits {
        quota::set_class_limit(connection, class, name, *limit)?;
    }
    show(connection, quotas, class)
}
