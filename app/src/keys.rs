//! The master key: from the configuration, or a file that an embedded vault makes for itself.

use std::error::Error as _;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use docuvault_crypto::MasterKey;
use docuvault_domain::ports::Ids as _;
use docuvault_local::SystemIds;

use crate::config::{Config, Secret};

/// Its number; more than one comes with replacing it.
const FIRST: u32 = 1;

/// Why `text` is no master key, if it is none.
pub(crate) fn check(text: &Secret) -> Result<(), String> {
    match MasterKey::from_base64(FIRST, text.expose()) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.source().map(ToString::to_string).unwrap_or_default()),
    }
}

/// `secret_key`, else the file `keys/master` in the data directory, which is made on the first start.
pub(crate) fn master_key(config: &Config) -> anyhow::Result<MasterKey> {
    if let Some(text) = &config.secret_key {
        return MasterKey::from_base64(FIRST, text.expose())
            .context("secret_key (make one with `openssl rand -base64 32`)");
    }
    let folder = config.data_dir.join("keys");
    let path = folder.join("master");
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder
        .create(&folder)
        .with_context(|| format!("{}", folder.display()))?;
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            MasterKey::from_base64(FIRST, &text).with_context(|| format!("{}", path.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => make(&folder, &path),
        Err(error) => Err(error).with_context(|| format!("{}", path.display())),
    }
}

/// Complete or not there at all, whatever happens meanwhile; of processes that do it at the same time
/// all get the same key.
fn make(folder: &Path, path: &Path) -> anyhow::Result<MasterKey> {
    let key = MasterKey::random(FIRST);
    let draft = folder.join(format!(".{}", SystemIds.v4()));
    let mut options = File::options();
    let mut file = options
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&draft)
        .with_context(|| format!("{}", draft.display()))?;
    writeln!(file, "{}", key.to_base64())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    File::open(folder)?.sync_all()?;
    match linked {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path)?;
            Ok(MasterKey::from_base64(FIRST, &text)?)
        }
        Err(error) => bail!("{}: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn made_once_and_for_this_user_alone() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: dir.path().to_owned(),
            ..Config::default()
        };
        let keys: Vec<_> = std::thread::scope(|scope| {
            let start = || scope.spawn(|| master_key(&config).unwrap());
            let threads: Vec<_> = (0..8).map(|_| start()).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let again = master_key(&config).unwrap();
        assert!(keys.iter().all(|key| *key == again));
        let mode = |path: &str| {
            let meta = std::fs::metadata(dir.path().join(path)).unwrap();
            meta.permissions().mode() & 0o777
        };
        assert_eq!((mode("keys"), mode("keys/master")), (0o700, 0o600));
        let files = std::fs::read_dir(dir.path().join("keys")).unwrap();
        assert_eq!(files.count(), 1, "no drafts are left");
    }

    #[test]
    fn a_damaged_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: dir.path().to_owned(),
            ..Config::default()
        };
        master_key(&config).unwrap();
        std::fs::write(dir.path().join("keys/master"), "short").unwrap();
        assert!(master_key(&config).is_err());
    }
}
