//! PURE: a picture as a Mermaid flow chart.

use super::model::{Picture, Why, colour};
use super::svg::put;

/// Its media type.
pub(super) const MEDIA_TYPE: &str = "text/vnd.mermaid";

/// Writes it.
pub(super) fn draw(picture: &Picture) -> String {
    let mut text = "flowchart TD\n".to_owned();
    for (index, node) in picture.nodes.iter().enumerate() {
        let [name, kind, state] =
            [&node.name, &node.resource_type, &node.state].map(|t| escaped(t));
        let fill = colour(node.status);
        put(&mut text, format_args!("  n{index}[\"{name}<br/>{kind}<br/>{state}\"]\n"));
        put(&mut text, format_args!("  style n{index} fill:{fill}\n"));
    }
    for edge in &picture.edges {
        let arrow = if edge.why == Why::Within { "-.->" } else { "-->" };
        put(&mut text, format_args!("  n{} {arrow} n{}\n", edge.from, edge.to));
    }
    text
}

/// A text in quotes: whatever could end it or is Mermaid's own is written as its number.
fn escaped(text: &str) -> String {
    let safe = |letter: char| letter.is_alphanumeric() || " _-./:".contains(letter);
    let written = |letter: char| match letter {
        letter if safe(letter) => letter.to_string(),
        letter if letter.is_control() => String::new(),
        letter => format!("#{};", u32::from(letter)),
    };
    text.chars().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_does_not_end_a_label() {
        assert_eq!(escaped("a\"b;"), "a#34;b#59;");
    }
}
