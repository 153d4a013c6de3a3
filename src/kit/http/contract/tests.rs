//! Loading, slicing and checking together; every sentence; agreement with the `jsonschema` crate.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::patterns::Patterns;
use super::*;

const SHARED: &str = "
name: {type: string, format: name, minLength: 1, maxLength: 255}
links: {type: array, items: {$ref: '#/link'}}
link: {type: object, properties: {href: {type: string, format: uri}}}
";

const FLAVORS: &str = "
resource: flavors
service: compute
definitions:
  flavor:
    type: object
    properties:
      name: {$ref: 'shared.yaml#/name'}
      links: {$ref: 'shared.yaml#/links'}
      description: {x-openstack: {min-ver: '2.55'}, type: [string, 'null']}
    required: [name, {name: description, x-openstack: {min-ver: '2.55'}}]
    additionalProperties: false
operations:
  flavors:create:
    method: POST
    path: /flavors
    request:
      type: object
      properties: {flavor: {$ref: '#/definitions/flavor'}}
      required: [flavor]
    success:
      200: {type: object, properties: {flavor: {$ref: '#/definitions/flavor'}}}
    errors: [409]
  flavors:index:
    method: GET
    path: /flavors
    query:
      type: object
      x-openstack: {repeat: true}
      properties:
        limit: {x-openstack: {repeat: false}, type: string, pattern: '^[0-9]*$'}
        sort_key: {type: string, enum: [id, name]}
        swap: {x-openstack: {min-ver: '2.61'}, type: string}
      additionalProperties: false
    success:
      200: {type: object}
  flavors:delete:
    method: DELETE
    path: /flavors/{flavor_id}
    versions: {max-ver: '2.90'}
    success:
      202: {x-openstack: {max-ver: '2.1'}, type: 'null'}
      204: {x-openstack: {min-ver: '2.2'}, type: 'null'}
";

fn contract() -> Contract {
    Contract::load(&[("compute/flavors.yaml", FLAVORS), ("shared.yaml", SHARED)]).unwrap()
}

#[test]
fn a_document_is_read_whole() {
    let contract = contract();
    let names: Vec<_> = contract.operations().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["flavors:create", "flavors:delete", "flavors:index"]);
    let delete = contract.operations().nth(1).unwrap();
    assert_eq!((delete.service.as_str(), delete.resource.as_str()), ("compute", "flavors"));
    assert_eq!((delete.method.as_str(), delete.path.as_str()), ("DELETE", "/flavors/{flavor_id}"));
    assert_eq!(delete.versions, Range { min: None, max: Some((2, 90)) });
}

#[test]
fn a_bad_document_is_named() {
    for (text, complaint) in [
        ("a: [", "api-ref/compute/x.yaml"),
        ("operations: {x:y: {}}", "missing field `method`"),
        ("operations: {x:y: {method: GET, path: /, success: {}, sucess: {}}}", "sucess"),
        ("operations: {x:y: {method: GET, path: /, success: {200: {tpye: string}}}}", "'tpye'"),
        ("operations: {x:y: {method: GET, path: /, success: {200: {pattern: '['}}}}", "x:y"),
        (
            "operations: {x:y: {method: GET, path: /, success: {200: {$ref: 'a.yaml#/b'}}}}",
            "a.yaml",
        ),
        ("a: {$ref: '#/a'}\noperations: {}", "leads to itself"),
    ] {
        let text: &'static str = format!("resource: x\nservice: compute\n{text}").leak();
        let error = Contract::load(&[("compute/x.yaml", text)]).unwrap_err().to_string();
        assert!(error.contains("api-ref/compute/x.yaml"), "{error}");
        assert!(error.contains(complaint), "{error}");
    }
}

#[test]
fn a_body_is_held_to_its_version() {
    let contract = contract();
    let check = |minor, body: Value| {
        let outcome = contract.check_body("compute", "flavors:create", Some((2, minor)), &body);
        outcome.map_err(|invalid| invalid.reason)
    };
    let old = json!({"flavor": {"name": "m1"}});
    let new = json!({"flavor": {"name": "m1", "description": null}});
    assert_eq!(check(54, old.clone()), Ok(()));
    assert_eq!(check(55, new.clone()), Ok(()));
    assert_eq!(check(55, old), Err("'description' is a required property".to_owned()));
    assert_eq!(
        check(54, new),
        Err("Additional properties are not allowed ('description' was unexpected)".to_owned())
    );
    assert_eq!(check(54, Value::Null), Err("None is not of type 'object'".to_owned()));
}

