//! What is there after the first start: domain, projects, users, roles, assignments, catalogue;
//! and at every start the passwords of the settings and the files to log in with. Called once by
//! [`crate::SERVICE`], before the listeners open. All of it is idempotent.

use std::sync::Arc;

use kit::Platform;
use kit::error::Result;
use kit::ids::{DomainId, EndpointId, ProjectId, RegionId, RoleId, ServiceId, UserId};
use kit::secret::Secret;
use rusqlite::Connection;
use serde_json::Value;

use crate::assignments::model::{Actor, Assignment, Place};
use crate::catalog::endpoints::model::Endpoint;
use crate::catalog::regions::model::Region;
use crate::catalog::services::model::CatalogService;
use crate::passwords::Hasher;
use crate::projects::model::Project;
use crate::record::Attributes;
use crate::roles::model::{Implication, Role};
use crate::users::model::User;
use crate::{assignments, catalog, changes, login_files, projects, roles, users};

const DEFAULT_DOMAIN: &str = "default";
const PASSWORD_LENGTH: usize = 20;

/// Name and description.
static PROJECTS: &[(&str, &str)] =
    &[("admin", "Bootstrap project for initializing the cloud."), ("demo", ""), ("service", "")];

/// A role, and the next one that it implies.
static ROLES: &[(&str, Option<&str>)] = &[
    ("reader", None),
    ("member", Some("reader")),
    ("manager", Some("member")),
    ("admin", Some("manager")),
    ("service", None),
];

/// User, role, project; as `DevStack` has them.
static ON_PROJECTS: &[(&str, &str, &str)] =
    &[("admin", "admin", "admin"), ("admin", "admin", "demo"), ("demo", "member", "demo")];

/// Type, name, and where it is below the public URL.
static SERVICES: &[(&str, &str, &str)] = &[
    ("identity", "keystone", "/identity"),
    ("compute", "nova", "/compute/v2.1"),
    ("image", "glance", "/image"),
    ("network", "neutron", "/network"),
    ("placement", "placement", "/placement"),
    ("orchestration", "heat", "/orchestration/v1/%(project_id)s"),
    ("cloudformation", "heat-cfn", "/heat-api-cfn/v1"),
];

/// The user, its cloud in `clouds.yaml`, and the password that the settings give it.
struct Account {
    user: &'static str,
    cloud: &'static str,
    configured: Option<Secret>,
}

/// Makes what is missing.
pub(crate) async fn run(platform: Arc<Platform>) -> Result<()> {
    let settings = &platform.settings.identity;
    let given = |secret: &Secret| Some(secret.clone()).filter(|text| !text.expose().is_empty());
    let admin = Account {
        user: "admin",
        cloud: "novadock-admin",
        configured: given(&settings.admin_password),
    };
    let demo =
        Account { user: "demo", cloud: "novadock", configured: given(&settings.demo_password) };
    let (admin, demo) = tokio::join!(password(&platform, &admin), password(&platform, &demo));
    let ((admin, admin_hash), (demo, demo_hash)) = (admin?, demo?);
    let region = RegionId::from(settings.region.as_str());
    changes::commit(&platform, "identity:bootstrap", move |tx| {
        if projects::store::get_domain_for_system(tx, &DEFAULT_DOMAIN.into())?.is_none() {
            first_rows(tx)?;
        }
        set_password(tx, "admin", admin_hash.as_deref())?;
        set_password(tx, "demo", demo_hash.as_deref())?;
        catalogue(tx, &region)
    })
    .await?;
    login_files::write(
        &platform.data_dir,
        &platform.settings,
        &login_files::Login { user: "admin", password: &admin },
        &login_files::Login { user: "demo", password: &demo },
    )
}

/// The default projects that are there, by name.
pub(crate) fn project_ids(db: &Connection) -> Result<Vec<(String, ProjectId)>> {
    let mut found = Vec::new();
    for (name, _) in PROJECTS {
        let project = projects::store::get_by_name(db, name, Some(&DEFAULT_DOMAIN.into()))?;
        found.extend(project.map(|project| (project.name, project.id)));
    }
    Ok(found)
}

/// The password for the files, and its hash where the database needs one.
///
/// The password of the settings wins; then the one of an earlier start's file; a lost one is
/// replaced by a fresh one. A password that the user changed meanwhile is left alone.
async fn password(platform: &Arc<Platform>, account: &Account) -> Result<(Secret, Option<String>)> {
    let hasher = platform.extension::<Hasher>()?;
    let known = login_files::known_password(&platform.data_dir, account.cloud);
    let name = account.user;
    let kept = platform.store.read(move |db| hash_of(db, name)).await?;
    let secret = account.configured.clone().or_else(|| known.clone());
    let secret = secret.unwrap_or_else(|| Secret::random(PASSWORD_LENGTH));
    let unchanged = known.is_some_and(|known| known.matches(secret.expose()));
    let stands = kept.is_some() && (unchanged || hasher.verify(secret.clone(), kept).await?);
    let hash = if stands { None } else { Some(hasher.hash(secret.clone()).await?) };
    Ok((secret, hash))
}

