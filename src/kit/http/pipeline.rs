//! The life of a request as one function, top to bottom: locate, authenticate, negotiate, read,
//! hold to the contract, handle, answer.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use serde_json::Value;

use super::fault::{self, Fault, Miss};
use super::links::Links;
use super::microversion::{Mv, Refused};
use super::operation::{Body, BodyKind, Call, Method, Operation, Reply};
use super::route::{Located, choose, choose_by_parameter};
use super::server::{Answer, Api, Incoming, parameters};
use super::service::{Dialect, Service, Versioning};
use super::wording;
use crate::error::{Error, Kind, Result};
use crate::ids::RequestId;
use crate::metrics::RequestLabels;
use crate::policy::{Caller, Enforcer};
use crate::secret::Secret;

/// Answers one request. Never fails: what goes wrong is an answer too.
pub(super) async fn serve(api: &Arc<Api>, mut request: Incoming) -> Answer {
    let start = Instant::now();
    let request_id = RequestId::random();
    let mut trace =
        Trace { service: "none", operation: "none", dialect: Dialect::Plain, path: None };
    let mut answer = match Method::parse(&request.method) {
        Some(method) => route(api, &mut request, method, &request_id, &mut trace).await,
        None => {
            Answer::fault(fault::no_route(Dialect::Plain, &Miss::Method(Vec::new()), &request_id))
        }
    };
    answer.headers.push(("x-openstack-request-id", request_id.to_string()));
    match trace.dialect {
        Dialect::Nova => answer.headers.push(("x-compute-request-id", request_id.to_string())),
        Dialect::Keystone => answer.headers.push(("Vary", "X-Auth-Token".to_owned())),
        Dialect::Glance
        | Dialect::Neutron
        | Dialect::Heat
        | Dialect::Placement
        | Dialect::CloudFormation(_)
        | Dialect::Plain => {}
    }
    let seconds = start.elapsed().as_secs_f64();
    let labels =
        RequestLabels { service: trace.service, operation: trace.operation, status: answer.status };
    api.platform.metrics.requests.get_or_create(&labels).inc();
    api.platform.metrics.request_seconds.observe(seconds);
    tracing::info!(
        request_id = %request_id, service = trace.service, operation = trace.operation,
        method = %request.method, path = trace.path.unwrap_or(&request.path), status = answer.status,
        ms = seconds * 1000.0, "answered"
    );
    answer
}

/// What metrics and the log say of a request.
struct Trace {
    service: &'static str,
    operation: &'static str,
    dialect: Dialect,
    /// What stands for a path with a secret in it.
    path: Option<&'static str>,
}

async fn route(
    api: &Arc<Api>,
    request: &mut Incoming,
    method: Method,
    request_id: &RequestId,
    trace: &mut Trace,
) -> Answer {
    let Some(located) = api.routes.locate(method, &request.path) else {
        return nowhere(Dialect::Plain, &Miss::Path, request_id);
    };
    let dialect = located.mounted.service.dialect;
    trace.service = located.mounted.service.name;
    trace.dialect = dialect;
    let secretive = located.rows.iter().flatten().find(|row| row.secret_in_path);
    trace.path = secretive.map(|row| row.path);
    let token = request.header("x-auth-token").map(Secret::new);
    let caller = authenticate(api, token.as_ref()).await;
    let public = located.rows.as_ref().is_ok_and(|rows| rows.iter().any(|row| row.public));
    // Keystone routes before it authenticates, the others behind keystonemiddleware do not.
    let routes_first = matches!(dialect, Dialect::Keystone | Dialect::Plain);
    let unknown = located.rows.is_err() && routes_first;
    let caller = match caller {
        Ok(caller) => Some(caller),
        Err(error) if public || unknown => {
            tracing::debug!(%error, "no caller");
            None
        }
        Err(error) => return refuse(request, dialect, &error, request_id),
    };
    let rows = match &located.rows {
        Ok(rows) => rows.clone(),
        Err(miss) => return nowhere(dialect, miss, request_id),
    };
    let version = match negotiate(request, dialect, located.mounted.mount.versioning, request_id) {
        Ok(version) => version,
        Err(answer) => return *answer,
    };
    let versioning = located.mounted.mount.versioning;
    let call = prepare(api, request, located, &rows, version, caller, token, request_id).await;
    let outcome = match call {
        Ok(call) => {
            trace.operation = call.operation.name;
            handle(api, trace.service, call).await
        }
        Err(error) => Err(error),
    };
    let mut answer = match outcome {
        Ok(mut answer) => {
            answer.headers.extend(cache_headers(api, versioning, version));
            answer
        }
        Err(error) => refuse(request, dialect, &error, request_id),
    };
    if answer.versioned {
        answer.headers.extend(version_headers(versioning, version));
    }
    answer
}

