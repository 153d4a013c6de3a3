//! Which providers a query means: its parameters read, and held against a provider. PURE.
//!
//! Upstream: `placement/util.py`. There are no trees here, so a tree is its only provider.

use std::collections::BTreeMap;

use kit::error::{Error, Result};

use crate::model::{Provider, RESOURCE_CLASSES, TRAITS};

/// Class → amount.
pub(crate) type Resources = BTreeMap<&'static str, i64>;

/// What is asked of a provider; each part must hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) name: Option<String>,
    pub(crate) uuid: Option<String>,
    pub(crate) resources: Resources,
    /// Of each one must be there.
    pub(crate) required: Vec<Vec<String>>,
    pub(crate) forbidden: Vec<String>,
    /// Of each the provider must be in one.
    pub(crate) member_of: Vec<Vec<String>>,
    pub(crate) outside_of: Vec<String>,
}

impl Filter {
    /// Room for `VCPU:1,MEMORY_MB:512`.
    pub(crate) fn with_resources(mut self, text: &str) -> Result<Self> {
        for part in text.split(',') {
            let malformed = || {
                Error::bad_request(format!(
                    "Malformed resources parameter. Expected something of the form: \
                     ?resources=VCPU:2,MEMORY_MB:1024. Got: \"{text}\""
                ))
            };
            let (class, amount) = part.split_once(':').ok_or_else(malformed)?;
            let amount: i64 = amount.parse().map_err(|_| {
                Error::bad_request(format!(
                    "Requested resource {class} expected positive integer amount. Got: {amount}."
                ))
            })?;
            let known = RESOURCE_CLASSES.iter().find(|known| **known == class);
            let known = known.ok_or_else(|| {
                Error::bad_request(format!(
                    "Invalid resource class in resources parameter: No such resource class {class}."
                ))
            })?;
            if amount < 1 {
                return Err(Error::bad_request(format!(
                    "Requested resource {class} requires amount >= 1. Got: {amount}."
                )));
            }
            self.resources.insert(known, amount);
        }
        Ok(self)
    }

    /// Traits: all of `A,B`, none of `!C`, one of `in:D,E`.
    pub(crate) fn with_required(mut self, text: &str) -> Result<Self> {
        if let Some(any) = text.strip_prefix("in:") {
            self.required.push(traits(any)?);
            return Ok(self);
        }
        for word in traits(text)? {
            match word.strip_prefix('!') {
                Some(forbidden) => self.forbidden.push(forbidden.to_owned()),
                None => self.required.push(vec![word]),
            }
        }
        Ok(self)
    }

    /// Aggregates: `A`, `in:A,B`, and either behind a `!`.
    pub(crate) fn with_member_of(mut self, text: &str) -> Self {
        let (not, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let ids = text.strip_prefix("in:").unwrap_or(text);
        let ids: Vec<String> = ids.split(',').map(str::to_owned).collect();
        if not {
            self.outside_of.extend(ids);
        } else {
            self.member_of.push(ids);
        }
        self
    }

    /// Whether a provider is meant.
    pub(crate) fn admits(&self, provider: &Provider) -> bool {
        let has = |name: &String| provider.traits.contains(&name.as_str());
        let is_in = |id: &String| provider.aggregates.iter().any(|own| own.as_str() == id);
        let has_room = |(class, amount): (&&str, &i64)| {
            provider.inventory(class).is_some_and(|own| own.has_room(*amount))
        };
        self.name.as_ref().is_none_or(|name| *name == provider.name)
            && self.uuid.as_ref().is_none_or(|uuid| *uuid == provider.uuid)
            && self.resources.iter().all(has_room)
            && self.required.iter().all(|any| any.iter().any(has))
            && !self.forbidden.iter().any(has)
            && self.member_of.iter().all(|any| any.iter().any(is_in))
            && !self.outside_of.iter().any(is_in)
    }
}

/// The words of a list; each, with or without its `!`, must be the name of a trait.
fn traits(text: &str) -> Result<Vec<String>> {
    let words: Vec<String> = text.split(',').map(str::to_owned).collect();
    let is_unknown = |word: &&String| !TRAITS.contains(&word.trim_start_matches('!'));
    match words.iter().find(is_unknown) {
        Some(word) => {
            let name = word.trim_start_matches('!');
            Err(Error::bad_request(format!("No such trait(s): {name}.")))
        }
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use kit::ids::AggregateId;

    use super::*;
    use crate::model::{Inventory, MEMORY_MB, VCPU};

    fn provider() -> Provider {
        let of = |class, total, ratio, used| Inventory { class, total, ratio, used };
        Provider {
            uuid: "u".to_owned(),
            name: "n".to_owned(),
            generation: 0,
            inventories: vec![of(VCPU, 2, 16, 31), of(MEMORY_MB, 1024, 1, 512)],
            traits: vec!["COMPUTE_NODE"],
            aggregates: vec![AggregateId::from("a")],
        }
    }

    #[test]
    fn there_is_room_for_what_is_left_and_no_more_than_the_machine_has() {
        let room = |text: &str| Filter::default().with_resources(text).unwrap().admits(&provider());
        assert!(room("VCPU:1,MEMORY_MB:512"));
        assert!(!room("VCPU:2"), "31 of 32 are taken");
        assert!(!room("MEMORY_MB:513"));
        assert!(!room("DISK_GB:1"), "it has none");
        for text in ["VCPU", "VCPU:x", "VCPU:0", "NOTHING:1", ""] {
            assert!(Filter::default().with_resources(text).is_err(), "{text}");
        }
    }

    #[test]
    fn traits_and_aggregates_are_obeyed() {
        let by = |text: &str| Filter::default().with_required(text).unwrap().admits(&provider());
        assert!(by("COMPUTE_NODE") && by("in:COMPUTE_NODE,OWNER_NOVA"));
        assert!(!by("COMPUTE_NODE,OWNER_NOVA") && !by("!COMPUTE_NODE"));
        assert!(Filter::default().with_required("CUSTOM_X").is_err());
        let of = |text: &str| Filter::default().with_member_of(text).admits(&provider());
        assert!(of("a") && of("in:a,b") && of("!b"));
        assert!(!of("b") && !of("!in:a,b"));
    }
}
