//! The property `roles`: which roles a user or group has where. Users, groups and assignments
//! share it.

use identity::facade::{Actor, Grant, On};
use kit::error::{Error, Result};
use kit::ids::{DomainId, ProjectId, RoleId};
use serde_json::{Map, Value};

use super::{Kind, delegate, find};
use crate::resources::{Act, gone_is_fine};
use crate::template::Property;

/// The property.
#[rustfmt::skip] // a row is a line
pub(super) fn property() -> Property {
    Property::list("roles").updatable().of(Property::map("*").with([
        Property::string("role").required().custom("keystone.role").described("Keystone role."),
        Property::string("project").custom("keystone.project").described("Keystone project."),
        Property::string("domain").custom("keystone.domain").described("Keystone domain."),
    ]).described("Map between role with either project or domain.")).described("List of role assignments.")
}

/// Gives the user or group the roles of `new`, and takes those of `old` that are not among them away.
pub(super) fn assign(
    act: &Act<'_>,
    actor: &Actor,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<()> {
    let (old, new) = (grants(act, actor, old)?, grants(act, actor, new)?);
    for grant in old.iter().filter(|grant| !new.contains(grant)) {
        gone_is_fine(delegate(act).revoke(grant))?;
    }
    new.iter().filter(|grant| !old.contains(grant)).try_for_each(|grant| delegate(act).grant(grant))
}

fn grants(act: &Act<'_>, actor: &Actor, properties: &Map<String, Value>) -> Result<Vec<Grant>> {
    let rows = properties.get("roles").and_then(Value::as_array).into_iter().flatten();
    rows.map(|row| grant(act, actor, row)).collect()
}

fn grant(act: &Act<'_>, actor: &Actor, row: &Value) -> Result<Grant> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let role = text("role").unwrap_or_default();
    let on = match (text("project"), text("domain")) {
        (Some(project), None) => On::Project(ProjectId::from(find(act, Kind::Project, project)?)),
        (None, Some(domain)) => On::Domain(DomainId::from(find(act, Kind::Domain, domain)?)),
        (Some(_), Some(_)) => {
            let sentence =
                "Cannot define the following properties at the same time: project, domain";
            return Err(Error::bad_request(sentence).tag("ResourcePropertyConflict"));
        }
        (None, None) => {
            let sentence = format!("Either project or domain must be specified for role {role}");
            return Err(Error::bad_request(sentence).tag("StackValidationFailed"));
        }
    };
    Ok(Grant { actor: actor.clone(), role: RoleId::from(find(act, Kind::Role, role)?), on })
}
