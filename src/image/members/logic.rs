//! The rules of members: check, decide, write.
//!
//! Glance: `api/v2/image_members.py`; the order of its checks is kept, because each has another
//! sentence.

use kit::clock::Time;
use kit::config::Image as Limits;
use kit::error::{Error, Result};
use kit::ids::{ImageId, ProjectId};
use kit::policy::{Guarded, Rule};
use rusqlite::Connection;
use serde_json::Value;

use super::model::Member;
use super::store;
use crate::access::{Asker, image_not_found};
use crate::images::model::{Image, MemberStatus, Visibility};
use crate::policy;

const ONLY_SHARED: &str = "Only shared images have members.";

/// The image, if it has members; `refused` words the answer when its visibility forbids them.
fn shared(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    refused: impl FnOnce() -> Error,
) -> Result<SharedImage> {
    let guarded = asker.find(connection, id, image_not_found)?;
    // Opening with `get_image` is what makes the visibility readable at all.
    let image = asker.open(guarded, &policy::GET_IMAGE)?;
    if image.visibility == Visibility::Shared { Ok(SharedImage(image)) } else { Err(refused()) }
}

struct SharedImage(Image);

impl SharedImage {
    fn authorize(&self, asker: Asker<'_>, rule: &Rule) -> Result<()> {
        let target = self.0.target(asker.caller().project());
        asker.open(Guarded::new(self.0.clone(), target), rule).map(drop)
    }

    /// Whether the caller may know of this member: owners of all, members of themselves.
    fn shows(&self, asker: Asker<'_>, member: &ProjectId) -> bool {
        let own = asker.caller().project();
        asker.is_admin() || self.0.owner.as_ref() == own || own == Some(member)
    }

    fn member(
        &self,
        connection: &Connection,
        asker: Asker<'_>,
        member: &ProjectId,
    ) -> Result<Member> {
        let id = &self.0.id;
        self.authorize(asker, &policy::GET_MEMBER).map_err(|_| {
            Error::forbidden(format!(
                "You are not authorized to lookup the members of the image {id}."
            ))
        })?;
        let found = store::get(connection, id, member)?.filter(|_| self.shows(asker, member));
        found.ok_or_else(|| {
            Error::not_found(format!("{member} not found in the member list of the image {id}."))
        })
    }
}

/// Offers an image to a project.
pub(crate) fn create(
    connection: &Connection,
    asker: Asker<'_>,
    limits: &Limits,
    id: &ImageId,
    member: ProjectId,
    now: Time,
) -> Result<Member> {
    let refused = || Error::forbidden(format!("Not allowed to create members for image {id}."));
    let image = shared(connection, asker, id, refused)?;
    image.authorize(asker, &policy::ADD_MEMBER)?;
    let attempted = store::list(connection, id)?.len() + 1;
    let maximum = limits.image_member_quota;
    if maximum >= 0 && i64::try_from(attempted).map_or(true, |number| number > maximum) {
        return Err(Error::quota(format!(
            "Image member limit exceeded for image {id}: The limit has been exceeded on the \
             number of allowed image members for this image. Attempted: {attempted}, \
             Maximum: {maximum}:"
        )));
    }
    if store::get(connection, id, &member)?.is_some() {
        return Err(Error::conflict(format!("Member {member} is duplicated for image {id}")));
    }
    let member = Member {
        image: id.clone(),
        project: member,
        status: MemberStatus::Pending,
        created_at: now,
        updated_at: now,
    };
    store::insert(connection, &member)?;
    Ok(member)
}

/// The members that the caller may know of.
pub(crate) fn list(connection: &Connection, asker: Asker<'_>, id: &ImageId) -> Result<Vec<Member>> {
    let refused =
        || Error::forbidden(format!("Not allowed to list members for image {id}: {ONLY_SHARED}"));
    let image = shared(connection, asker, id, refused)?;
    image.authorize(asker, &policy::GET_MEMBERS)?;
    let mut members = store::list(connection, id)?;
    members.retain(|member| image.shows(asker, &member.project));
    Ok(members)
}

/// One member. Whoever may not know learns that it is not there.
pub(crate) fn show(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    member: &ProjectId,
) -> Result<Member> {
    let image = shared(connection, asker, id, || Error::not_found(ONLY_SHARED))?;
    image.member(connection, asker, member).map_err(|error| Error::not_found(error.public))
}

/// Answers an offer: the member's own right, not the owner's.
pub(crate) fn update(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    member: &ProjectId,
    status: &Value,
    now: Time,
) -> Result<Member> {
    let refused = || Error::forbidden(format!("Not allowed to update members for image {id}."));
    let image = shared(connection, asker, id, refused)?;
    let mut member = image.member(connection, asker, member)?;
    image.authorize(asker, &policy::MODIFY_MEMBER)?;
    member.status = status.as_str().and_then(MemberStatus::parse).ok_or_else(|| {
        Error::bad_request(
            "Incorrect request: Status must be \"pending\", \"accepted\" or \"rejected\".",
        )
    })?;
    member.updated_at = now;
    store::update(connection, &member)?;
    Ok(member)
}

/// Takes an offer back.
pub(crate) fn delete(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    member: &ProjectId,
) -> Result<()> {
    let refused = || Error::forbidden(format!("Not allowed to delete members for image {id}."));
    let image = shared(connection, asker, id, refused)?;
    let member = image.member(connection, asker, member)?;
    image.authorize(asker, &policy::DELETE_MEMBER)?;
    store::delete(connection, &member)
}
