//! Host aggregates.

use kit::error::Result;
use serde_json::Value;

use super::Delegate;
use crate::aggregates::model::{Aggregate, Changes};
use crate::aggregates::{api, logic, view};
use crate::{hosts, policy};

impl Delegate<'_> {
    /// Makes an aggregate; its number.
    pub fn create_aggregate(&self, name: &str, zone: Option<&str>) -> Result<String> {
        self.authorize(&policy::AGGREGATES_CREATE)?;
        let aggregate = logic::create(self.connection, api::new(name, zone, self.now))?;
        Ok(aggregate.row.to_string())
    }

    /// The aggregate as the API shows it.
    pub fn show_aggregate(&self, id: &str) -> Result<Value> {
        self.authorize(&policy::AGGREGATES_SHOW)?;
        Ok(self.render(&view::DETAIL, &logic::find(self.connection, id)?))
    }

    /// Gives an aggregate a name.
    pub fn rename_aggregate(&self, id: &str, name: &str) -> Result<()> {
        self.authorize(&policy::AGGREGATES_UPDATE)?;
        let name = Some(name.to_owned());
        logic::update(self.connection, self.now, id, name, &Changes::new()).map(drop)
    }

    /// Changes the metadata, of which the zone is one; keys that are not named stay.
    pub fn set_aggregate_metadata(&self, id: &str, changes: &Changes) -> Result<()> {
        self.authorize(&policy::AGGREGATES_SET_METADATA)?;
        logic::set_metadata(self.connection, self.now, id, changes).map(drop)
    }

    /// Puts these hosts and no others into an aggregate.
    pub fn set_aggregate_hosts(&self, id: &str, wanted: &[String]) -> Result<()> {
        let Aggregate { hosts: old, .. } = logic::find(self.connection, id)?;
        for host in old.iter().filter(|host| !wanted.contains(host)) {
            self.authorize(&policy::AGGREGATES_REMOVE_HOST)?;
            logic::remove_host(self.connection, id, host)?;
        }
        for host in wanted.iter().filter(|host| !old.contains(host)) {
            self.authorize(&policy::AGGREGATES_ADD_HOST)?;
            logic::add_host(self.connection, id, host)?;
        }
        Ok(())
    }

    /// Removes an aggregate without hosts.
    pub fn delete_aggregate(&self, id: &str) -> Result<()> {
        self.authorize(&policy::AGGREGATES_DELETE)?;
        logic::delete(self.connection, id)
    }

    /// Whether there is a host of that name.
    pub fn has_host(&self, name: &str) -> Result<bool> {
        hosts::store::exists(self.connection, name)
    }
}
