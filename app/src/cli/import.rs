use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use docuvault_domain::Caller;
use docuvault_domain::documents::{NewDocument, OnDuplicate, Sha256, UploadError, clean_filename};
use docuvault_domain::ports::StreamError;
use docuvault_domain::processing::{FILE, PROCESS};
use futures::TryStreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::Digest as _;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::config::{Config, Overrides};
use crate::lifecycle::Lifecycle;
use crate::services::Services;
use crate::uploads::PendingUpload;
use crate::worker::Worker;
use crate::{bootstrap, telemetry};

const HEAD_BYTES: usize = 8 * 1024;
const CHUNK_BYTES: usize = 64 * 1024;
const POLL: Duration = Duration::from_millis(100);

#[derive(clap::Args)]
#[command(
    after_help = "Files that the vault has already are left alone, so that an import can be \
    repeated.\nExit codes: 0 all is in the vault, 1 something could not be taken in.\n\n\
    Example:\n  docuvault import --user ada ~/Documents scan.pdf"
)]
pub(super) struct Args {
    /// Whose documents they become: a handle or an e-mail address
    #[arg(long, value_name = "ACCOUNT")]
    user: String,
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    /// Leave reading and filing to the running vault
    #[arg(long)]
    no_wait: bool,
}

/// What became of the files.
#[derive(Default, serde::Serialize)]
struct Summary {
    imported: u64,
    known: u64,
    skipped: Vec<Skipped>,
    failed: Vec<Skipped>,
    bytes: u64,
}

#[derive(serde::Serialize)]
struct Skipped {
    path: PathBuf,
    reason: String,
}

