//! The operations of the API without a request: for a service that acts on behalf of a caller,
//! inside a transaction of its own (stacks). Policy, quotas and states apply as they do to the
//! caller himself. Only [`crate::facade`] names it.

mod aggregates;
mod flavors;
mod quotas;
mod server_groups;

use std::sync::Arc;
use std::time::Duration;

use kit::clock::Time;
use kit::engine::{EngineError, Power};
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Operation, View, since};
use kit::ids::{FlavorId, ImageId, PortId, RequestId, ServerId, UserId};
use kit::op;
use kit::platform::Platform;
use kit::policy::{Caller, Rule, Target};
use kit::secret::Secret;
use kit::tasks;
use network::facade::{NetworkRequest, Nic, RequestedNic};
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::flavors::model::Query;
use crate::keypairs::model::{KeyType, Keypair};
use crate::keypairs::{self, keys};
use crate::microversions::{BASE, VERSIONS};
use crate::policy;
use crate::servers::actions::resize::{self, Resize};
use crate::servers::actions::{create_image, rebuild, resume, start, stop, suspend};
use crate::servers::container::Container;
use crate::servers::interfaces::logic as interfaces;
use crate::servers::logic::{self, Asked, Update};
use crate::servers::model::{Server, engine_name};
use crate::servers::request::CreateServer;
use crate::servers::snapshot::Snapshot;
use crate::servers::{api, consoles, create, delete, request, states, store, view};

/// Who acts, when, inside which transaction.
#[derive(Clone, Copy)]
pub struct Delegate<'a> {
    /// The mechanisms.
    pub platform: &'a Arc<Platform>,
    /// The transaction.
    pub connection: &'a Connection,
    /// Whose rights count.
    pub caller: &'a Caller,
    /// The request that it goes back to.
    pub request_id: &'a RequestId,
    /// The present time.
    pub now: Time,
}

/// Shows rows as the API would; no route leads to it.
static SHOWN: Operation =
    op!("servers:delegated", GET "/", since(BASE), policy::SERVERS_SHOW, 200, api::show);

/// What may be done to a server besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerAction {
    /// It is frozen.
    Suspend,
    /// It is thawed.
    Resume,
    /// It runs again.
    Start,
    /// It ends.
    Stop,
}

/// What is to be another in a server that is there; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct ServerChange {
    /// Its name.
    pub name: Option<String>,
    /// All of its metadata.
    pub metadata: Option<Map<String, Value>>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
}

/// A key pair as it was made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What goes into guests.
    pub public_key: String,
    /// What the user keeps, where the pair was made here.
    pub private_key: Option<Secret>,
}

/// What whoever waits for a server names: [`kit::workflow::running_on`] knows it.
pub fn server_target(id: &ServerId) -> String {
    format!("server:{id}")
}

/// How a guest ended: its exit code and the last lines of its console; `None` while it has not. For
/// acts.
pub async fn last_words(
    platform: &Arc<Platform>,
    id: &ServerId,
    lines: u32,
) -> Result<Option<(i64, String)>, EngineError> {
    let name = engine_name(id);
    let seen = platform.engine.inspect(&name).await?;
    let Some(exit_code) = seen.and_then(|seen| seen.exit_code) else { return Ok(None) };
    let console = match platform.engine.console(&name, Some(lines)).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(EngineError::NotFound(_)) => String::new(),
        Err(error) => return Err(error),
    };
    Ok(Some((exit_code, console)))
}

/// A guest as its engine shows it.
#[derive(Clone, Debug)]
pub struct GuestSeen {
    /// The engine's own id.
    pub engine_id: String,
    /// Whether it runs.
    pub runs: bool,
    /// How it ended, if it has.
    pub exit_code: Option<i64>,
    /// When it was last started.
    pub started_at: Option<Time>,
    /// Its console, from the beginning where that is still there.
    pub console: String,
}

/// Looks at a guest, once it has said something or `patience` is over; `None` when it is gone. For
/// acts.
pub async fn look_at_guest(
    platform: &Arc<Platform>,
    id: &ServerId,
    patience: Duration,
) -> Result<Option<GuestSeen>, EngineError> {
    let (engine, name) = (&platform.engine, engine_name(id));
    let Some(before) = engine.inspect(&name).await? else { return Ok(None) };
    if !patience.is_zero() && before.power == Power::Running {
        engine.first_line(&name, patience).await?;
    }
    let console = engine.console(&name, None).await?;
    Ok(engine.inspect(&name).await?.map(|seen| GuestSeen {
        engine_id: seen.engine_id,
        runs: seen.power == Power::Running,
        exit_code: seen.exit_code,
        started_at: seen.started_at,
        console: String::from_utf8_lossy(&console).into_owned(),
    }))
}

/// A fresh pair of keys; takes a while, so it is for acts.
pub async fn generate_key(x509: bool, caller: &Caller, now: Time) -> Result<NewKey> {
    let (kind, owner) = (key_type(x509), caller.user_id.clone());
    let pair = tasks::blocking(move || keys::generate(kind, &owner, now)).await?;
    Ok(NewKey { public_key: pair.public_key, private_key: Some(pair.private_key) })
}

