//! One row per operation of the compute API.

use kit::http::{Operation, between, since};
use kit::op;

use crate::microversions::{BASE, FLAVOR_DESCRIPTION, KEYPAIR_TYPES};
use crate::{flavors, keypairs, policy, versions};

/// `/`: which versions there are.
pub static DISCOVERY: &[Operation] = &[
    op!("versions:index", GET "/", kit::http::ALWAYS, -, 200, versions::index).public(),
    op!("versions:choices", GET "/{*path}", kit::http::ALWAYS, -, 300, versions::choices).public(),
];

/// `/v2.1` and `/v2`.
pub static ALL: &[Operation] = &[
    op!("versions:show", GET "/", since(BASE), -, 200, versions::show).public(),
    // flavors
    op!("flavors:index", GET "/flavors", since(BASE), -, 200, flavors::api::index),
    op!("flavors:detail", GET "/flavors/detail", since(BASE), -, 200, flavors::api::detail),
    op!("flavors:show", GET "/flavors/{flavor_id}", since(BASE), -, 200, flavors::api::show),
    op!("flavors:create", POST "/flavors", since(BASE), policy::FLAVORS_CREATE, 200, flavors::api::create),
    op!("flavors:update", PUT "/flavors/{flavor_id}", since(FLAVOR_DESCRIPTION), policy::FLAVORS_UPDATE, 200, flavors::api::update),
    op!("flavors:delete", DELETE "/flavors/{flavor_id}", since(BASE), policy::FLAVORS_DELETE, 202, flavors::api::delete),
    // keypairs
    op!("keypairs:index", GET "/os-keypairs", since(BASE), policy::KEYPAIRS_INDEX, 200, keypairs::api::index),
    op!("keypairs:create", POST "/os-keypairs", between(BASE, KEYPAIR_TYPES), policy::KEYPAIRS_CREATE, 200, keypairs::api::create),
    op!("keypairs:create", POST "/os-keypairs", since(KEYPAIR_TYPES), policy::KEYPAIRS_CREATE, 201, keypairs::api::create),
    op!("keypairs:show", GET "/os-keypairs/{keypair_name}", since(BASE), policy::KEYPAIRS_SHOW, 200, keypairs::api::show),
    op!("keypairs:delete", DELETE "/os-keypairs/{keypair_name}", between(BASE, KEYPAIR_TYPES), policy::KEYPAIRS_DELETE, 202, keypairs::api::delete),
    op!("keypairs:delete", DELETE "/os-keypairs/{keypair_name}", since(KEYPAIR_TYPES), policy::KEYPAIRS_DELETE, 204, keypairs::api::delete),
];
