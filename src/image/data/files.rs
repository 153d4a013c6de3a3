//! The files behind images. Knows paths and bytes; never a row.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;
use kit::error::{Error, Kind, Result};
use kit::http::Upload;
use kit::ids::ImageId;
use kit::tasks;
use md5::Md5;
use sha2::{Digest, Sha512};

/// Written to disk in pieces of this size: one trip to the blocking pool each.
const PIECE: usize = 1 << 20;

/// Read from disk in pieces of this size.
const CHUNK: u64 = 256 << 10;

/// Where the files are.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    root: PathBuf,
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) size_bytes: i64,
    /// md5, hexadecimal.
    pub(crate) checksum: String,
    /// sha512, hexadecimal.
    pub(crate) hash: String,
}

impl Files {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self { root: data_dir.join("images") }
    }

    /// Makes the folders.
    pub(crate) fn prepare(&self) -> Result<()> {
        Ok(fs::create_dir_all(self.staging())?)
    }

    /// Complete data.
    pub(crate) fn path(&self, id: &ImageId) -> PathBuf {
        self.root.join(id.as_str())
    }

    fn staging(&self) -> PathBuf {
        self.root.join("staging")
    }

    /// A place for what must not be seen by anybody yet.
    pub(crate) fn staging_path(&self, name: &str) -> PathBuf {
        self.staging().join(name)
    }

    /// Removes everything in the staging folder: nothing there outlives the process.
    pub(crate) fn clear_staging(&self) -> Result<()> {
        for entry in fs::read_dir(self.staging())? {
            fs::remove_file(entry?.path())?;
        }
        Ok(())
    }

    /// The ids that have complete data.
    pub(crate) fn list(&self) -> Result<BTreeSet<ImageId>> {
        let mut ids = BTreeSet::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                ids.insert(ImageId::from(entry.file_name().to_string_lossy().into_owned()));
            }
        }
        Ok(ids)
    }

    /// Removes the complete data of an image; none is success.
    pub(crate) fn remove(&self, id: &ImageId) -> Result<()> {
        remove(&self.path(id))
    }

    /// Takes the complete data of an image out of sight, in no time however large it is; where it
    /// lies now, for [`remove`]. None is success.
    pub(crate) fn set_aside(&self, id: &ImageId) -> Result<PathBuf> {
        let aside = self.staging_path(&format!("{id}.dead"));
        match fs::rename(self.path(id), &aside) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(aside),
        }
    }

    /// Removes the incomplete data of an image; none is success.
    pub(crate) fn discard(&self, id: &ImageId) -> Result<()> {
        remove(&self.staging_path(id.as_str()))
    }

    /// Takes a whole body in. Afterwards the bytes are on disk, still in the staging folder.
    pub(crate) async fn receive(
        &self,
        id: &ImageId,
        upload: &mut Upload,
        cap_bytes: i64,
    ) -> Result<Received> {
        let cap = u64::try_from(cap_bytes).unwrap_or(u64::MAX);
        if upload.length.is_some_and(|length| length > cap) {
            return Err(too_large());
        }
        let path = self.staging_path(id.as_str());
        let mut sink = tasks::blocking(move || Sink::create(&path)).await?;
        let mut piece = Vec::with_capacity(PIECE);
        while let Some(chunk) = upload.next().await {
            let chunk = chunk?;
            if sink.size + (piece.len() + chunk.len()) as u64 > cap {
                return Err(too_large());
            }
            piece.extend_from_slice(&chunk);
            if piece.len() >= PIECE {
                sink = tasks::blocking(move || sink.write(&piece)).await?;
                piece = Vec::with_capacity(PIECE);
            }
        }
        tasks::blocking(move || sink.write(&piece)?.finish()).await
    }

    /// Makes received data the image's. The name is on disk when this returns.
    pub(crate) async fn publish(&self, id: &ImageId) -> Result<()> {
        let (from, to) = (self.staging_path(id.as_str()), self.path(id));
        let root = self.root.clone();
        tasks::blocking(move || {
            fs::rename(from, to)?;
            Ok(File::open(root)?.sync_all()?)
        })
        .await
    }
}

/// Removes a file; none is success.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn too_large() -> Error {
    Error::new(Kind::TooLarge, "The incoming image is too large: The provided image is too large.")
}

fn not_written(error: &std::io::Error) -> Error {
    if error.kind() == ErrorKind::StorageFull {
        return Error::new(
            Kind::TooLarge,
            "Image storage media is full: There is not enough disk space on the image storage media.",
        );
    }
    Error::internal(format!("image data can't be written: {error}"))
}

/// A file that counts and hashes what it is given.
struct Sink {
    file: File,
    size: u64,
    md5: Md5,
    sha512: Sha512,
}

impl Sink {
    fn create(path: &Path) -> Result<Self> {
        let file = File::create(path)?;
        Ok(Self { file, size: 0, md5: Md5::new(), sha512: Sha512::new() })
    }

    fn write(mut self, bytes: &[u8]) -> Result<Self> {
        self.file.write_all(bytes).map_err(|error| not_written(&error))?;
        self.md5.update(bytes);
        self.sha512.update(bytes);
        self.size += bytes.len() as u64;
        Ok(self)
    }

    fn finish(self) -> Result<Received> {
        self.file.sync_all().map_err(|error| not_written(&error))?;
        Ok(Received {
            size_bytes: i64::try_from(self.size).unwrap_or(i64::MAX),
            checksum: hex::encode(self.md5.finalize()),
            hash: hex::encode(self.sha512.finalize()),
        })
    }
}

/// `length` bytes of a file from `offset` on.
pub(crate) fn stream(
    mut file: File,
    offset: u64,
    length: u64,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static> {
    file.seek(SeekFrom::Start(offset))?;
    Ok(try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let (file, bytes) = tasks::blocking(move || {
            let mut bytes = Vec::new();
            Read::by_ref(&mut file).take(left.min(CHUNK)).read_to_end(&mut bytes)?;
            Ok((file, bytes))
        })
        .await?;
        if bytes.is_empty() {
            return Err(Error::internal("the file of an image is shorter than its row says"));
        }
        let left = left - bytes.len() as u64;
        Ok(Some((Bytes::from(bytes), (file, left))))
    }))
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    fn upload(chunks: Vec<Result<Bytes>>) -> Upload {
        Upload::new(stream::iter(chunks), None)
    }

    fn files() -> (tempfile::TempDir, Files) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path());
        files.prepare().unwrap();
        (folder, files)
    }

    #[tokio::test]
    async fn what_comes_in_goes_out_again() {
        let (_folder, files) = files();
        let id = ImageId::random();
        let mut body = upload(vec![Ok("hello ".into()), Ok("world".into())]);
        let received = files.receive(&id, &mut body, 100).await.unwrap();
        assert_eq!(received.size_bytes, 11);
        assert_eq!(received.checksum, "5eb63bbbe01eeed093cb22bb8f5acdc3");
        assert!(files.list().unwrap().is_empty());
        files.publish(&id).await.unwrap();
        assert!(files.list().unwrap().contains(&id));
        let file = File::open(files.path(&id)).unwrap();
        let chunks: Vec<_> = stream(file, 6, 3).unwrap().collect().await;
        assert_eq!(chunks[0].as_deref().unwrap(), b"wor");
    }

    #[tokio::test]
    async fn more_than_the_cap_is_refused() {
        let (_folder, files) = files();
        let mut body = upload(vec![Ok("hello".into())]);
        let error = files.receive(&ImageId::random(), &mut body, 4).await.unwrap_err();
        assert_eq!(error.kind, Kind::TooLarge);
    }
}
