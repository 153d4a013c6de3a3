//! The regular expressions of the documents, compiled once, read as Python reads them.
//!
//! Only its siblings call this. What a pattern looks like in an error sentence is not its business:
//! clients are shown the text of the document.

use std::collections::BTreeMap;

/// Every pattern, by its text.
#[derive(Debug, Default)]
pub(super) struct Patterns(BTreeMap<String, Pattern>);

impl Patterns {
    /// Compiles `pattern`; the error is the compiler's text.
    pub(super) fn add(&mut self, pattern: &str) -> Result<(), String> {
        if !self.0.contains_key(pattern) {
            let compiled = Pattern::new(&in_our_dialect(pattern))?;
            self.0.insert(pattern.to_owned(), compiled);
        }
        Ok(())
    }

    /// Whether `text` contains a match of `pattern`, which must have been added.
    pub(super) fn matches(&self, pattern: &str, text: &str) -> bool {
        self.0.get(pattern).is_some_and(|pattern| pattern.is_match(text))
    }
}

/// A compiled pattern. The crate `regex` comes first: it is linear in the text, and `fancy-regex`
/// 0.19 finds matches of `^a+b*a+$` where there are none.
#[derive(Debug)]
pub(super) enum Pattern {
    /// Without look-around.
    Plain(regex::Regex),
    /// With look-around.
    Fancy(Box<fancy_regex::Regex>),
}

impl Pattern {
    /// Compiles a pattern; the error is the compiler's text.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        regex::Regex::new(pattern).map(Self::Plain).or_else(|_| {
            let fancy = fancy_regex::Regex::new(pattern).map_err(|error| error.to_string())?;
            Ok(Self::Fancy(Box::new(fancy)))
        })
    }

    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Plain(regex) => regex.is_match(text),
            Self::Fancy(regex) => regex.is_match(text).unwrap_or(false),
        }
    }
}

/// Python's `$` also matches before a line end that is the last character.
fn in_our_dialect(pattern: &str) -> String {
    match pattern.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => format!("{rest}\\n?\\z"),
        Some(_) | None => pattern.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let mut patterns = Patterns::default();
        patterns.add(pattern).unwrap();
        patterns.matches(pattern, text)
    }

    #[test]
    fn patterns_match_as_in_python() {
        assert!(matches("^[0-9]*$", "10"));
        assert!(matches("^[0-9]*$", "10\n"));
        assert!(!matches("^[0-9]*$", "10\n\n"));
        assert!(matches("b", "abc"));
        assert!(matches(r"^\$", "$x"));
        assert!(!matches("^[a-z]+[a-z-]*[a-z]+$", "a"));
    }

    #[test]
    fn look_around_is_understood() {
        assert!(matches("^(?! )[a-z ]+(?<! )$", "a b"));
        assert!(!matches("^(?! )[a-z ]+(?<! )$", "a "));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        assert!(Pattern::new("[").is_err());
    }
}
