//! `/os-hosts`, until 2.42: what services and hypervisors were before they had resources of their
//! own. Nothing switches a host by this way: Nova answers that of every driver it still has.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::model::Service;
use super::{logic, store, view};

/// `GET /os-hosts`: the services that are enabled.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let services = call.platform.store.read(store::list_services).await?;
    let default = &call.platform.settings.compute.availability_zone;
    let wanted = call.query("zone").filter(|zone| !zone.is_empty());
    let is_shown = |service: &&Service| {
        !service.disabled && wanted.is_none_or(|zone| zone == service.zone(default))
    };
    let shown = services.iter().filter(is_shown).map(|service| view::service(service, default));
    Ok(Reply::json(json!({"hosts": shown.collect::<Vec<Value>>()})))
}

/// `GET /os-hosts/{host_name}`: what there is, and who has it.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let name = call.param("host_name").to_owned();
    let read = move |db: &Connection| {
        let unmapped = || Error::not_found(format!("Host '{name}' is not mapped to any cell"));
        let all = logic::hypervisors(db)?;
        let found = all.into_iter().find(|one| one.host.name == name).ok_or_else(unmapped)?;
        Ok((found, store::usage_by_project(db, &name)?))
    };
    let (hypervisor, projects) = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"host": view::resources(&hypervisor, &projects)})))
}

/// `PUT /os-hosts/{host_name}`, and `reboot`, `shutdown` and `startup` of it.
pub(crate) async fn refuse(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let name = call.param("host_name").to_owned();
    let named = name.clone();
    if !call.platform.store.read(move |db: &Connection| store::exists(db, &named)).await? {
        return Err(Error::not_found(format!("Host {name} could not be found.")));
    }
    Err(Error::not_implemented("The requested functionality is not supported."))
}