fn key_type(x509: bool) -> KeyType {
    if x509 { KeyType::X509 } else { KeyType::Ssh }
}

impl Delegate<'_> {
    /// Makes the one server of a body in the API's latest form (`{"server": {…}}`).
    pub fn create_server(&self, body: &Value) -> Result<ServerId> {
        self.make(&request::read_body(body, VERSIONS.max())?)
    }

    /// The same of a body without a flavor, for a plain container.
    pub fn create_container(&self, body: &Value, container: Container) -> Result<ServerId> {
        let mut wanted = request::read_body(body, VERSIONS.max())?;
        if container.beside.is_some() {
            wanted.networks = NetworkRequest::None;
        }
        wanted.container = Some(container);
        self.make(&wanted)
    }

    fn make(&self, wanted: &CreateServer) -> Result<ServerId> {
        let origin = create::Origin {
            platform: self.platform,
            caller: self.caller,
            request_id: self.request_id,
            now: self.now,
        };
        let mut servers = create::create(&origin, self.connection, wanted)?;
        let server = servers.pop().ok_or_else(|| Error::internal("no server was made"))?;
        Ok(server.id)
    }

    /// The server, all of its row; an error if there is none that the caller may see.
    pub fn server(&self, id: &ServerId) -> Result<Server> {
        self.asked(&policy::SERVERS_SHOW, id).open(self.connection)
    }

    /// The server of the caller's project that has this id or name.
    pub fn find_server(&self, name_or_id: &str) -> Result<Option<ServerId>> {
        store::find_named(self.connection, self.caller.require_project()?, name_or_id)
    }

    /// Promises the end of a server.
    pub fn delete_server(&self, id: &ServerId) -> Result<()> {
        let asked = self.asked(&policy::SERVERS_DELETE, id);
        delete::delete(&asked, self.connection, &states::DELETE)
    }

    /// Promises what the action says; a server that is as wanted already is left alone.
    pub fn act_on_server(&self, id: &ServerId, action: ServerAction) -> Result<()> {
        let (rule, action, workflow) = match action {
            ServerAction::Suspend => {
                (&policy::SERVERS_SUSPEND, &states::SUSPEND, &suspend::SUSPEND)
            }
            ServerAction::Resume => (&policy::SERVERS_RESUME, &states::RESUME, &resume::RESUME),
            ServerAction::Start => (&policy::SERVERS_START, &states::START, &start::START),
            ServerAction::Stop => (&policy::SERVERS_STOP, &states::STOP, &stop::STOP),
        };
        let asked = self.asked(rule, id);
        let mut server = asked.open_for(self.connection, action)?;
        asked.begin(self.connection, &mut server, action, workflow, Value::Null)
    }

    /// Promises another guest under the server, of a body in the API's latest form
    /// (`{"rebuild": {…}}`), which may have a `personality` too.
    pub fn rebuild_server(&self, id: &ServerId, body: &Value) -> Result<()> {
        let asked = self.asked(&policy::SERVERS_REBUILD, id);
        let wanted = rebuild::read(body.get("rebuild").unwrap_or(&Value::Null))?;
        rebuild::promise(&asked, self.connection, wanted).map(drop)
    }

    /// Promises a resize of a server, which is confirmed as soon as it is done.
    pub fn resize_server(&self, id: &ServerId, flavor: FlavorId) -> Result<()> {
        let asked = self.asked(&policy::SERVERS_RESIZE, id);
        let wanted = Resize { flavor, auto_disk_config: None, confirm_at_once: true };
        resize::promise(&asked, self.connection, &wanted)
    }

    /// Promises an image of a server, as `createImage` does.
    pub fn create_image(&self, id: &ServerId, name: &str) -> Result<ImageId> {
        let asked = self.asked(&policy::SERVERS_CREATE_IMAGE, id);
        let snapshot = Snapshot { name: name.to_owned(), ..Snapshot::default() };
        create_image::promise(&asked, self.connection, snapshot)
    }

    /// The interfaces of a server, in order.
    pub fn interfaces(&self, id: &ServerId) -> Result<Vec<Nic>> {
        interfaces::list(&self.asked(&policy::INTERFACES_INDEX, id), self.connection)
    }

    /// Promises others in place of those on the ports that are `gone`: each of a network in the
    /// API's latest form of `POST /servers`, or (null) the one that the house chooses. A port that is
    /// made for it is in these groups, or in the project's default. The answer is the new ports.
    pub fn exchange_interfaces(
        &self,
        id: &ServerId,
        gone: Vec<PortId>,
        networks: &[Value],
        groups: &[String],
    ) -> Result<Vec<PortId>> {
        let asked = self.asked(&policy::INTERFACES_CREATE, id);
        let (connection, caller) = (self.connection, self.caller);
        let groups =
            network::facade::resolve_security_groups(connection, self.now, caller, groups)?;
        let read = |network: &Value| {
            if network.is_null() { Ok(RequestedNic::default()) } else { request::nic(network) }
        };
        let wanted = networks.iter().map(read).collect::<Result<Vec<_>>>()?;
        interfaces::exchange(&asked, connection, gone, wanted, &groups)
    }

    /// Changes what can be changed at any time.
    pub fn change_server(&self, id: &ServerId, change: ServerChange) -> Result<()> {
        if change.name.is_some() {
            let asked = self.asked(&policy::SERVERS_UPDATE, id);
            logic::update(
                &asked,
                self.connection,
                Update { name: change.name, ..Update::default() },
            )?;
        }
        if let Some(wanted) = change.metadata {
            let asked = self.asked(&policy::SERVER_METADATA_REPLACE, id);
            logic::change_metadata(&asked, self.connection, &states::SET_METADATA, |metadata| {
                *metadata = wanted;
                Ok(())
            })?;
        }
        if let Some(mut wanted) = change.tags {
            wanted.sort();
            wanted.dedup();
            let asked = self.asked(&policy::SERVER_TAGS_REPLACE, id);
            logic::change_tags(&asked, self.connection, &states::UPDATE_TAGS, |_, tags| {
                *tags = wanted;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The server as the API shows it; an error if there is none that the caller may see.
    pub fn show_server(&self, id: &ServerId) -> Result<Value> {
        let asked = self.asked(&policy::SERVERS_SHOW, id);
        let shown = api::complete_one(self.connection, asked.open(self.connection)?)?;
        Ok(view::show(&shown, &Cx::new(&self.shown())))
    }

    /// The address of a console of that protocol and type, good once; refused where there is none.
    pub fn console_url(&self, id: &ServerId, protocol: &str, kind: &str) -> Result<String> {
        let server = self.asked(&policy::REMOTE_CONSOLES, id).open(self.connection)?;
        let settings = &self.platform.settings;
        let times = (self.now, settings.compute.console_token_ttl);
        let offer = consoles::offer(self.connection, &server, protocol, kind, times)?;
        Ok(offer.url(&format!("{}/compute", settings.default.base_url())))
    }

    /// The ids of the flavors that the caller sees under that id, or else under that name.
    pub fn find_flavors(&self, name_or_id: &str) -> Result<Vec<FlavorId>> {
        let id = FlavorId::from(name_or_id);
        if crate::flavors::store::get_for_system(self.connection, &id)?.is_some() {
            return Ok(vec![id]);
        }
        let query = Query {
            min_ram_mb: 0,
            min_disk_gb: 0,
            name: Some(name_or_id.to_owned()),
            is_public: None,
            visible_to: self.caller.project().cloned(),
            sort_key: "flavorid".to_owned(),
            descending: false,
            limit: 2,
            marker: None,
        };
        let found = crate::flavors::store::list(self.connection, &query)?.unwrap_or_default();
        Ok(found.into_iter().map(|flavor| flavor.id).collect())
    }

    /// Whether a user has a key pair of that name.
    pub fn has_keypair(&self, user: &UserId, name: &str) -> Result<bool> {
        keypairs::store::exists(self.connection, user, name)
    }

    /// Adds a key pair of a user's; policy says whose but his own the caller may add.
    pub fn create_keypair(
        &self,
        user: &UserId,
        name: &str,
        x509: bool,
        public_key: &str,
    ) -> Result<()> {
        let target = Target::none().with("user_id", user);
        let rule = &policy::KEYPAIRS_CREATE;
        self.platform.policy.authorize(rule, self.caller, &target)?;
        let keypair = Keypair {
            row: 0,
            fingerprint: keypairs::logic::fingerprint(key_type(x509), public_key)?,
            user: user.clone(),
            name: name.to_owned(),
            key_type: key_type(x509),
            public_key: public_key.to_owned(),
            created_at: self.now,
        };
        let project = self.caller.require_project()?;
        keypairs::logic::create(self.connection, &self.platform.quotas, project, &keypair)
    }

    /// Removes a key pair of a user's, as [`Self::create_keypair`] adds one.
    pub fn delete_keypair(&self, user: &UserId, name: &str) -> Result<()> {
        let target = Target::none().with("user_id", user);
        let rule = &policy::KEYPAIRS_DELETE;
        self.platform.policy.authorize(rule, self.caller, &target)?;
        keypairs::logic::delete(self.connection, user, name)
    }

    /// Whether the caller may do what the rule is about in his own project.
    fn authorize(&self, rule: &'static Rule) -> Result<()> {
        self.platform.policy.authorize(rule, self.caller, &Target::own(self.caller))
    }

    /// A call in the latest version, for views.
    fn shown(&self) -> Call {
        let mut call = Call::without_request(self.platform, &SHOWN, self.caller);
        call.version = VERSIONS.max();
        call
    }

    fn render<T>(&self, view: &View<T>, row: &T) -> Value {
        view.render(row, &Cx::new(&self.shown()))
    }

    fn asked(&self, rule: &'static Rule, id: &ServerId) -> Asked {
        Asked {
            platform: Arc::clone(self.platform),
            caller: self.caller.clone(),
            rule,
            is_admin: policy::rules_the_cloud(&self.platform.policy, self.caller),
            now: self.now,
            request_id: self.request_id.clone(),
            id: id.to_string(),
        }
    }
}
