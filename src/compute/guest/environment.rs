//! A server's metadata as environment variables of its guest, as nova-docker had it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One variable per item. A key that is no name of a variable has its other characters replaced
/// by `_`; where two keys become one name, the later wins.
pub(crate) fn variables(metadata: &Map<String, Value>) -> BTreeMap<String, String> {
    metadata
        .iter()
        .filter_map(|(key, value)| Some((name(key)?, value.as_str()?.to_owned())))
        .collect()
}

fn name(key: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = key.chars().map(plain).collect();
    match name.chars().next() {
        None => None,
        Some(first) if first.is_ascii_digit() => Some(format!("_{name}")),
        Some(_) => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_names_that_a_shell_can_say() {
        let metadata = serde_json::json!({"role": "db", "my-key.x": "1", "2nd": "y"});
        let variables = variables(metadata.as_object().unwrap());
        let expected = [("_2nd", "y"), ("my_key_x", "1"), ("role", "db")];
        assert!(variables.iter().map(|(k, v)| (k.as_str(), v.as_str())).eq(expected));
    }
}
