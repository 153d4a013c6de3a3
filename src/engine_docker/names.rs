//! Labels and references, as Docker wants them.
//!
//! Everything made here carries the installation's label, whatever the caller says; everything
//! removed here is looked at first and must carry it.

use std::collections::HashMap;

use kit::engine::{EngineError, EngineResult, LABEL_INSTALLATION, Labels};
use kit::ids::InstallationId;

/// What Docker calls it when a container has no network.
pub(crate) const NO_NETWORK: &str = "none";

/// Label: the interfaces that an instance was made with, in order, `network=MAC` each.
pub(crate) const LABEL_INTERFACES: &str = "novadock.interfaces";

/// Label: nothing passes at the instance between a start and its filter.
pub(crate) const LABEL_GUARDED: &str = "novadock.guarded";

pub(crate) type Filters = HashMap<String, Vec<String>>;

/// A filter of one key.
pub(crate) fn filter(key: &str, values: &[&str]) -> Filters {
    Filters::from([(key.to_owned(), values.iter().map(|&value| value.to_owned()).collect())])
}

/// What belongs to the installation.
pub(crate) fn ours(installation: &InstallationId) -> Filters {
    filter("label", &[&format!("{LABEL_INSTALLATION}={installation}")])
}

/// What belongs to the installation and has a label besides.
pub(crate) fn labelled(installation: &InstallationId, label: &str) -> Filters {
    filter("label", &[&format!("{LABEL_INSTALLATION}={installation}"), label])
}

/// The labels of what is made, ours added.
pub(crate) fn marked(installation: &InstallationId, labels: &Labels) -> HashMap<String, String> {
    let mut all: HashMap<_, _> = labels.clone().into_iter().collect();
    all.insert(LABEL_INSTALLATION.to_owned(), installation.as_str().to_owned());
    all
}

pub(crate) fn is_ours(installation: &InstallationId, labels: &Labels) -> bool {
    labels.get(LABEL_INSTALLATION).is_some_and(|label| label == installation.as_str())
}

/// A name that somebody else has is refused: the object is neither kept nor touched.
pub(crate) fn must_be_ours(
    installation: &InstallationId,
    labels: &Labels,
    name: &str,
) -> EngineResult<()> {
    if is_ours(installation, labels) {
        return Ok(());
    }
    Err(EngineError::Refused(format!("the name {name} is taken by an object that is not ours")))
}

/// Labels in the order of their names.
pub(crate) fn labels(all: Option<HashMap<String, String>>) -> Labels {
    all.unwrap_or_default().into_iter().collect()
}

/// Repository and tag of a reference.
pub(crate) fn repository_and_tag(reference: &str) -> (&str, &str) {
    match reference.rsplit_once(':') {
        // What follows the colon of a registry's port has a slash in it.
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        Some(_) | None => (reference, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_registry_is_no_tag() {
        assert_eq!(repository_and_tag("web:2"), ("web", "2"));
        assert_eq!(repository_and_tag("web"), ("web", "latest"));
        assert_eq!(repository_and_tag("host:5000/web"), ("host:5000/web", "latest"));
        assert_eq!(repository_and_tag("host:5000/web:2"), ("host:5000/web", "2"));
    }
}
