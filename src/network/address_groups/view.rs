//! What the API shows of an address group.

use kit::http::View;
use serde_json::json;

use super::model::AddressGroup;
use crate::view::field;

/// An address group, whole. Neutron does not say with whom it is shared.
pub(super) static ADDRESS_GROUP: View<AddressGroup> = View(&[
    field("id", |g, _| json!(g.id)),
    field("name", |g, _| json!(g.name)),
    field("tenant_id", |g, _| json!(g.project)),
    field("project_id", |g, _| json!(g.project)),
    field("description", |g, _| json!(g.description)),
    field("addresses", |g, _| json!(g.addresses)),
    field("created_at", |g, _| json!(g.created_at.iso_z())),
    field("updated_at", |g, _| json!(g.updated_at.iso_z())),
    field("revision_number", |g, _| json!(g.revision)),
]);
