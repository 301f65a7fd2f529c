use std::collections::HashSet;
use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use docuvault_domain::ports::ObjectKey;

/// Which files belong to which key, and the directories they are in.
pub(super) struct Layout {
    root: PathBuf,
    /// Directories of owners that are known to survive a power failure.
    durable: Mutex<HashSet<PathBuf>>,
}

/// The files of a key.
#[derive(Clone)]
pub(super) struct Files {
    /// The object.
    pub(super) object: PathBuf,
    /// What is written until it is whole. A key is written once, so this needs no further name, and
    /// whoever knows the key finds it.
    pub(super) part: PathBuf,
    /// Where both are.
    pub(super) dir: PathBuf,
    /// The directory that holds `dir`, unless `dir` is the root; then `dir` goes with its last
    /// object.
    parent: Option<PathBuf>,
}

impl Layout {
    /// Creates the root where it is missing.
    pub(super) fn create(root: PathBuf) -> io::Result<Self> {
        create_durably(&root)?;
        Ok(Self {
            root,
            durable: Mutex::default(),
        })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn files(&self, key: &ObjectKey) -> Files {
        let (dir, file) = match key.as_str().rsplit_once('/') {
            Some((dir, file)) => (self.root.join(dir), file),
            None => (self.root.clone(), key.as_str()),
        };
        Files {
            object: dir.join(file),
            part: dir.join(format!(".{file}.part")),
            parent: dir
                .parent()
                .filter(|_| dir != self.root)
                .map(Path::to_owned),
            dir,
        }
    }

    /// Makes the directory of `files`; [`Files::sync`] is still to come.
    pub(super) fn make_dir(&self, files: &Files) -> io::Result<()> {
        let Some(parent) = &files.parent else {
            return Ok(());
        };
        self.make_durable(parent)?;
        create_dir(&files.dir)
    }

    /// The directory of an owner is shared by uploads: none may build on it before it is durable.
    fn make_durable(&self, dir: &Path) -> io::Result<()> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if dir != self.root && !durable.contains(dir) {
            create_durably(dir)?;
            durable.insert(dir.to_owned());
        }
        Ok(())
    }
}

impl Files {
    /// Makes the names survive a power failure. The inner directory comes first: many filesystems
    /// then have nothing left to do for the outer one.
    pub(super) fn sync(&self) -> io::Result<()> {
        sync_dir(&self.dir)?;
        self.parent.as_deref().map_or(Ok(()), sync_dir)
    }

    /// Removes what is there of the key, and its directory when nothing else is in it.
    pub(super) fn remove(&self) -> io::Result<()> {
        remove_file(&self.part)?;
        self.remove_object()
    }

    /// The same but for an unfinished write.
    pub(super) fn remove_object(&self) -> io::Result<()> {
        remove_file(&self.object)?;
        if self.parent.is_some() {
            // It may hold other objects; an empty one that stays does no harm.
            let _ = std::fs::remove_dir(&self.dir);
        }
        Ok(())
    }
}

fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn create_durably(dir: &Path) -> io::Result<()> {
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    match create_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            create_durably(parent)?;
            create_dir(dir)?;
        }
        result => result?,
    }
    sync_dir(parent)
}

fn create_dir(dir: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        result => result,
    }
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
