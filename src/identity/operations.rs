//! One row per operation of the identity API.

use kit::http::{ALWAYS, Operation};
use kit::op;

use crate::{policy, tokens, versions};

/// `/`: which versions there are.
pub static DISCOVERY: &[Operation] =
    &[op!("identity_versions:index", GET "/", ALWAYS, -, 300, versions::index).public()];

/// `/v3`.
#[rustfmt::skip]
pub static V3: &[Operation] = &[
    op!("identity_versions:show", GET "/", ALWAYS, -, 200, versions::show).public(),
    // tokens
    op!("tokens:issue", POST "/auth/tokens", ALWAYS, -, 201, tokens::api::issue).public(),
    op!("tokens:show", GET "/auth/tokens", ALWAYS, policy::VALIDATE_TOKEN, 200, tokens::api::show),
    op!("tokens:check", HEAD "/auth/tokens", ALWAYS, policy::CHECK_TOKEN, 200, tokens::api::show),
    op!("tokens:revoke", DELETE "/auth/tokens", ALWAYS, policy::REVOKE_TOKEN, 204, tokens::api::revoke),
];
