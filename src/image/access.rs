//! Who asks, and what that opens: visibility first, then the rule. Handlers and the facade make
//! an [`Asker`]; `logic` of every resource opens its images through it.

use std::sync::Arc;

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::Call;
use kit::ids::ImageId;
use kit::policy::{Caller, Enforcer, Guarded, Rule, Target};
use rusqlite::Connection;

use crate::images::model::{Image, Viewer};
use crate::images::store;
use crate::policy;

/// Who asks, with the rules to judge by.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    policy: &'a Enforcer,
    caller: &'a Caller,
}

impl<'a> Asker<'a> {
    pub(crate) fn new(policy: &'a Enforcer, caller: &'a Caller) -> Self {
        Self { policy, caller }
    }

    pub(crate) fn caller(&self) -> &Caller {
        self.caller
    }

    /// Glance: whoever holds `context_is_admin` sees everything.
    pub(crate) fn is_admin(&self) -> bool {
        self.policy.is_administrator(self.caller)
    }

    pub(crate) fn viewer(&self) -> Viewer {
        Viewer { project: self.caller.project().cloned(), admin: self.is_admin() }
    }

    pub(crate) fn authorize(&self, rule: &Rule, target: &Target) -> Result<()> {
        self.policy.authorize(rule, self.caller, target)
    }

    /// Whether `rule` lets the caller act on `image`.
    pub(crate) fn allows(&self, rule: &Rule, image: &Image) -> bool {
        self.policy.allows(rule, self.caller, &image.target(self.caller.project()))
    }

    /// The image, if it may be seen: `hidden` makes the error for one that may not, or is not.
    pub(crate) fn find(
        &self,
        connection: &Connection,
        id: &ImageId,
        hidden: impl FnOnce(&ImageId) -> Error,
    ) -> Result<Guarded<Image>> {
        store::get(connection, &self.viewer(), id)?.ok_or_else(|| hidden(id))
    }

    /// Opens an image with a rule. Whoever may not even see it learns that it is not there.
    pub(crate) fn open(&self, guarded: Guarded<Image>, rule: &Rule) -> Result<Image> {
        let target = guarded.target();
        if !self.policy.allows(&policy::GET_IMAGE, self.caller, target) {
            return Err(Error::not_found("The resource could not be found."));
        }
        guarded.open(self.policy, self.caller, rule)
    }

    /// [`Asker::find`] and [`Asker::open`] with Glance's usual sentence.
    pub(crate) fn get(&self, connection: &Connection, id: &ImageId, rule: &Rule) -> Result<Image> {
        self.open(self.find(connection, id, not_found)?, rule)
    }
}

/// Glance's sentence for an image that is not there, or hidden.
pub(crate) fn not_found(id: &ImageId) -> Error {
    Error::not_found(format!("No image found with ID {id}"))
}

/// The sentence of the resources below an image.
pub(crate) fn image_not_found(id: &ImageId) -> Error {
    Error::not_found(format!("Image {id} not found."))
}

/// The image that the path names.
pub(crate) fn image_id(call: &Call) -> ImageId {
    ImageId::from(call.param("image_id"))
}

/// Runs `read` for the caller on a snapshot of the database.
pub(crate) async fn read<T, F>(call: &Call, read: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Connection, Asker<'_>) -> Result<T> + Send + 'static,
{
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let run = move |db: &Connection| read(db, Asker::new(&platform.policy, &caller));
    call.platform.store.read(run).await
}

/// Runs `write` for the caller in the writer thread, with the present time.
pub(crate) async fn write<T, F>(call: &Call, write: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Connection, Asker<'_>, Time) -> Result<T> + Send + 'static,
{
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let now = platform.clock.now();
    let run = move |tx: &Connection| write(tx, Asker::new(&platform.policy, &caller), now);
    call.platform.store.write(call.operation.name, run).await
}
