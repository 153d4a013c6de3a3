//! Text → value: the events of the parser, YAML 1.1 as `PyYAML`'s safe loader reads it.
//!
//! [`super::parse`] and [`super::environment`] are the callers. A document is one value: maps keep
//! the order of their keys, a key that comes twice has its last value, `<<` merges, keys that are
//! no text become what JSON would make of them. **Invariant:** the result of a small text is
//! small, whatever its aliases say, and no text nests deeper than [`MAX_DEPTH`].

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::{Map, Value};

use super::error::{Error, Result};
use super::python;
use super::scalars::{self, Kind};

/// Python's own reader gives up a little deeper.
const MAX_DEPTH: usize = 100;
/// How much aliases may add to a document, in bytes and nodes; a template may have 512 KiB.
const MAX_COPIED: usize = 4 << 20;
/// What a node weighs beside its text.
const NODE_WEIGHT: usize = 16;

/// How many quoted scalars of a text may be indented less than YAML 1.2 wants.
const MAX_MENDED: usize = 100;
/// What the parser says of such a scalar.
const BADLY_INDENTED: &str = "invalid indentation in quoted scalar";

/// Reads one document; an empty text is null. The sentence of a refusal names line and column.
pub(crate) fn load(text: &str) -> Result<Value> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_MENDED {
        let fault = match Loader::new(&text).document() {
            Ok(value) => return Ok(value),
            Err(fault) => fault,
        };
        match fault.mended(&text) {
            Some(better) => text = Cow::Owned(better),
            None => return Err(Error::value(fault.shown(&text))),
        }
    }
    Err(Error::value(BADLY_INDENTED))
}

/// Why a text is not YAML, and where.
struct Fault {
    what: String,
    /// Line and column, from 1; none if it is nowhere in particular.
    place: Option<(usize, usize)>,
}

impl Fault {
    fn new(what: impl Into<String>, marker: &Marker) -> Self {
        Self { what: what.into(), place: Some((marker.line(), marker.col() + 1)) }
    }

    /// The sentence with the line in question and a pointer below it, as `PyYAML` prints it.
    fn shown(&self, text: &str) -> String {
        let Some((line, column)) = self.place else { return self.what.clone() };
        let whole = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let (quoted, pointer) = around(whole, column);
        format!(
            "{}\n  in \"<unicode string>\", line {line}, column {column}:\n    {quoted}\n    {:>pointer$}",
            self.what, "^"
        )
    }
}

impl Fault {
    /// `PyYAML` lets the further lines of a quoted scalar begin anywhere, the parser does not: the
    /// same text with those lines moved to the right, which changes nothing in the scalar.
    fn mended(&self, text: &str) -> Option<String> {
        let (line, column) = self.place.filter(|_| self.what == BADLY_INDENTED)?;
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let tail = text.get(start..)?;
        let start = start + tail.char_indices().nth(column - 1)?.0;
        let scalar = text.get(start..)?;
        let quote = scalar.chars().next().filter(|char| ['"', '\''].contains(char))?;
        let end = closing(scalar, quote)?;
        let (scalar, rest) = (scalar.get(..end)?, scalar.get(end..)?);
        let moved = scalar.replace('\n', &format!("\n{:column$}", ""));
        (moved != scalar).then(|| format!("{}{moved}{rest}", text.get(..start).unwrap_or_default()))
    }
}

/// Where the quoted scalar at the start of the text ends.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        let doubled = char == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'');
        if (quote == '"' && char == '\\') || (quote == '\'' && doubled) {
            chars.next();
        } else if char == quote {
            return Some(at);
        }
    }
    None
}

/// As much of a long line as helps, and where `column` is in it.
fn around(line: &str, column: usize) -> (String, usize) {
    const REACH: usize = 36;
    const CUT: &str = " ... ";
    let skipped = column.saturating_sub(REACH);
    let mut shown: String = line.chars().skip(skipped).take(2 * REACH).collect();
    if line.chars().count() > skipped + 2 * REACH {
        shown.push_str(CUT);
    }
    if skipped == 0 {
        return (shown, column);
    }
    (format!("{CUT}{shown}"), column - skipped + CUT.len())
}

impl From<ScanError> for Fault {
    fn from(error: ScanError) -> Self {
        Self::new(error.info(), error.marker())
    }
}

/// A value and what copying it costs.
#[derive(Clone)]
struct Node {
    value: Value,
    weight: usize,
}

struct Loader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Node>,
    copied: usize,
    depth: usize,
}

type Next<'a> = (Event<'a>, Span);

impl<'a> Loader<'a> {
    fn new(text: &'a str) -> Self {
        let parser = Parser::new_from_str(text);
        Self { parser, anchors: HashMap::new(), copied: 0, depth: 0 }
    }

