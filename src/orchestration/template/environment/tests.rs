use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::template::Template;

fn plugin(name: &str) -> bool {
    name.starts_with("OS::") && !name.contains("Quantum")
}

fn find(registry: &Value, resource_type: &str, name: &str) -> Result<Implementation> {
    let environment = Environment::parse(&json!({"resource_registry": registry}))?;
    environment.registry.find(resource_type, name, &Registry::of_the_cloud(), &plugin)
}

#[test]
fn types_stand_for_types_and_templates() {
    let registry = json!({
        "OS::Quantum*": null,
        "My::Server": "OS::Nova::Server",
        "My::*": "OS::Heat::*",
        "Web": "web.yaml",
        "Loop::A": "Loop::B",
        "Loop::B": "Loop::A",
        "resources": {"db": {"OS::Nova::Server": "db.yaml"}},
    });
    let plugin = |name: &str| Ok(Implementation::Plugin(name.to_owned()));
    let template = |name: &str| Ok(Implementation::Template(name.to_owned()));
    for (resource_type, name, expected) in [
        ("OS::Nova::Server", "web", plugin("OS::Nova::Server")),
        ("OS::Nova::Server", "db", template("db.yaml")),
        ("My::None", "x", plugin("OS::Heat::None")),
        ("OS::Quantum::Port", "x", plugin("OS::Neutron::Port")),
        ("Web", "x", template("web.yaml")),
        ("other.template", "x", template("other.template")),
        ("Loop::A", "x", Err(Error::unknown_type("Loop::A"))),
        ("Nope", "x", Err(Error::unknown_type("Nope"))),
    ] {
        assert_eq!(find(&registry, resource_type, name), expected, "{resource_type}");
    }
}

#[test]
fn hooks_and_restrictions_go_by_pattern() {
    let registry = json!({"resources": {
        "web_*": {"hooks": ["pre-create", "pre-update"], "restricted_actions": "replace"},
        "*_1": {"restricted_actions": ["update", "replace"]},
    }});
    let environment = Environment::parse(&json!({"resource_registry": registry})).unwrap();
    let rows = &environment.registry;
    assert!(rows.has_hook("web_1", "pre-update"));
    assert!(!rows.has_hook("web_1", "post-update") && !rows.has_hook("db", "pre-create"));
    assert_eq!(rows.restricted_actions("web_1"), ["replace", "update"]);
    assert_eq!(environment.to_value()["resource_registry"], registry);

    let wrong = json!({"resource_registry": {"resources": {"x": {"hooks": "pre-crate"}}}});
    let refusal = Environment::parse(&wrong).unwrap_err();
    assert_eq!(refusal.class(), "InvalidBreakPointHook");
    assert_eq!(
        refusal.to_string(),
        "Invalid hook type \"pre-crate\" for resource breakpoint, acceptable hook types are: \
         ('pre-create', 'pre-update', 'pre-delete', 'post-create', 'post-update', 'post-delete')"
    );
}

#[test]
fn a_nested_stack_keeps_the_registry_but_not_the_row_it_came_by() {
    let environment = Environment::parse(&json!({
        "parameters": {"a": 1},
        "parameter_defaults": {"b": 2},
        "resource_registry": {
            "A": "a.yaml",
            "B": "b.yaml",
            "resources": {"one": {"inner": {"hooks": "pre-create"}}},
        },
    }));
    let child = environment.unwrap().child(Map::new(), Some("one"), Some("a.yaml"));
    assert_eq!(
        child.to_value(),
        json!({
            "resource_registry": {"resources": {"inner": {"hooks": "pre-create"}}, "B": "b.yaml"},
            "parameters": {},
            "parameter_defaults": {"b": 2},
            "event_sinks": [],
        })
    );
}

#[test]
fn sections_are_checked() {
    for (source, sentence) in [
        (json!("bogus: {}"), "environment has wrong section \"bogus\""),
        (json!("parameters:"), "environment has empty section \"parameters\""),
        (json!("- a"), "The environment is not a valid YAML mapping data type."),
    ] {
        let refusal = Environment::parse(&source).unwrap_err();
        assert_eq!(refusal.class(), "HTTPBadRequest");
        let expected = format!("Environment not in valid format: {sentence}");
        assert_eq!(refusal.to_string(), expected);
    }
    assert!(Environment::parse(&json!("")).is_ok());
}

/// The environment of a request with these files, in order.
fn merged(files: &[&str]) -> Result<Environment> {
    let template = json!({"heat_template_version": "pike", "parameters": {
        "text": {"type": "string"}, "list": {"type": "comma_delimited_list"},
        "map": {"type": "json"}, "number": {"type": "number"},
    }});
    let template = Template::parse(&template, &Arc::new(Files::new())).unwrap();
    let names: Vec<String> = (0..files.len()).map(|index| format!("{index}.yaml")).collect();
    let texts = files.iter().map(|text| (*text).to_owned());
    let files: Files = names.iter().cloned().zip(texts).collect();
    let parameters = Map::from_iter([("text".to_owned(), json!("given"))]);
    let sources = Sources {
        environment: Some(&json!({"parameters": {"text": "not looked at"}})),
        parameters: Some(&parameters),
        environment_files: &names,
        files: &files,
    };
    Environment::of_request(&sources, &template.all_declarations())
}

#[test]
fn files_are_merged_as_they_say() {
    let first = "parameters: {list: 'a,b', map: {x: {y: [1]}, z: 1}, unknown: 1}";
    let second = "
parameters: {text: ' more', list: c, map: {x: {y: [2]}}}
parameter_merge_strategies: {text: merge, list: merge, map: deep_merge}";
    let late = merged(&[first, second]).unwrap_err();
    assert_eq!(
        late.to_string(),
        "Conflicting merge strategy 'merge' for parameter 'list' in file '1.yaml'."
    );
    let early = format!("{first}\nparameter_merge_strategies: {{list: merge, map: deep_merge}}");
    let environment = merged(&[&early, second]).unwrap();
    assert_eq!(
        Value::Object(environment.parameters),
        json!({
            "text": "given more", "list": "a,b,c", "map": {"x": {"y": [1, 2]}, "z": 1},
        })
    );
}

#[test]
fn without_strategies_the_last_file_counts() {
    let files = [
        "parameters: {text: one}\nresource_registry: {A: a.yaml}",
        "parameters: {text: two}\nresource_registry: {A: b.yaml, B: c.yaml}",
    ];
    let environment = merged(&files).unwrap();
    assert_eq!(environment.parameters["text"], json!("two"));
    assert_eq!(
        environment.to_value()["resource_registry"],
        json!({"resources": {}, "A": "b.yaml", "B": "c.yaml"})
    );
    let wrong = ["parameters: {number: 1}\nparameter_merge_strategies: {number: merge}"; 2];
    let refusal = merged(&wrong).unwrap_err();
    assert_eq!(refusal.class(), "InvalidMergeStrategyForParam");
}
