//! The part of the contract that describes this service: path below `api-ref/`, and the text.

/// One row per document.
#[rustfmt::skip]
pub(crate) static ALL: &[(&str, &str)] = &[
    ("orchestration/orchestration-versions.yaml", include_str!("../../api-ref/orchestration/orchestration-versions.yaml")),
    ("orchestration/template_validate.yaml", include_str!("../../api-ref/orchestration/template_validate.yaml")),
    ("orchestration/template_versions.yaml", include_str!("../../api-ref/orchestration/template_versions.yaml")),
];
