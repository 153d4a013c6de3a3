use proptest::prelude::*;
use serde_json::json;

use super::*;

fn run(expression: &str, data: &Value) -> Result<Value> {
    let parsed = parsed("yaql", &json!(expression))?;
    evaluate::run(&parsed, json!({"data": data}))
}

#[track_caller]
fn gives(expression: &str, data: &Value, expected: Value) {
    assert_eq!(run(expression, data), Ok(expected), "{expression}");
}

#[test]
fn values_are_reached_and_computed() {
    for (expression, data, expected) in [
        ("$.data.a.b", json!({"a": {"b": 1}}), json!(1)),
        ("$.data.a.n", json!({"a": [{"n": 1}, {"n": 2}]}), json!([1, 2])),
        ("$.data.a?.b", json!({"a": null}), json!(null)),
        ("$.data.a[-1] + $.data.m[x]", json!({"a": [1, 2], "m": {"x": 3}}), json!(5)),
        ("int($.data.s) + 1 = 4 and not false", json!({"s": "3"}), json!(true)),
        ("1 + 2 * 3 - 7 mod 4", json!({}), json!(4)),
        ("1 / 2", json!({}), json!(0)),
        ("-7 / 2 + -7 mod 2", json!({}), json!(-3)),
        ("1.5 + 1", json!({}), json!(2.5)),
        ("$.data.a and 5", json!({"a": 0}), json!(0)),
        ("'a\\'b' + \"c\" + `d\\`", json!({}), json!("a'bcd\\")),
        ("{a => 1, 'b' => [2]} + {c => -3}", json!({}), json!({"a": 1, "b": [2], "c": -3})),
        ("let(root => $, x => 2) -> $root.data.a * $x", json!({"a": 5}), json!(10)),
        ("switch($.data.a = 1 => one, true => other)", json!({"a": 2}), json!("other")),
    ] {
        gives(expression, &data, expected);
    }
}

#[test]
fn lists_are_worked_on() {
    for (expression, data, expected) in [
        ("$.data.where($ > 1).select($ * 2)", json!([1, 2, 3]), json!([4, 6])),
        ("$.data.where($ != null).flatten().distinct()", json!([[1], [1, 2], null]), json!([1, 2])),
        ("coalesce($.data.a, $.data.b, [])", json!({"a": null, "b": null}), json!([])),
        ("dict($.data.select([$.k, $.v]))", json!([{"k": "a", "v": 1}]), json!({"a": 1})),
        ("$.data.toDict($.k, $.v)", json!([{"k": "a", "v": 1}]), json!({"a": 1})),
        ("$.data.where($.k = x).select($.v).first('')", json!([{"k": "y"}]), json!("")),
        ("$.data.aggregate($1 + $2, 0) + $.data.sum()", json!([1, 2]), json!(6)),
        ("$.data.orderBy(-$)", json!([1, 3, 2]), json!([3, 2, 1])),
        ("$.data.groupBy($.k)", json!([{"k": 1, "v": 2}]), json!([[1, [{"k": 1, "v": 2}]]])),
        ("$.data.zip($.data.reverse()).first()", json!([1, 2]), json!([1, 2])),
        ("len($.data) + $.data.max()", json!([4, 9]), json!(11)),
        ("$.data.any($ = 2) and not $.data.all($ = 2)", json!([1, 2]), json!(true)),
        ("range(1, 4).skip(1).take(1)", json!({}), json!([2])),
        ("'a' in $.data", json!(["a"]), json!(true)),
    ] {
        gives(expression, &data, expected);
    }
}

#[test]
fn maps_and_texts_are_worked_on() {
    for (expression, data, expected) in [
        ("$.data.get(x, 5)", json!({}), json!(5)),
        ("$.data.keys().join(',')", json!({"a": 1, "b": 2}), json!("a,b")),
        ("$.data.values().sum()", json!({"a": 1, "b": 2}), json!(3)),
        (
            "$.data.a.mergeWith($.data.b)",
            json!({"a": {"x": {"y": 1}}, "b": {"x": {"z": 2}}}),
            json!({"x": {"y": 1, "z": 2}}),
        ),
        ("$.data.set(b, 1).delete(a)", json!({"a": 1}), json!({"b": 1})),
        ("$.data.rightSplit('.', 1)[0]", json!("a.b.c"), json!("a.b")),
        ("$.data.toLower().split('-')[-1]", json!("A-B"), json!("b")),
        ("$.data.replace(x, y).trim()", json!(" x "), json!("y")),
        ("$.data.matches('b+')", json!("abbc"), json!(true)),
        ("str(1) + concat(a, b)", json!({}), json!("1ab")),
    ] {
        gives(expression, &data, expected);
    }
}

#[test]
fn wrong_expressions_are_refused() {
    let deep = "(".repeat(200);
    for (expression, data, sentence) in [
        ("bad(", json!({}), "Bad expression Parse error: unexpected end of statement."),
        (
            "'it''s'",
            json!({}),
            "Bad expression Parse error: unexpected 's' at position 4 of expression ''it''s''.",
        ),
        ("nosuch(1)", json!({}), "Unknown function \"nosuch\""),
        ("$.data.nosuch()", json!({}), "Unknown method \"nosuch\" for receiver {}"),
        ("$.data.x", json!({}), "'x'"),
        ("1 > a", json!({}), "No function \"#operator_>\" matches supplied arguments"),
        ("$.data.sum()", json!("x"), "No method \"sum\" for receiver x matches supplied arguments"),
        ("range(300)", json!({}), "Collection length exceeds 200 elements"),
        ("1 / 0", json!({}), "division by zero"),
        (
            "let(a => '0123456789', b => range(200)) -> $b.select($a).join($a + $a + $a + $a + $a)",
            json!({}),
            "Expression consumed too much memory",
        ),
        (
            "range(200).select(range(200).select(range(200).len()).sum())",
            json!({}),
            "Expression took too much work",
        ),
        (
            "let(a => range(200)) -> let(a => [$a, $a, $a, $a, $a, $a, $a, $a]) -> \
             let(a => [$a, $a, $a, $a, $a, $a, $a, $a]) -> \
             let(a => [$a, $a, $a, $a, $a, $a, $a, $a]) -> \
             let(a => [$a, $a, $a, $a, $a, $a, $a, $a]) -> $a.len()",
            json!({}),
            "Expression took too much work",
        ),
    ] {
        assert_eq!(run(expression, &data).unwrap_err().to_string(), sentence, "{expression}");
    }
    assert!(run(&deep, &json!({})).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[$a.(){}\\[\\],=>+*/'\" 0-9-]{0,60}") {
        run(&text, &json!({"a": [1, {"a": 2}]})).ok();
    }
}