#[test]
fn a_query_is_a_list_of_values_for_each_name() {
    let contract = contract();
    let check = |minor, query: &[(&str, &str)]| {
        let query: Vec<_> = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let outcome = contract.check_query("compute", "flavors:index", Some((2, minor)), &query);
        outcome
            .map_err(|invalid| (invalid.path[..1.min(invalid.path.len())].to_vec(), invalid.reason))
    };
    let limit = vec![Segment::Key("limit".to_owned())];
    assert_eq!(check(1, &[("limit", "10"), ("sort_key", "id"), ("sort_key", "name")]), Ok(()));
    assert_eq!(
        check(1, &[("limit", "x")]),
        Err((limit.clone(), "'x' does not match '^[0-9]*$'".to_owned()))
    );
    assert_eq!(
        check(1, &[("limit", "1"), ("limit", "2")]),
        Err((limit, "['1', '2'] is too long".to_owned()))
    );
    assert!(check(60, &[("swap", "0")]).is_err());
    assert!(check(61, &[("swap", "0")]).is_ok());
}

#[test]
fn a_response_has_a_status_and_a_shape() {
    let contract = contract();
    let check = |operation, minor, status, body: Value| {
        contract.check_response("compute", operation, Some((2, minor)), status, &body)
    };
    assert_eq!(check("flavors:delete", 1, 202, Value::Null), Ok(()));
    assert_eq!(check("flavors:delete", 2, 204, Value::Null), Ok(()));
    assert!(check("flavors:delete", 2, 202, Value::Null).is_err());
    assert_eq!(check("flavors:create", 2, 409, json!({"conflictingRequest": {}})), Ok(()));
    assert!(check("flavors:create", 2, 410, Value::Null).is_err());
    let reasons = check("flavors:create", 2, 200, json!({"flavor": {"name": 5}})).unwrap_err();
    assert!(reasons.contains("flavor/name: 5 is not of type 'string'"), "{reasons}");
}

fn reason(schema: &Value, value: &Value) -> Option<String> {
    let mut patterns = Patterns::default();
    inspect(schema, &mut patterns).unwrap();
    schema::check(&patterns, schema, value).err().map(|invalid| invalid.reason)
}

#[test]
fn every_keyword_has_its_sentence() {
    for (schema, value, expected) in [
        (json!({"type": "string"}), json!(5), "5 is not of type 'string'"),
        (
            json!({"type": ["integer", "string"]}),
            json!(true),
            "True is not of type 'integer', 'string'",
        ),
        (json!({"enum": ["a", true, null]}), json!("x"), "'x' is not one of ['a', True, None]"),
        (json!({"const": ""}), json!("x"), "'' was expected"),
        (json!({"minLength": 1}), json!(""), "'' should be non-empty"),
        (json!({"minLength": 2}), json!("é"), "'é' is too short"),
        (json!({"maxLength": 1}), json!("ab"), "'ab' is too long"),
        (json!({"maxLength": 0}), json!("ab"), "'ab' is expected to be empty"),
        (json!({"minItems": 1}), json!([]), "[] should be non-empty"),
        (json!({"maxItems": 1}), json!([1, 2]), "[1, 2] is too long"),
        (json!({"minProperties": 1}), json!({}), "{} should be non-empty"),
        (json!({"minProperties": 2}), json!({"a": 1}), "{'a': 1} does not have enough properties"),
        (
            json!({"maxProperties": 1}),
            json!({"a": 1, "b": 2}),
            "{'a': 1, 'b': 2} has too many properties",
        ),
        (json!({"minimum": 1}), json!(-1), "-1 is less than the minimum of 1"),
        (json!({"minimum": 1}), json!("0"), "0 is less than the minimum of 1"),
        (json!({"maximum": 10}), json!(11), "11 is greater than the maximum of 10"),
        (
            json!({"exclusiveMinimum": 0}),
            json!(0.0),
            "0.0 is less than or equal to the minimum of 0",
        ),
        (
            json!({"exclusiveMaximum": 1}),
            json!(1),
            "1 is greater than or equal to the maximum of 1",
        ),
        (json!({"prefixItems": [{"type": "null"}]}), json!([1, 2]), "1 is not of type 'null'"),
        (
            json!({"prefixItems": [true], "items": {"type": "null"}}),
            json!([1, 2]),
            "2 is not of type 'null'",
        ),
        (json!({"pattern": "^a\\.b$"}), json!("x"), "'x' does not match '^a\\\\.b$'"),
        (json!({"format": "ipv4"}), json!("x"), "'x' is not a 'ipv4'"),
        (json!({"uniqueItems": true}), json!([1, 1.0]), "[1, 1.0] has non-unique elements"),
        (json!({"required": ["a", "b"]}), json!({"a": 1}), "'b' is a required property"),
        (
            json!({"additionalProperties": false}),
            json!({"b": 1, "a": 1}),
            "Additional properties are not allowed ('a', 'b' were unexpected)",
        ),
        (
            json!({"patternProperties": {"^[a-z]$": true}, "additionalProperties": false}),
            json!({"a": 1, "a/b": 1}),
            "'a/b' does not match any of the regexes: '^[a-z]$'",
        ),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!(1),
            "1 is not valid under any of the given schemas",
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"minLength": 1}]}),
            json!("a"),
            "'a' is valid under each of {'minLength': 1}, {'type': 'string'}",
        ),
        (
            json!({"not": {"type": "null"}}),
            json!(null),
            "None should not be valid under {'type': 'null'}",
        ),
        (json!({"properties": {"a": false}}), json!({"a": 1}), "False schema does not allow 1"),
    ] {
        assert_eq!(reason(&schema, &value).as_deref(), Some(expected));
    }
}

