//! A failed check → the sentence clients of OpenStack know.
//!
//! The pipeline calls this with its service's dialect. The sentences are upstream's own;
//! recorded answers prove them. Nothing here decides *what* is wrong: that is [`super::contract`].

use super::contract::{Invalid, Segment};
use super::pyrepr::{Quoted, Str, pretty};
use super::service::Dialect;
use crate::error::Error;

/// The sentence for a body.
pub fn body(dialect: Dialect, invalid: &Invalid) -> Error {
    Error::bad_request(match dialect {
        Dialect::Keystone => keystone_body(invalid),
        Dialect::Nova
        | Dialect::Glance
        | Dialect::Neutron
        | Dialect::Heat
        | Dialect::Placement
        | Dialect::CloudFormation(_)
        | Dialect::Plain => told_by_place(invalid, "field/attribute", invalid.path.last()),
    })
}

/// The sentence for a query: the parameter is named, not the place among its values.
pub fn query(dialect: Dialect, invalid: &Invalid) -> Error {
    let what = match dialect {
        Dialect::Keystone => "field/attribute",
        Dialect::Nova
        | Dialect::Glance
        | Dialect::Neutron
        | Dialect::Heat
        | Dialect::Placement
        | Dialect::CloudFormation(_)
        | Dialect::Plain => "query parameters",
    };
    Error::bad_request(told_by_place(invalid, what, invalid.path.first()))
}

/// One place is named, for a body the innermost: clients learn `name`, not `server.name`.
fn told_by_place(invalid: &Invalid, what: &str, place: Option<&Segment>) -> String {
    match place {
        Some(place) if !invalid.whole => {
            let (value, reason) = (Str(&invalid.value), &invalid.reason);
            format!("Invalid input for {what} {place}. Value: {value}. {reason}")
        }
        Some(_) | None => invalid.reason.clone(),
    }
}

/// Keystone holds what is inside `auth` to a schema of its own and then tells everything; about
/// other bodies it speaks as Nova does.
fn keystone_body(invalid: &Invalid) -> String {
    let Some(invalid) = inside(invalid, "auth") else {
        return told_by_place(invalid, "field/attribute", invalid.path.last());
    };
    let path: Vec<String> = invalid.path.iter().map(ToString::to_string).collect();
    match path.as_slice() {
        [] => in_full(&invalid),
        path => format!("Invalid input for field '{}': {}", path.join("/"), in_full(&invalid)),
    }
}

/// The failure as it looks from the member `name`, if it is below it.
fn inside(invalid: &Invalid, name: &str) -> Option<Invalid> {
    let key = |name: &str| Segment::Key(name.to_owned());
    let path = invalid.path.strip_prefix(&[key(name)])?;
    let schema_path = invalid.schema_path.strip_prefix(&[key("properties"), key(name)])?;
    let (path, schema_path) = (path.to_vec(), schema_path.to_vec());
    Some(Invalid { path, schema_path, ..invalid.clone() })
}

/// All that python-jsonschema tells about a failure: reason, schema and value.
pub fn in_full(invalid: &Invalid) -> String {
    let enclosing = invalid.schema_path.split_last().map_or(&[][..], |(_, rest)| rest);
    format!(
        "{}\n\nFailed validating {} in schema{}:\n    {}\n\nOn instance{}:\n    {}",
        invalid.reason,
        Quoted(&invalid.keyword),
        subscripts(enclosing),
        pretty(&invalid.schema, "    "),
        subscripts(&invalid.path),
        pretty(&invalid.value, "    "),
    )
}

fn subscripts(path: &[Segment]) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Key(key) => format!("[{}]", Quoted(key)),
            Segment::Index(index) => format!("[{index}]"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn invalid(path: &[&str], value: Value, reason: &str) -> Invalid {
        let key = |name: &&str| Segment::Key((*name).to_owned());
        Invalid {
            path: path.iter().map(key).collect(),
            value,
            reason: reason.to_owned(),
            whole: false,
            keyword: "required".to_owned(),
            schema: json!({"required": ["methods"]}),
            schema_path: ["properties", "auth", "required"].iter().map(key).collect(),
        }
    }

    #[test]
    fn nova_names_the_innermost_field_of_a_body() {
        let invalid = invalid(&["server", "name"], json!(5), "5 is not of type 'string'");
        assert_eq!(
            body(Dialect::Nova, &invalid).public,
            "Invalid input for field/attribute name. Value: 5. 5 is not of type 'string'"
        );
    }

    #[test]
    fn nova_names_the_parameter_of_a_query() {
        let invalid = invalid(&["limit", "0"], json!("x"), "'x' does not match '^[0-9]*$'");
        assert_eq!(
            query(Dialect::Nova, &invalid).public,
            "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'"
        );
    }

    #[test]
    fn nova_gives_a_reason_alone_where_it_is_the_whole_answer() {
        let top = invalid(&[], json!({}), "'server' is a required property");
        assert_eq!(body(Dialect::Nova, &top).public, "'server' is a required property");
        let mut name = invalid(&["server", "name"], json!(" "), "The name must be: printable.");
        name.whole = true;
        assert_eq!(body(Dialect::Nova, &name).public, "The name must be: printable.");
    }

    #[test]
    fn keystone_tells_everything_about_what_is_inside_auth() {
        let invalid = invalid(&["auth"], json!({}), "'methods' is a required property");
        assert_eq!(
            body(Dialect::Keystone, &invalid).public,
            "'methods' is a required property\n\n\
             Failed validating 'required' in schema:\n    {'required': ['methods']}\n\n\
             On instance:\n    {}"
        );
    }
}