enum ImportOutcome {
    Imported(u64),
    AlreadyStored,
    Refused(&'static str),
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::quiet_configuration(overrides)?;
    telemetry::start_logs(&config.log)?;
    let summary = super::runtime()?.block_on(import(&config, args))?;
    if args.json {
        println!("{}", serde_json::to_string(&summary)?);
    } else {
        print(&summary);
    }
    Ok(if summary.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn import(config: &Config, args: &Args) -> anyhow::Result<Summary> {
    let lifecycle = Lifecycle::default();
    lifecycle.listen_for_signals()?;
    let vault = bootstrap::join(config, &lifecycle).await?;
    let services = vault.services.clone();
    services.instance.run().await?;

    let caller = Caller::operator(super::account(&services, &args.user).await?);
    let files = find_files(&args.paths).await?;
    let bar = progress_bar(files.len() as u64);
    let mut summary = Summary::default();
    for path in files {
        if lifecycle.stopping.is_cancelled() {
            summary.failed.push(Skipped {
                path,
                reason: "the import was stopped".to_owned(),
            });
            continue;
        }
        bar.set_message(
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        );
        match import_file(&services, caller, config.max_upload_bytes, &path).await {
            Ok(ImportOutcome::Imported(bytes)) => {
                summary.imported += 1;
                summary.bytes += bytes;
            }
            Ok(ImportOutcome::AlreadyStored) => summary.known += 1,
            Ok(ImportOutcome::Refused(reason)) => {
                summary.skipped.push(Skipped {
                    path,
                    reason: reason.to_owned(),
                });
            }
            Err(error) => {
                summary.failed.push(Skipped {
                    path,
                    reason: format!("{error:#}"),
                });
            }
        }
        bar.inc(1);
    }
    if !args.no_wait && summary.imported > 0 && !lifecycle.stopping.is_cancelled() {
        bar.set_message("reading what was taken in");
        read_all(config, &services, &lifecycle).await?;
    }
    bar.finish_and_clear();
    services.background.close();
    services.background.wait().await;
    vault.close().await;
    Ok(summary)
}

/// Works on what is due, beside a running vault if there is one, until nothing waits to be read.
async fn read_all(
    config: &Config,
    services: &Arc<Services>,
    lifecycle: &Lifecycle,
) -> anyhow::Result<()> {
    let worker = Worker::new(config, services);
    while !lifecycle.stopping.is_cancelled()
        && services
            .processing
            .jobs
            .unfinished(&[PROCESS, FILE])
            .await?
            > 0
    {
        let drains = (0..config.worker.concurrency.max(1)).map(|n| worker.drain(n));
        futures::future::try_join_all(drains).await?;
        // What is left is in other hands, or due later.
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

fn progress_bar(files: u64) -> ProgressBar {
    let bar = ProgressBar::new(files);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed_precise} {wide_msg}")
    {
        bar.set_style(style);
    }
    bar
}

/// All files below `paths`, in the order of their names. Hidden files and links are left out of
/// folders, because nobody means them; what is named outright is taken.
async fn find_files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let meta = tokio::fs::metadata(path);
        let meta = meta.await.with_context(|| format!("{}", path.display()))?;
        if meta.is_dir() {
            let mut found = Vec::new();
            let mut folders = VecDeque::from([path.clone()]);
            while let Some(folder) = folders.pop_front() {
                let entries = tokio::fs::read_dir(&folder);
                let mut entries = entries
                    .await
                    .with_context(|| format!("{}", folder.display()))?;
                while let Some(entry) = entries.next_entry().await? {
                    if entry.file_name().to_string_lossy().starts_with('.') {
                        continue;
                    }
                    let kind = entry.file_type().await?;
                    if kind.is_dir() {
                        folders.push_back(entry.path());
                    } else if kind.is_file() {
                        found.push(entry.path());
                    }
                }
            }
            found.sort();
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Hashes the file first: what the vault has, in the trash or not, is not taken in twice.
async fn import_file(
    services: &Arc<Services>,
    caller: Caller,
    max_bytes: u64,
    path: &Path,
) -> anyhow::Result<ImportOutcome> {
    let sha256 = digest(path).await?;
    if services
        .core
        .store
        .documents()
        .find_by_hash(&caller, &sha256)
        .await?
        .is_some()
    {
        return Ok(ImportOutcome::AlreadyStored);
    }
    let mut file = tokio::fs::File::open(path).await?;
    let size = file.metadata().await?.len();
    if size > max_bytes {
        return Ok(ImportOutcome::Refused(
            "the file is larger than the vault takes",
        ));
    }
    let mut head = Vec::with_capacity(HEAD_BYTES);
    (&mut file)
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .await?;
    if head.is_empty() {
        return Ok(ImportOutcome::Refused("the file is empty"));
    }
    let filename = clean_filename(&path.file_name().unwrap_or_default().to_string_lossy());
    let Some(mime_type) = services.documents.content_types.detect(&head, &filename) else {
        return Ok(ImportOutcome::Refused(
            "the vault does not take this kind of file",
        ));
    };
    let head = futures::stream::once(async move { Ok(head.into()) });
    let rest = ReaderStream::with_capacity(file, CHUNK_BYTES);
    let rest = rest.map_err(|error| StreamError::Failed(error.into()));
    let bytes = Box::pin(futures::StreamExt::chain(head, rest));
    let mut pending = PendingUpload::new(services.clone(), caller, None);
    let stored = pending.store(mime_type, bytes, Some(size)).await?;
    let new = NewDocument {
        filename,
        title: None,
        on_duplicate: OnDuplicate::Reject,
    };
    match pending.finish(&stored, new).await {
        Ok(document) => Ok(ImportOutcome::Imported(document.size_bytes)),
        Err(UploadError::Duplicate(_)) => Ok(ImportOutcome::AlreadyStored),
        Err(error) => Err(error.into()),
    }
}

async fn digest(path: &Path) -> anyhow::Result<Sha256> {
    let file = tokio::fs::File::open(path).await?;
    let mut chunks = ReaderStream::with_capacity(file, CHUNK_BYTES);
    let mut hasher = sha2::Sha256::new();
    while let Some(chunk) = chunks.try_next().await? {
        hasher.update(&chunk);
    }
    Sha256::parse(hex::encode(hasher.finalize())).context("a digest has 64 digits")
}

fn print(summary: &Summary) {
    let mib = summary.bytes / (1024 * 1024);
    println!(
        "{} taken in ({mib} MiB), {} known already",
        summary.imported, summary.known
    );
    for (files, what) in [(&summary.skipped, "left out"), (&summary.failed, "failed")] {
        if !files.is_empty() {
            println!("{} {what}:", files.len());
        }
        for Skipped { path, reason } in files {
            println!("  {}: {reason}", path.display());
        }
    }
}
