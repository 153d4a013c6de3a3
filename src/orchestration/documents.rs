//! The part of the contract that describes this service: path below `api-ref/`, and the text.

/// One row per document.
#[rustfmt::skip]
pub(crate) static ALL: &[(&str, &str)] = &[
    ("orchestration/build_info.yaml", include_str!("../../api-ref/orchestration/build_info.yaml")),
    ("orchestration/orchestration-versions.yaml", include_str!("../../api-ref/orchestration/orchestration-versions.yaml")),
    ("orchestration/resource_types.yaml", include_str!("../../api-ref/orchestration/resource_types.yaml")),
    ("orchestration/services.yaml", include_str!("../../api-ref/orchestration/services.yaml")),
    ("orchestration/shared.yaml", include_str!("../../api-ref/orchestration/shared.yaml")),
    ("orchestration/software_configs.yaml", include_str!("../../api-ref/orchestration/software_configs.yaml")),
    ("orchestration/software_deployments.yaml", include_str!("../../api-ref/orchestration/software_deployments.yaml")),
    ("orchestration/stack_events.yaml", include_str!("../../api-ref/orchestration/stack_events.yaml")),
    ("orchestration/stack_exports.yaml", include_str!("../../api-ref/orchestration/stack_exports.yaml")),
    ("orchestration/stack_outputs.yaml", include_str!("../../api-ref/orchestration/stack_outputs.yaml")),
    ("orchestration/stack_previews.yaml", include_str!("../../api-ref/orchestration/stack_previews.yaml")),
    ("orchestration/stack_resources.yaml", include_str!("../../api-ref/orchestration/stack_resources.yaml")),
    ("orchestration/stack_snapshots.yaml", include_str!("../../api-ref/orchestration/stack_snapshots.yaml")),
    ("orchestration/stacks.yaml", include_str!("../../api-ref/orchestration/stacks.yaml")),
    ("orchestration/template_validate.yaml", include_str!("../../api-ref/orchestration/template_validate.yaml")),
    ("orchestration/template_versions.yaml", include_str!("../../api-ref/orchestration/template_versions.yaml")),
];

/// The same of Amazon's API.
#[rustfmt::skip]
pub(crate) static CLOUDFORMATION: &[(&str, &str)] = &[
    ("cloudformation/actions.yaml", include_str!("../../api-ref/cloudformation/actions.yaml")),
    ("cloudformation/signals.yaml", include_str!("../../api-ref/cloudformation/signals.yaml")),
];
