//! Placement 16: `placement/policies`.

use super::world::{Ids, Owners};
use super::{ADMIN, PUBLIC, READER, Row, row};

/// The host, and names of what it has.
pub(super) async fn furnish(owners: &Owners) -> Ids {
    let path = "/placement/resource_providers";
    let provider = owners.admin.at("1.0").get(path).await.expect(200);
    let provider = provider.text("/resource_providers/0/uuid");
    Ids::from([
        ("uuid", provider.clone()),
        // There is nothing of a consumer that nobody knows, and that is an answer.
        ("consumer_uuid", provider),
        ("resource_class", "VCPU".to_owned()),
        ("trait", "COMPUTE_NODE".to_owned()),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("versions:index", PUBLIC),
    row("resource-providers:index", ADMIN),
    row("resource-providers:show", ADMIN),
    row("inventories:index", ADMIN),
    row("inventories:show", ADMIN),
    row("aggregates:show", ADMIN),
    row("traits:of-provider", ADMIN),
    row("allocations:of-provider", ADMIN),
    row("usages:of-provider", ADMIN),
    row("usages:index", READER).query("?project_id={project_id}"),
    row("allocations:show", ADMIN),
    row("allocation-candidates:index", ADMIN).query("?resources=VCPU:1"),
    row("traits:index", ADMIN),
    row("traits:show", ADMIN).on(&[("name", "trait")]),
    row("resource-classes:index", ADMIN),
    row("resource-classes:show", ADMIN).on(&[("name", "resource_class")]),
];
