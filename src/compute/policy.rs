//! The rules of the compute API, with the names and defaults that operators know.

use kit::policy::{ADMIN, ADMIN_OR_OWNER_USER, PROJECT_READER_OR_ADMIN};
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

    // keypairs
    KEYPAIRS_INDEX, "os_compute_api:os-keypairs:index", ADMIN_OR_OWNER_USER,
        "List a user's key pairs.", ["GET /os-keypairs"];
    KEYPAIRS_CREATE, "os_compute_api:os-keypairs:create", ADMIN_OR_OWNER_USER,
        "Import or generate a key pair.", ["POST /os-keypairs"];
    KEYPAIRS_DELETE, "os_compute_api:os-keypairs:delete", ADMIN_OR_OWNER_USER,
        "Delete a key pair.", ["DELETE /os-keypairs/{keypair_name}"];
    KEYPAIRS_SHOW, "os_compute_api:os-keypairs:show", ADMIN_OR_OWNER_USER,
        "Show a key pair.", ["GET /os-keypairs/{keypair_name}"];
}