    fn next(&mut self) -> Result<Next<'a>, Fault> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(error.into()),
            None => Err(Fault { what: "the document ends early".to_owned(), place: None }),
        }
    }

    fn document(&mut self) -> Result<Value, Fault> {
        let mut found = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(found.unwrap_or(Value::Null)),
                (Event::DocumentStart(_), span) if found.is_some() => {
                    let what =
                        "expected a single document in the stream\nbut found another document";
                    return Err(Fault::new(what, &span.start));
                }
                (
                    Event::Nothing
                    | Event::StreamStart
                    | Event::DocumentStart(_)
                    | Event::DocumentEnd,
                    _,
                ) => {}
                next => found = Some(self.node(next)?.value),
            }
        }
    }

    fn node(&mut self, (event, span): Next<'a>) -> Result<Node, Fault> {
        let at = span.start;
        let (anchor, node) = match event {
            Event::Alias(anchor) => return self.alias(anchor, &at),
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref(), &at)?;
                (anchor, Node { value, weight: NODE_WEIGHT + text.len() })
            }
            Event::SequenceStart(anchor, tag) => {
                expect_tag(tag.as_deref(), "seq", &at)?;
                (anchor, self.nested(&at, Self::sequence)?)
            }
            Event::MappingStart(anchor, tag) => {
                expect_tag(tag.as_deref(), "map", &at)?;
                (anchor, self.nested(&at, Self::mapping)?)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err(Fault::new("a value is missing", &at)),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// Copies what the alias names. A few lines of aliases to aliases can name more than a
    /// machine holds, hence the account of what was copied.
    fn alias(&mut self, anchor: usize, at: &Marker) -> Result<Node, Fault> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(Fault::new("found undefined alias", at));
        };
        self.copied += node.weight;
        if self.copied > MAX_COPIED {
            return Err(Fault::new("aliases make the document too large", at));
        }
        Ok(node.clone())
    }

    fn nested(
        &mut self,
        at: &Marker,
        read: fn(&mut Self) -> Result<Node, Fault>,
    ) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::new("the document is nested too deeply", at));
        }
        let node = read(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn sequence(&mut self) -> Result<Node, Fault> {
        let mut items = Vec::new();
        let mut weight = NODE_WEIGHT;
        loop {
            let next = self.next()?;
            if matches!(next.0, Event::SequenceEnd) {
                return Ok(Node { value: Value::Array(items), weight });
            }
            let node = self.node(next)?;
            weight += node.weight;
            items.push(node.value);
        }
    }

    fn mapping(&mut self) -> Result<Node, Fault> {
        let mut merged = Map::new();
        let mut own = Map::new();
        let mut weight = NODE_WEIGHT;
        loop {
            let next = self.next()?;
            if matches!(next.0, Event::MappingEnd) {
                merged.extend(own);
                return Ok(Node { value: Value::Object(merged), weight });
            }
            let at = next.1.start;
            let is_merge = is_merge(&next.0);
            let key = self.node(next)?;
            let next = self.next()?;
            let member = self.node(next)?;
            weight += key.weight + member.weight;
            if is_merge {
                merge(member.value, &mut merged, &at)?;
            } else {
                own.insert(key_text(key.value, &at)?, member.value);
            }
        }
    }
}

/// `<<`, unquoted.
fn is_merge(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<")
}

/// Puts the members of `source`, a map or a list of maps, into `merged`. The first map of a list
/// wins, so the last one goes in first.
fn merge(source: Value, merged: &mut Map<String, Value>, at: &Marker) -> Result<(), Fault> {
    let maps = match source {
        Value::Array(maps) => maps,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            vec![source]
        }
    };
    for map in maps.into_iter().rev() {
        let Value::Object(members) = map else {
            let what = "expected a mapping or list of mappings for merging";
            return Err(Fault::new(what, at));
        };
        merged.extend(members);
    }
    Ok(())
}

/// A key as JSON writes it.
fn key_text(key: Value, at: &Marker) -> Result<String, Fault> {
    match key {
        Value::String(text) => Ok(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(python::dumps(&key)),
        Value::Array(_) | Value::Object(_) => {
            Err(Fault::new("while constructing a mapping\nfound unhashable key", at))
        }
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, at: &Marker) -> Result<Value, Fault> {
    let kind = match tag {
        None if style == ScalarStyle::Plain => scalars::kind(text),
        None => Kind::Text,
        Some(tag) => tagged(tag, at)?,
    };
    scalars::value(kind, text)
        .ok_or_else(|| Fault::new(format!("{text:?} does not fit its tag"), at))
}

fn tagged(tag: &Tag, at: &Marker) -> Result<Kind, Fault> {
    match (tag.is_yaml_core_schema(), tag.suffix.as_str()) {
        (true, "str" | "timestamp") => Ok(Kind::Text),
        (true, "null") => Ok(Kind::Null),
        (true, "bool") => Ok(Kind::Bool),
        (true, "int") => Ok(Kind::Int),
        (true, "float") => Ok(Kind::Float),
        (false, "!") if tag.handle.is_empty() => Ok(Kind::Text),
        _ => Err(unknown_tag(tag, at)),
    }
}

fn expect_tag(tag: Option<&Tag>, name: &str, at: &Marker) -> Result<(), Fault> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && tag.suffix == name) => {
            Err(unknown_tag(tag, at))
        }
        _ => Ok(()),
    }
}

