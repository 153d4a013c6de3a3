//! The engine's own images as rows: which rows to add, change and forget. Pure.
//!
//! One row per image of the engine that its owner gave a reference to. Its id follows from
//! installation and engine id, so that it is the same after a restart, and a new build under an
//! old name is a new image, as in Glance.

use std::collections::{BTreeMap, BTreeSet};

use kit::clock::Time;
use kit::engine::EngineImage;
use kit::ids::{ImageId, InstallationId};
use sha2::{Digest, Sha256};

use super::reference;
use crate::images::model::{DOCKER_IMAGE, Image, ImageStatus, Properties, Source, Visibility};

/// Label: the name of the distribution, where image makers put it.
const LABEL_DISTRO: &str = "org.opencontainers.image.ref.name";

/// What to do to the rows.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) insert: Vec<Image>,
    pub(crate) update: Vec<Image>,
    pub(crate) forget: Vec<ImageId>,
}

/// Compares rows of source engine with what the engine has.
pub(crate) fn plan(
    installation: &InstallationId,
    rows: Vec<Image>,
    present: &[EngineImage],
    now: Time,
) -> Plan {
    let mut rows: BTreeMap<ImageId, Image> =
        rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    let mut plan = Plan::default();
    for found in present {
        let Some(name) = chosen_reference(found) else { continue };
        let id = id_of(installation, &found.id);
        match rows.remove(&id) {
            None => plan.insert.push(row(id, found, name)),
            Some(row) => plan.update.extend(changed(row, found, name, now)),
        }
    }
    plan.forget = rows.into_keys().collect();
    plan
}

/// The shortest reference of the engine's owner. Ours, and those of other installations, make
/// no public image.
fn chosen_reference(image: &EngineImage) -> Option<&str> {
    let foreign: BTreeSet<&str> = image
        .references
        .iter()
        .map(String::as_str)
        .filter(|reference| !reference::is_ours(reference))
        .collect();
    foreign.into_iter().min_by_key(|reference| reference.len())
}

/// A UUID made of what identifies the image.
fn id_of(installation: &InstallationId, engine_id: &str) -> ImageId {
    let digest = hex::encode(Sha256::digest(format!("{installation}/{engine_id}")));
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    // Version 8, "made by the application", and the variant of RFC 9562.
    ImageId::from(format!(
        "{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 30)
    ))
}

fn row(id: ImageId, found: &EngineImage, reference: &str) -> Image {
    let mut image = Image::new(id, None, found.created_at);
    image.name = Some(reference::short_name(reference));
    image.status = ImageStatus::Active;
    image.visibility = Visibility::Public;
    image.container_format = Some("docker".to_owned());
    image.disk_format = Some("raw".to_owned());
    image.size_bytes = i64::try_from(found.size_bytes).ok();
    image.properties = properties(found, reference);
    image.source = Source::Engine;
    image.engine_id = Some(found.id.clone());
    image
}

fn properties(found: &EngineImage, reference: &str) -> Properties {
    let mut properties = Properties::new();
    properties.insert(DOCKER_IMAGE.to_owned(), reference.to_owned());
    if !found.architecture.is_empty() {
        properties.insert("architecture".to_owned(), architecture(&found.architecture).to_owned());
    }
    if let Some(distro) = found.labels.get(LABEL_DISTRO) {
        properties.insert("os_distro".to_owned(), distro.clone());
    }
    properties
}

/// Docker's word in Nova's: `nova.objects.fields.Architecture`.
fn architecture(docker: &str) -> &str {
    match docker {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        "386" => "i686",
        "arm" => "armv7l",
        other => other,
    }
}

/// The row brought up to date, if it is not. What an administrator changed stays.
fn changed(row: Image, found: &EngineImage, reference: &str, now: Time) -> Option<Image> {
    let told = row.properties.get(DOCKER_IMAGE).map(String::as_str);
    if told == Some(reference) {
        return None;
    }
    let mut image = row;
    image.name = Some(reference::short_name(reference));
    image.properties.extend(properties(found, reference));
    image.updated_at = now;
    Some(image)
}

#[cfg(test)]
mod tests {
    use kit::engine::Labels;
    use kit::ids::is_uuid_like;

    use super::*;

    fn installation() -> InstallationId {
        InstallationId::from("i")
    }

    fn found(id: &str, references: &[&str]) -> EngineImage {
        EngineImage {
            id: id.to_owned(),
            references: references.iter().map(|text| (*text).to_owned()).collect(),
            size_bytes: 5,
            created_at: Time(1),
            architecture: "amd64".to_owned(),
            command: Vec::new(),
            user: String::new(),
            exposed: Vec::new(),
            labels: Labels::new(),
        }
    }

    #[test]
    fn an_image_of_the_engine_becomes_one_public_row() {
        let images = [found("sha256:1", &["debian:12", "my/long/name:12"])];
        let plan = plan(&installation(), Vec::new(), &images, Time(9));
        let [image] = plan.insert.as_slice() else { panic!("{plan:?}") };
        assert_eq!(image.name.as_deref(), Some("debian:12"));
        assert_eq!(image.visibility, Visibility::Public);
        assert_eq!(image.properties.get("architecture").map(String::as_str), Some("x86_64"));
        assert!(is_uuid_like(image.id.as_str()), "{}", image.id);
    }

    #[test]
    fn ours_and_dangling_ones_are_not_listed() {
        let ours = reference::reference_for(&installation(), &ImageId::random());
        let others = reference::reference_for(&InstallationId::from("o"), &ImageId::random());
        let images = [found("sha256:1", &[&ours]), found("sha256:2", &[&others]), found("3", &[])];
        assert_eq!(plan(&installation(), Vec::new(), &images, Time(9)), Plan::default());
    }

    #[test]
    fn rows_follow_the_engine() {
        let before = [found("sha256:1", &["a"]), found("sha256:2", &["b"])];
        let mut rows = plan(&installation(), Vec::new(), &before, Time(9)).insert;
        rows[0].properties.insert("os_command_line".into(), "top".into());
        assert_eq!(plan(&installation(), rows.clone(), &before, Time(10)), Plan::default());
        let after = [found("sha256:1", &["c"])];
        let plan = plan(&installation(), rows.clone(), &after, Time(10));
        assert_eq!(plan.forget, [rows[1].id.clone()]);
        let [image] = plan.update.as_slice() else { panic!("{plan:?}") };
        assert_eq!((&image.id, image.name.as_deref()), (&rows[0].id, Some("c")));
        assert!(image.properties.contains_key("os_command_line"));
    }
}
