//! Field tables: what an answer shows, from which version on, and to whom.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::microversion::{Mv, Span};
use super::operation::Call;
use crate::policy::{Rule, Target};

/// One field of an answer.
pub struct Field<T> {
    /// Its key.
    pub key: &'static str,
    /// The versions that show it. A list, because fields come, go and return (Nova 2.32, 2.33, 2.42).
    pub versions: &'static [Span],
    /// Who sees it; `None` for everybody who sees the row.
    pub rule: Option<&'static Rule>,
    /// Its value.
    pub render: fn(&T, &Cx<'_>) -> Value,
}

/// An answer's fields in order.
pub struct View<T: 'static>(pub &'static [Field<T>]);

impl<T> View<T> {
    /// The keys that are not for this caller to see.
    pub fn hidden(&self, cx: &Cx<'_>) -> Vec<&'static str> {
        let ruled = self.0.iter().filter(|field| field.rule.is_some_and(|rule| !cx.allows(rule)));
        ruled.map(|field| field.key).collect()
    }

    /// The row as this caller sees it at this version.
    pub fn render(&self, row: &T, cx: &Cx<'_>) -> Value {
        let shown = self.0.iter().filter(|field| {
            field.versions.iter().any(|span| span.contains(cx.version))
                && field.rule.is_none_or(|rule| cx.allows(rule))
        });
        Value::Object(
            shown
                .map(|field| (field.key.to_owned(), (field.render)(row, cx)))
                .collect::<Map<_, _>>(),
        )
    }
}

/// What a field may ask while it renders: version, links, the caller's rights.
pub struct Cx<'a> {
    /// The call that is answered.
    pub call: &'a Call,
    /// Its version.
    pub version: Mv,
    decided: RefCell<HashMap<&'static str, bool>>,
}

impl<'a> Cx<'a> {
    /// For the answer to `call`.
    pub fn new(call: &'a Call) -> Self {
        Self { call, version: call.version, decided: RefCell::default() }
    }

    /// Whether the caller may see what `rule` guards; decided once per answer.
    pub fn allows(&self, rule: &'static Rule) -> bool {
        if let Some(decided) = self.decided.borrow().get(rule.name) {
            return *decided;
        }
        let own = self.call.caller.as_ref().map_or_else(Target::none, Target::own);
        let allowed = self.call.allows(rule, &own);
        self.decided.borrow_mut().insert(rule.name, allowed);
        allowed
    }

    /// Nova's two links of a row: `cx.links("servers", id)`.
    pub fn links(&self, collection: &str, id: &str) -> Value {
        let path = format!("/{collection}/{id}");
        json!([
            {"rel": "self", "href": self.call.links.path(&path)},
            {"rel": "bookmark", "href": self.call.links.bookmark(&path)},
        ])
    }

    /// Nova's one link to a row of another kind: `cx.bookmark("flavors", id)`.
    pub fn bookmark(&self, collection: &str, id: &str) -> Value {
        json!([{"rel": "bookmark", "href": self.call.links.bookmark(&format!("/{collection}/{id}"))}])
    }
}
