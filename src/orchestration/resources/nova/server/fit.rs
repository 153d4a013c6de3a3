//! Whether the image of a server boots on its flavor, asked before anything exists and refused in
//! Heat's words (its `_validate_image_flavor`).
//!
//! An image or flavor that is not there yet is looked at when the server is made.

use compute::facade::Delegate;
use image::facade::{BootImage, ImageStatus};
use kit::error::Result;
use kit::ids::{FlavorId, ImageId};
use serde_json::Value;

use crate::resources::constraints::Asker;
use crate::resources::nested::Form;
use crate::resources::nova::delegated;
use crate::resources::{find_flavor, find_image};
use crate::template::{self, Error};

/// Refuses an image that does not boot, or not on this flavor.
pub(super) fn check(asker: &Asker<'_>, form: &Form<'_>) -> template::Result<()> {
    let (Some(image), Some(flavor)) = (form.text("image"), form.text("flavor")) else {
        return Ok(());
    };
    let (Ok(Some(found)), Ok(shown)) = (find(asker, image), show(asker, flavor)) else {
        return Ok(());
    };
    if found.status != ImageStatus::Active {
        return refuse(format!("Image status is required to be active not {}.", found.status));
    }
    let needs = found.min_ram_mb;
    if let Some(has) = too_little(&shown, "ram", needs) {
        return refuse(format!(
            "Image {image} requires {needs} minimum ram. Flavor {flavor} has only {has}."
        ));
    }
    let needs = found.min_disk_gb;
    if let Some(has) = too_little(&shown, "disk", needs) {
        return refuse(format!(
            "Image {image} requires {needs} GB minimum disk space. Flavor {flavor} has only {has} GB."
        ));
    }
    Ok(())
}

/// How much a flavor has of what an image needs more of.
fn too_little(flavor: &Value, what: &str, needs: i64) -> Option<i64> {
    let has = flavor.get(what).and_then(Value::as_i64).unwrap_or_default();
    (has < needs).then_some(has)
}

fn find(asker: &Asker<'_>, name_or_id: &str) -> Result<Option<BootImage>> {
    let id = ImageId::from(find_image(asker.hand, asker.caller, name_or_id)?);
    image::facade::get_for_system(asker.hand.connection, &id)
}

fn show(asker: &Asker<'_>, name_or_id: &str) -> Result<Value> {
    let id = FlavorId::from(find_flavor(asker.hand, asker.stack, asker.caller, name_or_id)?);
    delegated(asker.hand, asker.stack, asker.caller, |delegate: &Delegate<'_>| {
        delegate.show_flavor(&id)
    })
}

fn refuse(sentence: String) -> template::Result<()> {
    Err(Error::validation(sentence))
}
