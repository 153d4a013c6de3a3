//! The first boot of a guest: files laid down before it starts, and the one script that runs
//! user data after it has started, whatever the image has.
//!
//! **Invariant:** user data runs at most once per guest. The script begins with `mkdir` of a
//! marker, which is atomic, so a second start of the script ends at once.

use bytes::Bytes;
use kit::engine::GuestFile;

use super::cloud_config;
use super::quote::word;
use super::user_data::Piece;

/// Where cloud-init keeps what belongs to this instance.
const FOLDER: &str = "/var/lib/cloud/instance";
/// The script.
pub(crate) const SCRIPT: &str = "/var/lib/cloud/novadock/first-boot.sh";
/// Made when the script starts.
const MARKER: &str = "/var/lib/cloud/novadock/started";
/// An image with this file looks after itself.
pub(crate) const CLOUD_INIT: &str = "/usr/bin/cloud-init";

/// The files of a first boot: the raw user data, each script, the script that runs them.
pub(crate) fn files(data: &[u8], pieces: &[Piece]) -> Vec<GuestFile> {
    let mut files = vec![file(format!("{FOLDER}/user-data.txt"), data.to_vec(), 0o600)];
    let mut early = Vec::new();
    let mut late = Vec::new();
    let mut configured = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let path = format!("{FOLDER}/scripts/part-{:03}", index + 1);
        match piece {
            Piece::Script(content) => {
                files.push(file(path.clone(), content.clone(), 0o700));
                late.push(word(&path));
            }
            Piece::Boothook(content) => {
                files.push(file(path.clone(), executable(content), 0o700));
                early.push(word(&path));
            }
            Piece::CloudConfig(text) => configured.extend(cloud_config::lines(text)),
            Piece::Unknown(what) => {
                early.push(format!("echo {}", word(&format!("user data is not run: {what}"))));
            }
        }
    }
    let body = early.into_iter().chain(configured).chain(late).collect::<Vec<_>>();
    files.push(file(SCRIPT.to_owned(), script(&body).into_bytes(), 0o700));
    files
}

/// The command that runs the script.
pub(crate) fn command() -> Vec<String> {
    vec!["/bin/sh".to_owned(), SCRIPT.to_owned()]
}

fn script(body: &[String]) -> String {
    let body = body.join("\n");
    format!(
        "#!/bin/sh\n\
         mkdir {MARKER} 2>/dev/null || exit 0\n\
         export PATH=\"${{PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}}\"\n\
         export HOME=/root\n\
         console=/proc/1/fd/1\n\
         [ -w \"$console\" ] || console=/dev/null\n\
         mkdir -p /var/log\n\
         first_boot() {{\n\
         {body}\n\
         :\n\
         }}\n\
         first_boot </dev/null 2>&1 | tee -a /var/log/cloud-init-output.log >\"$console\"\n\
         : >{FOLDER}/boot-finished\n"
    )
}

/// A boothook's first line is its type, not an interpreter.
fn executable(content: &[u8]) -> Vec<u8> {
    let rest = content.strip_prefix(b"#cloud-boothook").unwrap_or(content);
    let rest: &[u8] = match rest.iter().position(|byte| *byte == b'\n') {
        Some(end) => rest.get(end + 1..).unwrap_or_default(),
        None => rest,
    };
    if rest.starts_with(b"#!") { rest.to_vec() } else { [b"#!/bin/sh\n", rest].concat() }
}

fn file(path: String, content: Vec<u8>, mode: u32) -> GuestFile {
    GuestFile { path, content: Some(Bytes::from(content)), mode, uid: 0, gid: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boothooks_run_before_cloud_config_and_scripts_at_the_end() {
        let pieces = [
            Piece::Script(b"#!/bin/sh\necho last\n".to_vec()),
            Piece::CloudConfig("#cloud-config\nruncmd: [middle]\n".into()),
            Piece::Boothook(b"#cloud-boothook\necho first\n".to_vec()),
        ];
        let files = files(b"raw", &pieces);
        let script = files.last().unwrap();
        let text = String::from_utf8(script.content.clone().unwrap().to_vec()).unwrap();
        let at = |needle: &str| text.find(needle).unwrap();
        assert!(at("part-003") < at("middle") && at("middle") < at("part-001"));
        assert_eq!(files[2].content.as_deref(), Some(b"#!/bin/sh\necho first\n".as_slice()));
        assert_eq!(files[0].path, "/var/lib/cloud/instance/user-data.txt");
    }

    #[test]
    fn the_script_runs_once_and_says_what_it_says_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap();
        std::fs::create_dir_all(folder.path().join("var/lib/cloud/novadock")).unwrap();
        std::fs::create_dir_all(folder.path().join("var/lib/cloud/instance")).unwrap();
        let text = script(&["echo hello".to_owned()])
            .replace("/var/", &format!("{root}/var/"))
            .replace("/proc/1/fd/1", "/dev/null");
        for _ in 0..2 {
            let status = std::process::Command::new("/bin/sh").args(["-c", &text]).status();
            assert!(status.unwrap().success());
        }
        let log = folder.path().join("var/log/cloud-init-output.log");
        assert_eq!(std::fs::read_to_string(log).unwrap(), "hello\n");
    }
}
