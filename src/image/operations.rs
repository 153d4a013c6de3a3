//! One row per operation of the image API.

use kit::http::{ALWAYS, Operation};
use kit::op;

use crate::{data, images, info, members, policy, schemas, tags};

/// `/`: which versions there are.
pub static DISCOVERY: &[Operation] = &[
    op!("image_versions:choices", GET "/", ALWAYS, -, 300, info::versions).public(),
    op!("image_versions:index", GET "/versions", ALWAYS, -, 200, info::versions).public(),
];

/// `/v2`.
pub static ALL: &[Operation] = &[
    // schemas
    op!("schemas:image", GET "/schemas/image", ALWAYS, -, 200, schemas::image),
    op!("schemas:images", GET "/schemas/images", ALWAYS, -, 200, schemas::images),
    op!("schemas:member", GET "/schemas/member", ALWAYS, -, 200, schemas::member),
    op!("schemas:members", GET "/schemas/members", ALWAYS, -, 200, schemas::members),
    // images
    op!("images:index", GET "/images", ALWAYS, policy::GET_IMAGES, 200, images::api::index),
    op!("images:create", POST "/images", ALWAYS, policy::ADD_IMAGE, 201, images::api::create),
    op!("images:show", GET "/images/{image_id}", ALWAYS, policy::GET_IMAGE, 200, images::api::show),
    op!("images:update", PATCH "/images/{image_id}", ALWAYS, policy::MODIFY_IMAGE, 200, images::api::update),
    op!("images:delete", DELETE "/images/{image_id}", ALWAYS, policy::DELETE_IMAGE, 204, images::api::delete),
    op!("images:deactivate", POST "/images/{image_id}/actions/deactivate", ALWAYS, policy::DEACTIVATE, 204, images::api::deactivate),
    op!("images:reactivate", POST "/images/{image_id}/actions/reactivate", ALWAYS, policy::REACTIVATE, 204, images::api::reactivate),
    // data
    op!("image_data:upload", PUT "/images/{image_id}/file", ALWAYS, policy::UPLOAD_IMAGE, 204, data::api::upload).stream(),
    op!("image_data:download", GET "/images/{image_id}/file", ALWAYS, policy::DOWNLOAD_IMAGE, 200, data::api::download),
    op!("image_data:stage", PUT "/images/{image_id}/stage", ALWAYS, policy::MODIFY_IMAGE, 204, data::api::stage).stream(),
    op!("image_data:import", POST "/images/{image_id}/import", ALWAYS, policy::MODIFY_IMAGE, 202, data::api::import),
    // members
    op!("members:index", GET "/images/{image_id}/members", ALWAYS, policy::GET_MEMBERS, 200, members::api::index),
    op!("members:create", POST "/images/{image_id}/members", ALWAYS, policy::ADD_MEMBER, 200, members::api::create),
    op!("members:show", GET "/images/{image_id}/members/{member_id}", ALWAYS, policy::GET_MEMBER, 200, members::api::show),
    op!("members:update", PUT "/images/{image_id}/members/{member_id}", ALWAYS, policy::MODIFY_MEMBER, 200, members::api::update),
    op!("members:delete", DELETE "/images/{image_id}/members/{member_id}", ALWAYS, policy::DELETE_MEMBER, 204, members::api::delete),
    // tags
    op!("image_tags:put", PUT "/images/{image_id}/tags/{tag}", ALWAYS, policy::MODIFY_IMAGE, 204, tags::api::put),
    op!("image_tags:delete", DELETE "/images/{image_id}/tags/{tag}", ALWAYS, policy::MODIFY_IMAGE, 204, tags::api::delete),
    // info
    op!("info:import", GET "/info/import", ALWAYS, -, 200, info::import),
    op!("info:stores", GET "/info/stores", ALWAYS, -, 200, info::stores),
    op!("info:usage", GET "/info/usage", ALWAYS, -, 200, info::usage),
    op!("tasks:index", GET "/tasks", ALWAYS, policy::TASKS_API_ACCESS, 200, info::tasks),
    op!("tasks:of_image", GET "/images/{image_id}/tasks", ALWAYS, policy::GET_IMAGE, 200, info::image_tasks),
];
