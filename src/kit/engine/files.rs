//! Files on their way into and out of guests, as the tar streams that engines speak.
//!
//! Used by every backend. Never touches a file system.

use std::io::{Cursor, Read, Write};

use bytes::Bytes;
use tar::{Archive, Builder, EntryType, Header};

use super::{EngineError, EngineResult, GuestFile};
use crate::clock::Time;

/// Packs files into a tar whose paths are relative to the guest's root.
pub fn pack(files: &[GuestFile], at: Time) -> EngineResult<Bytes> {
    let mut builder = Builder::new(Vec::new());
    for file in files {
        let content = file.content.as_deref().unwrap_or_default();
        append(&mut builder, file, content, at).map_err(|error| unpackable(&file.path, &error))?;
    }
    builder.into_inner().map(Bytes::from).map_err(|error| unpackable("the archive", &error))
}

fn append<W: Write>(
    builder: &mut Builder<W>,
    file: &GuestFile,
    content: &[u8],
    at: Time,
) -> std::io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(match file.content {
        Some(_) => EntryType::Regular,
        None => EntryType::Directory,
    });
    header.set_size(content.len() as u64);
    header.set_mode(file.mode);
    header.set_uid(file.uid);
    header.set_gid(file.gid);
    header.set_mtime(at.seconds().unsigned_abs());
    builder.append_data(&mut header, file.path.trim_start_matches('/'), content)
}

fn unpackable(what: &str, error: &std::io::Error) -> EngineError {
    EngineError::Refused(format!("{what} can't be packed: {error}"))
}

/// The regular file `path` (relative or absolute) of a tar, with its mode and owner; the last
/// one when the tar has several of that name. `None` when there is no such file.
pub fn find(archive: &[u8], path: &str) -> EngineResult<Option<GuestFile>> {
    let mut found = None;
    each(archive, |file| {
        if file.path.trim_start_matches('/') == path.trim_start_matches('/') {
            found = Some(file);
        }
    })?;
    Ok(found)
}

/// Hands over every regular file of a tar.
pub fn each(archive: &[u8], mut take: impl FnMut(GuestFile)) -> EngineResult<()> {
    let broken = |error: std::io::Error| EngineError::Refused(format!("not a tar: {error}"));
    for entry in Archive::new(Cursor::new(archive)).entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(broken)?;
        let header = entry.header();
        take(GuestFile {
            path: path.trim_start_matches("./").to_owned(),
            content: Some(content.into()),
            mode: header.mode().map_err(broken)?,
            uid: header.uid().map_err(broken)?,
            gid: header.gid().map_err(broken)?,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &'static str) -> GuestFile {
        GuestFile {
            path: path.into(),
            content: Some(Bytes::from_static(text.as_bytes())),
            mode: 0o640,
            uid: 7,
            gid: 8,
        }
    }

    #[test]
    fn owner_and_mode_survive_the_way_through_a_tar() {
        let long = format!("/etc/{}/name", "deep/".repeat(60));
        let tar = pack(&[file("/etc/motd", "hello"), file(&long, "far")], Time(0)).unwrap();
        let found = find(&tar, "/etc/motd").unwrap().unwrap();
        assert_eq!(found.content.as_deref(), Some(b"hello".as_slice()));
        assert_eq!((found.mode, found.uid, found.gid), (0o640, 7, 8));
        assert!(find(&tar, &long).unwrap().is_some());
        assert!(find(&tar, "/etc/passwd").unwrap().is_none());
    }

    #[test]
    fn what_is_not_a_tar_is_refused() {
        assert!(matches!(find(&[7; 1024], "x"), Err(EngineError::Refused(_))));
    }
}
