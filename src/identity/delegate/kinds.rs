//! What each kind of thing is to [`super::Delegate`]: an `impl` each.

use kit::error::Result;
use kit::http::Call;
use kit::ids::{DomainId, EndpointId, GroupId, ProjectId, RegionId, RoleId, ServiceId, UserId};
use kit::policy::{Rule, Target};
use rusqlite::Connection;
use serde_json::Value;

use super::Delegate;
use crate::catalog::endpoints::model::Endpoint;
use crate::catalog::regions::model::Region;
use crate::catalog::services::model::CatalogService;
use crate::catalog::{endpoints, regions, services};
use crate::groups::model::Group;
use crate::policy;
use crate::projects::model::Project;
use crate::record::Attributes;
use crate::roles::model::Role;
use crate::users::model::User;
use crate::{domains, groups, projects, roles, users};

/// The rules of a kind.
pub(super) struct Rules {
    pub(super) create: &'static Rule,
    pub(super) get: &'static Rule,
    pub(super) update: &'static Rule,
    pub(super) delete: &'static Rule,
}

/// Rows of a kind.
pub(super) trait Kept: Sized {
    /// Its rules.
    const RULES: Rules;
    /// What sentences call it.
    const NOUN: &'static str;

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>>;
    fn all(db: &Connection) -> Result<Vec<Self>>;
    fn id(&self) -> &str;
    fn name(&self) -> Option<&str>;
    fn show(&self, call: &Call) -> Value;
    fn make(db: &Connection, given: Attributes) -> Result<Self>;
    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()>;
    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()>;

    /// What a rule may ask of a row.
    fn target(&self) -> Target {
        Target::none()
    }

    /// What a rule may ask of a row that is to be.
    fn target_of_new(_: &Attributes) -> Target {
        Target::none()
    }
}

/// A domain, which is a project too.
pub(super) struct Domain(Project);

/// The domain of a row that names none.
fn domain_of(given: &Attributes) -> DomainId {
    DomainId::from(given.get("domain_id").and_then(Value::as_str).unwrap_or("default"))
}

fn in_domain(given: &Attributes, name: &str) -> Target {
    Target::none().with(name, domain_of(given))
}

impl Kept for Domain {
    const RULES: Rules = Rules {
        create: &policy::CREATE_DOMAIN,
        get: &policy::GET_DOMAIN,
        update: &policy::UPDATE_DOMAIN,
        delete: &policy::DELETE_DOMAIN,
    };
    const NOUN: &'static str = "domain";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        Ok(projects::store::get_domain_for_system(db, &DomainId::from(id))?.map(Self))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        Ok(projects::store::list(db, true)?.into_iter().map(Self).collect())
    }

    fn id(&self) -> &str {
        self.0.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.0.name)
    }

    fn show(&self, call: &Call) -> Value {
        domains::view::domain(call, &self.0)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let mut given = given;
        given.insert("is_domain".to_owned(), Value::Bool(true));
        let domain = projects::logic::new(given, DomainId::from("default"))?;
        projects::logic::create(db, &domain)?;
        Ok(Self(domain))
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        <Project as Kept>::change(delegate, id, given)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        // Keystone deletes no domain that is enabled; Heat disables it before.
        let disabled = Attributes::from_iter([("enabled".to_owned(), Value::Bool(false))]);
        Self::change(delegate, id, disabled)?;
        <Project as Kept>::remove(delegate, id)
    }
}

impl Kept for Project {
    const RULES: Rules = Rules {
        create: &policy::CREATE_PROJECT,
        get: &policy::GET_PROJECT,
        update: &policy::UPDATE_PROJECT,
        delete: &policy::DELETE_PROJECT,
    };
    const NOUN: &'static str = "project";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        let found = projects::store::get_for_system(db, &ProjectId::from(id))?;
        Ok(found.filter(|project| !project.is_domain))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        projects::store::list(db, false)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn show(&self, call: &Call) -> Value {
        projects::view::project(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let domain = domain_of(&given);
        let project = projects::logic::new(given, domain)?;
        projects::logic::create(db, &project)?;
        Ok(project)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        let Delegate { platform, connection, now, .. } = delegate;
        let (id, settings) = (ProjectId::from(id), &platform.settings);
        projects::logic::update(connection, &id, given, settings, *now).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        let Delegate { platform, connection, now, .. } = delegate;
        projects::logic::delete(connection, &ProjectId::from(id), &platform.settings, *now)
    }

    fn target(&self) -> Target {
        Self::target(self)
    }

    fn target_of_new(given: &Attributes) -> Target {
        in_domain(given, "target.project.domain_id")
    }
}

impl Kept for User {
    const RULES: Rules = Rules {
        create: &policy::CREATE_USER,
        get: &policy::GET_USER,
        update: &policy::UPDATE_USER,
        delete: &policy::DELETE_USER,
    };
    const NOUN: &'static str = "user";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        users::store::get_for_system(db, &UserId::from(id))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        users::store::list(db)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn show(&self, call: &Call) -> Value {
        users::view::user(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let domain = domain_of(&given);
        let user = users::logic::new(given, domain)?;
        users::logic::create(db, &user, None)?;
        Ok(user)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        let Delegate { platform, connection, now, .. } = delegate;
        let (id, settings) = (UserId::from(id), &platform.settings);
        users::logic::update(connection, &id, given, settings, *now).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        let Delegate { platform, connection, now, .. } = delegate;
        users::logic::delete(connection, &UserId::from(id), &platform.settings, *now)
    }

