//! What the data of an image is, from its first bytes and the names in its tar. Pure.
//!
//! A container boots from a `docker save` archive, an OCI layout or a root file system, each a
//! tar, plain or behind gzip. Everything else is recognised only to say what it is.

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Compressed; what is inside counts.
    Gzip,
    /// A tar; its names say which kind.
    Tar,
    /// Nothing that a container boots from, in words for a sentence.
    Other(&'static str),
}

/// What the names of a tar say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// `docker save` made it.
    DockerArchive,
    /// An OCI image layout.
    OciLayout,
    /// The files of a machine.
    RootFileSystem,
}

/// How much of the beginning [`lead`] wants to see: an ISO's mark stands at 32 KiB.
pub(crate) const HEAD: usize = 33 << 10;

/// Marks: where they stand, what they are.
static MARKS: &[(usize, &[u8], Lead)] = &[
    (0, b"\x1f\x8b", Lead::Gzip),
    (257, b"ustar", Lead::Tar),
    (0, b"\xfd7zXZ", Lead::Other("an xz file")),
    (0, b"BZh", Lead::Other("a bzip2 file")),
    (0, b"\x28\xb5\x2f\xfd", Lead::Other("a zstd file")),
    (0, b"QFI\xfb", Lead::Other("a qcow2 disk")),
    (0, b"KDMV", Lead::Other("a vmdk disk")),
    (0, b"vhdxfile", Lead::Other("a vhdx disk")),
    (0, b"conectix", Lead::Other("a vhd disk")),
    (0x40, b"\x7f\x10\xda\xbe", Lead::Other("a vdi disk")),
    (0x8001, b"CD001", Lead::Other("an ISO image")),
    (510, b"\x55\xaa", Lead::Other("a raw disk")),
    (0, b"\x7fELF", Lead::Other("a program")),
];

/// What the first bytes say.
pub(crate) fn lead(head: &[u8]) -> Lead {
    if head.is_empty() {
        return Lead::Other("empty");
    }
    let found = MARKS
        .iter()
        .find(|(at, mark, _)| head.get(*at..at + mark.len()).is_some_and(|bytes| bytes == *mark));
    match found {
        Some((_, _, lead)) => *lead,
        None if is_old_tar(head) => Lead::Tar,
        None => Lead::Other("of no known format"),
    }
}

/// A tar from before `ustar` has no mark; its first header has a checksum.
fn is_old_tar(head: &[u8]) -> bool {
    let (Some(header), Some(field)) = (head.get(..512), head.get(148..156)) else { return false };
    let digits = String::from_utf8_lossy(field);
    let digits = digits.trim_matches(|char: char| char == '\0' || char == ' ');
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = field.iter().map(|byte| u64::from(*byte)).sum();
    // The field counts as blanks.
    u64::from_str_radix(digits, 8).is_ok_and(|wanted| wanted > 0 && wanted == sum - own + 8 * 32)
}

/// What the names say; an archive of both kinds (newer `docker save`) counts as Docker's.
pub(crate) fn content<'a>(names: impl Iterator<Item = &'a str>) -> Content {
    let mut content = Content::RootFileSystem;
    for name in names {
        match name.trim_start_matches("./") {
            "manifest.json" => return Content::DockerArchive,
            "oci-layout" => content = Content::OciLayout,
            _ => {}
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(offset: usize, mark: &[u8]) -> Vec<u8> {
        let mut head = vec![0; HEAD];
        head[offset..offset + mark.len()].copy_from_slice(mark);
        head
    }

    #[test]
    fn marks_are_found_where_they_stand() {
        assert_eq!(lead(&at(0, b"\x1f\x8b")), Lead::Gzip);
        assert_eq!(lead(&at(257, b"ustar")), Lead::Tar);
        assert_eq!(lead(&at(0, b"QFI\xfb")), Lead::Other("a qcow2 disk"));
        assert_eq!(lead(&at(0x8001, b"CD001")), Lead::Other("an ISO image"));
        assert_eq!(lead(&[0; 10]), Lead::Other("of no known format"));
        assert_eq!(lead(&[]), Lead::Other("empty"));
    }

    #[test]
    fn a_tar_without_a_mark_is_known_by_its_checksum() {
        let mut header = tar::Header::new_old();
        header.set_path("etc/motd").unwrap();
        header.set_size(0);
        header.set_cksum();
        assert_eq!(lead(header.as_bytes()), Lead::Tar);
        assert_eq!(lead(&[0; 512]), Lead::Other("of no known format"));
    }

    #[test]
    fn names_tell_the_kinds_of_tar_apart() {
        let of = |names: &[&'static str]| content(names.iter().copied());
        assert_eq!(of(&["./bin/", "./etc/passwd"]), Content::RootFileSystem);
        assert_eq!(of(&["oci-layout", "index.json"]), Content::OciLayout);
        assert_eq!(of(&["oci-layout", "manifest.json"]), Content::DockerArchive);
    }
}
