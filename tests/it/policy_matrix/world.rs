//! The cloud that a persona meets: the things of every service, and the persona's session.

use std::collections::HashMap;

use crate::identity::{grant, make_project, make_user};
use crate::support::{Answer, PASSWORD, Scope, Session, TestCloud};

use super::{
    Case, Persona, cloudformation, compute, identity, image, network, orchestration, placement,
};

/// What stands in the braces of paths and bodies, by name.
pub(super) type Ids = HashMap<&'static str, String>;

/// What strangers may not read anywhere.
static PRIVATE: &[&str] = &[
    "flavor_id",
    "image_id",
    "network_id",
    "port_id",
    "security_group_id",
    "server_group_id",
    "server_id",
    "subnet_id",
];

/// Who makes the things: a member of the project `demo`, and an administrator.
pub(super) struct Owners {
    pub(super) demo: Session,
    pub(super) admin: Session,
}

/// See the module.
pub(super) struct World {
    /// Runs as long as it is asked.
    _cloud: TestCloud,
    session: Session,
    /// A token to ask about.
    subject: String,
    /// Services use the same name for different things.
    ids: HashMap<&'static str, Ids>,
}

impl World {
    pub(super) async fn make(persona: Persona) -> Self {
        let cloud = TestCloud::start().await;
        let owners = Owners { demo: cloud.demo().await, admin: cloud.admin().await };
        let session = session(&cloud, &owners.admin, persona).await;
        let mut ids = HashMap::from([
            ("compute", compute::furnish(&owners).await),
            ("network", network::furnish(&owners).await),
            ("identity", identity::furnish(&owners, &session).await),
            ("image", image::furnish(&owners).await),
            ("orchestration", orchestration::furnish(&owners).await),
            ("cloudformation", cloudformation::furnish(&owners).await),
            ("placement", placement::furnish(&owners).await),
            ("health", Ids::new()),
        ]);
        for ids in ids.values_mut() {
            ids.insert("project_id", owners.demo.project.clone());
        }
        Self { _cloud: cloud, session, subject: owners.demo.token, ids }
    }

    pub(super) async fn ask(&self, case: &Case) -> Answer {
        let Case { operation, row, .. } = case;
        let path = format!("{}{}{}", case.prefix, operation.path, row.query);
        let path = row.ids.iter().fold(path, |path, (parameter, other)| {
            path.replace(&format!("{{{parameter}}}"), &format!("{{{other}}}"))
        });
        let version = row.version.unwrap_or(operation.span.from);
        let session = match version.number() {
            Some(_) => self.session.at(&version.to_string()),
            None => self.session.clone(),
        };
        let request = session
            .request(operation.method.as_str(), &self.fill(case, &path))
            .header("X-Subject-Token", &self.subject);
        let body = match (row.body, operation.action) {
            ("", Some(key)) => format!("{{\"{key}\": null}}"),
            (body, _) => self.fill(case, body),
        };
        if body.is_empty() {
            return session.send(request).await;
        }
        session.send(request.header("Content-Type", row.media_type).body(body)).await
    }

    /// The name of something private that an answer shows. Errors may name what was asked for.
    pub(super) fn leak(&self, answer: &Answer) -> Option<&'static str> {
        let text = String::from_utf8_lossy(&answer.bytes);
        let shown = |name: &str| {
            self.ids.values().any(|ids| ids.get(name).is_some_and(|id| text.contains(id)))
        };
        PRIVATE.iter().copied().find(|name| answer.status < 300 && shown(name))
    }

    fn fill(&self, case: &Case, text: &str) -> String {
        let ids = &self.ids[case.service.name];
        let replace =
            |text: String, (name, id): (&&str, &String)| text.replace(&format!("{{{name}}}"), id);
        ids.iter().fold(text.to_owned(), replace)
    }
}

async fn session(cloud: &TestCloud, admin: &Session, persona: Persona) -> Session {
    match persona {
        Persona::Nobody => cloud.nobody(),
        Persona::Stranger => {
            let project = make_project(admin, "other").await;
            let user = make_user(admin, "stranger").await;
            grant(admin, &project, &user, "member").await;
            cloud.session("stranger", PASSWORD, Scope::Project("other")).await
        }
        Persona::Reader => cloud.user_with_role("reader").await,
        Persona::Member => cloud.user_with_role("member").await,
        Persona::Manager => cloud.user_with_role("manager").await,
        Persona::Admin => admin.clone(),
    }
}
