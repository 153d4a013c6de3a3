//! `/images/{image_id}/tags/{tag}`: calls become logic.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};

use super::logic;
use crate::access::{self, image_id};

/// `PUT …/tags/{tag}`.
pub(crate) async fn put(call: Call) -> Result<Reply> {
    let (id, tag) = (image_id(&call), call.param("tag").to_owned());
    let platform = Arc::clone(&call.platform);
    access::write(&call, move |tx, asker, now| {
        logic::put(tx, asker, &platform.settings.image, &id, tag, now)
    })
    .await?;
    Ok(Reply::empty())
}

/// `DELETE …/tags/{tag}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (id, tag) = (image_id(&call), call.param("tag").to_owned());
    access::write(&call, move |tx, asker, now| logic::delete(tx, asker, &id, &tag, now)).await?;
    Ok(Reply::empty())
}
