//! One row per operation of the orchestration API.

use kit::http::{ALWAYS, Operation};
use kit::op;

use crate::{policy, template_validate, template_versions, versions};

/// `/`: which versions there are.
pub(crate) static DISCOVERY: &[Operation] =
    &[op!("orchestration-versions:index", GET "/", ALWAYS, -, 300, versions::api::index).public()];

/// `/v1/{project_id}`.
#[rustfmt::skip]
pub(crate) static ALL: &[Operation] = &[
    op!("template_validate:validate", POST "/validate", ALWAYS, policy::VALIDATE_TEMPLATE, 200, template_validate::api::validate),

    op!("template_versions:index", GET "/template_versions", ALWAYS, policy::LIST_TEMPLATE_VERSIONS, 200, template_versions::api::index),
    op!("template_versions:functions", GET "/template_versions/{template_version}/functions", ALWAYS, policy::LIST_TEMPLATE_FUNCTIONS, 200, template_versions::api::functions_of),
];