#[test]
fn the_first_failure_is_the_one_written_first() {
    let value = json!({"b": 1, "a": 1, "c": 1});
    let properties_first = json!({
        "properties": {"a": {"type": "string"}, "b": {"type": "null"}},
        "required": ["d"],
    });
    let required_first = json!({"required": ["d"], "properties": {"a": {"type": "string"}}});
    assert_eq!(reason(&properties_first, &value).unwrap(), "1 is not of type 'string'");
    assert_eq!(reason(&required_first, &value).unwrap(), "'d' is a required property");
}

#[test]
fn a_failure_says_where_it_is() {
    let schema =
        json!({"properties": {"a": {"items": {"additionalProperties": {"type": "null"}}}}});
    let value = json!({"a": [{}, {"b": 1}]});
    let invalid = schema::check(&Patterns::default(), &schema, &value).unwrap_err();
    let show =
        |path: &[Segment]| path.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
    assert_eq!(show(&invalid.path), "a/1/b");
    assert_eq!(show(&invalid.schema_path), "properties/a/items/additionalProperties/type");
    assert_eq!((invalid.value, invalid.keyword), (json!(1), "type".to_owned()));
}

/// Small schemas whose keywords meet often, without those that are laxer here (`format`, bounds of
/// numbers in texts).
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": ["integer", "null"]})),
        Just(json!({"enum": ["a", 1, null]})),
        Just(json!({"const": 1})),
        Just(json!({"minLength": 2, "maxLength": 3})),
        Just(json!({"pattern": "^[ab]*$"})),
        Just(json!({"type": "integer", "minimum": 1, "maximum": 2})),
        Just(json!({"exclusiveMinimum": 1, "exclusiveMaximum": 3})),
        Just(json!({"minItems": 1, "maxItems": 2, "uniqueItems": true})),
        Just(json!({"minProperties": 1, "maxProperties": 1})),
        Just(json!(true)),
        Just(json!(false)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|item| json!({"type": "array", "items": item})),
            (inner.clone(), inner.clone())
                .prop_map(|(first, rest)| json!({"prefixItems": [first], "items": rest})),
            inner.clone().prop_map(|schema| json!({"not": schema})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"allOf": [a, b]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"anyOf": [a, b]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"oneOf": [a, b]})),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| json!({
                "properties": {"a": a},
                "patternProperties": {"^b": b},
                "additionalProperties": c,
                "required": ["a"],
            })),
        ]
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(1)),
        Just(json!(1.0)),
        Just(json!(2.5)),
        "[abc]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[abc]{1,2}", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn validity_is_what_the_jsonschema_crate_finds(schema in schemas(), value in values()) {
        let oracle = jsonschema::draft202012::new(&schema).unwrap();
        prop_assert_eq!(reason(&schema, &value).is_none(), oracle.is_valid(&value));
    }
}
