//! Uploaded data becomes what an engine takes: gzip is taken off, an OCI layout is rewritten as
//! a `docker save` archive (Docker 20.10 loads nothing else). Blocking; called on the blocking
//! pool by [`super::ensure_on_engine`]. Never talks to an engine.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use kit::error::{Error, Result};
use serde::Deserialize;
use serde_json::json;
use tar::{Archive, Builder, Header};

use crate::formats::{self, Content, HEAD, Lead};

/// The largest JSON document that is read whole.
const MAX_DOCUMENT: u64 = 16 << 20;

/// An index may lead to an index, this deep.
const MAX_INDEXES: usize = 4;

/// What is in the file that the engine will be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A `docker save` archive.
    Archive,
    /// The tar of a root file system.
    Root,
}

/// Data that an engine takes, or why there is none.
pub(super) enum Prepared {
    /// A file, and what is in it.
    Ready(Ready),
    /// Nothing that a container boots from, in words for a sentence.
    Unbootable(&'static str),
}

/// A file for the engine.
pub(super) struct Ready {
    pub(super) kind: Kind,
    pub(super) path: PathBuf,
    /// Files made on the way; they go with this value.
    _scratch: Vec<Scratch>,
}

/// A file that is removed with its value.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::warn!(%error, "a scratch file stays until the next start");
        }
    }
}

/// Prepares the data at `path`. `scratch` names files for what has to be made;
/// `architecture` is the engine's, in Docker's words.
pub(super) fn prepare(
    path: &Path,
    scratch: &dyn Fn(&str) -> PathBuf,
    architecture: &str,
) -> Result<Prepared> {
    let mut made = Vec::new();
    let mut path = path.to_owned();
    let mut lead = formats::lead(&head(&path)?);
    if lead == Lead::Gzip {
        made.push(inflate(&path, scratch("inflated"))?);
        path = scratch("inflated");
        lead = formats::lead(&head(&path)?);
    }
    match lead {
        Lead::Other(what) => return Ok(Prepared::Unbootable(what)),
        Lead::Gzip => return Ok(Prepared::Unbootable("compressed twice")),
        Lead::Tar => {}
    }
    let Ok(members) = Members::read(&path) else {
        return Ok(Prepared::Unbootable("a damaged tar"));
    };
    let kind = match formats::content(members.names()) {
        Content::DockerArchive => Kind::Archive,
        Content::RootFileSystem => Kind::Root,
        Content::OciLayout => {
            let Some(converted) = convert(&members, scratch("converted"), architecture)? else {
                return Ok(Prepared::Unbootable("an OCI layout without an image for this machine"));
            };
            made.push(converted);
            path = scratch("converted");
            Kind::Archive
        }
    };
    Ok(Prepared::Ready(Ready { kind, path, _scratch: made }))
}

fn head(path: &Path) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn inflate(from: &Path, to: PathBuf) -> Result<Scratch> {
    let mut target = File::create(&to)?;
    let scratch = Scratch(to);
    io::copy(&mut MultiGzDecoder::new(File::open(from)?), &mut target)?;
    Ok(scratch)
}

/// Where the regular files of a tar begin, and how long they are.
struct Members {
    path: PathBuf,
    places: BTreeMap<String, (u64, u64)>,
}

impl Members {
    fn read(path: &Path) -> Result<Self> {
        let mut archive = Archive::new(File::open(path)?);
        let mut places = BTreeMap::new();
        for entry in archive.entries_with_seek()? {
            let entry = entry?;
            let name = entry.path()?.to_string_lossy().trim_start_matches("./").to_owned();
            places.insert(name, (entry.raw_file_position(), entry.size()));
        }
        Ok(Self { path: path.to_owned(), places })
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// A member to read, with its length.
    fn open(&self, name: &str) -> Result<(impl Read + use<>, u64)> {
        let missing = || Error::bad_request(format!("the OCI layout lacks {name}"));
        let (position, size) = *self.places.get(name).ok_or_else(missing)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(position))?;
        Ok((file.take(size), size))
    }

    fn document<T: for<'a> Deserialize<'a>>(&self, name: &str) -> Result<T> {
        let (member, _) = self.open(name)?;
        let mut text = String::new();
        member.take(MAX_DOCUMENT).read_to_string(&mut text)?;
        serde_json::from_str(&text)
            .map_err(|error| Error::bad_request(format!("{name} of the OCI layout: {error}")))
    }
}

#[derive(Debug, Deserialize)]
struct Index {
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    platform: Option<Machine>,
}

#[derive(Clone, Debug, Deserialize)]
struct Machine {
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
}

impl Descriptor {
    fn is_index(&self) -> bool {
        self.media_type.ends_with(".index.v1+json")
            || self.media_type.ends_with(".manifest.list.v2+json")
    }

    /// Attestations stand among the images with the platform `unknown`.
    fn suits(&self, architecture: &str) -> bool {
        self.platform.as_ref().is_none_or(|machine| {
            machine.os == "linux"
                && (architecture.is_empty() || machine.architecture == architecture)
        })
    }

    /// `sha256:<hex>` as the layout stores it.
    fn blob(&self) -> String {
        format!("blobs/{}", self.digest.replacen(':', "/", 1))
    }

    fn hex(&self) -> &str {
        self.digest.split_once(':').map_or(&self.digest, |(_, hex)| hex)
    }
}

/// Rewrites the layout's image for this machine; `None` when there is none.
fn convert(members: &Members, to: PathBuf, architecture: &str) -> Result<Option<Scratch>> {
    let Some(manifest) = find(members, "index.json", architecture, MAX_INDEXES)? else {
        return Ok(None);
    };
    let manifest: Manifest = members.document(&manifest.blob())?;
    let target = File::create(&to)?;
    let scratch = Scratch(to);
    let mut builder = Builder::new(target);
    let config = format!("{}.json", manifest.config.hex());
    copy(members, &manifest.config, &mut builder, &config)?;
    let mut layers: Vec<String> = Vec::new();
    for layer in &manifest.layers {
        // Docker takes a compressed layer under this name too.
        let name = format!("{}/layer.tar", layer.hex());
        if !layers.contains(&name) {
            copy(members, layer, &mut builder, &name)?;
        }
        layers.push(name);
    }
    let document = json!([{"Config": config, "RepoTags": null, "Layers": layers}]).to_string();
    append(&mut builder, "manifest.json", document.as_bytes(), document.len() as u64)?;
    builder.into_inner()?.sync_data()?;
    Ok(Some(scratch))
}

fn find(
    members: &Members,
    index: &str,
    architecture: &str,
    depth: usize,
) -> Result<Option<Descriptor>> {
    let index: Index = members.document(index)?;
    for descriptor in index.manifests.iter().filter(|one| one.suits(architecture)) {
        if !descriptor.is_index() {
            return Ok(Some(descriptor.clone()));
        }
        if depth > 0
            && let Some(found) = find(members, &descriptor.blob(), architecture, depth - 1)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn copy(
    members: &Members,
    from: &Descriptor,
    builder: &mut Builder<File>,
    name: &str,
) -> Result<()> {
    let (member, size) = members.open(&from.blob())?;
    append(builder, name, member, size)
}

fn append(builder: &mut Builder<File>, name: &str, content: impl Read, size: u64) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    Ok(builder.append_data(&mut header, name, content)?)
}

#[cfg(test)]
mod tests;
