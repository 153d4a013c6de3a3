//! Is a template one that a stack can be made of, and what does it ask its user?
//!
//! Nothing is looked up and no value of a property is looked at: a template is validated before
//! anybody has chosen its parameters.

pub(crate) mod api;
mod logic;

pub(crate) use logic::check;

pub(crate) mod view;
