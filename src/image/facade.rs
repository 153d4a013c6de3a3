//! What other services may ask of images: what a server boots from, and what a snapshot becomes.
//!
//! Thin and stable. Compute calls it from its logic (inside its own closures) and from its steps.

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::engine::EngineImage;
use kit::error::Result;
use kit::ids::{ImageId, ProjectId, ServerId, UserId};
use kit::policy::{Caller, Enforcer};
use rusqlite::Connection;

use crate::access::Asker;
use crate::images::logic;
use crate::images::model::{COMMAND_LINE, DOCKER_IMAGE, Image, Properties, Source};
use crate::images::store;
use crate::policy;

pub use crate::cache::command::split as split_command_line;
pub use crate::cache::ensure_on_engine;
pub use crate::cache::reference::reference_for;
pub use crate::images::model::{Comparison, Condition, ImageQuery, ImageStatus, Shown, Visibility};

/// An image as a server, or Nova's old proxy, needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct BootImage {
    /// The id.
    pub id: ImageId,
    /// The name; empty when it has none.
    pub name: String,
    /// `active` is what boots. An image that is nothing but a `docker_image` reference counts
    /// as active though no data was uploaded: there is none to wait for.
    pub status: ImageStatus,
    /// Who sees it.
    pub visibility: Visibility,
    /// The project that owns it; `None` for images of the engine.
    pub owner: Option<ProjectId>,
    /// Memory that a server needs, MiB.
    pub min_ram_mb: i64,
    /// Root disk that a server needs, GiB.
    pub min_disk_gb: i64,
    /// Size of the data.
    pub size_bytes: Option<i64>,
    /// `docker`, `bare`, ….
    pub container_format: Option<String>,
    /// `raw`, `qcow2`, ….
    pub disk_format: Option<String>,
    /// Additional properties.
    pub properties: BTreeMap<String, String>,
    /// Tags.
    pub tags: Vec<String>,
    /// May not be deleted.
    pub protected: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl BootImage {
    /// The words of `os_command_line`, which replace the image's command; `None` when it is not
    /// set, or no command.
    pub fn command(&self) -> Option<Vec<String>> {
        let line = self.properties.get(COMMAND_LINE)?;
        split_command_line(line).filter(|words| !words.is_empty())
    }
}

impl From<Image> for BootImage {
    fn from(image: Image) -> Self {
        let referred = image.source == Source::Upload
            && image.status == ImageStatus::Queued
            && image.properties.contains_key(DOCKER_IMAGE);
        Self {
            status: if referred { ImageStatus::Active } else { image.status },
            id: image.id,
            name: image.name.unwrap_or_default(),
            visibility: image.visibility,
            owner: image.owner,
            min_ram_mb: image.min_ram_mb,
            min_disk_gb: image.min_disk_gb,
            size_bytes: image.size_bytes,
            container_format: image.container_format,
            disk_format: image.disk_format,
            properties: image.properties,
            tags: image.tags,
            protected: image.protected,
            created_at: image.created_at,
            updated_at: image.updated_at,
        }
    }
}

/// The image, if the caller may see it; `None` when it is not there or hidden.
pub fn get_visible(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    id: &ImageId,
) -> Result<Option<BootImage>> {
    let asker = Asker::new(policy, caller);
    let Some(guarded) = store::get(connection, &asker.viewer(), id)? else { return Ok(None) };
    Ok(asker.open(guarded, &policy::GET_IMAGE).ok().map(BootImage::from))
}

/// The image, whoever asks: for steps and for names of images that servers were made from.
pub fn get_for_system(connection: &Connection, id: &ImageId) -> Result<Option<BootImage>> {
    Ok(store::get_for_system(connection, id)?.map(BootImage::from))
}

/// A page of what the caller sees, for Nova's old `/images`.
pub fn list(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    query: &ImageQuery,
) -> Result<Vec<BootImage>> {
    let listed = logic::list(connection, Asker::new(policy, caller), query)?;
    Ok(listed.images.into_iter().map(BootImage::from).collect())
}

/// The ids of the images that the caller sees under that id, or else under that name; two at most.
pub fn find(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    name_or_id: &str,
) -> Result<Vec<ImageId>> {
    let id = ImageId::from(name_or_id);
    if get_visible(connection, policy, caller, &id)?.is_some() {
        return Ok(vec![id]);
    }
    let mut query = ImageQuery::newest(2);
    query.member_status = None;
    query.conditions.push(Condition::OneOf("name", vec![name_or_id.to_owned()]));
    Ok(list(connection, policy, caller, &query)?.into_iter().map(|image| image.id).collect())
}

