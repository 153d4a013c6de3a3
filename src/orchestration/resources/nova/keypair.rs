//! `OS::Nova::KeyPair`: a key pair of the stack's user, brought or made here.

use futures_util::future::BoxFuture;
use kit::error::{Error, Result};
use kit::ids::UserId;
use kit::policy::Caller;
use kit::workflow::{Context, Failure};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::with_delegate;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW, SHOW_ROW, gone_is_fine, keystone};
use crate::stack_resources::model::Resource;
use crate::stack_resources::store;
use crate::template::{Property, Schema};

pub(crate) struct KeyPair;

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: PUBLIC, kind: "string", description: "The public key." },
    Attribute {
        name: PRIVATE,
        kind: "string",
        description: "The private key if it has been saved.",
    },
    SHOW_ROW,
];

const PUBLIC: &str = "public_key";
const PRIVATE: &str = "private_key";
const USER: &str = "user";

impl Plugin for KeyPair {
    fn name(&self) -> &'static str {
        "OS::Nova::KeyPair"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("name").required().length(1, 255).described("The name of the key pair."),
            Property::boolean("save_private_key")
                .default(false)
                .described("True if the system should remember a generated private key; False otherwise."),
            Property::string(PUBLIC)
                .described("The optional public key. This allows users to supply the public key from a pre-existing key pair. In Nova api version < 2.92, if not supplied, a new key pair will be generated. This property is required since Nova api version 2.92."),
            Property::string("type")
                .allowed(["ssh", "x509"])
                .described("Keypair type. Supported since Nova api version 2.2."),
            Property::string(USER).custom("keystone.user").described("ID or name of user to whom to add key-pair. The usage of this property is limited to being used by administrators only. Supported since Nova api version 2.10."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn prepare(
        &self,
        context: Context,
        caller: Caller,
        resource: Resource,
    ) -> BoxFuture<'static, Result<(), Failure>> {
        Box::pin(async move {
            let is_there = resource.data.contains_key(PUBLIC);
            if is_there || brought(&resource.properties).is_some() {
                return Ok(());
            }
            let x509 = is_x509(&resource.properties);
            let made = compute::facade::generate_key(x509, &caller, context.now()).await?;
            let mut pair = resource.data;
            pair.insert(PUBLIC.to_owned(), Value::String(made.public_key));
            let keep = resource.properties.get("save_private_key") == Some(&Value::Bool(true));
            if let (true, Some(secret)) = (keep, made.private_key) {
                pair.insert(PRIVATE.to_owned(), Value::from(secret.expose()));
            }
            // Straight into the row: the journal keeps what a step returns, and must not keep this.
            let write =
                move |connection: &Connection| store::save_data(connection, resource.number, &pair);
            context.platform.store.write("stack.keypair", write).await?;
            Ok(())
        })
    }

    fn adopted_data(&self) -> &'static [&'static str] {
        &[PUBLIC, PRIVATE]
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = &act.resource.properties;
        let name = act.text("name").unwrap_or_default().to_owned();
        let made = act.resource.data.get(PUBLIC).and_then(Value::as_str);
        let public = brought(properties).or(made);
        let public =
            public.ok_or_else(|| Error::bad_request("There is no public key."))?.to_owned();
        let x509 = is_x509(properties);
        let owner = owner(act)?;
        with_delegate(act, |delegate| delegate.create_keypair(&owner, &name, x509, &public))?;
        act.resource.data.insert(PUBLIC.to_owned(), Value::String(public));
        act.resource.physical = Some(name);
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let (name, owner) = (act.physical().to_owned(), owner(act)?);
        gone_is_fine(with_delegate(act, |delegate| delegate.delete_keypair(&owner, &name)))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        let (name, owner) = (act.physical().to_owned(), owner(act)?);
        if with_delegate(act, |delegate| delegate.has_keypair(&owner, &name))? {
            return Ok(());
        }
        Err(Error::not_found(format!("The Key ({name}) could not be found.")).tag("EntityNotFound"))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        if name == SHOW {
            return Ok(Value::Null);
        }
        // Heat: a private key that was not saved is an empty text.
        let absent = || if name == PRIVATE { Value::from("") } else { Value::Null };
        Ok(look.resource.data.get(name).cloned().unwrap_or_else(absent))
    }
}

/// Whose the pair is: the user's that the template names, else the stack's.
fn owner(act: &Act<'_>) -> Result<UserId> {
    match act.text(USER) {
        Some(user) => keystone::find(act, identity::facade::Kind::User, user).map(UserId::from),
        None => Ok(act.caller.user_id.clone()),
    }
}

/// The public key that the template brings.
fn brought(properties: &Map<String, Value>) -> Option<&str> {
    properties.get(PUBLIC).and_then(Value::as_str).filter(|key| !key.is_empty())
}

fn is_x509(properties: &Map<String, Value>) -> bool {
    properties.get("type").and_then(Value::as_str) == Some("x509")
}
