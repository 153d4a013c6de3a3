//! Work inside the network namespace of a guest, from outside: no program in the guest is needed,
//! and none there can undo it without `NET_ADMIN`.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::thread;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::sync::oneshot;

/// Does the work with the network of the namespace, on a thread of its own: one that enters a
/// namespace stays in it, and must not be one of a pool.
pub(crate) async fn within<T: Send + 'static>(
    namespace: PathBuf,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (done, outcome) = oneshot::channel();
    thread::Builder::new().name("guest network".to_owned()).spawn(move || {
        done.send(enter(&namespace).and_then(|()| work())).ok();
    })?;
    outcome.await.unwrap_or_else(|_| Err(io::Error::other("the thread ended early")))
}

fn enter(namespace: &Path) -> io::Result<()> {
    let namespace = File::open(namespace)?;
    Ok(move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))?)
}