fn unknown_tag(tag: &Tag, at: &Marker) -> Fault {
    let name = format!("{}{}", tag.handle, tag.suffix);
    Fault::new(format!("could not determine a constructor for the tag '{name}'"), at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refuses(text: &str, sentence: &str) {
        let refusal = load(text).unwrap_err().to_string();
        assert!(refusal.contains(sentence), "{refusal}");
    }

    #[test]
    fn a_template_is_read_in_order() {
        let text = "heat_template_version: 2015-04-30\nparameters:\n  b: {default: 010}\n  a: {}\n";
        let value = load(text).unwrap();
        assert_eq!(
            value,
            json!({"heat_template_version": "2015-04-30",
                   "parameters": {"b": {"default": 8}, "a": {}}})
        );
        let names: Vec<_> = value["parameters"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["b", "a"]);
    }

    #[test]
    fn quoted_and_block_scalars_are_text() {
        let text = "a: '010'\nb: \"yes\"\nc: |\n  1\nd: >\n  one\n  two\n";
        let expected = json!({"a": "010", "b": "yes", "c": "1\n", "d": "one two\n"});
        assert_eq!(load(text), Ok(expected));
    }

    #[test]
    fn quoted_scalars_go_on_wherever_they_like() {
        let text = "a:\n  b: \"one\n two\n\nthree \\\" four\"\n  c: 'it''s\nfine'\n";
        let expected = json!({"a": {"b": "one two\nthree \" four", "c": "it's fine"}});
        assert_eq!(load(text), Ok(expected));
        refuses("a: \"one\ntwo", "");
    }

    #[test]
    fn an_empty_text_is_null() {
        assert_eq!(load(""), Ok(json!(null)));
        assert_eq!(load("# nothing\n"), Ok(json!(null)));
    }

    #[test]
    fn keys_become_text_and_the_last_of_a_kind_counts() {
        let text = "80: http\ntrue: t\n~: n\na: 1\nb: 2\na: 3\n";
        let expected = json!({"80": "http", "true": "t", "null": "n", "a": 3, "b": 2});
        assert_eq!(load(text), Ok(expected));
    }

    #[test]
    fn merge_keys_merge() {
        let text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  b: 3\n  <<: [*x, *y]\n";
        assert_eq!(load(text).unwrap()["z"], json!({"b": 3, "c": 2, "a": 1}));
        refuses("a: {<<: 1}", "expected a mapping or list of mappings for merging");
        assert_eq!(load("'<<': 1"), Ok(json!({"<<": 1})));
    }

    #[test]
    fn tags_decide() {
        assert_eq!(load("[!!str 1, !!int '2', !!float 3, ! 4]"), Ok(json!(["1", 2, 3.0, "4"])));
        refuses("a: !Ref b", "could not determine a constructor for the tag '!Ref'");
        refuses("a: !!int b", "does not fit its tag");
    }

    #[test]
    fn a_fault_is_shown_where_it_is() {
        refuses("a: 1\nb: *c\n", "line 2, column 4:\n    b: *c\n       ^");
        refuses("not: [valid", "in \"<unicode string>\", line ");
        refuses("a: 1\n---\nb: 2\n", "expected a single document");
        refuses("{[1]: 2}", "unhashable key");
        refuses("&a [*a]", "alias");
    }

    #[test]
    fn a_billion_laughs_are_refused() {
        let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for level in 1..12 {
            let below = vec![format!("*a{}", level - 1); 9].join(", ");
            let line = format!("a{level}: &a{level} [{below}]\n");
            text.push_str(&line);
        }
        refuses(&text, "too large");
    }

    #[test]
    fn depth_is_bounded() {
        refuses(&"[".repeat(120), "nested too deeply");
        refuses(&"[".repeat(5000), "recursion limit exceeded");
        refuses(&"- ".repeat(5000), "nested too deeply");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            load(&text).ok();
        }

        #[test]
        fn no_yaml_like_text_makes_it_panic(text in "[-a0:{}\\[\\],&*!|>'\"#?<~% \n]{0,80}") {
            load(&text).ok();
        }
    }
}
