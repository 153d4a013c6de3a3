//! A `docker save` archive on its way to the engine, without the references in it.
//!
//! A load gives the images the names that the archive says, and takes them from the images that
//! have them: an upload of somebody's `debian:12` would replace the one of the engine's owner. So
//! the few documents that hold names are rewritten while the archive streams past; the layers are
//! never kept. Never drops a member: a header for it may have gone before.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use kit::engine::{ByteStream, EngineError, EngineResult};
use serde_json::{Map, Value};
use tar::Header;

const BLOCK: usize = 512;
/// Documents of names are small; an archive that says otherwise is refused.
const DOCUMENT_LIMIT_BYTES: u64 = 8 << 20;
/// Annotations of an OCI layout that name an image.
const NAMES: [&str; 2] = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];

type Rewrite = fn(Value) -> Value;

/// The documents that hold names, and what is left of them.
const DOCUMENTS: &[(&str, Rewrite)] = &[
    ("manifest.json", without_tags),
    ("repositories", |_| Value::Object(Map::new())),
    ("index.json", without_annotations),
];

/// The archive without the references in it.
pub(crate) fn without_references(
    archive: ByteStream,
) -> impl Stream<Item = EngineResult<Bytes>> + Send + 'static {
    stream::try_unfold(Some(Filter::new(archive)), |state| async {
        let Some(mut filter) = state else { return Ok(None) };
        let part = filter.next().await?;
        Ok(part.map(|part| (part, Some(filter))))
    })
}

enum State {
    /// A header comes next.
    Header,
    /// So many bytes go through as they are.
    Through(u64),
    /// A document of so many bytes, padding included, is collected.
    Document { header: Box<Header>, size: usize, rewrite: Rewrite },
}

struct Filter {
    input: ByteStream,
    buffer: BytesMut,
    state: State,
    output: VecDeque<Bytes>,
}

impl Filter {
    fn new(input: ByteStream) -> Self {
        Self { input, buffer: BytesMut::new(), state: State::Header, output: VecDeque::new() }
    }

    async fn next(&mut self) -> EngineResult<Option<Bytes>> {
        loop {
            if let Some(part) = self.output.pop_front() {
                return Ok(Some(part));
            }
            if self.step()? {
                continue;
            }
            match self.input.next().await {
                Some(part) => self.buffer.extend_from_slice(&part?),
                // What is left is no whole block: the engine will say what it thinks of it.
                None if self.buffer.is_empty() => return Ok(None),
                None => return Ok(Some(self.buffer.split().freeze())),
            }
        }
    }

    /// Goes on with what the buffer holds; whether anything could be done.
    fn step(&mut self) -> EngineResult<bool> {
        match &mut self.state {
            State::Header => {
                if self.buffer.len() < BLOCK {
                    return Ok(false);
                }
                let block = self.buffer.split_to(BLOCK).freeze();
                self.take_header(block)?;
                Ok(true)
            }
            State::Through(left) => {
                let now = usize::try_from(*left).unwrap_or(usize::MAX).min(self.buffer.len());
                if now == 0 {
                    return Ok(false);
                }
                *left -= now as u64;
                self.output.push_back(self.buffer.split_to(now).freeze());
                if *left == 0 {
                    self.state = State::Header;
                }
                Ok(true)
            }
            State::Document { header, size, rewrite } => {
                let padded = size.next_multiple_of(BLOCK);
                if self.buffer.len() < padded {
                    return Ok(false);
                }
                let mut document = self.buffer.split_to(padded);
                document.truncate(*size);
                let value = serde_json::from_slice(&document)
                    .map_err(|error| refused(&format!("a document is no JSON: {error}")))?;
                let parts = member(header, &rewrite(value));
                self.output.extend(parts);
                self.state = State::Header;
                Ok(true)
            }
        }
    }

    fn take_header(&mut self, block: Bytes) -> EngineResult<()> {
        if block.iter().all(|byte| *byte == 0) {
            self.output.push_back(block);
            return Ok(());
        }
        let mut header = Box::new(Header::new_old());
        header.as_mut_bytes().copy_from_slice(&block);
        verify(&header)?;
        let size = header.entry_size().map_err(|error| refused(&error.to_string()))?;
        match rewrite_of(&header) {
            Some(_) if size > DOCUMENT_LIMIT_BYTES => {
                return Err(refused("its manifest is too large"));
            }
            Some(rewrite) => {
                let size = usize::try_from(size).unwrap_or_default();
                self.state = State::Document { header, size, rewrite };
            }
            None => {
                self.output.push_back(block);
                let padded = size.next_multiple_of(BLOCK as u64);
                if padded > 0 {
                    self.state = State::Through(padded);
                }
            }
        }
        Ok(())
    }
}

