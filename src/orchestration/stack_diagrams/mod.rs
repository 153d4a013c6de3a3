//! Stacks as pictures: the resources with what they need and how they are (SVG, Mermaid, dot), and
//! the last action as a chart of its visits (SVG).
//!
//! Reading is `logic`; drawing is PURE, a file per form. Names and reasons are users' own words, so
//! each form escapes them in its own way.

pub(crate) mod api;
mod dot;
mod gantt;
mod layout;
mod logic;
mod mermaid;
mod model;
mod svg;
