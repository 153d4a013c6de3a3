//! Heat: stacks made from templates.
//!
//! | module | what it holds |
//! |---|---|
//! | [`template`] | the language: templates, environments, parameters, functions, the graph |

pub mod template;
