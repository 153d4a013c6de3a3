//! What is put into a guest before its first start: the key, files, user data.
//!
//! Called by the boot workflow's act, so everything here may happen twice.

use bytes::Bytes;
use kit::Platform;
use kit::engine::{EngineError, GuestFile};
use kit::workflow::Failure;

use crate::guest::{accounts, first_boot, user_data};
use crate::servers::model::Server;
use crate::servers::request::Personality;

/// The image property that names the login user (Nova: `os_admin_user`).
pub(crate) const ADMIN_USER: &str = "os_admin_user";
/// Larger files of an image are not read.
const LIMIT_BYTES: u64 = 1 << 20;

/// Puts everything in; whether the image has a cloud-init of its own, which then runs user data.
pub(crate) async fn prepare(
    platform: &Platform,
    server: &Server,
    personality: &[Personality],
) -> Result<bool, Failure> {
    let name = server.engine_name();
    let mut files: Vec<GuestFile> = personality.iter().map(file).collect();
    files.extend(key_files(platform, server, &name).await?);
    let data = server.user_data.as_deref().map(user_data::decode).unwrap_or_default();
    let pieces = user_data::pieces(&data);
    let own_cloud_init =
        !pieces.is_empty() && exists(platform, &name, first_boot::CLOUD_INIT).await?;
    if !own_cloud_init && !pieces.is_empty() {
        files.extend(first_boot::files(&data, &pieces));
    }
    if !files.is_empty() {
        platform.engine.put_files(&name, &files).await?;
    }
    Ok(own_cloud_init)
}

fn file(file: &Personality) -> GuestFile {
    let path = format!("/{}", file.path.trim_start_matches('/'));
    let content = Bytes::from(user_data::decode(&file.contents));
    GuestFile { path, content: Some(content), mode: 0o644, uid: 0, gid: 0 }
}

/// Puts the server's key, if it has one, into a guest of this name.
pub(crate) async fn put_key(
    platform: &Platform,
    server: &Server,
    name: &str,
) -> Result<(), Failure> {
    let files = key_files(platform, server, name).await?;
    if !files.is_empty() {
        platform.engine.put_files(name, &files).await?;
    }
    Ok(())
}

async fn key_files(
    platform: &Platform,
    server: &Server,
    name: &str,
) -> Result<Vec<GuestFile>, Failure> {
    let Some(key) = server.key_pair.as_ref().filter(|key| key.kind == "ssh") else {
        return Ok(Vec::new());
    };
    let user = server.image_properties.get(ADMIN_USER).map_or(accounts::DEFAULT_USER, |user| user);
    let passwd = text(platform, name, "/etc/passwd").await?;
    let account = accounts::find(&passwd, user);
    let existing = text(platform, name, &account.authorized_keys()).await?;
    let owned = |path: String, content: Option<Bytes>, mode: u32| GuestFile {
        path,
        content,
        mode,
        uid: account.uid,
        gid: account.gid,
    };
    let keys = accounts::with_key(&existing, &key.public_key);
    Ok(vec![
        owned(account.ssh_folder(), None, 0o700),
        owned(account.authorized_keys(), Some(Bytes::from(keys)), 0o600),
    ])
}

/// A small text file of the guest; empty when there is none.
async fn text(platform: &Platform, name: &str, path: &str) -> Result<String, Failure> {
    let found = platform.engine.read_file(name, path, LIMIT_BYTES).await?;
    let content = found.and_then(|file| file.content).unwrap_or_default();
    Ok(String::from_utf8_lossy(&content).into_owned())
}

async fn exists(platform: &Platform, name: &str, path: &str) -> Result<bool, Failure> {
    match platform.engine.read_file(name, path, LIMIT_BYTES).await {
        Ok(found) => Ok(found.is_some()),
        // Too large to be read is there all the same.
        Err(EngineError::Refused(_)) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
