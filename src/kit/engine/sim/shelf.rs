//! The images of the simulated engine and the references that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::archive::Image;
use super::no_such;
use crate::clock::Time;
use crate::engine::{EngineError, EngineImage, EngineResult, owns_image, owns_reference};
use crate::ids::InstallationId;

#[derive(Debug)]
struct Entry {
    image: Arc<Image>,
    references: BTreeSet<String>,
}

/// Images by id, and ids by reference.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    by_id: BTreeMap<String, Entry>,
    by_reference: BTreeMap<String, String>,
}

impl Shelf {
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Puts an image in; one of the same id (the same content) is kept.
    pub(super) fn insert(&mut self, image: Image) -> EngineImage {
        let id = image.id.clone();
        let entry = self
            .by_id
            .entry(id)
            .or_insert_with(|| Entry { image: Arc::new(image), references: BTreeSet::new() });
        view(entry)
    }

    /// Puts an image in under a reference, which it takes from the image that had it.
    pub(super) fn insert_as(&mut self, image: Image, reference: &str) -> EngineResult<EngineImage> {
        let id = self.insert(image).id;
        self.tag(&id, reference)?;
        self.image(&id).ok_or_else(|| no_such("image", &id))
    }

    pub(super) fn tag(&mut self, id: &str, reference: &str) -> EngineResult<()> {
        let id = self.id_of(id).ok_or_else(|| no_such("image", id))?;
        let reference = full_name(reference);
        if let Some(before) = self.by_reference.insert(reference.clone(), id.clone())
            && let Some(entry) = self.by_id.get_mut(&before)
        {
            entry.references.remove(&reference);
        }
        if let Some(entry) = self.by_id.get_mut(&id) {
            entry.references.insert(reference);
        }
        Ok(())
    }

    /// The image of an id or a reference, to run or to read.
    pub(super) fn get(&self, reference: &str) -> Option<&Arc<Image>> {
        self.entry(reference).map(|entry| &entry.image)
    }

    pub(super) fn image(&self, reference: &str) -> Option<EngineImage> {
        self.entry(reference).map(view)
    }

    pub(super) fn images(&self) -> Vec<EngineImage> {
        self.by_id.values().map(view).collect()
    }

    /// Takes a reference away, and the image with its last one; whether there was anything to do.
    pub(super) fn remove(&mut self, owner: &InstallationId, reference: &str) -> EngineResult<bool> {
        let Some(id) = self.id_of(reference) else { return Ok(false) };
        let Some(entry) = self.by_id.get_mut(&id) else { return Ok(false) };
        if !owns_image(owner, &view(entry)) && !owns_reference(owner, reference) {
            return Err(EngineError::Refused(format!("{reference} is not ours to remove")));
        }
        let name = full_name(reference);
        let last = !entry.references.iter().any(|other| *other != name);
        // The shelf holds one; every instance made of the image holds another.
        if last && Arc::strong_count(&entry.image) > 1 {
            return Err(EngineError::Busy(format!("an instance uses the image {reference}")));
        }
        entry.references.remove(&name);
        self.by_reference.remove(&name);
        if last {
            self.by_id.remove(&id);
        }
        Ok(true)
    }

    /// Takes an image away by whatever reference, as its owner would; whether it was there.
    pub(super) fn remove_behind_back(&mut self, reference: &str) -> bool {
        let Some(id) = self.id_of(reference) else { return false };
        self.by_id.remove(&id);
        self.by_reference.retain(|_, named| *named != id);
        true
    }

    fn entry(&self, reference: &str) -> Option<&Entry> {
        self.by_id.get(&self.id_of(reference)?)
    }

    fn id_of(&self, reference: &str) -> Option<String> {
        if self.by_id.contains_key(reference) {
            return Some(reference.to_owned());
        }
        self.by_reference.get(&full_name(reference)).cloned()
    }
}

fn view(entry: &Entry) -> EngineImage {
    let (image, config) = (&entry.image, &entry.image.config);
    EngineImage {
        id: image.id.clone(),
        references: entry.references.iter().cloned().collect(),
        size_bytes: image.size_bytes(),
        created_at: Time::parse(&config.created).unwrap_or_default(),
        architecture: config.architecture.clone(),
        command: image.command(),
        user: config.config.user.clone(),
        exposed: image.exposed(),
        labels: config.config.labels.clone().unwrap_or_default(),
    }
}

/// The reference with its tag, and without the names that Docker leaves out.
fn full_name(reference: &str) -> String {
    let short = reference.trim_start_matches("docker.io/").trim_start_matches("library/");
    let name = short.rsplit('/').next().unwrap_or(short);
    if name.contains([':', '@']) { short.to_owned() } else { format!("{short}:latest") }
}
