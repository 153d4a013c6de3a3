//! `/images`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Cx, Reply, query_string};
use serde_json::{Map, Value, json};

use super::{logic, patch, query, view};
use crate::access::{self, image_id};
use crate::policy;

/// `GET /images`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let wanted = query::parse(&call.query)?;
    let listed = access::read(&call, move |db, asker| logic::list(db, asker, &wanted)).await?;
    let cx = Cx::new(&call);
    let images: Vec<Value> = listed.images.iter().map(|image| view::render(image, &cx)).collect();
    let next = listed.images.last().filter(|_| listed.more).map(|image| image.id.as_str());
    let mut body = Map::new();
    body.insert("images".to_owned(), Value::Array(images));
    body.insert("first".to_owned(), json!(page_link(&call.query, None)));
    body.insert("schema".to_owned(), json!("/v2/schemas/images"));
    if let Some(last) = next {
        body.insert("next".to_owned(), json!(page_link(&call.query, Some(last))));
    }
    Ok(Reply::json(Value::Object(body)))
}

/// `GET /images/{image_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let id = image_id(&call);
    let image =
        access::read(&call, move |db, asker| asker.get(db, &id, &policy::GET_IMAGE)).await?;
    Ok(Reply::json(view::render(&image, &Cx::new(&call))))
}

/// `POST /images`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let body = logic::check_body(&call.body)?.clone();
    let platform = Arc::clone(&call.platform);
    let image = access::write(&call, move |tx, asker, now| {
        logic::create(tx, asker, &platform.settings.image, &body, now)
    })
    .await?;
    Ok(Reply::json(view::render(&image, &Cx::new(&call)))
        .header("Location", call.links.path(&format!("/images/{}", image.id)))
        .header("OpenStack-image-import-methods", crate::info::METHODS.join(",")))
}

/// `PATCH /images/{image_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let changes = patch::parse(&media_type(&call), &call.body)?;
    let (id, platform) = (image_id(&call), Arc::clone(&call.platform));
    let image = access::write(&call, move |tx, asker, now| {
        logic::update(tx, asker, &platform.settings.image, &id, &changes, now)
    })
    .await?;
    Ok(Reply::json(view::render(&image, &Cx::new(&call))))
}

/// `DELETE /images/{image_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = image_id(&call);
    access::write(&call, move |tx, asker, now| logic::delete(tx, asker, &id, now)).await?;
    Ok(Reply::empty())
}

/// `POST /images/{image_id}/actions/deactivate`.
pub(crate) async fn deactivate(call: Call) -> Result<Reply> {
    set_active(call, false).await
}

/// `POST /images/{image_id}/actions/reactivate`.
pub(crate) async fn reactivate(call: Call) -> Result<Reply> {
    set_active(call, true).await
}

async fn set_active(call: Call, active: bool) -> Result<Reply> {
    let id = image_id(&call);
    let run =
        move |tx: &_, asker: access::Asker<'_>, now| logic::set_active(tx, asker, &id, active, now);
    access::write(&call, run).await?;
    Ok(Reply::empty())
}

/// The media type of a body, without its parameters.
pub(crate) fn media_type(call: &Call) -> String {
    let given = call.header("content-type").unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The list's own URL with another marker. Glance keeps the last of a repeated parameter only;
/// here repeated tags survive, so that the next page asks for the same images.
fn page_link(query: &[(String, String)], marker: Option<&str>) -> String {
    let kept = query.iter().filter(|(name, _)| name != "marker");
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    match query_string(kept.chain(marker.map(|marker| ("marker", marker)))).as_str() {
        "" => "/v2/images".to_owned(),
        query => format!("/v2/images?{query}"),
    }
}
