//! JSON values as the XML of Amazon's APIs. PURE; knows no names of theirs.

use std::fmt::Write as _;

use serde_json::Value;

use super::pyrepr::Str;

/// An element of that name: an object's members are elements, an array's are called `member`.
/// All else is text as Python prints it, because upstream does.
pub fn element(name: &str, content: &Value) -> String {
    let mut text = String::new();
    write(&mut text, &in_names(name), content);
    text
}

fn write(text: &mut String, name: &str, content: &Value) {
    let _ = write!(text, "<{name}>");
    match content {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| write(text, &in_names(name), member));
        }
        Value::Array(items) => items.iter().for_each(|item| write(text, "member", item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&escaped(&Str(content).to_string()));
        }
    }
    let _ = write!(text, "</{name}>");
}

/// A key as the name of an element; upstream makes dots of the colons that would be namespaces.
fn in_names(key: &str) -> String {
    let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let dotted = key.replace(':', ".");
    let name: String =
        dotted.chars().map(|letter| if allowed(letter) { letter } else { '_' }).collect();
    let begins = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    if begins { name } else { format!("_{name}") }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // No XML can hold these.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_have_members_and_python_prints_the_rest() {
        let value = json!({"A": [{"b:c": "<&>"}, {"1 x": null}], "Flag": true});
        assert_eq!(
            element("R", &value),
            "<R><A><member><b.c>&lt;&amp;&gt;</b.c></member><member><_1_x>None</_1_x></member></A>\
             <Flag>True</Flag></R>"
        );
    }
}
