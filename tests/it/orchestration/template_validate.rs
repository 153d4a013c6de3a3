//! `/validate`, held to what Heat 27 answered.

use serde_json::{Value, json};

use super::{error, root};
use crate::support::{Answer, Session, TestCloud};

async fn validate(session: &Session, body: Value) -> Answer {
    session.post(&format!("{}/validate", root(session)), body).await
}

#[tokio::test]
async fn a_template_says_what_it_asks() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let template = json!({
        "heat_template_version": "2018-08-31",
        "description": "golden one",
        "parameters": {
            "len": {"type": "number", "default": 8, "constraints": [{"range": {"min": 1, "max": 64}}]},
            "secret": {"type": "string", "hidden": true, "default": "s3cret"},
        },
        "resources": {
            "rnd": {"type": "OS::Heat::RandomString", "properties": {"length": {"get_param": "len"}}},
            "res": {
                "type": "OS::Heat::TestResource",
                "properties": {
                    "value": {"get_attr": ["rnd", "value"]}, "action_wait_secs": {"update": 1},
                },
            },
            "cfg": {"type": "OS::Heat::None"},
            "val": {
                "type": "OS::Heat::Value",
                "properties": {"type": "json", "value": {"k": [1, "two", true]}},
            },
        },
        "outputs": {
            "o": {"description": "the value", "value": {"get_attr": ["res", "output"]}},
            "bad": {"value": {"get_attr": ["val", "value", "k", 0]}},
        },
    });
    let answer = validate(&demo, json!({"template": template})).await.expect(200);
    assert_eq!(
        answer.body,
        json!({
            "Description": "golden one",
            "Parameters": {
                "len": {
                    "Type": "Number", "Description": "", "NoEcho": "false", "Label": "len",
                    "Default": 8, "MinValue": 1, "MaxValue": 64,
                },
                "secret": {
                    "Type": "String", "Description": "", "NoEcho": "true", "Label": "secret",
                    "Default": "s3cret",
                },
            },
            "Environment": {
                "resource_registry": {"resources": {}},
                "parameters": {},
                "parameter_defaults": {},
                "event_sinks": [],
            },
        })
    );
}

#[tokio::test]
async fn values_of_properties_are_not_looked_at() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let template = json!({"heat_template_version": "2018-08-31", "resources": {
        "x": {"type": "OS::Heat::RandomString", "properties": {"length": 1000}},
    }});
    let answer = validate(&demo, json!({"template": template})).await.expect(200);
    assert_eq!(answer.text("/Description"), "No description");
}

#[tokio::test]
async fn wrong_templates_are_refused_in_heats_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let hot = |resources: Value| json!({"template": {"heat_template_version": "2018-08-31", "resources": resources}});
    let value = |value: Value| json!({"type": "OS::Heat::Value", "properties": {"value": value}});
    for (body, class, sentence) in [
        (
            hot(json!({"x": {"type": "OS::Nope"}})),
            "HTTPBadRequest",
            "The Resource Type (OS::Nope) could not be found.",
        ),
        (
            json!({"template": {"foo": 1}}),
            "InvalidTemplateVersion",
            "The template version is invalid: Template version was not provided",
        ),
        (json!({}), "HTTPBadRequest", "No template specified"),
        (
            hot(json!({"x": value(json!({"get_resource": "nope"}))})),
            "InvalidTemplateReference",
            "The specified reference \"nope\" (in x.Properties.value) is incorrect.",
        ),
        (
            hot(json!({
                "a": value(json!({"get_attr": ["b", "value"]})),
                "b": value(json!({"get_attr": ["a", "value"]})),
            })),
            "CircularDependencyException",
            "Circular Dependency Found: {Value \"a\": {Value \"b\"}, Value \"b\": {Value \"a\"}}",
        ),
        (
            json!({"template": "a: 1"}),
            "HTTPBadRequest",
            "Template not in valid format: Template format version not found.",
        ),
        (
            json!({"template": {"heat_template_version": "rocky"}, "environment": {"bogus": {}}}),
            "HTTPBadRequest",
            "Environment not in valid format: environment has wrong section \"bogus\"",
        ),
        (
            json!({"template": {"heat_template_version": "rocky"}, "parameters": {"nope": 1}}),
            "UnknownUserParameter",
            "The Parameter (nope) was not defined in template.",
        ),
        (
            hot(json!({"x": {"type": "nested.yaml"}})),
            "HTTPBadRequest",
            "Could not fetch remote template \"nested.yaml\": Invalid URL scheme ",
        ),
    ] {
        let answer = validate(&demo, body).await.expect(400);
        assert_eq!(error(&answer), (class, sentence));
    }
}

#[tokio::test]
async fn a_file_can_be_a_type() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let with = |properties: Value, attribute: &str| {
        json!({
            "template": format!("
heat_template_version: rocky
resources: {{one: {{type: Mine, properties: {properties}}}}}
outputs: {{o: {{value: {{get_attr: [one, {attribute}]}}}}}}
"),
            "environment": "resource_registry: {Mine: mine.yaml}",
            "files": {"mine.yaml": "
heat_template_version: rocky
parameters: {size: {type: number}}
resources: {inner: {type: OS::Heat::None}}
outputs: {out: {value: 1}}
"},
        })
    };
    let registry = validate(&demo, with(json!({"size": 1}), "out")).await.expect(200);
    assert_eq!(registry.text("/Environment/resource_registry/Mine"), "mine.yaml");
    validate(&demo, with(json!({}), "resource.inner")).await.expect(200);
    let wrong = validate(&demo, with(json!({"sice": 1}), "out")).await.expect(400);
    let sentence = "Property error: resources.one.properties: Unknown Property sice";
    assert_eq!(error(&wrong), ("HTTPBadRequest", sentence));
    let wrong = validate(&demo, with(json!({}), "nope")).await.expect(400);
    let sentence = "outputs.o.value.get_attr: The Referenced Attribute (one nope) is incorrect.";
    assert_eq!(error(&wrong), ("HTTPBadRequest", sentence));
}

#[tokio::test]
async fn nested_templates_are_read_where_they_are_to_be_shown_and_never_validated() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({
        "template": {"heat_template_version": "rocky", "resources": {
            "outer": {"type": "outer.yaml", "properties": {"size": 5}}}},
        "files": {
            "outer.yaml": "
heat_template_version: rocky
parameters: {size: {type: number, default: 10}}
resources: {inner: {type: inner.yaml, properties: {nobody: {get_param: size}}}}
",
            "inner.yaml": "
heat_template_version: rocky
parameters: {size: {type: number, default: 10}}
resources: {inmost: {type: 'OS::Heat::None'}}
",
        },
    });
    for query in ["", "?show_nested=true"] {
        let path = format!("{}/validate{query}", root(&demo));
        let shown = demo.post(&path, body.clone()).await.expect(200);
        // What only nested templates name is in their environments.
        let registry = json!({"resources": {}, "outer.yaml": "outer.yaml"});
        assert_eq!(shown.body["Environment"]["resource_registry"], registry);
        let inner = "/NestedParameters/outer/NestedParameters/inner/Parameters/size/Default";
        assert_eq!(shown.body.pointer(inner).is_some(), !query.is_empty());
    }
}
