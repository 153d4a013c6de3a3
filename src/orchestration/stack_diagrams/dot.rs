//! PURE: a picture in the language of Graphviz.

use super::model::{Picture, Why, colour};
use super::svg::put;

/// Its media type.
pub(super) const MEDIA_TYPE: &str = "text/vnd.graphviz";

/// Writes it.
pub(super) fn draw(title: &str, picture: &Picture) -> String {
    let mut text =
        format!("digraph \"{}\" {{\n  node [shape=box, style=filled];\n", escaped(title));
    for (index, node) in picture.nodes.iter().enumerate() {
        let [name, kind, state] =
            [&node.name, &node.resource_type, &node.state].map(|t| escaped(t));
        let fill = colour(node.status);
        put(
            &mut text,
            format_args!(
                "  n{index} [label=\"{name}\\n{kind}\\n{state}\", fillcolor=\"{fill}\"];\n"
            ),
        );
    }
    for edge in &picture.edges {
        let style = if edge.why == Why::Within { " [style=dashed]" } else { "" };
        put(&mut text, format_args!("  n{} -> n{}{style};\n", edge.from, edge.to));
    }
    text + "}\n"
}

/// A text in quotes.
fn escaped(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_control()).collect::<String>();
    plain.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_does_not_end_a_label() {
        assert_eq!(escaped("a\"b\\"), "a\\\"b\\\\");
    }
}