/// No row answers; a 405 says which would.
fn nowhere(dialect: Dialect, miss: &Miss, request_id: &RequestId) -> Answer {
    let mut answer = Answer::fault(fault::no_route(dialect, miss, request_id));
    match miss {
        Miss::Method(methods) if answer.status == 405 => {
            answer.headers.push(("Allow", fault::allow(dialect, methods)));
        }
        Miss::Method(_) | Miss::Path => {}
    }
    answer
}

async fn authenticate(api: &Arc<Api>, token: Option<&Secret>) -> Result<Caller> {
    let token = token.ok_or_else(|| Error::unauthorized("no token"))?;
    api.authenticator.authenticate(&api.platform, token.expose()).await
}

/// Reads the body, finds the row, holds the request to the contract.
#[expect(clippy::too_many_arguments, reason = "one private call that hands everything over")]
async fn prepare(
    api: &Arc<Api>,
    request: &mut Incoming,
    located: Located<'_>,
    rows: &[&'static Operation],
    version: Mv,
    caller: Option<Caller>,
    token: Option<Secret>,
    request_id: &RequestId,
) -> Result<Call> {
    let mount = located.mounted.mount;
    let dialect = located.mounted.service.dialect;
    check_project(&api.platform.policy, &located, dialect, caller.as_ref())?;
    let kind = rows.first().map_or(BodyKind::Json, |row| row.body);
    let body = match kind {
        BodyKind::Stream => Value::Null,
        BodyKind::Json => read_json(api, request, dialect).await?,
        BodyKind::Form => read_form(api, request).await?,
    };
    let operation = match kind {
        BodyKind::Form => choose_by_parameter(rows, &request.query)?,
        BodyKind::Json | BodyKind::Stream => choose(rows, version, &body)?,
    };
    let call = Call {
        platform: Arc::clone(&api.platform),
        operation,
        caller,
        token,
        version,
        request_id: request_id.clone(),
        method: Method::parse(&request.method).unwrap_or(operation.method),
        url_path: request.path.clone(),
        path: located.params,
        query: request.query.clone(),
        headers: request.headers.clone(),
        body,
        upload: request.upload.take().filter(|_| kind == BodyKind::Stream),
        links: Links {
            host: api.public_host(request),
            prefix: if request.native { String::new() } else { mount.prefix.to_owned() },
            version: mount.version.to_owned(),
            project: located.project.map(|id| format!("/{id}")).unwrap_or_default(),
        },
    };
    hold_to_contract(api, located.mounted.service, &call)?;
    Ok(call)
}

/// A project id in the path must be the token's. Heat's administrators may name any, if their
/// token has a project at all.
fn check_project(
    policy: &Enforcer,
    located: &Located<'_>,
    dialect: Dialect,
    caller: Option<&Caller>,
) -> Result<()> {
    let (Some(asked), Some(caller)) = (&located.project, caller) else {
        return Ok(());
    };
    let own = caller.project().map_or("None", crate::ids::ProjectId::as_str);
    if asked == own {
        return Ok(());
    }
    if dialect == Dialect::Heat {
        if caller.project().is_some() && policy.is_administrator(caller) {
            return Ok(());
        }
        return Err(Error::forbidden("Access was denied to this resource."));
    }
    Err(Error::bad_request(format!(
        "Malformed request URL: URL's project_id '{asked}' doesn't match Context's project_id '{own}'"
    )))
}

fn hold_to_contract(api: &Api, service: &Service, call: &Call) -> Result<()> {
    let (name, version) = (call.operation.name, call.version.number());
    api.contract
        .check_query(service.name, name, version, &call.query)
        .map_err(|invalid| wording::query(service.dialect, &invalid))?;
    if call.operation.body == BodyKind::Json {
        api.contract
            .check_body(service.name, name, version, &call.body)
            .map_err(|invalid| wording::body(service.dialect, &invalid))?;
    }
    Ok(())
}

/// The text of a form, whose fields join the parameters of the query.
async fn read_form(api: &Api, request: &mut Incoming) -> Result<Value> {
    let bytes = read_all(api, request).await?;
    let given = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if given.starts_with("application/x-www-form-urlencoded") {
        request.query.extend(parameters(&text));
    }
    Ok(Value::String(text))
}

async fn read_all(api: &Api, request: &mut Incoming) -> Result<Vec<u8>> {
    let limit = usize::try_from(api.platform.settings.default.max_request_body_size).unwrap_or(0);
    let mut bytes = Vec::new();
    let Some(mut upload) = request.upload.take() else {
        return Ok(bytes);
    };
    while let Some(chunk) = upload.next().await {
        let chunk = chunk?;
        if bytes.len() + chunk.len() > limit {
            return Err(fault::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn read_json(api: &Api, request: &mut Incoming, dialect: Dialect) -> Result<Value> {
    let bytes = read_all(api, request).await?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    check_media_type(request, dialect)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        fault::malformed_body(dialect).private(format!("body is not JSON: {error}"))
    })
}

/// Nova takes JSON, text and nothing at all; other types are 415.
fn check_media_type(request: &Incoming, dialect: Dialect) -> Result<()> {
    let given = request.header("content-type").unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = matches!(media_type.as_str(), "" | "text/plain") || media_type.ends_with("json");
    let strict = dialect == Dialect::Nova;
    if known || !strict {
        return Ok(());
    }
    Err(Error::new(Kind::UnsupportedMediaType, "Unsupported Content-Type"))
}

async fn handle(api: &Arc<Api>, service: &str, call: Call) -> Result<Answer> {
    let (operation, version) = (call.operation, call.version);
    let future = AssertUnwindSafe((operation.handler)(call)).catch_unwind();
    let reply = future.await.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Error::internal(format!("handler panicked: {}", text.unwrap_or("no text"))))
    })?;
    let status = reply.status.unwrap_or(operation.status);
    observe(api, service, operation, version, status, &reply);
    Ok(Answer::reply(status, reply))
}

