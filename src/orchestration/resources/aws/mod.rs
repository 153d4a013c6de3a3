//! `AWS::…`: types of Amazon's, on top of ours.

pub(super) mod cloudformation;
