use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use docuvault_domain::ports::{ExtractError, StreamError, TextSource};
use futures::TryStreamExt as _;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::config::Overrides;

const HEAD_BYTES: u64 = 8 * 1024;
const CHUNK_BYTES: usize = 64 * 1024;
/// The file was refused; the sentence stands on standard error.
const REFUSED: u8 = 2;

#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 text was printed, 2 the file was refused, 1 anything else.\n\n\
    Example:\n  docuvault extract letter.pdf > letter.txt"
)]
pub(super) struct Args {
    /// The file to read
    file: PathBuf,
    /// Print pages, language and properties as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::configuration(overrides)?;
    super::runtime()?.block_on(async {
        let (content_types, extractor) = crate::bootstrap::reading(&config)?;
        let name = args.file.display();
        let mut file = tokio::fs::File::open(&args.file)
            .await
            .with_context(|| format!("{name}"))?;
        let size = file.metadata().await?.len();
        let mut head = Vec::new();
        (&mut file).take(HEAD_BYTES).read_to_end(&mut head).await?;
        let filename = args.file.file_name().unwrap_or_default().to_string_lossy();
        let Some(mime) = content_types.detect(&head, &filename) else {
            eprintln!("The vault does not take this kind of file.");
            return Ok(ExitCode::from(REFUSED));
        };
        let head = futures::stream::once(async move { Ok(head.into()) });
        let rest = ReaderStream::with_capacity(file, CHUNK_BYTES);
        let rest = rest.map_err(|error| StreamError::Failed(error.into()));
        let bytes = Box::pin(futures::StreamExt::chain(head, rest));
        let source = TextSource {
            mime,
            size,
            bytes,
            thumbnail: false,
        };
        match extractor.extract(source).await {
            Ok(reading) if args.json => {
                let properties = &reading.properties;
                let json = serde_json::json!({
                    "mime_type": mime.as_str(),
                    "language": reading.language,
                    "page_count": reading.page_count,
                    "truncated": reading.truncated,
                    "title": properties.title,
                    "author": properties.author,
                    "created": properties.created.map(|date| date.to_string()),
                    "pages": reading.pages,
                });
                println!("{json}");
            }
            Ok(reading) => println!("{}", reading.pages.join("\n\u{c}")),
            Err(ExtractError::Refused(refusal)) => {
                eprintln!("{}", refusal.sentence);
                return Ok(ExitCode::from(REFUSED));
            }
            Err(ExtractError::Unsupported) => {
                eprintln!("This kind of file is kept, but its text cannot be read yet.");
                return Ok(ExitCode::from(REFUSED));
            }
            Err(ExtractError::Port(error)) => return Err(error.into()),
        }
        Ok(ExitCode::SUCCESS)
    })
}
