//! Cases about images.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::fixture::{Fixture, Flaw, body, busy, must, refused, same};
use crate::clock::Time;
use crate::engine::{
    EngineImage, EngineResult, GuestFile, InstanceSpec, LABEL_INSTALLATION, files, owns_image,
};

type Outcome = Result<(), Flaw>;

fn file(path: &str, content: impl Into<Bytes>) -> GuestFile {
    GuestFile { path: path.to_owned(), content: Some(content.into()), mode: 0o644, uid: 0, gid: 0 }
}

/// An image of ours with one file in it, which boots where guests run nothing.
async fn imported(fixture: &Fixture, short: &str) -> EngineResult<EngineImage> {
    let root = files::pack(&[file("etc/name", short.to_owned())], Time(0))?;
    let command = ["/bin/sh".to_owned()];
    fixture.engine.import_image(body(root), &fixture.reference(short), &command).await
}

async fn there(fixture: &Fixture, reference: &str) -> Result<EngineImage, Flaw> {
    let image = fixture.engine.image(reference).await?;
    image.ok_or_else(|| Flaw(format!("the image {reference} is not there")))
}

async fn exported(fixture: &Fixture, reference: &str) -> EngineResult<Bytes> {
    let mut parts = fixture.engine.export_image(reference).await?;
    let mut archive = BytesMut::new();
    while let Some(part) = parts.next().await {
        archive.extend_from_slice(&part?);
    }
    Ok(archive.freeze())
}

pub(super) async fn a_commit_boots_with_what_was_written(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    fixture.engine.put_files(&name, &[file("/etc/written", "yes")]).await?;
    let reference = fixture.reference("snapshot");
    let labels = [("novadock.id".to_owned(), "image-1".to_owned())].into();
    let image = fixture.engine.commit(&name, &reference, &labels, true).await?;
    must(owns_image(&fixture.installation, &image), format!("a snapshot is ours: {image:?}"))?;
    same(image.labels.get("novadock.id").map(String::as_str), Some("image-1"), "its label")?;
    let inherited = image.labels.get(LABEL_INSTALLATION).is_some_and(|label| !label.is_empty());
    must(!inherited, "what others run from it must not look like ours")?;

    let copy = InstanceSpec { image: reference.clone(), ..fixture.spec("b") };
    fixture.boot(&copy).await?;
    let read = fixture.engine.read_file(&copy.name, "/etc/written", 100).await?;
    must(read.is_some_and(|read| read.content.as_deref() == Some(b"yes")), "what was written")?;
    same(fixture.seen(&copy.name).await?.image_id, image.id.clone(), "the image of the copy")?;

    fixture.engine.put_files(&name, &[file("/etc/written", "later")]).await?;
    let again = fixture.engine.commit(&name, &reference, &labels, false).await?;
    must(again.id != image.id, "another commit is another image")?;
    same(there(fixture, &reference).await?.id, again.id, "the reference is replaced")
}

pub(super) async fn an_image_goes_out_and_comes_in_again(fixture: &Fixture) -> Outcome {
    let image = imported(fixture, "out").await?;
    must(owns_image(&fixture.installation, &image), format!("an import is ours: {image:?}"))?;
    same(image.command.clone(), vec!["/bin/sh".to_owned()], "its command")?;
    must(image.size_bytes > 0, "it has a size")?;
    let archive = exported(fixture, &fixture.reference("out")).await?;
    fixture.engine.remove_image(&fixture.reference("out")).await?;
    same(fixture.engine.image(&image.id).await?, None, "the image removed")?;

    let loaded = fixture.engine.load_image(body(archive.clone())).await?;
    same(loaded.iter().map(|one| &one.id).collect(), vec![&image.id], "what is loaded")?;
    let again = fixture.engine.load_image(body(archive)).await?;
    same(again, loaded, "what is loaded twice")?;
    fixture.engine.tag_image(&image.id, &fixture.reference("in")).await?;
    let spec = InstanceSpec { image: fixture.reference("in"), ..fixture.spec("a") };
    fixture.engine.create(&spec).await?;
    let read = fixture.engine.read_file(&spec.name, "/etc/name", 100).await?;
    must(read.is_some_and(|read| read.content.as_deref() == Some(b"out")), "what is in it")
}

pub(super) async fn a_load_takes_nobodys_reference(fixture: &Fixture) -> Outcome {
    let image = imported(fixture, "taken").await?;
    let archive = exported(fixture, &fixture.reference("taken")).await?;
    fixture.engine.remove_image(&fixture.reference("taken")).await?;
    let loaded = fixture.engine.load_image(body(archive)).await?;
    let references = loaded.iter().flat_map(|one| one.references.clone()).collect();
    same(references, Vec::<String>::new(), "references taken from the archive")?;
    fixture.engine.remove_image(&image.id).await?;
    Ok(())
}

pub(super) async fn what_is_no_image_is_refused(fixture: &Fixture) -> Outcome {
    let garbage = || body(vec![7_u8; 4096]);
    let no_manifest = files::pack(&[file("some/file", "x")], Time(0))?;
    let reference = fixture.reference("garbage");
    refused(fixture.engine.load_image(garbage()).await, "a load of garbage")?;
    refused(fixture.engine.load_image(body(no_manifest)).await, "a load of any tar")?;
    refused(fixture.engine.import_image(garbage(), &reference, &[]).await, "an import of garbage")?;
    same(fixture.engine.image(&reference).await?, None, "the image")
}

pub(super) async fn a_reference_moves_to_the_image_tagged_last(fixture: &Fixture) -> Outcome {
    let first = imported(fixture, "first").await?;
    let second = imported(fixture, "second").await?;
    let moving = fixture.reference("moving");
    fixture.engine.tag_image(&first.id, &moving).await?;
    fixture.engine.tag_image(&first.id, &moving).await?;
    same(there(fixture, &moving).await?.id, first.id.clone(), "the reference")?;
    fixture.engine.tag_image(&second.id, &moving).await?;
    same(there(fixture, &moving).await?.id, second.id, "the reference moved")?;
    let left = there(fixture, &first.id).await?.references;
    same(left, vec![fixture.reference("first")], "what the first has left")
}

pub(super) async fn only_our_references_are_removed(fixture: &Fixture) -> Outcome {
    refused(fixture.engine.remove_image(&fixture.image).await, "removing the owner's image")?;
    let alias = fixture.reference("alias");
    let owners = there(fixture, &fixture.image).await?;
    fixture.engine.tag_image(&owners.id, &alias).await?;
    fixture.engine.remove_image(&alias).await?;
    fixture.engine.remove_image(&alias).await?;
    same(there(fixture, &fixture.image).await?, owners, "the owner's image")?;
    let all = fixture.engine.images().await?;
    must(all.iter().any(|image| image.references.contains(&fixture.image)), "it is listed")
}

pub(super) async fn the_image_of_an_instance_stays(fixture: &Fixture) -> Outcome {
    imported(fixture, "used").await?;
    let reference = fixture.reference("used");
    let spec = InstanceSpec { image: reference.clone(), ..fixture.spec("a") };
    fixture.engine.create(&spec).await?;
    busy(fixture.engine.remove_image(&reference).await, "removing an image in use")?;
    fixture.engine.remove(&spec.name).await?;
    fixture.engine.remove_image(&reference).await?;
    same(fixture.engine.image(&reference).await?, None, "the image")
}
