//! References of images on the engine: ours, the users' `docker_image`, the engine owner's. Pure.
//!
//! **Invariant:** a reference that a user gives never names an image that we put on the engine,
//! nor one by its id: either could be another project's private image.

use kit::engine::{image_reference, owns_reference};
use kit::ids::{ImageId, InstallationId};

/// What no registry is called: [`image_reference`] makes names below it.
const OURS: &str = "novadock.local";

/// Where references without a registry lead.
const DOCKER_HUB: &str = "docker.io";

/// The reference of an uploaded image or a snapshot on the engine.
pub fn reference_for(installation: &InstallationId, id: &ImageId) -> String {
    image_reference(installation, &format!("image/{id}"))
}

/// The image that a reference made by [`reference_for`] names.
pub(crate) fn id_of(installation: &InstallationId, reference: &str) -> Option<ImageId> {
    if !owns_reference(installation, reference) {
        return None;
    }
    let (_, name) = reference.split_once("/image/")?;
    name.strip_suffix(":latest").map(ImageId::from)
}

/// Whether some installation of ours put the image there.
pub(crate) fn is_ours(reference: &str) -> bool {
    reference.split('/').next() == Some(OURS)
}

/// The name of an engine image in lists: the reference without what Docker would add itself.
pub(crate) fn short_name(reference: &str) -> String {
    let name = reference.strip_prefix("docker.io/").unwrap_or(reference);
    let name = name.strip_prefix("library/").unwrap_or(name);
    name.strip_suffix(":latest").unwrap_or(name).to_owned()
}

/// The value of a `docker_image` property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// `docker.io`.
    pub(crate) registry: String,
    /// With registry and tag, so that an engine can't take it for an id.
    pub(crate) full: String,
}

/// Reads a user's reference; `None` when it is none, or not one that users may give.
pub(crate) fn parse(text: &str) -> Option<Reference> {
    let plain = |char: char| char.is_ascii_alphanumeric() || "._-/:@+".contains(char);
    if text.is_empty() || text.len() > 255 || !text.chars().all(plain) {
        return None;
    }
    let (registry, path) = match text.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first, rest),
        Some(_) | None => (DOCKER_HUB, text),
    };
    let (name, _) = path.split_once('@').unwrap_or((path, ""));
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    let whole = !name.is_empty() && name.split('/').all(|part| !part.is_empty());
    if registry == OURS || !whole || name.chars().any(|char| char.is_ascii_uppercase()) {
        return None;
    }
    let library = if registry == DOCKER_HUB && !name.contains('/') { "library/" } else { "" };
    let tag = if path.contains([':', '@']) { "" } else { ":latest" };
    Some(Reference {
        registry: registry.to_owned(),
        full: format!("{registry}/{library}{path}{tag}"),
    })
}

/// Whether `[image] allowed_registries` lets a registry be used; an empty list lets all.
pub(crate) fn is_allowed(registry: &str, allowed: &str) -> bool {
    let mut names = allowed.split(',').map(str::trim).filter(|name| !name.is_empty()).peekable();
    names.peek().is_none() || names.any(|name| name == registry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_references_are_made_whole() {
        for (text, full) in [
            ("debian", "docker.io/library/debian:latest"),
            ("debian:12", "docker.io/library/debian:12"),
            ("novadock/tiny", "docker.io/novadock/tiny:latest"),
            ("localhost:5000/x", "localhost:5000/x:latest"),
            ("quay.io/a/b@sha256:00", "quay.io/a/b@sha256:00"),
            ("abcdef123456", "docker.io/library/abcdef123456:latest"),
        ] {
            assert_eq!(parse(text).unwrap().full, full);
        }
    }

    #[test]
    fn what_could_be_anothers_image_is_no_reference() {
        let own = reference_for(&InstallationId::from("i"), &ImageId::from("x"));
        for text in ["", "a b", "UPPER", "a//b", "quay.io/", own.as_str(), "$(x)"] {
            assert_eq!(parse(text), None, "{text}");
        }
        let id = parse("sha256:00ff").unwrap();
        assert_eq!(id.full, "docker.io/library/sha256:00ff");
    }

    #[test]
    fn our_references_lead_back_to_the_image() {
        let (installation, id) = (InstallationId::from("i"), ImageId::random());
        let reference = reference_for(&installation, &id);
        assert!(is_ours(&reference));
        assert_eq!(id_of(&installation, &reference), Some(id));
        assert_eq!(id_of(&InstallationId::from("other"), &reference), None);
        assert_eq!(id_of(&installation, "debian:12"), None);
    }

    #[test]
    fn names_lose_what_docker_adds() {
        assert_eq!(short_name("docker.io/library/debian:latest"), "debian");
        assert_eq!(short_name("novadock/tiny:latest"), "novadock/tiny");
        assert_eq!(short_name("debian:12"), "debian:12");
    }

    #[test]
    fn registries_can_be_named() {
        assert!(is_allowed("docker.io", ""));
        assert!(is_allowed("quay.io", "docker.io, quay.io"));
        assert!(!is_allowed("evil.example", "docker.io"));
    }
}
