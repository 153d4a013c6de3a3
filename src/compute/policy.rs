//! The rules of the compute API, with the names and defaults that operators know.

use kit::policy::{ADMIN, PROJECT_READER_OR_ADMIN};
use kit::rules;

rules! {
    FLAVORS_CREATE, "os_compute_api:os-flavor-manage:create", ADMIN,
        "Create a flavor.", ["POST /flavors"];
    FLAVORS_UPDATE, "os_compute_api:os-flavor-manage:update", ADMIN,
        "Change a flavor's description.", ["PUT /flavors/{flavor_id}"];
    FLAVORS_DELETE, "os_compute_api:os-flavor-manage:delete", ADMIN,
        "Delete a flavor.", ["DELETE /flavors/{flavor_id}"];
    FLAVOR_ACCESS_INDEX, "os_compute_api:os-flavor-access", ADMIN,
        "List who may use a private flavor.", ["GET /flavors/{flavor_id}/os-flavor-access"];
    FLAVOR_EXTRA_SPECS_INDEX, "os_compute_api:os-flavor-extra-specs:index", PROJECT_READER_OR_ADMIN,
        "List a flavor's extra specs.", ["GET /flavors/{flavor_id}/os-extra_specs"];
}
