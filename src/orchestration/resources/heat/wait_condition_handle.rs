//! `OS::Heat::WaitConditionHandle`: what a guest signals, and the template waits for.
//!
//! Also the core of its relatives of `CloudFormation`, which differ in words and in what a
//! reference gives.

use futures_util::future::BoxFuture;
use kit::error::Result;
use kit::workflow::{Context, Failure, wake};
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::engine::Hand;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Signalled};
use crate::signals::proof::{self, Purpose};
use crate::signals::received::{self, Care, Words};
use crate::signals::urls::{self, Kind};
use crate::stack_resources::model::Resource;
use crate::stack_resources::store;
use crate::stack_users::{self, HEAT_SIGNAL};
use crate::stacks::model::Stack;
use crate::template::diff::Frozen;
use crate::template::{Property, Schema, python};

/// A type of handles.
pub(crate) struct Handle {
    pub(crate) name: &'static str,
    pub(crate) words: &'static Words,
    pub(crate) schema: fn() -> Schema,
    pub(crate) attributes: &'static [Attribute],
    /// A reference to it is the URL that signals it.
    pub(crate) is_url: bool,
    pub(crate) is_replaced_by_updates: bool,
}

/// `OS::Heat::WaitConditionHandle`.
pub(crate) static HANDLE: Handle = Handle {
    name: "OS::Heat::WaitConditionHandle",
    words: &received::HEAT,
    schema,
    attributes: ATTRIBUTES,
    is_url: false,
    is_replaced_by_updates: false,
};

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "token",
        kind: "string",
        description: "Token for stack-user which can be used for signalling handle when signal_transport is set to TOKEN_SIGNAL. None for all other signal transports.",
    },
    Attribute {
        name: "endpoint",
        kind: "string",
        description: "Endpoint/url which can be used for signalling handle when signal_transport is set to TOKEN_SIGNAL. None for all other signal transports.",
    },
    Attribute {
        name: "curl_cli",
        kind: "string",
        description: "Convenience attribute, provides curl CLI command prefix, which can be used for signalling handle completion or failure when signal_transport is set to TOKEN_SIGNAL. You can signal success by adding --data-binary '{\"status\": \"SUCCESS\"}' , or signal failure by adding --data-binary '{\"status\": \"FAILURE\"}'. This attribute is set to None for all other signal transports.",
    },
    Attribute {
        name: "signal",
        kind: "string",
        description: "JSON serialized map that includes the endpoint, token and/or other attributes the client must use for signalling this handle. The contents of this map depend on the type of signal selected in the signal_transport property.",
    },
    SHOW_ROW,
];

/// The property that says how it is signalled.
const TRANSPORT: &str = "signal_transport";
/// Where it keeps its reference: conditions find it by that.
pub(super) const REFERENCE: &str = "reference";

fn schema() -> Schema {
    Schema::of([Property::string(TRANSPORT)
        .default("TOKEN_SIGNAL")
        .allowed([
            "CFN_SIGNAL",
            "TEMP_URL_SIGNAL",
            "HEAT_SIGNAL",
            "NO_SIGNAL",
            "ZAQAR_SIGNAL",
            "TOKEN_SIGNAL",
        ])
        .custom("heat.signal_transport")
        .described("How the client will signal the wait condition. CFN_SIGNAL will allow an HTTP POST to a CFN keypair signed URL. TEMP_URL_SIGNAL will create a Swift TempURL to be signalled via HTTP PUT. HEAT_SIGNAL will allow calls to the Heat API resource-signal using the provided keystone credentials. ZAQAR_SIGNAL will create a dedicated zaqar queue to be signalled using the provided keystone credentials. TOKEN_SIGNAL will allow and HTTP POST to a Heat API endpoint with the provided keystone token. NO_SIGNAL will result in the resource going to a signalled state without waiting for any signal.")])
}

impl Plugin for Handle {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        (self.schema)()
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.attributes
    }

    fn is_replaced_by_updates(&self, _: &Frozen) -> bool {
        self.is_replaced_by_updates
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.take_own_name();
        if transport(act.resource) == HEAT_SIGNAL {
            stack_users::make(act)?;
        }
        let look = Look { hand: act.hand, stack: act.stack, resource: act.resource };
        let reference = if self.is_url {
            urls::signed(&look, Kind::WaitCondition)?
        } else {
            look.physical().to_owned()
        };
        act.resource.data.insert(REFERENCE.to_owned(), Value::String(reference));
        Ok(())
    }

    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        stack_users::follow(context, resource)
    }

    fn signal(&self, act: &mut Act<'_>, details: &Value) -> Result<Signalled> {
        if details.is_null() && self.words.care == Care::Complete {
            return Ok(Signalled::Heard);
        }
        let said = received::take(act.resource, self.words, details)?;
        wake(act.hand.connection, &target(act.resource))?;
        Ok(Signalled::Said(said))
    }

    fn metadata(&self, look: &Look<'_>) -> Value {
        received::metadata(look.resource, self.words)
    }

    fn reference(&self, look: &Look<'_>) -> String {
        let kept = look.resource.data.get(REFERENCE).and_then(Value::as_str);
        kept.unwrap_or_default().to_owned()
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let transport = transport(look.resource);
        if name == "signal" {
            let signal = signal(look, transport)?;
            return Ok(Value::String(python::dumps(&signal)));
        }
        if transport != "TOKEN_SIGNAL" || name == "show" {
            return Ok(Value::Null);
        }
        let token = || token(look.hand.connection, look.resource);
        Ok(Value::String(match name {
            "token" => token()?,
            "endpoint" => urls::endpoint(look),
            "curl_cli" => format!(
                "curl -i -X POST -H 'X-Auth-Token: {}' -H 'Content-Type: application/json' -H \
                 'Accept: application/json' {}",
                token()?,
                urls::endpoint(look)
            ),
            _ => return Ok(Value::Null),
        }))
    }
}

fn token(connection: &Connection, resource: &Resource) -> Result<String> {
    Ok(proof::of(connection, Purpose::Token, resource)?.expose().to_owned())
}

fn transport(resource: &Resource) -> &str {
    resource.properties.get(TRANSPORT).and_then(Value::as_str).unwrap_or("CFN_SIGNAL")
}

/// What a client must know to signal by that transport.
fn signal(look: &Look<'_>, transport: &str) -> Result<Value> {
    let url =
        |url: String| Value::Object(Map::from_iter([("alarm_url".to_owned(), Value::String(url))]));
    Ok(match transport {
        "CFN_SIGNAL" => url(urls::signed(look, Kind::WaitCondition)?),
        "TEMP_URL_SIGNAL" => url(urls::temporary(look)?),
        HEAT_SIGNAL => Value::Object(stack_users::credentials(look)?),
        "NO_SIGNAL" => Value::Object(Map::new()),
        _ => Value::Null,
    })
}

/// What whoever waits for its signals names.
pub(super) fn target(handle: &Resource) -> String {
    format!("signals:{}", handle.number)
}

/// Whether it is taken for signalled without a signal.
pub(super) fn needs_no_signal(handle: &Resource) -> bool {
    transport(handle) == "NO_SIGNAL"
}

/// The handle of the stack with that reference.
pub(super) fn find(hand: Hand<'_>, stack: &Stack, reference: &str) -> Result<Option<Resource>> {
    let rows = store::of_stack(hand.connection, &stack.id)?;
    let is_it = |row: &Resource| {
        row.data.get(REFERENCE).and_then(Value::as_str).is_some_and(|kept| kept == reference)
    };
    Ok(rows.into_iter().find(is_it))
}
