//! Text for a POSIX shell.

/// The text as one word of the shell.
pub(super) fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(super::word("a b"), "'a b'");
        assert_eq!(super::word("it's"), r"'it'\''s'");
    }
}
