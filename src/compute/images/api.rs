//! `/images`: calls become questions to the image service, images become answers.

use std::sync::Arc;

use image::facade::{self, BootImage};
use kit::error::Result;
use kit::http::{Call, Cx, Page, Reply, View};
use kit::ids::ImageId;
use serde_json::{Map, Value, json};

use super::{logic, view};

/// `GET /images`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    list(call, "/images", |image, cx| shown(&view::SUMMARY, image, cx, Vec::new())).await
}

/// `GET /images/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    list(call, "/images/detail", whole).await
}

/// `GET /images/{image_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let image = find(&call).await?;
    Ok(Reply::json(json!({"image": whole(&image, &Cx::new(&call))})))
}

/// `DELETE /images/{image_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let (id, now) = (ImageId::from(call.param("image_id")), call.platform.clock.now());
    call.platform
        .store
        .write("images:delete", move |tx| logic::delete(tx, &platform.policy, &caller, &id, now))
        .await?;
    Ok(Reply::empty())
}

/// The image of the path, if the caller may see it.
pub(crate) async fn find(call: &Call) -> Result<BootImage> {
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let id = ImageId::from(call.param("image_id"));
    let read = move |db: &_| logic::find(db, &platform.policy, &caller, &id);
    call.platform.store.read(read).await
}

async fn list(call: Call, path: &str, render: fn(&BootImage, &Cx<'_>) -> Value) -> Result<Reply> {
    let page = Page::from(&call, call.platform.settings.compute.max_limit)?;
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let query = logic::query(&page, &call.query);
    let read = move |db: &_| facade::list(db, &platform.policy, &caller, &query);
    let images = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = images.iter().map(|image| render(image, &cx)).collect();
    let mut body = Map::from_iter([("images".to_owned(), Value::Array(rows))]);
    let last = images.last().map(|image| image.id.as_str());
    if let Some(next) = page.next(&call, path, images.len(), last) {
        body.insert("images_links".to_owned(), json!([{"rel": "next", "href": next}]));
    }
    Ok(Reply::json(Value::Object(body)))
}

fn whole(image: &BootImage, cx: &Cx<'_>) -> Value {
    shown(&view::DETAIL, image, cx, view::of_snapshot(image, cx))
}

fn shown(
    view: &View<BootImage>,
    image: &BootImage,
    cx: &Cx<'_>,
    more: Vec<(String, Value)>,
) -> Value {
    let mut shown = view.render(image, cx);
    if let Value::Object(fields) = &mut shown {
        fields.extend(more);
    }
    shown
}
