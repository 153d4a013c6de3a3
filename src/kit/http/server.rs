//! The only file with `HttpServer`: listeners, limits, graceful stop, and the way from the web
//! framework's types to ours and back.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpResponseBuilder, HttpServer, web};
use futures_util::StreamExt;

use super::auth::Authenticator;
use super::contract::Contract;
use super::fault::Fault;
use super::microversion::Mv;
use super::operation::{Body, Method, Reply};
use super::pipeline;
use super::route::Routes;
use super::service::{Dialect, Service};
use super::socket;
use super::stream::{Download, Upload};
use crate::error::{Error, Result};
use crate::platform::Platform;
use crate::tasks::Tasks;

/// A client that has not sent its headers by then has gone.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(15);
/// How long running requests may take when the service stops, seconds.
const STOP_SECONDS: u64 = 10;
/// Connections per worker; one hostile client cannot take them all from the engine's work.
const MAX_CONNECTIONS: usize = 8192;

/// Told of an answer that breaks the contract: operation, version, reasons.
pub type Observer = Arc<dyn Fn(&'static str, Mv, &str) + Send + Sync>;

/// All services behind their listeners.
pub struct Api {
    pub(super) platform: Arc<Platform>,
    pub(super) routes: Routes,
    pub(super) contract: Contract,
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) observer: Option<Observer>,
    /// The websockets that are open: they end before the listeners do.
    sockets: Tasks,
}

/// A socket, and the service whose own port it is.
pub struct Listener {
    /// Bound already, so that a taken port is an error at start.
    pub socket: TcpListener,
    /// The prefix to put before every path (`/compute` on Nova's own port); empty on the shared one.
    pub prefix: &'static str,
}

impl Api {
    /// Compiles tables and contract; any contradiction in them is an error here, not later.
    pub fn new(
        platform: Arc<Platform>,
        services: &[&'static Service],
        authenticator: Arc<dyn Authenticator>,
        shared_documents: &[(&'static str, &'static str)],
        observer: Option<Observer>,
    ) -> Result<Self> {
        let documents: Vec<_> = services
            .iter()
            .flat_map(|service| service.documents.iter().copied())
            .chain(shared_documents.iter().copied())
            .collect();
        Ok(Self {
            platform,
            routes: Routes::new(services)?,
            contract: Contract::load(&documents)?,
            authenticator,
            observer,
            sockets: Tasks::new(),
        })
    }

    /// The contract, for tests and for `doctor`.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// `http://host:port` as the client should see it.
    pub(super) fn public_host(&self, request: &Incoming) -> String {
        let set = self.platform.settings.default.public_url.trim_end_matches('/');
        if set.is_empty() { request.host.clone() } else { set.to_owned() }
    }

    /// Whether the request is for an operation that guests may ask.
    pub(super) fn is_for_guests(&self, request: &HttpRequest) -> bool {
        let method = Method::parse(request.method().as_str());
        let located = method.and_then(|method| self.routes.locate(method, request.path()));
        let rows = located.and_then(|located| located.rows.ok());
        rows.is_some_and(|rows| rows.iter().all(|row| row.guests))
    }

    /// Answers a request that came in below `prefix`.
    pub(super) async fn answer(
        self: &Arc<Self>,
        request: &HttpRequest,
        payload: web::Payload,
        prefix: &'static str,
    ) -> HttpResponse {
        // What follows the request of a websocket is no body: it is left to the socket.
        let (body, frames) = if socket::is_asked_for(request) {
            (None, Some(payload))
        } else {
            (Some(payload), None)
        };
        let incoming = incoming(request, body, prefix);
        let head = incoming.method == "HEAD";
        let mut answer = pipeline::serve(self, incoming).await;
        match (answer.take_upgrade(), frames) {
            (Some(upgrade), Some(frames)) => socket::open(request, frames, upgrade, &self.sockets),
            (Some(_), None) => HttpResponse::UpgradeRequired().finish(),
            (None, _) => answer.into_response(head),
        }
    }

    /// Serves until `stop` resolves, then lets running requests end.
    pub async fn serve(
        self: Arc<Self>,
        listeners: Vec<Listener>,
        workers: usize,
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let mut servers = Vec::new();
        for listener in listeners {
            let (api, prefix) = (Arc::clone(&self), listener.prefix);
            let server = HttpServer::new(move || {
                let state = web::Data::new(Shared { api: Arc::clone(&api), prefix });
                App::new().app_data(state).default_service(web::to(entry))
            })
            .workers(workers)
            .max_connections(MAX_CONNECTIONS)
            .client_request_timeout(HEADERS_TIMEOUT)
            .keep_alive(Duration::from_secs(75))
            .shutdown_timeout(STOP_SECONDS)
            .disable_signals()
            .listen(listener.socket)?
            .run();
            servers.push(server);
        }
        let handles: Vec<_> = servers.iter().map(actix_web::dev::Server::handle).collect();
        let running = futures_util::future::join_all(servers);
        let stopping = async {
            stop.await;
            self.sockets.stop();
            futures_util::future::join_all(handles.iter().map(|handle| handle.stop(true))).await;
        };
        let (ended, ()) = futures_util::future::join(running, stopping).await;
        ended.into_iter().collect::<std::io::Result<Vec<()>>>().map_err(Error::from)?;
        Ok(())
    }
}

struct Shared {
    api: Arc<Api>,
    prefix: &'static str,
}

/// A request in our own words.
pub(super) struct Incoming {
    pub(super) method: String,
    /// With the prefix of the listener.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) upload: Option<Upload>,
    /// `http://host:port` as the client said it.
    pub(super) host: String,
    /// Came in on a service's own port.
    pub(super) native: bool,
}

impl Incoming {
    pub(super) fn header(&self, name: &'static str) -> Option<&str> {
        self.headers_named(name).next()
    }

