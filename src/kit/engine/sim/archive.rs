//! The `docker save` archive: read and written for real, so that what a test uploads to the
//! simulated engine is what Docker would take.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::clock::Time;
use crate::engine::{EngineError, EngineResult, GuestFile, Port, files};

/// An image: its configuration and its layers, each a tar.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) id: String,
    pub(super) config: ImageConfig,
    pub(super) layers: Vec<Bytes>,
}

/// The part of the configuration document that is used here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ImageConfig {
    pub(super) architecture: String,
    pub(super) os: String,
    pub(super) created: String,
    pub(super) config: RunConfig,
    rootfs: RootFs,
}

/// How an instance of the image runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct RunConfig {
    pub(super) user: String,
    pub(super) entrypoint: Option<Vec<String>>,
    pub(super) cmd: Option<Vec<String>>,
    pub(super) exposed_ports: Option<BTreeMap<String, Value>>,
    pub(super) labels: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct RootFs {
    #[serde(rename = "type")]
    kind: String,
    diff_ids: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ManifestEntry {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

impl Image {
    /// An image whose id follows from its content, as Docker's does.
    pub(super) fn new(run: RunConfig, layers: Vec<Bytes>, created_at: Time) -> Self {
        let config = ImageConfig {
            architecture: "amd64".into(),
            os: "linux".into(),
            created: created_at.iso_micro_z(),
            config: run,
            rootfs: RootFs {
                kind: "layers".into(),
                diff_ids: layers.iter().map(|layer| digest(layer)).collect(),
            },
        };
        let id = digest(&document(&config));
        Self { id, config, layers }
    }

    pub(super) fn size_bytes(&self) -> u64 {
        self.layers.iter().map(|layer| layer.len() as u64).sum()
    }

    /// The entry point and the command.
    pub(super) fn command(&self) -> Vec<String> {
        let run = &self.config.config;
        run.entrypoint.iter().chain(run.cmd.iter()).flatten().cloned().collect()
    }

    /// The ports that it means to serve.
    pub(super) fn exposed(&self) -> Vec<Port> {
        let names = self.config.config.exposed_ports.iter().flat_map(BTreeMap::keys);
        let mut ports: Vec<Port> = names.filter_map(|name| Port::parse(name)).collect();
        ports.sort_unstable();
        ports
    }

    /// A regular file of the image's file system.
    pub(super) fn file(&self, path: &str) -> EngineResult<Option<GuestFile>> {
        for layer in self.layers.iter().rev() {
            if let Some(file) = files::find(layer, path)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }
}

/// The images of an archive.
pub(super) fn read(archive: &[u8]) -> EngineResult<Vec<Image>> {
    let mut members = HashMap::new();
    files::each(archive, |file| {
        members.insert(file.path, file.content.unwrap_or_default());
    })?;
    let member = |name: &str| {
        members.get(name).cloned().ok_or_else(|| refused(&format!("there is no {name} in it")))
    };
    let manifest: Vec<ManifestEntry> =
        serde_json::from_slice(&member("manifest.json")?).map_err(|error| refused(&error))?;
    manifest
        .iter()
        .map(|entry| {
            let config = member(&entry.config)?;
            let layers = entry.layers.iter().map(|name| member(name)).collect::<Result<_, _>>()?;
            Ok(Image {
                id: digest(&config),
                config: serde_json::from_slice(&config).map_err(|error| refused(&error))?,
                layers,
            })
        })
        .collect()
}

/// Refuses what is no root file system: not a tar (which may be compressed), or an empty one.
pub(super) fn check_root(root: &[u8]) -> EngineResult<()> {
    const COMPRESSED: [&[u8]; 3] = [b"\x1f\x8b", b"\xfd7zXZ", b"BZh"];
    if COMPRESSED.iter().any(|magic| root.starts_with(magic)) {
        return Ok(());
    }
    files::each(root, drop)
}

/// The archive of one image.
pub(super) fn write(image: &Image, references: Vec<String>, at: Time) -> EngineResult<Bytes> {
    let config = document(&image.config);
    let config_name = format!("{}.json", image.id.trim_start_matches("sha256:"));
    let mut entry =
        ManifestEntry { config: config_name, repo_tags: Some(references), layers: Vec::new() };
    let mut members = vec![member(entry.config.clone(), config)];
    for (layer, diff_id) in image.layers.iter().zip(&image.config.rootfs.diff_ids) {
        let name = format!("{}/layer.tar", diff_id.trim_start_matches("sha256:"));
        entry.layers.push(name.clone());
        members.push(member(name, layer.clone()));
    }
    members.push(member("manifest.json".into(), document(&[entry])));
    files::pack(&members, at)
}

fn member(path: String, content: Bytes) -> GuestFile {
    GuestFile { path, content: Some(content), mode: 0o644, uid: 0, gid: 0 }
}

fn document(value: &(impl Serialize + ?Sized)) -> Bytes {
    // Our own structs of strings and lists always have a JSON form.
    serde_json::to_vec(value).unwrap_or_default().into()
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn refused(why: &dyn std::fmt::Display) -> EngineError {
    EngineError::Refused(format!("not a docker save archive: {why}"))
}
