//! The part of the contract that describes this service: path below `api-ref/`, and the text.

/// One row per document.
pub(crate) static ALL: &[(&str, &str)] = &[
    (
        "identity/identity_versions.yaml",
        include_str!("../../api-ref/identity/identity_versions.yaml"),
    ),
    ("identity/tokens.yaml", include_str!("../../api-ref/identity/tokens.yaml")),
];
