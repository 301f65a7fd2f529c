//! People on their way through the web app, in a real browser, on both stacks: the journeys of
//! `app/web/tests/e2e`. The web app must have been built: `just build-web`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and shows the log"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use tokio::sync::Mutex;

use crate::support::Stack;

#[path = "../it/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "vaults are started here as in the other tests, and asked from the browser"
)]
mod support;

on_both_stacks!(people_find_their_way);

/// A browser that waits for its turn on the processor looks like one that waits in vain.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

async fn people_find_their_way(stack: Stack) {
    let _turn = ONE_AT_A_TIME.lock().await;
    let vault = stack.command(&[]);
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let settings = vault.get_envs();
    let settings = settings.filter_map(|(name, value)| Some((text(name), text(value?))));
    let settings: BTreeMap<_, _> = settings.collect();
    let settings = serde_json::to_string(&settings).unwrap();
    let run = tokio::task::spawn_blocking(move || {
        Command::new("node")
            .arg("tests/e2e/run.mjs")
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("web"))
            .env("DOCUVAULT_BIN", env!("CARGO_BIN_EXE_docuvault"))
            .env("VAULT_SETTINGS", settings)
            .output()
            .unwrap()
    });
    let output = run.await.unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
