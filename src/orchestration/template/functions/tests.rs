use serde_json::json;

use super::*;
use crate::template::snippet::Snippet;
use crate::template::testing::define;
use crate::template::{Definition, Mode, NothingYet, Resolved};

/// Evaluates `value` as an output of a template of that version.
fn outcome(version: &str, value: &Value) -> Result<Resolved> {
    let template = json!({
        "heat_template_version": version,
        "parameters": {
            "text": {"type": "string", "default": "hello"},
            "list": {"type": "comma_delimited_list", "default": "a,b"},
            "json": {"type": "json", "default": {"k": [10, {"deep": "x"}]}},
            "flag": {"type": "boolean", "default": "yes"},
            "unset": {"type": "string"},
        },
        "outputs": {"o": {"value": value}},
    });
    let definition: Definition = define(&template, &json!({}), Mode::Names)?;
    definition.output_value(definition.output("o").unwrap(), &NothingYet)
}

#[track_caller]
fn gives(version: &str, value: &Value, expected: &Value) {
    assert_eq!(outcome(version, value), Ok(Resolved::Known(expected.clone())), "{value}");
}

#[track_caller]
fn refuses(version: &str, value: &Value, sentence: &str) {
    let refusal = outcome(version, value).unwrap_err().to_string();
    assert_eq!(refusal.trim_start_matches("outputs.o.value."), sentence, "{value}");
}

#[test]
fn parameters_are_found_by_path() {
    for (value, expected) in [
        (json!({"get_param": "text"}), json!("hello")),
        (json!({"get_param": ["json", "k", 1, "deep"]}), json!("x")),
        (json!({"get_param": ["list", "1"]}), json!("b")),
        (json!({"get_param": ["json", "nope"]}), json!("")),
        (json!({"get_param": "flag"}), json!(true)),
        (json!({"get_param": "OS::stack_name"}), json!("stack")),
        (json!({"get_param": "OS::project_id"}), json!("project")),
    ] {
        gives("2018-08-31", &value, &expected);
    }
    refuses(
        "2018-08-31",
        &json!({"get_param": "unset"}),
        "The Parameter (unset) was not provided.",
    );
    refuses("2018-08-31", &json!({"get_param": []}), "Function \"get_param\" must have arguments");
}

#[test]
fn keys_are_replaced_longest_first_and_once() {
    let replace = |name: &str, template: &str, params: Value| json!({name: {"template": template, "params": params}});
    for (value, expected) in [
        (replace("str_replace", "$a $ab", json!({"$a": 1, "$ab": "$a"})), "1 $a"),
        (replace("str_replace", "x", json!({"x": null})), ""),
        (replace("str_replace", "x", json!({"x": true})), "True"),
        (replace("str_replace", "x", json!({"x": {"b": 1, "a": [2]}})), "{\"a\": [2], \"b\": 1}"),
        (replace("str_replace_strict", "x", json!({"x": ""})), ""),
    ] {
        gives("2018-08-31", &value, &json!(expected));
    }
    refuses(
        "2018-08-31",
        &replace("str_replace_strict", "x", json!({"x": 1, "y": 2, "zz": 3})),
        "The following params were not found in the template: zz,y",
    );
    refuses(
        "2018-08-31",
        &replace("str_replace_vstrict", "x", json!({"x": []})),
        "str_replace_vstrict has an undefined or empty value for param x, must be a defined \
         non-empty value",
    );
    refuses(
        "2013-05-23",
        &replace("str_replace", "x", json!({"x": [1]})),
        "\"str_replace\" params must be strings or numbers, param x is not valid",
    );
    refuses(
        "2018-08-31",
        &json!({"str_replace": {"template": "x"}}),
        "str_replace: '\"str_replace\" syntax should be str_replace:\\n              template: \
         This is var1 template var2\\n              params:\\n                var1: a\\n                \
         var2: string'",
    );
    gives("2013-05-23", &json!({"Fn::Replace": [{"a": "b"}, "aa"]}), &json!("bb"));
}

