//! The data of images: in as a stream, out as a stream, never whole in memory.
//!
//! ```text
//! client ──► DATA_DIR/images/staging/<id>      row: saving (or uploading)
//!              │ fsync, rename, fsync of the folder
//!              ▼
//!            DATA_DIR/images/<id>              row: active, with checksums, in one commit
//! ```
//! **Invariant:** a file below `images/` belongs to a row that says so; every other file is
//! removed by the sweep ([`crate::reconcile`]), so no order of failures leaks one.

pub(crate) mod api;
pub(crate) mod files;
pub(crate) mod logic;
mod range;
