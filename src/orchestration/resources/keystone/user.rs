//! `OS::Keystone::User`: a user with a password, the roles that it has and the groups that it is in.

use futures_util::future::BoxFuture;
use identity::facade::{Actor, set_password};
use kit::error::Result;
use kit::ids::{GroupId, UserId};
use kit::secret::Secret;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::{Kind, attribute, delegate, find, forget, resolved, roles};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::stack_resources::model::Resource;
use crate::stacks::model::Action;
use crate::template::{Property, Schema};

pub(crate) struct User;

/// Properties that name another thing.
static REFERENCES: &[(&str, &str, Kind)] = &[
    ("domain", "domain_id", Kind::Domain),
    ("default_project", "default_project_id", Kind::Project),
];

/// Kept while the visit is to set the password.
const SETS_PASSWORD: &str = "sets_password";

impl Plugin for User {
    fn name(&self) -> &'static str {
        "OS::Keystone::User"
    }

    fn class(&self) -> &'static str {
        "KeystoneUser"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let mut given = given(act, &properties)?;
        given.insert("name".to_owned(), Value::String(act.thing_name(255)));
        let id = delegate(act).create(Kind::User, given)?;
        let user = UserId::from(id.as_str());
        act.resource.physical = Some(id);
        act.resource.data.insert(SETS_PASSWORD.to_owned(), Value::Bool(true));
        join(act, &user, &Map::new(), &properties)?;
        roles::assign(act, &Actor::User(user), &Map::new(), &properties)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let has = |name: &str| changed.iter().any(|other| other == name);
        let mut wanted = properties.clone();
        wanted.retain(|name, _| changed.contains(name));
        let given = given(act, &wanted)?;
        let user = UserId::from(act.physical());
        delegate(act).update(Kind::User, user.as_str(), given)?;
        act.resource.data.insert(SETS_PASSWORD.to_owned(), Value::Bool(has("password")));
        if has("groups") {
            join(act, &user, &act.resource.properties, properties)?;
        }
        if has("roles") {
            roles::assign(act, &Actor::User(user), &act.resource.properties, properties)?;
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::User, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::User, act.physical()).map(drop)
    }

    /// Hashing a password takes too long for a transaction.
    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(async move {
            let password = resource.properties.get("password").and_then(Value::as_str);
            let sets = resource.data.get(SETS_PASSWORD) == Some(&Value::Bool(true))
                && matches!(resource.action, Action::Create | Action::Update);
            if let (true, Some(password), Some(id)) = (sets, password, &resource.physical) {
                let user = UserId::from(id.as_str());
                set_password(&context.platform, &user, Secret::new(password)).await?;
            }
            forget(&context)
        })
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(Kind::User, look, name)
    }
}

/// What the API is told; the password comes later, roles and groups have ways of their own.
fn given(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Map<String, Value>> {
    let mut given = resolved(act, properties, REFERENCES)?;
    given.retain(|name, _| !["password", "roles", "groups"].contains(&name.as_str()));
    Ok(given)
}

/// Puts the user into the groups of `new`, and out of those of `old` that are not among them.
fn join(
    act: &Act<'_>,
    user: &UserId,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<()> {
    let (old, new) = (groups(act, old)?, groups(act, new)?);
    for group in old.iter().filter(|group| !new.contains(group)) {
        gone_is_fine(delegate(act).leave(group, user))?;
    }
    new.iter()
        .filter(|group| !old.contains(group))
        .try_for_each(|group| delegate(act).join(group, user))
}

fn groups(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Vec<GroupId>> {
    let names = properties.get("groups").and_then(Value::as_array).into_iter().flatten();
    let names = names.filter_map(Value::as_str);
    names.map(|name| Ok(GroupId::from(find(act, Kind::Group, name)?))).collect()
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "name", kind: "string", description: "User name." },
    Attribute {
        name: "default_project_id",
        kind: "string",
        description: "Default project id for user.",
    },
    Attribute { name: "domain_id", kind: "string", description: "Domain id for user." },
    Attribute { name: "enabled", kind: "boolean", description: "Flag of enable user." },
    Attribute {
        name: "password_expires_at",
        kind: "string",
        description: "Show user password expiration time.",
    },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of keystone user."),
        Property::string("domain").default("default").updatable().custom("keystone.domain").described("Name or ID of keystone domain."),
        Property::string("description").default("").updatable().described("Description of keystone user."),
        Property::boolean("enabled").default(true).updatable().described("Keystone user is enabled or disabled."),
        Property::string("email").updatable().described("Email address of keystone user."),
        Property::string("password").updatable().described("Password of keystone user."),
        Property::string("default_project").updatable().custom("keystone.project").described("Name or ID of default project of keystone user."),
        Property::list("groups").updatable().of(Property::string("*").custom("keystone.group").described("Keystone user group.")).described("Keystone user groups."),
        roles::property(),
    ])
}
