//! JSON values as Python prints them.
//!
//! OpenStack's error sentences quote the offending value with Python's `repr` or `str`, and
//! Keystone and Glance pretty-print whole schemas with `pprint`. Clients match on those texts.
//! [`super::wording`] and the contract's sentences are the callers. Nothing here knows OpenStack.

use std::fmt::{self, Display, Formatter, Write as _};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Number, Value};

/// `repr(value)`: strings in quotes.
#[derive(Clone, Copy, Debug)]
pub struct Repr<'a>(pub &'a Value);

/// `str(value)`: a bare string as it is, anything else as [`Repr`].
#[derive(Clone, Copy, Debug)]
pub struct Str<'a>(pub &'a Value);

/// `repr(text)`.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl Display for Repr<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Number(number) => write_number(f, number),
            Value::String(text) => Quoted(text).fmt(f),
            Value::Array(items) => {
                f.write_char('[')?;
                write_separated(f, items, |f, item| Repr(item).fmt(f))?;
                f.write_char(']')
            }
            Value::Object(members) => {
                f.write_char('{')?;
                write_separated(f, members, |f, (key, value)| {
                    write!(f, "{}: {}", Quoted(key), Repr(value))
                })?;
                f.write_char('}')
            }
        }
    }
}

impl Display for Str<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            Some(text) => f.write_str(text),
            None => Repr(self.0).fmt(f),
        }
    }
}

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('\'') && !self.0.contains('"') { '"' } else { '\'' };
        f.write_char(quote)?;
        for char in self.0.chars() {
            write_char(f, char, quote)?;
        }
        f.write_char(quote)
    }
}

fn write_separated<T>(
    f: &mut Formatter<'_>,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    Ok(())
}

fn write_char(f: &mut Formatter<'_>, char: char, quote: char) -> fmt::Result {
    match char {
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\t' => f.write_str("\\t"),
        '\\' => f.write_str("\\\\"),
        _ if char == quote => write!(f, "\\{char}"),
        _ if is_printable(char) => f.write_char(char),
        '\0'..='\u{ff}' => write!(f, "\\x{:02x}", u32::from(char)),
        '\u{100}'..='\u{ffff}' => write!(f, "\\u{:04x}", u32::from(char)),
        _ => write!(f, "\\U{:08x}", u32::from(char)),
    }
}

/// What Python's `str.isprintable` says: no control, format, unassigned or blank character,
/// except the space.
fn is_printable(char: char) -> bool {
    static UNPRINTABLE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"[\p{C}\p{Z}]").ok());
    if char.is_ascii() {
        return char == ' ' || char.is_ascii_graphic();
    }
    let text = char.encode_utf8(&mut [0; 4]).to_owned();
    !UNPRINTABLE.as_ref().is_some_and(|regex| regex.is_match(&text))
}

fn write_number(f: &mut Formatter<'_>, number: &Number) -> fmt::Result {
    match number.as_f64() {
        Some(float) if number.is_f64() => write_float(f, float),
        _ => number.fmt(f),
    }
}

/// Both languages print the shortest digits that read back; they differ in when the exponent
/// comes and how it looks: `1e+16`, `1e-05`.
fn write_float(f: &mut Formatter<'_>, float: f64) -> fmt::Result {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        exponent @ -4..16 => {
            let whole = if exponent >= 0 && float.fract() == 0.0 { ".0" } else { "" };
            write!(f, "{float}{whole}")
        }
        exponent => {
            let sign = if exponent < 0 { '-' } else { '+' };
            write!(f, "{digits}e{sign}{:02}", exponent.abs())
        }
    }
}

/// `pprint.pformat(value, width=72, sort_dicts=False)`, every line but the first indented.
pub fn pretty(value: &Value, indent: &str) -> String {
    let mut text = String::new();
    Pretty { width: 72, out: &mut text }.value(value, 0, 0, 1);
    text.replace('\n', &format!("\n{indent}"))
}

/// The layout of Python's `pprint`: a value on one line where it fits, else one member a line.
struct Pretty<'a> {
    width: usize,
    out: &'a mut String,
}

