//! Images that the hosts of an aggregate fetch before a server needs them, since 2.81. The request
//! promises it and answers; what cannot be fetched concerns nobody until a server is made of it,
//! as in Nova, whose API looks at no image either.

use std::collections::BTreeSet;

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::Call;
use kit::ids::{ImageId, ProjectId, RequestId, UserId};
use kit::step;
use kit::workflow::{Context, Failure, NewOperation, Workflow, record_nothing, running_on, submit};
use rusqlite::Connection;
use serde_json::Value;

use super::logic;

pub(crate) static CACHE_IMAGE: Workflow = Workflow {
    kind: "aggregate.cache-image",
    deadline_seconds: 1800,
    steps: &[step!("image", act: fetch)],
    on_failed: record_nothing,
};

/// Who asks for images, and when.
pub(crate) struct Asked {
    pub(crate) project: ProjectId,
    pub(crate) user: UserId,
    pub(crate) request_id: RequestId,
    pub(crate) now: Time,
}

impl Asked {
    /// The request of a call; a token of the system has no project.
    pub(crate) fn new(call: &Call) -> Result<Self> {
        let caller = call.caller()?;
        Ok(Self {
            project: caller.project().cloned().unwrap_or_else(|| ProjectId::from("")),
            user: caller.user_id.clone(),
            request_id: call.request_id.clone(),
            now: call.platform.clock.now(),
        })
    }
}

/// Lets the hosts of the aggregate fetch these images. All hosts of an aggregate have the one
/// engine, so each image is fetched once, and by one operation at a time.
pub(crate) fn cache(
    connection: &Connection,
    asked: &Asked,
    aggregate: &str,
    images: &[ImageId],
) -> Result<()> {
    if images.iter().collect::<BTreeSet<_>>().len() < images.len() {
        return Err(Error::bad_request("Duplicate images in request"));
    }
    if logic::find(connection, aggregate)?.hosts.is_empty() {
        return Ok(());
    }
    images.iter().try_for_each(|image| promise(connection, asked, image))
}

/// Promises to fetch an image, unless that is under way.
pub(crate) fn promise(connection: &Connection, asked: &Asked, image: &ImageId) -> Result<()> {
    let target = target(image);
    if running_on(connection, &target)?.is_some() {
        return Ok(());
    }
    let operation = NewOperation {
        workflow: &CACHE_IMAGE,
        target,
        project: asked.project.clone(),
        user: asked.user.clone(),
        request_id: asked.request_id.to_string(),
        params: Value::from(image.as_str()),
        label: "",
    };
    submit(connection, asked.now, operation)?;
    Ok(())
}

/// What the journal calls the fetching of an image.
pub(crate) fn target(image: &ImageId) -> String {
    format!("image-cache:{image}")
}

async fn fetch(context: Context) -> Result<Value, Failure> {
    let image: ImageId = context.params()?;
    image::facade::ensure_on_engine(&context.platform, &image).await?;
    Ok(Value::Null)
}