    pub(super) fn headers_named(&self, name: &'static str) -> impl Iterator<Item = &str> + use<'_> {
        let matching = move |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        self.headers.iter().filter(matching).map(|(_, value)| value.as_str())
    }

    /// Where a client without a token should go.
    /// Keystone itself names its version, middleware before others the service.
    pub(super) fn identity_url(&self, dialect: Dialect) -> String {
        match (dialect, self.native) {
            (Dialect::Keystone, true) => format!("{}/v3", self.host),
            (Dialect::Keystone, false) => format!("{}/identity/v3", self.host),
            (
                Dialect::Nova
                | Dialect::Glance
                | Dialect::Neutron
                | Dialect::Heat
                | Dialect::Placement
                | Dialect::CloudFormation(_)
                | Dialect::Plain,
                _,
            ) => {
                format!("{}/identity", self.host)
            }
        }
    }
}

/// An answer in our own words.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
    media_type: &'static str,
    /// Whether version headers belong on it.
    pub(super) versioned: bool,
}

impl Answer {
    pub(super) fn fault(fault: Fault) -> Self {
        Self {
            status: fault.status,
            headers: Vec::new(),
            body: Body::Text(fault.media_type, fault.body),
            media_type: fault.media_type,
            versioned: false,
        }
    }

    pub(super) fn reply(status: u16, reply: Reply) -> Self {
        let media_type = match &reply.body {
            Body::Text(media_type, _) => media_type,
            Body::Stream(download) => download.media_type,
            Body::Json(_) | Body::Empty | Body::Socket(_) => "application/json",
        };
        Self { status, headers: reply.headers, body: reply.body, media_type, versioned: true }
    }

    /// What is to become of the connection, if it is more than an answer.
    fn take_upgrade(&mut self) -> Option<socket::Upgrade> {
        match std::mem::replace(&mut self.body, Body::Empty) {
            Body::Socket(upgrade) => Some(upgrade),
            body @ (Body::Empty | Body::Json(_) | Body::Text(..) | Body::Stream(_)) => {
                self.body = body;
                None
            }
        }
    }

    fn into_response(self, head: bool) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponseBuilder::new(status);
        for (name, value) in &self.headers {
            response.append_header((*name, value.as_str()));
        }
        match self.body {
            Body::Empty | Body::Socket(_) => response.finish(),
            _ if head => response.content_type(self.media_type).finish(),
            Body::Json(value) => response.content_type(self.media_type).body(value.to_string()),
            Body::Text(media_type, text) => response.content_type(media_type).body(text),
            Body::Stream(download) => stream(&mut response, download),
        }
    }
}

fn stream(response: &mut HttpResponseBuilder, download: Download) -> HttpResponse {
    response.content_type(download.media_type);
    if let Some(length) = download.length {
        response.no_chunking(length);
    }
    response.streaming(download.chunks.map(|chunk| chunk.map_err(std::io::Error::other)))
}

async fn entry(
    request: HttpRequest,
    payload: web::Payload,
    shared: web::Data<Shared>,
) -> HttpResponse {
    shared.api.answer(&request, payload, shared.prefix).await
}

/// The parameters of a query, or the fields of a form; none where it cannot be read.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    let read = web::Query::<Vec<(String, String)>>::from_query(text);
    read.map(web::Query::into_inner).unwrap_or_default()
}

fn incoming(
    request: &HttpRequest,
    payload: Option<web::Payload>,
    prefix: &'static str,
) -> Incoming {
    let headers: Vec<(String, String)> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse().ok());
    let readable = |chunk: std::result::Result<_, actix_web::error::PayloadError>| {
        chunk
            .map_err(|error| Error::bad_request("The body ended early.").private(error.to_string()))
    };
    let connection = request.connection_info();
    Incoming {
        method: request.method().as_str().to_owned(),
        path: format!("{prefix}{}", request.path()),
        query: parameters(request.query_string()),
        headers,
        upload: payload.map(|payload| Upload::new(payload.map(readable), length)),
        host: format!("{}://{}", connection.scheme(), connection.host()),
        native: !prefix.is_empty(),
    }
}
