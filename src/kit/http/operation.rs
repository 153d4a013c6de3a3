//! An operation of an API is a row; a handler takes a [`Call`] and gives a [`Reply`].
//!
//! No type of the web framework reaches a service, so a test can call a handler without a
//! socket.

use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use super::links::Links;
use super::microversion::{Mv, Span};
use super::socket::Upgrade;
use super::stream::{Download, Upload};
use crate::error::{Error, Result};
use crate::ids::RequestId;
use crate::platform::Platform;
use crate::policy::{Caller, Guarded, Rule, Target};
use crate::secret::Secret;

/// The HTTP methods that OpenStack APIs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the methods of HTTP")]
pub enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
}

impl Method {
    /// Reads the method of a request.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::GET, Self::HEAD, Self::POST, Self::PUT, Self::PATCH, Self::DELETE]
            .into_iter()
            .find(|method| method.as_str() == text)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GET => "GET",
            Self::HEAD => "HEAD",
            Self::POST => "POST",
            Self::PUT => "PUT",
            Self::PATCH => "PATCH",
            Self::DELETE => "DELETE",
        }
    }
}

/// What the body of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON, read whole, held to the contract.
    Json,
    /// Bytes, handed to the handler as they come.
    Stream,
    /// A form: its fields join the parameters of the query, and the handler gets its text.
    Form,
}

/// A handler.
pub type Handler = fn(Call) -> LocalBoxFuture<'static, Result<Reply>>;

/// One row of a service's `operations.rs`.
#[derive(Debug)]
pub struct Operation {
    /// `servers:create`; stands in metrics, logs, the contract and the policy matrix.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the mount, `/servers/{server_id}`.
    pub path: &'static str,
    /// The key of the body for `POST …/action` rows.
    pub action: Option<&'static str>,
    /// Where in the microversions it exists.
    pub span: Span,
    /// Who may; `None` where the API asks nothing.
    pub rule: Option<&'static Rule>,
    /// The status of success.
    pub status: u16,
    /// Whether it answers without a token.
    pub public: bool,
    /// Whether guests may ask it where they ask for their metadata.
    pub guests: bool,
    /// Whether its path holds what no log may: the log has the row's path instead.
    pub secret_in_path: bool,
    /// What its body is.
    pub body: BodyKind,
    /// The code.
    pub handler: Handler,
}

impl Operation {
    /// Answers without a token too.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Guests may ask it where they ask for their metadata ([`super::Doorway`]).
    #[must_use]
    pub const fn for_guests(mut self) -> Self {
        self.guests = true;
        self
    }

    /// Its path holds what no log may.
    #[must_use]
    pub const fn secret_in_path(mut self) -> Self {
        self.secret_in_path = true;
        self
    }

    /// Takes its body as a stream of bytes.
    #[must_use]
    pub const fn stream(mut self) -> Self {
        self.body = BodyKind::Stream;
        self
    }

    /// Takes a form or a query; rows with actions are chosen by the parameter `Action`.
    #[must_use]
    pub const fn form(mut self) -> Self {
        self.body = BodyKind::Form;
        self
    }

    /// The same row for an action of the body.
    #[must_use]
    pub const fn action(mut self, key: &'static str) -> Self {
        self.action = Some(key);
        self
    }

    /// The row with its rule.
    #[must_use]
    pub const fn rule(mut self, rule: &'static Rule) -> Self {
        self.rule = Some(rule);
        self
    }
}

/// A row of an operation table.
///
/// `op!("flavors:show", GET "/flavors/{flavor_id}", since(BASE), policy::FLAVORS_SHOW, 200, flavors::api::show)`;
/// `-` in the rule's place for an operation that asks nothing. `.public()`, `.for_guests()` and `.stream()` may follow.
#[macro_export]
macro_rules! op {
    ($name:literal, $method:ident $path:literal, $span:expr, -, $status:literal, $handler:path) => {
        $crate::http::Operation {
            name: $name,
            method: $crate::http::Method::$method,
            path: $path,
            action: None,
            span: $span,
            rule: None,
            status: $status,
            public: false,
            guests: false,
            secret_in_path: false,
            body: $crate::http::BodyKind::Json,
            handler: |call| Box::pin($handler(call)),
        }
    };
    ($name:literal, $method:ident $path:literal, $span:expr, $rule:path, $status:literal, $handler:path) => {
        $crate::op!($name, $method $path, $span, -, $status, $handler).rule(&$rule)
    };
}

/// A row for an action of `POST /servers/{server_id}/action`.
///
/// `action!("servers:reboot", "reboot", since(BASE), policy::SERVERS_REBOOT, 202, actions::reboot::run)`.
#[macro_export]
macro_rules! action {
    ($name:literal, $key:literal, $span:expr, $rule:path, $status:literal, $handler:path) => {
        $crate::op!($name, POST "/servers/{server_id}/action", $span, $rule, $status, $handler)
            .action($key)
    };
}

