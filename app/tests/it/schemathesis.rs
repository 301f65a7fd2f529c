//! Schemathesis over the whole contract: no server error, no undocumented answer.

use docuvault_testkit::builders::text_pdf;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::on_both_stacks;
use crate::support::{Client, Stack};

on_both_stacks!(no_request_makes_a_server_error);

fn program() -> PathBuf {
    let local = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.venv/bin/schemathesis");
    assert!(
        local.try_exists().unwrap(),
        "Schemathesis is needed by this test: run scripts/setup-test-services.sh, which installs it \
         into .venv"
    );
    local
}

async fn no_request_makes_a_server_error(stack: Stack) {
    let vault = stack.serve();
    vault
        .add_and_process("a.pdf", text_pdf("Something to ask for."))
        .await;
    vault.register("somebody", None).await.expect(201);
    let somebody = vault.sign_in("somebody").await;
    // The administrator may come to delete the other one.
    for client in [somebody, vault.client()] {
        run(&client).await;
    }
    assert_eq!(vault.get("/health").await.status, 200);
}

/// Asks for everything as the person of `client`.
async fn run(client: &Client) {
    let base = client.base().to_owned();
    let token = format!("Authorization: Bearer {}", client.token());
    let folder = tempfile::tempdir().unwrap();
    let cwd = folder.path().to_owned();
    let run = tokio::task::spawn_blocking(move || {
        Command::new(program())
            .args(["run", &format!("{base}/api/openapi.json"), "--url", &base])
            .args([
                "--checks",
                "not_a_server_error,content_type_conformance,response_schema_conformance",
            ])
            .args(["--exclude-path", "/api/events"])
            // Whoever is signed out sees nothing more.
            .args(["--exclude-path", "/api/auth/logout-all"])
            .args(["--exclude-path", "/api/auth/sessions/{id}"])
            .args(["--exclude-path", "/api/admin/users/{id}/logout-all"])
            .args(["--exclude-path", "/api/admin/users/{id}/reset-password"])
            .args(["--header", &token])
            .args([
                "--max-examples",
                "25",
                "--seed",
                "1",
                "--workers",
                "1",
                "--request-timeout",
                "20",
            ])
            .args([
                "--phases",
                "examples,coverage,fuzzing,stateful",
                "--suppress-health-check",
                "all",
            ])
            .current_dir(cwd)
            .output()
            .unwrap()
    });
    let output = run.await.unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{report}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        report.contains("passed") || report.contains("No issues found"),
        "{report}"
    );
    assert_eq!(
        client.get("/api/auth/me").await.status,
        200,
        "still signed in"
    );
}
