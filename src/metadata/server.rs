//! The listener that guests speak to.
//!
//! **Invariant:** whatever goes wrong here is a warning: a cloud without a metadata service still
//! boots servers, whose keys and user data are put in another way.
//!
//! It also hands on what guests may ask of the API: signals of stacks. Those come with proofs of
//! their own, so the peer's address does not matter.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use kit::error::{Error, Result};
use kit::http::Doorway;
use kit::platform::Platform;
use rand::RngExt;

use crate::address::{self, Added};
use crate::tree::{self, Moment};
use crate::{identify, openstack, password};

/// Bytes of `random_seed`.
const SEED_BYTES: usize = 512;
/// Guests ask seldom; one thread answers them all.
const WORKERS: usize = 1;

/// Listens as `[metadata]` of the settings says, until the process stops.
pub(crate) async fn start(platform: Arc<Platform>) -> Result<()> {
    if !platform.settings.metadata.enabled {
        return Ok(());
    }
    if let Err(error) = listen(&platform).await {
        let listen = &platform.settings.metadata.listen;
        tracing::warn!(%error, listen, "guests have no metadata service");
    }
    Ok(())
}

async fn listen(platform: &Arc<Platform>) -> Result<()> {
    let setting = &platform.settings.metadata.listen;
    let at: SocketAddr = setting.parse().map_err(|_| {
        Error::bad_request(format!("setting [metadata] listen: {setting} is not address:port"))
    })?;
    let added = address::ensure(at.ip(), &platform.installation).await?;
    match TcpListener::bind(at) {
        Ok(socket) => serve(platform, socket, added),
        Err(error) => {
            give_back(added).await;
            Err(error.into())
        }
    }
}

fn serve(platform: &Arc<Platform>, socket: TcpListener, added: Option<Added>) -> Result<()> {
    let shared = Arc::clone(platform);
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(Arc::clone(&shared))).default_service(web::to(entry))
    })
    .workers(WORKERS)
    .disable_signals()
    .listen(socket)?
    .run();
    let (handle, tasks) = (server.handle(), platform.tasks.clone());
    platform.tasks.spawn_to_end(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the metadata service ended");
        }
    });
    platform.tasks.spawn_to_end(async move {
        tasks.stopped().await;
        handle.stop(false).await;
        give_back(added).await;
    });
    Ok(())
}

async fn give_back(added: Option<Added>) {
    let Some(added) = added else {
        return;
    };
    if let Err(error) = added.remove().await {
        tracing::warn!(%error, "the metadata address stays on the loopback");
    }
}

async fn entry(
    request: HttpRequest,
    payload: web::Payload,
    platform: web::Data<Arc<Platform>>,
) -> HttpResponse {
    if *request.method() == Method::POST && openstack::takes_password(request.path()) {
        let answer = password::take(&request, payload, &platform).await;
        return logged(&request, answer);
    }
    if let Ok(doorway) = platform.extension::<Doorway>()
        && let Some(answer) = doorway.answer(&request, payload).await
    {
        return answer;
    }
    let answer = answer(&request, &platform).await;
    logged(&request, answer)
}

fn logged(request: &HttpRequest, answer: Result<HttpResponse>) -> HttpResponse {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(%error, path = request.path(), "metadata failed");
            HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    tracing::info!(
        peer = request.peer_addr().map(|peer| peer.to_string()),
        path = request.path(),
        status = answer.status().as_u16(),
        "metadata"
    );
    answer
}

async fn answer(request: &HttpRequest, platform: &Platform) -> Result<HttpResponse> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(HttpResponse::new(StatusCode::METHOD_NOT_ALLOWED));
    }
    // Never what a header says: a guest could write another's address there.
    let peer = request.peer_addr().ok_or_else(|| Error::internal("a connection without a peer"))?;
    let Some(facts) = identify::by_address(platform, peer.ip()).await? else {
        return Ok(HttpResponse::new(StatusCode::NOT_FOUND));
    };
    let mut today = platform.clock.now().iso_z();
    today.truncate("2026-01-31".len());
    let seed: [u8; SEED_BYTES] = rand::rng().random();
    let moment = Moment { today: &today, seed: &seed };
    Ok(match tree::lookup(&facts, request.path(), moment) {
        Some(found) => HttpResponse::Ok().content_type(found.media_type).body(found.content),
        None => HttpResponse::new(StatusCode::NOT_FOUND),
    })
}
