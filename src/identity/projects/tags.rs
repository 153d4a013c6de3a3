//! `/projects/{project_id}/tags`: calls become logic, tags become answers.

use kit::error::Result;
use kit::http::{Call, Reply};

use super::api::find;
use super::model::Project;
use super::{logic, view};
use crate::changes;
use crate::sentences::not_found;

/// `GET …/tags`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    Ok(Reply::json(view::tags(&call, &project.tags)))
}

/// `PUT …/tags`.
pub(crate) async fn replace(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    let given = call.wrapped("tags").as_array().cloned().unwrap_or_default();
    let tags: Vec<String> =
        given.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
    let tags = write(&call, project, tags).await?;
    Ok(Reply::json(view::tags(&call, &tags)))
}

/// `DELETE …/tags`.
pub(crate) async fn clear(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    write(&call, project, Vec::new()).await?;
    Ok(Reply::empty())
}

/// `GET …/tags/{value}`.
pub(crate) async fn check(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    position(&call, &project)?;
    Ok(Reply::empty())
}

/// `PUT …/tags/{value}`.
pub(crate) async fn add(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    let mut tags = project.tags.clone();
    let tag = call.param("value").to_owned();
    let location = call.links.path(&format!("/projects/{}/tags/{tag}", project.id));
    if !tags.contains(&tag) {
        tags.push(tag);
    }
    write(&call, project, tags).await?;
    Ok(Reply::empty().header("Location", location))
}

/// `DELETE …/tags/{value}`.
pub(crate) async fn remove(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    let mut tags = project.tags.clone();
    tags.remove(position(&call, &project)?);
    write(&call, project, tags).await?;
    Ok(Reply::empty())
}

fn position(call: &Call, project: &Project) -> Result<usize> {
    let tag = call.param("value");
    let found = project.tags.iter().position(|own| own == tag);
    found.ok_or_else(|| not_found("project tag", tag))
}

async fn write(call: &Call, project: Project, tags: Vec<String>) -> Result<Vec<String>> {
    changes::commit(&call.platform, "projects:tags", move |tx| logic::set_tags(tx, project, &tags))
        .await
}