impl Pretty<'_> {
    /// Prints `value` at column `indent`, leaving `allowance` columns for what closes around it.
    fn value(&mut self, value: &Value, indent: usize, allowance: usize, level: usize) {
        let line = Repr(value).to_string();
        let room = self.width.saturating_sub(indent + allowance);
        match value {
            Value::Object(members) if line.chars().count() > room && !members.is_empty() => {
                self.out.push('{');
                let last = members.len() - 1;
                for (index, (key, member)) in members.iter().enumerate() {
                    let key = Quoted(key).to_string();
                    self.out.push_str(&key);
                    self.out.push_str(": ");
                    let column = indent + 1 + key.chars().count() + 2;
                    let after = if index == last { allowance + 1 } else { 1 };
                    self.value(member, column, after, level + 1);
                    self.separate(index == last, indent + 1);
                }
                self.out.push('}');
            }
            Value::Array(items) if line.chars().count() > room && !items.is_empty() => {
                self.out.push('[');
                let last = items.len() - 1;
                for (index, item) in items.iter().enumerate() {
                    let after = if index == last { allowance + 1 } else { 1 };
                    self.value(item, indent + 1, after, level + 1);
                    self.separate(index == last, indent + 1);
                }
                self.out.push(']');
            }
            Value::String(text) if line.chars().count() > room && !text.is_empty() => {
                self.string(text, indent, allowance, level);
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => self.out.push_str(&line),
        }
    }

    fn separate(&mut self, last: bool, column: usize) {
        if !last {
            self.new_line(",", column);
        }
    }

    fn new_line(&mut self, before: &str, column: usize) {
        self.out.push_str(before);
        self.out.push('\n');
        self.out.push_str(&" ".repeat(column));
    }

    /// A long string is cut after blanks into adjacent literals, in parentheses at the top level.
    fn string(&mut self, text: &str, indent: usize, allowance: usize, level: usize) {
        let outermost = level == 1;
        let (indent, allowance) =
            if outermost { (indent + 1, allowance + 1) } else { (indent, allowance) };
        let pieces = self.pieces(text, indent, allowance);
        let parenthesised = outermost && pieces.len() > 1;
        if parenthesised {
            self.out.push('(');
        }
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 {
                self.new_line("", indent);
            }
            self.out.push_str(piece);
        }
        if parenthesised {
            self.out.push(')');
        }
    }

    fn pieces(&self, text: &str, indent: usize, allowance: usize) -> Vec<String> {
        let room = self.width.saturating_sub(indent);
        let mut pieces = Vec::new();
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let line_room =
                if lines.peek().is_none() { room.saturating_sub(allowance) } else { room };
            if Quoted(line).to_string().chars().count() <= line_room {
                pieces.push(Quoted(line).to_string());
                continue;
            }
            let words = words(line);
            let mut current = String::new();
            for (index, word) in words.iter().enumerate() {
                let candidate = format!("{current}{word}");
                let fits = if index + 1 == words.len() { line_room } else { room };
                if Quoted(&candidate).to_string().chars().count() > fits && !current.is_empty() {
                    pieces.push(Quoted(&current).to_string());
                    current.clone_from(word);
                } else {
                    current = candidate;
                }
            }
            pieces.push(Quoted(&current).to_string());
        }
        pieces
    }
}

/// Words, each with the blanks that follow it.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut after_blank = true;
    for char in line.chars() {
        match words.last_mut() {
            Some(word) if char.is_whitespace() || !after_blank => word.push(char),
            _ => words.push(char.to_string()),
        }
        after_blank = char.is_whitespace();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_look_as_in_python() {
        for (value, expected) in [
            (json!(null), "None"),
            (json!([true, false]), "[True, False]"),
            (json!({"nope": 11}), "{'nope': 11}"),
            (json!({"a": {"b": [1, -2.5]}}), "{'a': {'b': [1, -2.5]}}"),
            (json!("it's"), "\"it's\""),
            (json!("it's \"it\""), "'it\\'s \"it\"'"),
            (json!("a\nb\t\\\r"), "'a\\nb\\t\\\\\\r'"),
            (json!("\u{0}\u{1f}\u{7f}\u{a0}\u{ad}"), "'\\x00\\x1f\\x7f\\xa0\\xad'"),
            (json!("é Ω 字 🦀"), "'é Ω 字 🦀'"),
            (json!("\u{2028}\u{e000}\u{10ffff}"), "'\\u2028\\ue000\\U0010ffff'"),
            (json!([]), "[]"),
            (json!({}), "{}"),
        ] {
            assert_eq!(Repr(&value).to_string(), expected);
        }
        assert_eq!(Str(&json!("it's")).to_string(), "it's");
    }

    #[test]
    fn floats_look_as_in_python() {
        for (float, expected) in [
            (1.0, "1.0"),
            (-0.5, "-0.5"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.000_012, "1.2e-05"),
            (123_456.789, "123456.789"),
        ] {
            assert_eq!(Repr(&json!(float)).to_string(), expected);
        }
    }

    #[test]
    fn long_values_are_laid_out_as_pprint_does() {
        let value = json!({
            "type": ["null", "string"],
            "description": "Format of the disk",
            "enum": [null, "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw"],
            "empty": {},
        });
        let expected = "{'type': ['null', 'string'],\n \
                        'description': 'Format of the disk',\n \
                        'enum': [None, 'ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw'],\n \
                        'empty': {}}";
        assert_eq!(pretty(&value, ""), expected);
    }

    #[test]
    fn a_long_string_is_cut_after_blanks() {
        let words = "one two three four five six seven eight nine ten eleven twelve thirteen";
        assert_eq!(
            pretty(&json!(words), "  "),
            "('one two three four five six seven eight nine ten eleven twelve '\n   'thirteen')"
        );
        assert_eq!(
            pretty(&json!([words]), ""),
            "['one two three four five six seven eight nine ten eleven twelve '\n 'thirteen']"
        );
    }
}
