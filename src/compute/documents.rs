//! The compute documents of `api-ref/`, one per resource, embedded in the program.

/// Path below `api-ref/` and content.
macro_rules! document {
    ($file:literal) => {
        (concat!("compute/", $file), include_str!(concat!("../../api-ref/compute/", $file)))
    };
}

/// Every document of this service.
pub(crate) static ALL: &[(&str, &str)] = &[
    document!("flavors.yaml"),
    document!("keypairs.yaml"),
    document!("removed.yaml"),
    document!("versions.yaml"),
];
