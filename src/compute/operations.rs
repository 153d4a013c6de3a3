//! One row per operation of the compute API.

use kit::http::{Operation, since};
use kit::op;

use crate::microversions::{BASE, FLAVOR_DESCRIPTION};
use crate::{flavors, policy, versions};

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
];