#[test]
fn lists_are_joined_split_and_selected() {
    for (value, expected) in [
        (json!({"list_join": ["-", ["a", null], ["b"]]}), json!("a--b")),
        (json!({"list_join": ["", ["a", {"x": 1}]]}), json!("a{\"x\": 1}")),
        (json!({"list_join": [",", {"get_param": "list"}]}), json!("a,b")),
        (json!({"str_split": [",", "a,b"]}), json!(["a", "b"])),
        (json!({"str_split": [",", "a,b", -1]}), json!("b")),
        (json!({"list_concat": [["a"], null, ["a", 1]]}), json!(["a", "a", 1])),
        (json!({"list_concat_unique": [["a"], ["a", 1, 1.0]]}), json!(["a", 1])),
        (json!({"filter": [[null, ""], ["a", "", null]]}), json!(["a"])),
        (json!({"contains": ["a", ["a"]]}), json!(true)),
        (json!({"contains": ["x", "text"]}), json!(true)),
    ] {
        gives("2018-08-31", &value, &expected);
    }
    for (value, sentence) in [
        (json!({"list_join": ["", [1]]}), "Items to join must be string, map or list not 1"),
        (json!({"list_join": ["", "a"]}), "\"list_join\" must operate on a list"),
        (
            json!({"str_split": [",", "a", 3]}),
            "Incorrect index to \"str_split\" should be between 0 and 0",
        ),
        (
            json!({"filter": [1]}),
            "filter: \"filter\" expected 2 arguments of the form [values, sequence] but got 1 \
             arguments instead",
        ),
        (
            json!({"list_concat": [[1], "b"]}),
            "Incorrect arguments: Items to concat must be lists. [[1], \"b\"] contains an item \
             that is not a list: \"b\"",
        ),
    ] {
        refuses("2018-08-31", &value, sentence);
    }
    gives("2013-05-23", &json!({"Fn::Split": [",", "a,b"]}), &json!(["a", "b"]));
    gives("2013-05-23", &json!({"Fn::Select": ["k", {"k": 1}]}), &json!(1));
    gives("2013-05-23", &json!({"Fn::Select": [7, "[1]"]}), &json!(""));
    refuses("2013-05-23", &json!({"list_join": ["", [1]]}), "Items to join must be strings not 1");
    gives(
        "2013-05-23",
        &json!({"Fn::MemberListToMap": ["Name", "Value", [
            ".member.1.Name=b", ".member.1.Value=x=y", ".member.0.Name=a", ".member.0.Value=1",
        ]]}),
        &json!({"a": "1", "b": "x=y"}),
    );
}

#[test]
fn maps_are_merged_and_replaced() {
    for (value, expected) in [
        (json!({"map_merge": [{"a": 1, "b": 1}, null, {"b": 2}]}), json!({"a": 1, "b": 2})),
        (
            json!({"map_replace": [
                {"k1": "v1", "k2": "v2"}, {"keys": {"k1": "K1"}, "values": {"v2": "V2"}},
            ]}),
            json!({"K1": "v1", "k2": "V2"}),
        ),
    ] {
        gives("2018-08-31", &value, &expected);
    }
    refuses(
        "2018-08-31",
        &json!({"map_replace": [{"a": 1, "b": 2}, {"keys": {"a": "b"}}]}),
        "key replacement b collides with a key in the input map",
    );
    refuses(
        "2018-08-31",
        &json!({"map_merge": [["x"]]}),
        "Incorrect arguments: Items to merge must be maps. ['x'] is type <class 'list'> instead \
         of a dict",
    );
}

#[test]
fn templates_are_repeated() {
    let repeat = |rest: Value| json!({"repeat": rest});
    for (version, value, expected) in [
        (
            "2015-04-30",
            repeat(json!({"template": {"%p%": "port %p%"}, "for_each": {"%p%": ["80", "443"]}})),
            json!([{"80": "port 80"}, {"443": "port 443"}]),
        ),
        (
            "2016-10-14",
            repeat(json!({"template": "%x%%y%", "for_each": {"%x%": {"a": 1}, "%y%": ["1", "2"]}})),
            json!(["a1", "a2"]),
        ),
        (
            "2018-08-31",
            repeat(json!({
                "template": "%x%%y%", "permutations": false,
                "for_each": {"%x%": ["a", "b"], "%y%": ["1", "2"]},
            })),
            json!(["a1", "b2"]),
        ),
        ("2018-08-31", repeat(json!({"template": 1, "for_each": {"x": null}})), json!([])),
    ] {
        gives(version, &value, &expected);
    }
    refuses(
        "2015-04-30",
        &repeat(json!({"template": "x", "for_each": {"x": {"a": 1}}})),
        "The values of the \"for_each\" argument to \"repeat\" must be lists",
    );
    refuses(
        "2015-04-30",
        &repeat(json!({"template": "x", "for_each": {"x": [80]}})),
        "replace() argument 2 must be str, not int",
    );
    refuses(
        "2018-08-31",
        &repeat(json!({"template": "x", "for_each": []})),
        "repeat: The \"for_each\" argument to \"repeat\" must contain a map",
    );
    let long: Vec<usize> = (0..200).collect();
    let each = json!({"a": long, "b": long, "c": long});
    let refusal = outcome("2018-08-31", &repeat(json!({"template": "x", "for_each": each})));
    assert!(refusal.is_err());
}

#[test]
fn an_if_without_an_else_leaves_out() {
    let value = json!({"list": ["a", {"if": [false, "b"]}], "key": {"if": [false, 1]}});
    gives("wallaby", &value, &json!({"list": ["a"]}));
    gives("wallaby", &json!({"if": [false, 1]}), &json!(null));
    gives("wallaby", &json!({"if": [{"equals": [1, 1]}, {"get_param": "text"}]}), &json!("hello"));
    refuses(
        "2018-08-31",
        &json!({"if": [false, 1]}),
        "if: Arguments to \"if\" must be of the form: [condition_name, value_if_true, \
         value_if_false]",
    );
    refuses("2018-08-31", &json!({"if": ["nope", 1, 2]}), "if: Invalid condition \"nope\"");
}

