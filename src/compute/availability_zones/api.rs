//! `/os-availability-zone`: rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};

use super::view;
use crate::hosts::model::Service;
use crate::hosts::store;

/// `GET /os-availability-zone`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let services = services(&call).await?;
    let zone = &call.platform.settings.compute.availability_zone;
    Ok(Reply::json(view::summary(&services, zone)))
}

/// `GET /os-availability-zone/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    let services = services(&call).await?;
    let zone = &call.platform.settings.compute.availability_zone;
    Ok(Reply::json(view::detail(&services, zone)))
}

async fn services(call: &Call) -> Result<Vec<Service>> {
    call.authorize()?;
    call.platform.store.read(store::list_services).await
}
