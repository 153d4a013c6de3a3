//! `OS::Neutron::RBACPolicy`: that a project may use a thing of another one.

use kit::error::Result;
use network::facade::{Delegate, Kind};
use serde_json::{Map, Value};

use super::{Plain, put_id};
use crate::resources::SHOW_ROW;
use crate::resources::nested::Form;
use crate::template::{self, Error, Property, Schema};

pub(crate) static RBAC_POLICY: Plain = Plain {
    name: "OS::Neutron::RBACPolicy",
    kind: Kind::RbacPolicy,
    schema,
    attributes: &[SHOW_ROW],
    validate,
    translate,
    take_away: |_, _, _| {},
};

const OBJECT_TYPE: &str = "object_type";
const OBJECT_ID: &str = "object_id";
const ACTION: &str = "action";

const SHARED: &str = "access_as_shared";
const EXTERNAL: &str = "access_as_external";

/// What can be shared in Neutron at large, where its name is looked up, and what for. What our
/// Neutron does not share, it refuses itself.
static OBJECTS: &[(&str, Option<Kind>, &[&str])] = &[
    ("network", Some(Kind::Network), &[SHARED, EXTERNAL]),
    ("qos_policy", None, &[SHARED]),
    ("security_group", Some(Kind::SecurityGroup), &[SHARED]),
    ("address_scope", Some(Kind::AddressScope), &[SHARED]),
    ("subnetpool", Some(Kind::SubnetPool), &[SHARED]),
];

/// Refuses to share a thing for what nobody can use it for.
fn validate(form: &Form<'_>) -> template::Result<()> {
    let (Some(object), Some(action)) = (form.text(OBJECT_TYPE), form.text(ACTION)) else {
        return Ok(());
    };
    let known = OBJECTS.iter().find(|(name, ..)| *name == object);
    match known {
        Some((_, _, actions)) if !actions.contains(&action) => {
            let sentence = format!(
                "Invalid action \"{action}\" for object type {object}. Valid actions: {}",
                actions.join(", ")
            );
            let place = ["resources", form.name, "properties", ACTION];
            Err(Error::validation(sentence).titled("Property error").within(place))
        }
        Some(_) | None => Ok(()),
    }
}

fn translate(delegate: &Delegate<'_>, given: &mut Map<String, Value>) -> Result<()> {
    let object = given.get(OBJECT_TYPE).and_then(Value::as_str);
    let known = OBJECTS.iter().find(|(name, ..)| Some(*name) == object);
    match known {
        Some((_, Some(kind), _)) => put_id(delegate, given, OBJECT_ID, *kind, OBJECT_ID),
        Some((_, None, _)) | None => Ok(()),
    }
}

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string(OBJECT_TYPE).required().allowed(OBJECTS.iter().map(|(name, ..)| *name)).described("Type of the object that RBAC policy affects."),
        Property::string("target_tenant").required().updatable().described("ID of the tenant to which the RBAC policy will be enforced."),
        Property::string(ACTION).required().allowed([SHARED, EXTERNAL]).described("Action for the RBAC policy. The allowed actions differ for different object types - only network objects can have an access_as_external action."),
        Property::string(OBJECT_ID).required().described("ID or name of the RBAC object."),
        Property::string("tenant_id").described("The owner tenant ID. Only required if the caller has an administrative role and wants to create a RBAC for another tenant."),
    ])
}