    fn target(&self) -> Target {
        Self::target(self)
    }

    fn target_of_new(given: &Attributes) -> Target {
        in_domain(given, "target.user.domain_id")
    }
}

impl Kept for Group {
    const RULES: Rules = Rules {
        create: &policy::CREATE_GROUP,
        get: &policy::GET_GROUP,
        update: &policy::UPDATE_GROUP,
        delete: &policy::DELETE_GROUP,
    };
    const NOUN: &'static str = "group";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        groups::store::get_for_system(db, &GroupId::from(id))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        groups::store::list(db)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn show(&self, call: &Call) -> Value {
        groups::view::group(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let domain = domain_of(&given);
        let group = groups::logic::new(given, domain)?;
        groups::logic::create(db, &group)?;
        Ok(group)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        groups::logic::update(delegate.connection, &GroupId::from(id), given).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        groups::store::delete(delegate.connection, &GroupId::from(id))
    }

    fn target(&self) -> Target {
        Self::target(self)
    }

    fn target_of_new(given: &Attributes) -> Target {
        in_domain(given, "target.group.domain_id")
    }
}

impl Kept for Role {
    const RULES: Rules = Rules {
        create: &policy::CREATE_ROLE,
        get: &policy::GET_ROLE,
        update: &policy::UPDATE_ROLE,
        delete: &policy::DELETE_ROLE,
    };
    const NOUN: &'static str = "role";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        roles::store::get(db, &RoleId::from(id))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        roles::store::list(db)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn show(&self, call: &Call) -> Value {
        roles::view::role(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let role = roles::logic::new(given)?;
        roles::logic::create(db, &role)?;
        Ok(role)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        roles::logic::update(delegate.connection, &RoleId::from(id), given).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        roles::logic::delete(delegate.connection, &RoleId::from(id))
    }

    fn target(&self) -> Target {
        Self::target(self)
    }
}

impl Kept for CatalogService {
    const RULES: Rules = Rules {
        create: &policy::CREATE_SERVICE,
        get: &policy::GET_SERVICE,
        update: &policy::UPDATE_SERVICE,
        delete: &policy::DELETE_SERVICE,
    };
    const NOUN: &'static str = "service";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        services::store::get(db, &ServiceId::from(id))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        services::store::list(db)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        self.extra.get("name").and_then(Value::as_str)
    }

    fn show(&self, call: &Call) -> Value {
        services::view::service(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let service = services::logic::new(given)?;
        services::store::insert(db, &service)?;
        Ok(service)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        services::logic::update(delegate.connection, &ServiceId::from(id), &given).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        services::logic::delete(delegate.connection, &ServiceId::from(id))
    }
}

impl Kept for Endpoint {
    const RULES: Rules = Rules {
        create: &policy::CREATE_ENDPOINT,
        get: &policy::GET_ENDPOINT,
        update: &policy::UPDATE_ENDPOINT,
        delete: &policy::DELETE_ENDPOINT,
    };
    const NOUN: &'static str = "endpoint";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        endpoints::store::get(db, &EndpointId::from(id))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        endpoints::store::list(db)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        self.extra.get("name").and_then(Value::as_str)
    }

    fn show(&self, call: &Call) -> Value {
        endpoints::view::endpoint(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        endpoints::logic::create(db, given)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        endpoints::logic::update(delegate.connection, &EndpointId::from(id), given).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        endpoints::logic::delete(delegate.connection, &EndpointId::from(id))
    }
}

impl Kept for Region {
    const RULES: Rules = Rules {
        create: &policy::CREATE_REGION,
        get: &policy::GET_REGION,
        update: &policy::UPDATE_REGION,
        delete: &policy::DELETE_REGION,
    };
    const NOUN: &'static str = "region";

    fn fetch(db: &Connection, id: &str) -> Result<Option<Self>> {
        regions::store::get(db, &RegionId::from(id))
    }

    fn all(db: &Connection) -> Result<Vec<Self>> {
        regions::store::list(db)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> Option<&str> {
        None
    }

    fn show(&self, call: &Call) -> Value {
        regions::view::region(call, self)
    }

    fn make(db: &Connection, given: Attributes) -> Result<Self> {
        let region = regions::logic::new(given, None)?;
        regions::logic::create(db, &region)?;
        Ok(region)
    }

    fn change(delegate: &Delegate<'_>, id: &str, given: Attributes) -> Result<()> {
        regions::logic::update(delegate.connection, &RegionId::from(id), given).map(drop)
    }

    fn remove(delegate: &Delegate<'_>, id: &str) -> Result<()> {
        regions::logic::delete(delegate.connection, &RegionId::from(id))
    }
}
