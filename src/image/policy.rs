//! The rules of the image API, with the names and defaults of Glance 33.

use kit::policy::ADMIN;
use kit::rules;

/// Members of the owner.
const MEMBER: &str = "rule:context_is_admin or (role:member and project_id:%(project_id)s)";
/// Readers of the owner.
const READER: &str = "rule:context_is_admin or (role:reader and project_id:%(project_id)s)";
/// Readers of whoever sees the image.
const SEES: &str = "rule:context_is_admin or (role:reader and (project_id:%(project_id)s or \
    project_id:%(member_id)s or 'community':%(visibility)s or 'public':%(visibility)s or \
    'shared':%(visibility)s))";
/// Members of whoever sees the image.
const TAKES: &str = "rule:context_is_admin or (role:member and (project_id:%(project_id)s or \
    project_id:%(member_id)s or 'community':%(visibility)s or 'public':%(visibility)s or \
    'shared':%(visibility)s))";
/// Members, for an image that their project will own.
const OWNS: &str = "rule:context_is_admin or (role:member and project_id:%(project_id)s and \
    project_id:%(owner)s)";
/// Readers of the owner, and whom the image is shared with.
const KNOWS_MEMBERS: &str = "rule:context_is_admin or role:reader and \
    (project_id:%(project_id)s or project_id:%(member_id)s)";
/// Whom the image is shared with.
const IS_MEMBER: &str = "rule:context_is_admin or (role:member and project_id:%(member_id)s)";

rules! {
    ADD_IMAGE, "add_image", OWNS, "Create an image.", ["POST /v2/images"];
    DELETE_IMAGE, "delete_image", MEMBER, "Delete an image.", ["DELETE /v2/images/{image_id}"];
    GET_IMAGE, "get_image", SEES, "Show an image.", ["GET /v2/images/{image_id}"];
    GET_IMAGES, "get_images", READER, "List images.", ["GET /v2/images"];
    MODIFY_IMAGE, "modify_image", MEMBER, "Change an image.", ["PATCH /v2/images/{image_id}"];
    PUBLICIZE_IMAGE, "publicize_image", ADMIN, "Make an image public.", ["PATCH /v2/images/{image_id}"];
    COMMUNITIZE_IMAGE, "communitize_image", MEMBER,
        "Make an image a community image.", ["PATCH /v2/images/{image_id}"];
    DOWNLOAD_IMAGE, "download_image", TAKES,
        "Download the data of an image.", ["GET /v2/images/{image_id}/file"];
    UPLOAD_IMAGE, "upload_image", MEMBER,
        "Upload the data of an image.", ["PUT /v2/images/{image_id}/file"];
    ADD_MEMBER, "add_member", MEMBER,
        "Offer an image to a project.", ["POST /v2/images/{image_id}/members"];
    DELETE_MEMBER, "delete_member", MEMBER,
        "Take an offer back.", ["DELETE /v2/images/{image_id}/members/{member_id}"];
    GET_MEMBER, "get_member", KNOWS_MEMBERS,
        "Show a member of an image.", ["GET /v2/images/{image_id}/members/{member_id}"];
    GET_MEMBERS, "get_members", KNOWS_MEMBERS,
        "List the members of an image.", ["GET /v2/images/{image_id}/members"];
    MODIFY_MEMBER, "modify_member", IS_MEMBER,
        "Answer an offer.", ["PUT /v2/images/{image_id}/members/{member_id}"];
    DEACTIVATE, "deactivate", MEMBER,
        "Close the data of an image.", ["POST /v2/images/{image_id}/actions/deactivate"];
    REACTIVATE, "reactivate", MEMBER,
        "Open the data of an image again.", ["POST /v2/images/{image_id}/actions/reactivate"];
    TASKS_API_ACCESS, "tasks_api_access", ADMIN, "List tasks.", ["GET /v2/tasks"];
}