/// Tests hold every answer to the contract through this.
fn observe(
    api: &Api,
    service: &str,
    operation: &Operation,
    version: Mv,
    status: u16,
    reply: &Reply,
) {
    let Some(observer) = &api.observer else {
        return;
    };
    let empty = Value::Null;
    let body = match &reply.body {
        Body::Json(value) => value,
        Body::Empty => &empty,
        Body::Text(..) | Body::Stream(_) | Body::Socket(_) => return,
    };
    let (name, number) = (operation.name, version.number());
    if let Err(why) = api.contract.check_response(service, name, number, status, body) {
        observer(operation.name, version, &why);
    }
}

fn refuse(request: &Incoming, dialect: Dialect, error: &Error, request_id: &RequestId) -> Answer {
    let fault: Fault = fault::render(dialect.as_asked(&request.query), error, request_id);
    if fault.status >= 500 {
        tracing::error!(%request_id, %error, path = %request.path, "failed");
    } else {
        tracing::info!(%request_id, %error, status = fault.status, "refused");
    }
    let mut answer = Answer::fault(fault);
    // Nova's size limit and authentication stand before version negotiation.
    answer.versioned = !matches!(error.kind, Kind::Unauthorized | Kind::TooLarge);
    if error.kind == Kind::Unauthorized {
        answer.headers.push((
            "WWW-Authenticate",
            format!("Keystone uri=\"{}\"", request.identity_url(dialect)),
        ));
    }
    answer
}

fn negotiate(
    request: &Incoming,
    dialect: Dialect,
    versioning: Versioning,
    request_id: &RequestId,
) -> std::result::Result<Mv, Box<Answer>> {
    let versions = match versioning {
        Versioning::None => return Ok(Mv::NONE),
        Versioning::Fixed(version) => return Ok(version),
        Versioning::Negotiated(versions) => versions,
    };
    let new: Vec<&str> = request.headers_named("openstack-api-version").collect();
    let legacy = versions.legacy_header.into_iter().flat_map(|name| request.headers_named(name));
    let legacy: Vec<&str> = legacy.collect();
    versions.negotiate(&new, &legacy).map_err(|refused| {
        let error = fault::refused_version(dialect, versions, &refused);
        let mut answer = Answer::fault(fault::render(dialect, &error, request_id));
        // Nova echoes the version asked for, even as it refuses it.
        if let (Refused::OutOfRange(asked), Dialect::Nova) = (refused, dialect) {
            answer.headers.extend(version_headers(versioning, asked));
        }
        Box::new(answer)
    })
}

/// What is read at once is as of now, and may be otherwise at the next look.
fn cache_headers(
    api: &Api,
    versioning: Versioning,
    version: Mv,
) -> impl Iterator<Item = (&'static str, String)> {
    let since = match versioning {
        Versioning::Negotiated(versions) => versions.uncached_since,
        Versioning::None | Versioning::Fixed(_) => None,
    };
    let now = api.platform.clock.now();
    let headers = [("Cache-Control", "no-cache".to_owned()), ("Last-Modified", now.http())];
    since.filter(|since| version >= *since).into_iter().flat_map(move |_| headers.clone())
}

fn version_headers(versioning: Versioning, version: Mv) -> Vec<(&'static str, String)> {
    let Versioning::Negotiated(versions) = versioning else {
        return Vec::new();
    };
    let mut headers = vec![
        ("OpenStack-API-Version", format!("{} {version}", versions.service_type)),
        ("Vary", "OpenStack-API-Version".to_owned()),
    ];
    if let Some(legacy) = versions.legacy_header {
        headers.extend([(legacy, version.to_string()), ("Vary", legacy.to_owned())]);
    }
    headers
}
