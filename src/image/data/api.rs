//! `/images/{image_id}/file`, `/stage`, `/import`: bytes in, bytes out.

use std::fs::File;
use std::io::ErrorKind;
use std::sync::Arc;

use futures_util::StreamExt;
use kit::Platform;
use kit::error::{Error, Kind, Result};
use kit::http::{Call, Download, Reply, Upload, WEBOB_DETAIL};
use kit::ids::ImageId;
use kit::tasks;

use super::files::{self, Files};
use super::logic::{self, Purpose};
use super::range::{self, Part};
use crate::access::{self, image_id};
use crate::cache;
use crate::images::api::media_type;
use crate::images::model::{Image, ImageStatus, Source};

const OCTETS: &str = "application/octet-stream";

/// `PUT /images/{image_id}/file`.
pub(crate) async fn upload(call: Call) -> Result<Reply> {
    take_in(call, Purpose::Upload).await
}

/// `PUT /images/{image_id}/stage`.
pub(crate) async fn stage(call: Call) -> Result<Reply> {
    take_in(call, Purpose::Stage).await
}

async fn take_in(mut call: Call, purpose: Purpose) -> Result<Reply> {
    check_media_type(&call)?;
    let id = image_id(&call);
    let upload = call.upload.take();
    let wanted = id.clone();
    access::write(&call, move |tx, asker, now| logic::begin(tx, asker, &wanted, purpose, now))
        .await?;
    let claim = Claim::new(&call.platform, id, purpose);
    match receive(&call.platform, &claim, upload).await {
        Ok(()) => {
            claim.keep();
            Ok(Reply::empty())
        }
        Err(error) => {
            claim.give_back().await?;
            Err(error)
        }
    }
}

async fn receive(platform: &Arc<Platform>, claim: &Claim, upload: Option<Upload>) -> Result<()> {
    let files = Files::new(&platform.data_dir);
    let mut upload = upload.ok_or_else(|| Error::internal("a stream operation without a body"))?;
    let (id, purpose) = (claim.id.clone(), claim.purpose);
    let cap_bytes = platform.settings.image.image_size_cap;
    let received = files.receive(&id, &mut upload, cap_bytes).await?;
    files.publish(&id).await?;
    let now = platform.clock.now();
    platform
        .store
        .write("images:received", move |tx| logic::finish(tx, &id, purpose, &received, now))
        .await
}

fn check_media_type(call: &Call) -> Result<()> {
    let given = media_type(call);
    if given == OCTETS {
        return Ok(());
    }
    let shown = if given.is_empty() { "None" } else { &given };
    Err(Error::new(Kind::UnsupportedMediaType, format!("Invalid content type {shown}"))
        .tag(WEBOB_DETAIL)
        .private(given))
}

/// An image that one request fills. Dropped without a word (the client hung up, and the web
/// framework dropped the handler), it gives the image back all the same.
struct Claim {
    platform: Arc<Platform>,
    id: ImageId,
    purpose: Purpose,
    held: bool,
}

impl Claim {
    fn new(platform: &Arc<Platform>, id: ImageId, purpose: Purpose) -> Self {
        Self { platform: Arc::clone(platform), id, purpose, held: true }
    }

    fn keep(mut self) {
        self.held = false;
    }

    async fn give_back(mut self) -> Result<()> {
        self.held = false;
        give_back(Arc::clone(&self.platform), self.id.clone(), self.purpose).await
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.held {
            return;
        }
        let (platform, id, purpose) = (Arc::clone(&self.platform), self.id.clone(), self.purpose);
        self.platform.tasks.spawn_to_end(async move {
            if let Err(error) = give_back(platform, id.clone(), purpose).await {
                tracing::error!(%error, image = %id, "a broken upload was not given back");
            }
        });
    }
}

/// Files first: another upload may begin as soon as the row says so.
async fn give_back(platform: Arc<Platform>, id: ImageId, purpose: Purpose) -> Result<()> {
    let files = Files::new(&platform.data_dir);
    let image = id.clone();
    tasks::blocking(move || {
        files.discard(&image)?;
        files.remove(&image)
    })
    .await?;
    let now = platform.clock.now();
    platform.store.write("images:abandon", move |tx| logic::abandon(tx, &id, purpose, now)).await
}

/// `POST /images/{image_id}/import`.
pub(crate) async fn import(call: Call) -> Result<Reply> {
    logic::check_import(&call.body)?;
    let id = image_id(&call);
    access::write(&call, move |tx, asker, now| logic::import(tx, asker, &id, now)).await?;
    Ok(Reply::empty())
}

/// `GET /images/{image_id}/file`.
pub(crate) async fn download(call: Call) -> Result<Reply> {
    let id = image_id(&call);
    let image =
        access::read(&call, move |db, asker| logic::open_for_download(db, asker, &id)).await?;
    if !matches!(image.status, ImageStatus::Active | ImageStatus::Deactivated) {
        return Ok(no_data());
    }
    match image.source {
        Source::Upload => from_file(&call, &image).await,
        Source::Engine | Source::Snapshot => from_engine(&call, &image).await,
    }
}

/// Glance: an image without data is an empty answer, not an absent one.
fn no_data() -> Reply {
    Reply::empty().status(204)
}

async fn from_file(call: &Call, image: &Image) -> Result<Reply> {
    let path = Files::new(&call.platform.data_dir).path(&image.id);
    let opened = tasks::blocking(move || Ok(File::open(path))).await?;
    let file = match opened {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(no_data()),
        opened => opened?,
    };
    let size = u64::try_from(image.size_bytes.unwrap_or_default()).unwrap_or_default();
    let range = call.header("range").map(|header| range::parse(header, size)).transpose()?;
    let part = range.unwrap_or(Part { offset: 0, length: size });
    let chunks = files::stream(file, part.offset, part.length)?;
    let download =
        Download { chunks: Box::pin(chunks), length: Some(part.length), media_type: OCTETS };
    let mut reply = Reply::stream(download);
    if range.is_some() {
        let last = i128::from(part.offset + part.length) - 1;
        let header = format!("bytes {}-{last}/{size}", part.offset);
        reply = reply.status(206).header("Content-Range", header);
    }
    if let Some(checksum) = &image.checksum {
        reply = reply.header("Content-MD5", checksum);
    }
    Ok(reply)
}

/// A `docker save` archive, made by the engine while it is sent: no length, no ranges.
async fn from_engine(call: &Call, image: &Image) -> Result<Reply> {
    let archive = cache::export(&call.platform, image).await?;
    let chunks = archive.map(|chunk| chunk.map_err(Error::from));
    let download = Download { chunks: Box::pin(chunks), length: None, media_type: OCTETS };
    Ok(Reply::stream(download))
}
