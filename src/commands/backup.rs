//! `novadock backup FILE`: what cannot be made again, in one tar file.
//!
//! The database is copied by SQLite's own online backup, so the copy is consistent while the
//! cloud is served. Image data is not in it: `DATA_DIR/images` holds plain files that never
//! change once they are there, and any tool copies those.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kit::error::{Error, Result};
use kit::store::Store;

use super::{block_on, print};
use crate::cli::Common;

/// Beside the database: the id of the installation, the signing keys, the credentials.
static KEPT: &[&str] =
    &["installation", "identity", "clouds.yaml", "openrc", "openrc-admin", "policy.yaml"];

pub(crate) fn run(common: &Common, file: &Path) -> Result<()> {
    let data_dir = common.data_dir()?;
    let database = data_dir.join("novadock.db");
    if !database.exists() {
        let sentence = format!("there is no database in {}", data_dir.display());
        return Err(Error::not_found(sentence));
    }
    let copy = data_dir.join("backup.db");
    block_on(Store::copy(database, copy.clone()))?;
    let written = archive(&data_dir, &copy, file);
    std::fs::remove_file(&copy)?;
    written?;
    print(&format!("{} holds the database, the keys and the credentials", file.display()))
}

fn archive(data_dir: &Path, database: &Path, file: &Path) -> Result<()> {
    // The keys in it sign tokens: nobody else may read it.
    let target =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    let mut tar = tar::Builder::new(target);
    tar.append_path_with_name(database, "novadock.db")?;
    for name in KEPT {
        let path = data_dir.join(name);
        if path.is_dir() {
            tar.append_dir_all(name, &path)?;
        } else if path.exists() {
            tar.append_file(name, &mut File::open(&path)?)?;
        }
    }
    tar.into_inner()?.sync_all()?;
    Ok(())
}
