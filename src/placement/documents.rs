//! The documents of `api-ref/placement`, one per resource, embedded in the program.

/// Path below `api-ref/` and content.
macro_rules! document {
    ($file:literal) => {
        (concat!("placement/", $file), include_str!(concat!("../../api-ref/placement/", $file)))
    };
}

/// Every document of this service.
pub(crate) static ALL: &[(&str, &str)] = &[
    document!("aggregates.yaml"),
    document!("allocation-candidates.yaml"),
    document!("allocations.yaml"),
    document!("inventories.yaml"),
    document!("resource-classes.yaml"),
    document!("resource-providers.yaml"),
    document!("traits.yaml"),
    document!("usages.yaml"),
    document!("versions.yaml"),
];