fn find_user(db: &Connection, name: &str) -> Result<Option<User>> {
    users::store::get_by_name(db, name, &DEFAULT_DOMAIN.into())
}

fn hash_of(db: &Connection, name: &str) -> Result<Option<String>> {
    match find_user(db, name)? {
        Some(user) => users::store::get_password_hash(db, &user.id),
        None => Ok(None),
    }
}

fn set_password(db: &Connection, name: &str, hash: Option<&str>) -> Result<()> {
    match (find_user(db, name)?, hash) {
        (Some(user), Some(hash)) => users::store::update_password_hash(db, &user.id, Some(hash)),
        _ => Ok(()),
    }
}

fn first_rows(db: &Connection) -> Result<()> {
    projects::store::insert(db, &default_domain())?;
    for (name, description) in PROJECTS {
        projects::store::insert(db, &project(name, description))?;
    }
    for name in ["admin", "demo"] {
        users::store::insert(db, &user(name), None)?;
    }
    for (name, implied) in ROLES {
        let role = role(name);
        roles::store::insert(db, &role)?;
        if let Some(implied) = implied {
            let one = Implication { prior: role.id, implied: role_id(db, implied)? };
            roles::store::insert_implication(db, &one)?;
        }
    }
    for (user, role, project) in ON_PROJECTS {
        let place = projects::store::get_by_name(db, project, Some(&DEFAULT_DOMAIN.into()))?;
        for place in place.into_iter().map(|project| Place::Project(project.id)) {
            assign(db, user, role, place)?;
        }
    }
    assign(db, "admin", "admin", Place::Domain(DEFAULT_DOMAIN.into()))?;
    assign(db, "admin", "admin", Place::System)
}

fn assign(db: &Connection, user: &str, role: &str, place: Place) -> Result<()> {
    let Some(user) = find_user(db, user)? else {
        return Ok(());
    };
    let role_id = role_id(db, role)?;
    let one = Assignment { actor: Actor::User(user.id), place, role_id, inherited: false };
    assignments::store::insert(db, &one)
}

fn role_id(db: &Connection, name: &str) -> Result<RoleId> {
    let role = roles::store::get_by_name(db, name, None)?;
    role.map(|role| role.id).ok_or_else(|| crate::sentences::not_found("role", name))
}

/// The region and each own service that the catalogue lacks.
fn catalogue(db: &Connection, region: &RegionId) -> Result<()> {
    if catalog::regions::store::get(db, region)?.is_none() {
        let region = Region {
            id: region.clone(),
            description: String::new(),
            parent_region_id: None,
            extra: Attributes::new(),
        };
        catalog::regions::store::insert(db, &region)?;
    }
    let there = catalog::services::store::list(db)?;
    for (kind, name, url) in SERVICES {
        if !there.iter().any(|service| service.kind == *kind) {
            add_service(db, region, kind, name, url)?;
        }
    }
    Ok(())
}

fn add_service(
    db: &Connection,
    region: &RegionId,
    kind: &str,
    name: &str,
    url: &str,
) -> Result<()> {
    let service = CatalogService {
        id: ServiceId::random(),
        kind: kind.to_owned(),
        enabled: true,
        extra: Attributes::from_iter([("name".to_owned(), Value::from(name))]),
    };
    catalog::services::store::insert(db, &service)?;
    for interface in ["public", "internal", "admin"] {
        let endpoint = Endpoint {
            id: EndpointId::random(),
            interface: interface.to_owned(),
            region_id: Some(region.clone()),
            service_id: service.id.clone(),
            url: url.to_owned(),
            enabled: true,
            extra: Attributes::new(),
        };
        catalog::endpoints::store::insert(db, &endpoint)?;
    }
    Ok(())
}

fn default_domain() -> Project {
    Project::domain(DEFAULT_DOMAIN, "Default", "The default domain")
}

fn project(name: &str, description: &str) -> Project {
    Project {
        id: ProjectId::random(),
        name: name.to_owned(),
        domain_id: Some(DomainId::from(DEFAULT_DOMAIN)),
        description: Some(description.to_owned()),
        parent_id: Some(ProjectId::from(DEFAULT_DOMAIN)),
        is_domain: false,
        ..default_domain()
    }
}

fn user(name: &str) -> User {
    User {
        id: UserId::random(),
        name: name.to_owned(),
        domain_id: DomainId::from(DEFAULT_DOMAIN),
        enabled: true,
        default_project_id: None,
        options: Attributes::new(),
        extra: Attributes::new(),
    }
}

fn role(name: &str) -> Role {
    Role {
        id: RoleId::random(),
        name: name.to_owned(),
        domain_id: None,
        description: None,
        options: Attributes::from_iter([("immutable".to_owned(), Value::Bool(true))]),
        extra: Attributes::new(),
    }
}
