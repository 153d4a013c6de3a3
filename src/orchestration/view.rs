//! What the views of this service share. Heat has no microversions, so every field is always
//! there.

use kit::http::{ALWAYS, Call, Cx, Field};
use serde_json::{Value, json};

/// A field that everybody sees.
pub(crate) const fn field<T>(key: &'static str, render: fn(&T, &Cx<'_>) -> Value) -> Field<T> {
    Field { key, versions: &[ALWAYS], rule: None, render }
}

/// One link: `link(cx, "self", "/<project>/stacks/web/…")`.
pub(crate) fn link(cx: &Cx<'_>, rel: &str, path: &str) -> Value {
    json!({"href": url(cx.call, path), "rel": rel})
}

/// The URL of a path that begins with a project: that of the thing, whichever was asked.
pub(crate) fn url(call: &Call, path: &str) -> String {
    format!("{}{path}", call.links.version_root())
}

/// webob's body of an answer that carries no content of its own; `text` is its explanation.
pub(crate) fn webob(code: &str, title: &str, text: &str) -> Value {
    json!({"message": text, "code": format!("{code} {title}"), "title": title})
}

/// The answer to a change that goes on after it.
pub(crate) fn accepted() -> Value {
    let text = "The request is accepted for processing.<br /><br />\n\n\n";
    webob("202", "Accepted", text)
}