/// A request that has passed authentication, routing, negotiation and the contract.
pub struct Call {
    /// The mechanisms.
    pub platform: Arc<Platform>,
    /// The row that matched.
    pub operation: &'static Operation,
    /// Who asks; `None` only where the row is public and no valid token came.
    pub caller: Option<Caller>,
    /// The token as it came.
    pub token: Option<Secret>,
    /// The version negotiated.
    pub version: Mv,
    /// The id of this request.
    pub request_id: RequestId,
    /// The method as it came: a row may answer more than its own.
    pub method: Method,
    /// The path as it came.
    pub url_path: String,
    /// Parameters of the path, decoded.
    pub path: Vec<(String, String)>,
    /// Parameters of the query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Header names (lower case) and values.
    pub headers: Vec<(String, String)>,
    /// The body; `Null` when there was none.
    pub body: Value,
    /// The body of rows of kind stream.
    pub upload: Option<Upload>,
    /// Makes URLs.
    pub links: Links,
}

impl Call {
    /// A call that no request made: for facades that show a row to `caller` as the API would.
    pub fn without_request(
        platform: &Arc<Platform>,
        operation: &'static Operation,
        caller: &Caller,
    ) -> Self {
        let [prefix, version, project] = [const { String::new() }; 3];
        Self {
            platform: Arc::clone(platform),
            operation,
            caller: Some(caller.clone()),
            token: None,
            version: Mv::NONE,
            request_id: RequestId::random(),
            method: operation.method,
            url_path: String::new(),
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Value::Null,
            upload: None,
            links: Links {
                host: platform.settings.default.public_url.clone(),
                prefix,
                version,
                project,
            },
        }
    }

    /// Who asks.
    pub fn caller(&self) -> Result<&Caller> {
        self.caller.as_ref().ok_or_else(|| {
            Error::unauthorized("The request you have made requires authentication.")
        })
    }

    /// A parameter of the path, by the name in the row.
    pub fn param(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The last value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a query parameter.
    pub fn query_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The member of the body that a wrapped body has (`{"server": {…}}`).
    pub fn wrapped(&self, key: &str) -> &Value {
        self.body.get(key).unwrap_or(&Value::Null)
    }

    /// The text under `key` in the object that Nova wraps its bodies in.
    pub fn wrapped_text(&self, wrapper: &str, key: &str) -> Option<&str> {
        self.wrapped(wrapper).get(key).and_then(Value::as_str)
    }

    /// Applies the row's rule to the caller's own project (operations on no particular row).
    pub fn authorize(&self) -> Result<()> {
        let target = Target::own(self.caller()?);
        self.authorize_on(&target)
    }

    /// Applies the row's rule to `target`.
    pub fn authorize_on(&self, target: &Target) -> Result<()> {
        match self.operation.rule {
            Some(rule) => self.platform.policy.authorize(rule, self.caller()?, target),
            None => Ok(()),
        }
    }

    /// Whether another rule allows the caller to act on `target`.
    pub fn allows(&self, rule: &Rule, target: &Target) -> bool {
        self.caller.as_ref().is_some_and(|caller| self.platform.policy.allows(rule, caller, target))
    }

    /// Opens a guarded row with the operation's rule, or without one where the API asks nothing.
    pub fn open<T>(&self, guarded: Guarded<T>) -> Result<T> {
        match self.operation.rule {
            Some(rule) => guarded.open(&self.platform.policy, self.caller()?, rule),
            None => Ok(guarded.open_to_all()),
        }
    }
}

/// What an answer carries.
pub enum Body {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// Text of a media type.
    Text(&'static str, String),
    /// Bytes as they come.
    Stream(Download),
    /// No bytes: the connection becomes a websocket.
    Socket(Upgrade),
}

/// A handler's answer; its status is the row's unless set.
pub struct Reply {
    /// Overrides the row's status.
    pub status: Option<u16>,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// The content.
    pub body: Body,
}

impl Reply {
    /// JSON.
    pub fn json(value: Value) -> Self {
        Self { status: None, headers: Vec::new(), body: Body::Json(value) }
    }

    /// No content.
    pub fn empty() -> Self {
        Self { status: None, headers: Vec::new(), body: Body::Empty }
    }

    /// Text of a media type.
    pub fn text(media_type: &'static str, text: impl Into<String>) -> Self {
        Self { status: None, headers: Vec::new(), body: Body::Text(media_type, text.into()) }
    }

    /// Bytes as they come.
    pub fn stream(download: Download) -> Self {
        Self { status: None, headers: Vec::new(), body: Body::Stream(download) }
    }

    /// The connection becomes a websocket.
    pub fn socket(upgrade: Upgrade) -> Self {
        Self { status: None, headers: Vec::new(), body: Body::Socket(upgrade) }
    }

    /// Another status of success than the row's.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
