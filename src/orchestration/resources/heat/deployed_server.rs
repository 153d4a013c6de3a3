//! `OS::Heat::DeployedServer`: a server that somebody else has made. Deployments to it wait for the
//! agent there, which polls the metadata of this resource and signals; what it polls with is among
//! the metadata.

use futures_util::future::BoxFuture;
use identity::facade::{create_key_pair, delete_key_pair, key_pair};
use kit::error::{Error, Result};
use kit::ids::ServerId;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::collected;
use crate::engine::Hand;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, object};
use crate::signals::urls;
use crate::stack_resources::model::Resource;
use crate::stack_users;
use crate::template::{Bounds, Property, Rule, Schema};

pub(crate) struct DeployedServer;

/// The longest name that is made for a server (Heat: `max_server_name_length`).
const NAME_LIMIT: usize = 53;
const TRANSPORT: &str = "software_config_transport";
/// The key of the metadata that says how to poll.
const COLLECT: &str = "os-collect-config";
/// Where the resource keeps which pair of keys is its user's.
const ACCESS_KEY: &str = "access_key";

/// How a server is told of its deployments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    /// It asks the `CloudFormation` API, with a pair of keys.
    Cfn,
    /// It asks the API of Heat, with a password.
    Heat,
}

impl Transport {
    /// That of the properties; those of absent services are refused.
    fn of(properties: &Map<String, Value>) -> Result<Self> {
        let sentence = match properties.get(TRANSPORT).and_then(Value::as_str) {
            Some("POLL_SERVER_HEAT") => return Ok(Self::Heat),
            Some("POLL_TEMP_URL") => {
                "POLL_TEMP_URL needs swift: object-store endpoint is not in service catalog."
            }
            Some("ZAQAR_MESSAGE") => {
                "ZAQAR_MESSAGE needs zaqar: messaging endpoint is not in service catalog."
            }
            Some(_) | None => return Ok(Self::Cfn),
        };
        Err(Error::bad_request(sentence).tag("ResourceTypeUnavailable"))
    }
}

impl Plugin for DeployedServer {
    fn name(&self) -> &'static str {
        "OS::Heat::DeployedServer"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        give_access(act)?;
        act.resource.physical = Some(ServerId::random().to_string());
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        act.resource.properties.clone_from(properties);
        give_access(act)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        match access_key(act.resource) {
            Some(access) => delete_key_pair(act.hand.connection, access),
            None => Ok(()),
        }
    }

    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        stack_users::follow(context, resource)
    }

    fn metadata(&self, look: &Look<'_>) -> Value {
        let mut metadata = collected::metadata(look, true);
        if let Value::Object(members) = &mut metadata {
            let written = members.get(COLLECT).and_then(Value::as_object).cloned();
            let mut collect = written.unwrap_or_default();
            collect.extend(collectors(look).unwrap_or_default());
            members.insert(COLLECT.to_owned(), Value::Object(collect));
        }
        metadata
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        Ok(match name {
            "name" => {
                let given = look.resource.properties.get("name").and_then(Value::as_str);
                let given = given.filter(|name| !name.is_empty()).map(str::to_owned);
                Value::String(
                    given.unwrap_or_else(|| look.resource.physical_name(look.stack, NAME_LIMIT)),
                )
            }
            "os_collect_config" => Value::Object(collectors(look)?),
            _ => Value::Null,
        })
    }
}

/// Makes what the agent polls with.
fn give_access(act: &mut Act<'_>) -> Result<()> {
    let transport = Transport::of(&act.resource.properties)?;
    stack_users::make(act)?;
    let place = stack_users::place_of(act.resource).filter(|_| transport == Transport::Cfn);
    if let (Some((user, project)), None) = (place, access_key(act.resource)) {
        let Hand { platform, connection, .. } = act.hand;
        let made = create_key_pair(platform, connection, &user, &project)?;
        act.resource.data.insert(ACCESS_KEY.to_owned(), Value::String(made.access));
    }
    Ok(())
}