/// Deletes an image as the caller, for Nova's old `/images`.
pub fn delete(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    id: &ImageId,
    now: Time,
) -> Result<()> {
    logic::delete(connection, Asker::new(policy, caller), id, now)
}

/// Replaces the additional properties of an image as the caller, for Nova's old image metadata.
pub fn set_properties(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    id: &ImageId,
    properties: BTreeMap<String, String>,
    now: Time,
) -> Result<()> {
    let asker = Asker::new(policy, caller);
    let mut image = asker.get(connection, id, &policy::MODIFY_IMAGE)?;
    image.properties = properties;
    image.updated_at = now;
    logic::save(connection, &image)
}

/// A snapshot that begins.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// The project that will own it.
    pub project: ProjectId,
    /// Who asks.
    pub user: UserId,
    /// Its name.
    pub name: String,
    /// The server that it is made from.
    pub server: ServerId,
    /// The image that the server was made from.
    pub base: Option<ImageId>,
    /// Root disk that a server of it needs, GiB.
    pub min_disk_gb: i64,
    /// Memory that a server of it needs, MiB.
    pub min_ram_mb: i64,
    /// `snapshot` or `backup`.
    pub image_type: &'static str,
    /// Metadata of the request; goes before everything else, as in Nova.
    pub properties: BTreeMap<String, String>,
}

/// Properties of the base that say where its data is, not what it is.
const NOT_INHERITED: &[&str] = &[DOCKER_IMAGE, "base_image_ref", "image_type", "instance_uuid"];

/// Makes the row of a snapshot: private, `saving`. Call it in the closure that promises the work.
pub fn begin_snapshot(
    connection: &Connection,
    now: Time,
    snapshot: &NewSnapshot,
) -> Result<ImageId> {
    let mut image = Image::new(ImageId::random(), Some(snapshot.project.clone()), now);
    image.name = Some(snapshot.name.clone());
    image.status = ImageStatus::Saving;
    image.visibility = Visibility::Private;
    image.container_format = Some("docker".to_owned());
    image.disk_format = Some("raw".to_owned());
    image.min_disk_gb = snapshot.min_disk_gb;
    image.min_ram_mb = snapshot.min_ram_mb;
    image.properties = snapshot_properties(connection, snapshot)?;
    image.source = Source::Snapshot;
    store::insert(connection, &image)?;
    Ok(image.id)
}

fn snapshot_properties(connection: &Connection, snapshot: &NewSnapshot) -> Result<Properties> {
    let base = match &snapshot.base {
        Some(id) => store::get_for_system(connection, id)?,
        None => None,
    };
    let mut properties = base.map(|image| image.properties).unwrap_or_default();
    properties.retain(|name, _| !NOT_INHERITED.contains(&name.as_str()));
    let told = [
        ("image_type", snapshot.image_type),
        ("instance_uuid", snapshot.server.as_str()),
        ("user_id", snapshot.user.as_str()),
        ("base_image_ref", snapshot.base.as_ref().map_or("", ImageId::as_str)),
    ];
    properties.extend(told.map(|(name, value)| (name.to_owned(), value.to_owned())));
    properties.extend(snapshot.properties.clone());
    Ok(properties)
}

/// The snapshot is on the engine: it is active. One that was deleted meanwhile stays deleted.
pub fn finish_snapshot(
    connection: &Connection,
    now: Time,
    id: &ImageId,
    on_engine: &EngineImage,
) -> Result<()> {
    let Some(mut image) = store::get_for_system(connection, id)? else { return Ok(()) };
    image.status = ImageStatus::Active;
    image.size_bytes = i64::try_from(on_engine.size_bytes).ok();
    image.engine_id = Some(on_engine.id.clone());
    image.updated_at = now;
    store::update(connection, &image)?;
    Ok(())
}

/// The snapshot failed, or is not wanted any more: it is gone. Nothing there is success.
pub fn delete_snapshot(connection: &Connection, now: Time, id: &ImageId) -> Result<()> {
    store::delete(connection, id, now)?;
    Ok(())
}

/// The reference that `commit` is given for a snapshot.
pub fn snapshot_reference(installation: &kit::ids::InstallationId, id: &ImageId) -> String {
    reference_for(installation, id)
}
