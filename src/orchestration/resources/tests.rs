//! The types against what Heat 27 says of them.

mod heats;

use super::*;
use crate::template::{OnChange, Schema};

#[test]
fn types_are_sorted_and_every_one_shows_itself() {
    assert!(ALL.is_sorted_by_key(|plugin| plugin.name()));
    for plugin in ALL {
        let last = plugin.attributes().last().map(|row| row.name);
        assert_eq!(last, Some(SHOW), "{}", plugin.name());
    }
}

fn bare(word: &str) -> &str {
    word.trim_start_matches('-').trim_end_matches(['!', '~'])
}

/// What our schema makes of a word of [`heats::PROPERTIES`].
fn ours(schema: &Schema, word: &str) -> String {
    let name = bare(word);
    let Some(property) = schema.get(name) else { return format!("-{word}") };
    let required = if property.required { "!" } else { "" };
    let in_place = if property.on_change == OnChange::Update { "~" } else { "" };
    format!("{name}{required}{in_place}")
}

#[test]
fn types_have_heats_properties_with_heats_rules() {
    let mut wrong = Vec::new();
    for (name, heats) in heats::PROPERTIES {
        let info = info(find(name).unwrap());
        let words: Vec<&str> = heats.split_whitespace().collect();
        for word in &words {
            let shown = ours(&info.properties, word.trim_start_matches('-'));
            if shown != *word {
                wrong.push(format!("{name} {word}: {shown}"));
            }
        }
        for property in info.properties.iter() {
            if !words.iter().any(|word| bare(word) == property.name) {
                wrong.push(format!("{name} {}: unknown to Heat", property.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn types_have_heats_attributes() {
    let mut wrong = Vec::new();
    for (name, heats) in heats::ATTRIBUTES {
        let known: Vec<&str> =
            find(name).unwrap().attributes().iter().map(|row| row.name).collect();
        for word in heats.split_whitespace() {
            if known.contains(&bare(word)) == word.starts_with('-') {
                wrong.push(format!("{name} {word}"));
            }
        }
        let is_heats = |ours: &&&str| heats.split_whitespace().any(|word| bare(word) == **ours);
        wrong.extend(
            known.iter().filter(|ours| !is_heats(ours)).map(|ours| format!("{name} +{ours}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_type_is_held_to_heats() {
    let listed = |name: &str| heats::ATTRIBUTES.iter().any(|(listed, _)| *listed == name);
    let own = |name: &&str| name.contains("Docker");
    let names = ALL.iter().map(|plugin| plugin.name()).filter(|name| !own(name));
    let forgotten: Vec<&str> = names.filter(|name| !listed(name)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