fn access_key(resource: &Resource) -> Option<&str> {
    resource.data.get(ACCESS_KEY).and_then(Value::as_str)
}

/// Where and as whom the agent polls, as it reads that.
fn collectors(look: &Look<'_>) -> Result<Map<String, Value>> {
    let (word, access) = match Transport::of(&look.resource.properties)? {
        Transport::Cfn => ("cfn", by_keys(look)?),
        Transport::Heat => ("heat", by_password(look)?),
    };
    let collectors = Value::Array(vec![Value::from(word), Value::from("local")]);
    Ok(Map::from_iter([("collectors".to_owned(), collectors), (word.to_owned(), access)]))
}

fn by_keys(look: &Look<'_>) -> Result<Value> {
    let Hand { platform, connection, .. } = look.hand;
    let access = access_key(look.resource).unwrap_or_default();
    let pair = key_pair(platform, connection, access)?;
    let secret = pair.as_ref().map(|pair| Value::from(pair.secret.expose()));
    Ok(object([
        ("metadata_url", Value::String(format!("{}/", urls::root(look)))),
        ("access_key_id", Value::from(access)),
        ("secret_access_key", secret.unwrap_or_default()),
        ("stack_name", Value::from(look.stack.name.as_str())),
        ("path", Value::String(format!("{}.Metadata", look.resource.name))),
    ]))
}

fn by_password(look: &Look<'_>) -> Result<Value> {
    let stack = look.stack;
    let mut access = stack_users::credentials(look)?;
    let known = ["user_id", "password", "auth_url", "project_id", "region_name"];
    access.retain(|name, _| known.contains(&name.as_str()));
    let path = format!("{}/{}", stack.name, stack.id);
    access.insert("stack_id".to_owned(), Value::String(path));
    access.insert("resource_name".to_owned(), Value::from(look.resource.name.as_str()));
    Ok(Value::Object(access))
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "name", kind: "string", description: "Name of the server." },
    Attribute {
        name: "os_collect_config",
        kind: "map",
        description: "The os-collect-config configuration for the server's local agent to be configured to connect to Heat to retrieve deployment data.",
    },
    SHOW_ROW,
];

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    let some = || Rule::Length(Bounds { min: Some(1.into()), max: None });
    Schema::of([
        Property::string("name").updatable().described("Server name."),
        Property::map("metadata").updatable().described("Arbitrary key/value metadata to store for this server. Both keys and values must be 255 characters or less. Non-string values will be serialized to JSON (and the serialized string must be 255 characters or less)."),
        Property::string(TRANSPORT).default("POLL_SERVER_CFN").updatable().allowed(["POLL_SERVER_CFN", "POLL_SERVER_HEAT", "POLL_TEMP_URL", "ZAQAR_MESSAGE"]).described("How the server should receive the metadata required for software configuration. POLL_SERVER_CFN will allow calls to the cfn API action DescribeStackResource authenticated with the provided keypair. POLL_SERVER_HEAT will allow calls to the Heat API resource-show using the provided keystone credentials. POLL_TEMP_URL will create and populate a Swift TempURL with metadata for polling. ZAQAR_MESSAGE will create a dedicated zaqar queue and post the metadata for polling."),
        Property::map("deployment_swift_data").default(Map::new()).updatable().with([
            Property::string("container").demanding(some()).described("Name of the container."),
            Property::string("object").demanding(some()).described("Name of the object."),
        ]).described("Swift container and object to use for storing deployment data for the server resource. The parameter is a map value with the keys \"container\" and \"object\", and the values are the corresponding container and object names. The software_config_transport parameter must be set to POLL_TEMP_URL for swift to be used. If not specified, and software_config_transport is set to POLL_TEMP_URL, a container will be automatically created from the resource name, and the object name will be a generated uuid."),
    ])
}
