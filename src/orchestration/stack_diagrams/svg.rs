//! PURE: a picture as SVG, each resource a box with its state, those that it needs above it.

use std::fmt::Write;

use super::layout;
use super::model::{Node, Picture, Why, colour};

/// Its media type.
pub(super) const MEDIA_TYPE: &str = "image/svg+xml";
const WIDTH: usize = 220;
const HEIGHT: usize = 58;
const GAP: usize = 36;
/// How much of a text fits into a box.
const LETTERS: usize = 34;

/// Draws it.
pub(super) fn draw(title: &str, picture: &Picture) -> String {
    let rows = layout::rows(picture.nodes.len(), &picture.edges);
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut places = vec![(0, 0); picture.nodes.len()];
    for (line, row) in rows.iter().enumerate() {
        for (column, index) in row.iter().enumerate() {
            if let Some(place) = places.get_mut(*index) {
                *place = (GAP + column * (WIDTH + GAP), GAP + line * (HEIGHT + GAP));
            }
        }
    }
    let mut body = String::new();
    for edge in &picture.edges {
        if let (Some(from), Some(to)) = (places.get(edge.from), places.get(edge.to)) {
            line(&mut body, *from, *to, edge.why);
        }
    }
    for (node, place) in picture.nodes.iter().zip(&places) {
        cell(&mut body, node, *place);
    }
    let size = (GAP + widest * (WIDTH + GAP), GAP + rows.len() * (HEIGHT + GAP));
    document(title, size, &body)
}

/// A document of that size.
pub(super) fn document(title: &str, (width, height): (usize, usize), body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <title>{}</title>\n{body}</svg>\n",
        escaped(title)
    )
}

fn line(body: &mut String, from: (usize, usize), to: (usize, usize), why: Why) {
    let dashes = if why == Why::Within { " stroke-dasharray=\"4 3\"" } else { "" };
    let (x1, y1) = (from.0 + WIDTH / 2, from.1 + HEIGHT);
    let (x2, y2) = (to.0 + WIDTH / 2, to.1);
    put(
        body,
        format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"#607d8b\"{dashes}/>\n"
        ),
    );
}

fn cell(body: &mut String, node: &Node, (x, y): (usize, usize)) {
    let fill = colour(node.status);
    put(
        body,
        format_args!(
            "<g><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\" \
         fill=\"{fill}\" stroke=\"#455a64\"/>"
        ),
    );
    let lines = [&node.name, &node.resource_type, &node.state];
    for (text, y) in lines.into_iter().zip([y + 18, y + 34, y + 50]) {
        let x = x + 8;
        put(body, format_args!("<text x=\"{x}\" y=\"{y}\">{}</text>", escaped(&short(text))));
    }
    body.push_str("</g>\n");
}

/// As much of a text as there is room for.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    text.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// A text as the content of an element. What XML has no place for is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// Adds to a text, which never fails.
pub(super) fn put(body: &mut String, text: std::fmt::Arguments<'_>) {
    body.write_fmt(text).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_write_is_text_and_nothing_else() {
        assert_eq!(escaped("<b a=\"1\">&\u{1}"), "&lt;b a=&quot;1&quot;&gt;&amp;");
        assert_eq!(short(&"a".repeat(40)).chars().count(), LETTERS);
    }
}