#[test]
fn urls_are_escaped() {
    let url = |parts: Value| json!({"make_url": parts});
    for (parts, expected) in [
        (
            json!({"scheme": "http", "username": "us er", "password": "p@ss", "host": "::1",
                   "port": 80, "path": "/a b", "query": {"q": "x y/z"}, "fragment": "f"}),
            "http://us%20er:p%40ss@[::1]:80/a%20b?q=x+y/z#f",
        ),
        (json!({"host": "example.com", "path": "foo"}), "//example.com/foo"),
        (json!({"path": "/foo"}), "/foo"),
        (json!({"scheme": "http", "fragment": "f"}), "http://#f"),
    ] {
        gives("2018-08-31", &url(parts), &json!(expected));
    }
    for (parts, sentence) in [
        (json!({"hots": "a"}), "make_url: Invalid arguments to \"make_url\": hots"),
        (json!({"port": 0}), "make_url: Invalid URL port 0, must be in range 1-65535"),
        (
            json!({"port": "http"}),
            "make_url: Invalid URL port \"http\" for make_url called with {'port': 'http'}",
        ),
        (json!({"host": 1}), "make_url: The \"host\" argument to \"make_url\" must be a string"),
        (json!({"scheme": "a:"}), "URL \"scheme\" should not contain ':'"),
    ] {
        refuses("2018-08-31", &url(parts), sentence);
    }
}

#[test]
fn texts_are_hashed_and_files_included() {
    for (value, expected) in [
        (json!({"digest": ["MD5", "foo"]}), "acbd18db4cc2f85cedef654fccc4a4d8"),
        (json!({"digest": ["sha1", "é"]}), "1599e9fa41ec68c80230491902786bee889f5bcb"),
        (json!({"get_file": "greet.sh"}), "echo hello"),
    ] {
        gives("2018-08-31", &value, &json!(expected));
    }
    refuses(
        "2018-08-31",
        &json!({"get_file": "nope"}),
        "No content found in the \"files\" section for get_file path: nope",
    );
}

#[test]
fn a_version_knows_its_functions_only() {
    let names =
        |edition| -> Vec<&str> { list(edition, false).into_iter().map(|(name, _)| name).collect() };
    let counts = [
        (Edition::Aws20100909, 12),
        (Edition::Heat20121212, 11),
        (Edition::Hot20130523, 16),
        (Edition::Hot20141016, 8),
        (Edition::Hot20150430, 10),
        (Edition::Hot20151015, 10),
        (Edition::Hot20160408, 11),
        (Edition::Hot20161014, 14),
        (Edition::Hot20170224, 16),
        (Edition::Hot20170901, 21),
        (Edition::Hot20210416, 21),
    ];
    for (edition, count) in counts {
        assert_eq!(names(edition).len(), count, "{edition:?}: {:?}", names(edition));
    }
    // What Heat 27 lists for rocky, in its order.
    assert_eq!(
        names(Edition::Hot20180831),
        [
            "get_attr",
            "get_file",
            "get_param",
            "get_resource",
            "list_join",
            "repeat",
            "resource_facade",
            "str_replace",
            "digest",
            "str_split",
            "map_merge",
            "yaql",
            "map_replace",
            "if",
            "filter",
            "str_replace_strict",
            "make_url",
            "list_concat",
            "str_replace_vstrict",
            "list_concat_unique",
            "contains",
        ]
    );
    let with_conditions = list(Edition::Hot20180831, true);
    let conditions: Vec<_> = with_conditions.iter().skip(21).map(|(name, _)| *name).collect();
    assert_eq!(conditions, ["equals", "not", "and", "or"]);
    gives("2013-05-23", &json!({"digest": ["md5", "x"]}), &json!({"digest": ["md5", "x"]}));
    gives("2013-05-23", &json!({"Fn::Join": ["", ["a", "b"]]}), &json!("ab"));
    refuses(
        "2014-10-16",
        &json!({"Fn::Join": ["", []]}),
        "Fn::Join: The template version is invalid: The function Fn::Join is not supported in \
         this version of HOT.",
    );
    gives("2014-10-16", &json!({"Fn::GetAtt": ["a", "b"]}), &json!({"Fn::GetAtt": ["a", "b"]}));
}

#[test]
fn snippets_turn_back_into_what_was_written() {
    let value = json!({"list_join": ["", [{"get_param": "text"}, 1, {"a": null}]]});
    let template = json!({"heat_template_version": "pike", "outputs": {"o": {"value": value}}});
    let definition = define(&template, &json!({}), Mode::Names).unwrap();
    let snippet: &Snippet = definition.output("o").unwrap().value.as_ref().unwrap();
    assert_eq!(snippet.to_value(), value);
}
