//! What the engine counts about a running guest: CPU time, memory, what its interfaces and its disk
//! carry. Figures are the engine's; nothing is kept, and what it does not count is null.

pub(crate) mod api;
mod figures;
mod view;
