//! The resources of a stack, read for a picture.

use std::ops::Range;

use kit::error::Result;

use super::model::{Edge, Node, Picture, Why};
use crate::engine::Hand;
use crate::stack_resources::logic;
use crate::stacks::model::Stack;
use crate::stacks::tree::MAX_DEPTH;

/// What there is of a stack, and of those nested in it.
pub(super) fn picture(hand: Hand<'_>, stack: &Stack) -> Result<Picture> {
    let mut picture = Picture::default();
    add(hand, stack, &mut picture, "", 0)?;
    Ok(picture)
}

/// Adds the resources of a stack, and of those nested in it; the indices of its own.
fn add(
    hand: Hand<'_>,
    stack: &Stack,
    picture: &mut Picture,
    way: &str,
    depth: usize,
) -> Result<Range<usize>> {
    let rows = logic::current(hand, stack)?;
    let first = picture.nodes.len();
    picture.nodes.extend(rows.iter().map(|row| Node {
        name: format!("{way}{}", row.name),
        resource_type: row.resource_type.clone(),
        state: row.state(),
        status: row.status,
    }));
    let own = first..picture.nodes.len();
    for (index, row) in rows.iter().enumerate() {
        let needed =
            rows.iter().enumerate().filter(|(_, other)| row.requires.contains(&other.name));
        let edge = |(from, _)| Edge { from: first + from, to: first + index, why: Why::Needs };
        picture.edges.extend(needed.map(edge));
    }
    for (index, row) in rows.iter().enumerate() {
        let Some(nested) = logic::nested(hand, row)?.filter(|_| depth < MAX_DEPTH) else {
            continue;
        };
        let inside = add(hand, &nested, picture, &format!("{way}{}/", row.name), depth + 1)?;
        let edge = |to| Edge { from: first + index, to, why: Why::Within };
        picture.edges.extend(inside.map(edge));
    }
    Ok(own)
}