fn verify(header: &Header) -> EngineResult<()> {
    let sum: u32 = header
        .as_bytes()
        .iter()
        .enumerate()
        // The sum is made with blanks in its own place.
        .map(|(at, byte)| if (148..156).contains(&at) { u32::from(b' ') } else { (*byte).into() })
        .sum();
    if header.cksum().is_ok_and(|said| said == sum) {
        return Ok(());
    }
    Err(refused("it is no tar; a compressed one must be unpacked first"))
}

fn rewrite_of(header: &Header) -> Option<Rewrite> {
    if !header.entry_type().is_file() {
        return None;
    }
    let path = header.path_bytes();
    let path = path.strip_prefix(b"./").unwrap_or(&path);
    DOCUMENTS.iter().find(|(name, _)| name.as_bytes() == path).map(|(_, rewrite)| *rewrite)
}

/// The member with another content.
fn member(header: &Header, document: &Value) -> [Bytes; 2] {
    let mut content = document.to_string().into_bytes();
    let mut header = header.clone();
    header.set_size(content.len() as u64);
    header.set_cksum();
    content.resize(content.len().next_multiple_of(BLOCK), 0);
    [Bytes::copy_from_slice(header.as_bytes()), content.into()]
}

fn without_tags(mut manifest: Value) -> Value {
    for image in manifest.as_array_mut().into_iter().flatten() {
        if let Some(image) = image.as_object_mut() {
            image.insert("RepoTags".to_owned(), Value::Null);
        }
    }
    manifest
}

fn without_annotations(mut index: Value) -> Value {
    let manifests = index.get_mut("manifests").and_then(Value::as_array_mut);
    for manifest in manifests.into_iter().flatten() {
        if let Some(annotations) = manifest.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.retain(|name, _| !NAMES.contains(&name.as_str()));
        }
    }
    index
}

fn refused(why: &str) -> EngineError {
    EngineError::Refused(format!("not a docker save archive: {why}"))
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use kit::clock::Time;
    use kit::engine::{GuestFile, files};

    use super::*;

    fn archive(members: &[(&str, &str)]) -> Bytes {
        let files: Vec<_> = members
            .iter()
            .map(|(path, text)| GuestFile {
                path: (*path).to_owned(),
                content: Some(Bytes::from((*text).to_owned())),
                mode: 0o644,
                uid: 0,
                gid: 0,
            })
            .collect();
        files::pack(&files, Time(0)).unwrap()
    }

    async fn filtered(archive: &Bytes, chunk: usize) -> EngineResult<Vec<u8>> {
        let parts: Vec<_> =
            archive.chunks(chunk).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        let parts: Vec<Bytes> =
            without_references(Box::pin(stream::iter(parts))).try_collect().await?;
        Ok(parts.concat())
    }

    #[tokio::test]
    async fn names_are_gone_and_all_else_is_there() {
        let layer = "x".repeat(3000);
        let manifest = r#"[{"Config":"c.json","RepoTags":["debian:12"],"Layers":["l.tar"]}]"#;
        let original = archive(&[("c.json", "{}"), ("manifest.json", manifest), ("l.tar", &layer)]);
        for chunk in [1, 100, 512, 100_000] {
            let tar = filtered(&original, chunk).await.unwrap();
            let read = |path| files::find(&tar, path).unwrap().unwrap().content.unwrap();
            assert_eq!(read("l.tar"), layer.as_bytes());
            assert_eq!(read("c.json"), "{}");
            let manifest: Value = serde_json::from_slice(&read("manifest.json")).unwrap();
            assert_eq!(manifest[0]["RepoTags"], Value::Null);
            assert_eq!(manifest[0]["Layers"][0], "l.tar");
        }
    }

    #[tokio::test]
    async fn what_is_compressed_is_refused() {
        let answer = filtered(&Bytes::from(vec![0x1f; 2048]), 512).await;
        assert!(matches!(answer, Err(EngineError::Refused(_))));
    }
}
