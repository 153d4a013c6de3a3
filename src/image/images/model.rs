//! An image as it is kept. No I/O.
//!
//! ```text
//!           PUT /file             all bytes on disk
//! queued ──────────────► saving ───────────────────► active ◄────► deactivated
//!   ▲  │                   │ broken                     ▲
//!   │  │ PUT /stage        │                            │ POST /import
//!   │  └──────► uploading ─┼────────────────────────────┘
//!   └──────────────────────┘
//! ```
//! A snapshot begins in `saving`; an image of the engine is `active` from the first.

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::ids::{ImageId, ProjectId};
use kit::policy::Target;

kit::text_enum! {
    /// Where an image is in its life (Glance's statuses; those that need plug-ins are absent).
    pub enum ImageStatus {
        /// Known, without data.
        Queued = "queued",
        /// Data is coming in.
        Saving = "saving",
        /// Data is staged, or being staged, for an import.
        Uploading = "uploading",
        /// Complete.
        Active = "active",
        /// Complete, but its data is closed to all but administrators.
        Deactivated = "deactivated",
        /// Gone; only the id is kept.
        Deleted = "deleted",
    }
}

kit::text_enum! {
    /// Who sees an image.
    pub enum Visibility {
        /// Everybody, in every list.
        Public = "public",
        /// Everybody who has the id.
        Community = "community",
        /// The owner and the members.
        Shared = "shared",
        /// The owner.
        Private = "private",
    }
}

kit::text_enum! {
    /// Where the data of an image is.
    pub enum Source {
        /// A file of ours, uploaded by a client.
        Upload = "upload",
        /// On the engine, made from a server by us.
        Snapshot = "snapshot",
        /// On the engine, put there by its owner; listed, never removed.
        Engine = "engine",
    }
}

/// Additional properties: any name, any text.
pub type Properties = BTreeMap<String, String>;

/// An image, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The id.
    pub id: ImageId,
    /// The name; need not be unique.
    pub name: Option<String>,
    /// Where it is in its life.
    pub status: ImageStatus,
    /// Who sees it.
    pub visibility: Visibility,
    /// The project that may change it; `None` for images of the engine.
    pub owner: Option<ProjectId>,
    /// `docker`, `bare`, ….
    pub container_format: Option<String>,
    /// `raw`, `qcow2`, ….
    pub disk_format: Option<String>,
    /// Memory that a server needs to boot it, MiB.
    pub min_ram_mb: i64,
    /// Root disk that a server needs to boot it, GiB.
    pub min_disk_gb: i64,
    /// May not be deleted.
    pub protected: bool,
    /// Left out of lists that do not ask for hidden images.
    pub hidden: bool,
    /// Size of the data.
    pub size_bytes: Option<i64>,
    /// Size of the disk that the data describes, bytes.
    pub virtual_size: Option<i64>,
    /// md5 of the data, hexadecimal.
    pub checksum: Option<String>,
    /// sha512 of the data, hexadecimal.
    pub hash: Option<String>,
    /// Additional properties.
    pub properties: Properties,
    /// Tags, sorted, each once.
    pub tags: Vec<String>,
    /// Where the data is.
    pub source: Source,
    /// The engine's id of it, if the data is there.
    pub engine_id: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// The name of the hash in [`Image::hash`], as the API calls it.
pub(crate) const HASH_ALGORITHM: &str = "sha512";

/// Property: the reference that is pulled when a server boots the image.
pub const DOCKER_IMAGE: &str = "docker_image";

/// Property: replaces the command of the image, split as a shell would.
pub const COMMAND_LINE: &str = "os_command_line";

impl Image {
    /// A new image with Glance's defaults.
    pub(crate) fn new(id: ImageId, owner: Option<ProjectId>, now: Time) -> Self {
        Self {
            id,
            name: None,
            status: ImageStatus::Queued,
            visibility: Visibility::Shared,
            owner,
            container_format: None,
            disk_format: None,
            min_ram_mb: 0,
            min_disk_gb: 0,
            protected: false,
            hidden: false,
            size_bytes: None,
            virtual_size: None,
            checksum: None,
            hash: None,
            properties: Properties::new(),
            tags: Vec::new(),
            source: Source::Upload,
            engine_id: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// What rules may ask of it when `viewer` acts on it.
    ///
    /// Glance: whoever sees a shared image of another project sees it as its member.
    pub(crate) fn target(&self, viewer: Option<&ProjectId>) -> Target {
        let mut target = Target::none()
            .with("image_id", self.id.as_str())
            .with("visibility", self.visibility.as_str());
        if let Some(owner) = &self.owner {
            target = target.with("project_id", owner.as_str()).with("owner", owner.as_str());
        }
        if let (Visibility::Shared, Some(viewer)) = (self.visibility, viewer)
            && self.owner.as_ref() != Some(viewer)
        {
            target = target.with("member_id", viewer.as_str());
        }
        target
    }

    /// The formats that must be known before data comes and are not.
    pub(crate) fn missing_formats(&self) -> Vec<&'static str> {
        [("disk_format", &self.disk_format), ("container_format", &self.container_format)]
            .into_iter()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name)
            .collect()
    }
}

/// Who looks, as far as seeing goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// The project of the token.
    pub(crate) project: Option<ProjectId>,
    /// Sees everything.
    pub(crate) admin: bool,
}

/// A page of images: what to show, in which order, from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageQuery {
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Which visibilities are shown.
    pub visibility: Shown,
    /// Shared images are listed if the caller's membership has this status; `None` for any.
    pub member_status: Option<MemberStatus>,
    /// Columns, and whether each descends; the last ones are `created_at` and `id`, so that no
    /// two images tie.
    pub order: Vec<(&'static str, bool)>,
    /// Rows at most.
    pub limit: i64,
    /// The last image of the page before.
    pub marker: Option<ImageId>,
}

impl ImageQuery {
    /// What a list without a query shows: the newest first, hidden ones left out.
    pub fn newest(limit: i64) -> Self {
        Self {
            conditions: vec![Condition::Compare("hidden", Comparison::Equal, 0)],
            visibility: Shown::Usual,
            member_status: Some(MemberStatus::Accepted),
            order: vec![("created_at", true), ("id", true)],
            limit,
            marker: None,
        }
    }
}

/// Which visibilities a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Everything visible except community images of others.
    #[default]
    Usual,
    /// Everything visible.
    All,
    /// One visibility.
    Only(Visibility),
}

/// One condition on an image. Columns are names from our own tables, never from a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The text column has one of these values.
    OneOf(&'static str, Vec<String>),
    /// The number column compares so with the value.
    Compare(&'static str, Comparison, i64),
    /// The additional property has this value.
    Property(String, String),
    /// The tag is there.
    Tag(String),
    /// Nothing matches: the value asked for cannot be one of the column's.
    Never,
}

/// How a number column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`.
    Equal,
    /// `neq`.
    NotEqual,
    /// `gt`.
    Greater,
    /// `gte`.
    GreaterOrEqual,
    /// `lt`.
    Less,
    /// `lte`.
    LessOrEqual,
}

kit::text_enum! {
    /// How a project answered the offer of a shared image.
    pub enum MemberStatus {
        /// Not at all yet: the image is visible, but not listed.
        Pending = "pending",
        /// Accepted: the image is listed.
        Accepted = "accepted",
        /// Rejected: as pending.
        Rejected = "rejected",
    }
}
