//! The integration tests: one binary, a module per resource. Every test starts a whole cloud of
//! its own on a free port, over the simulated engine unless it says otherwise.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected shall fail there"
)]
#![expect(
    clippy::similar_names,
    clippy::needless_pass_by_value,
    reason = "a test reads as a story, and hands `json!` over as it stands"
)]

mod support;

mod compute;
mod contract;
mod discovery;
mod engine_contract;
mod hostile;
mod identity;
mod image;
mod metadata;
mod network;
mod orchestration;
mod placement;
mod policy_matrix;
mod tidy;
mod versions;
mod wording;
