//! The command line.

use docuvault_testkit::builders::{encrypted_pdf, pdf, text_pdf};
use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::on_both_stacks;
use crate::support::Stack;

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

on_both_stacks!(an_import_can_be_repeated);

async fn an_import_can_be_repeated(stack: Stack) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("nested/deeper")).unwrap();
    fs::write(path("a.pdf"), pdf(&["Contract of tenancy", "Second page"])).unwrap();
    fs::write(path("nested/b.txt"), "A letter about nothing.").unwrap();
    fs::write(path("nested/deeper/c.md"), "# Notes\n\nSome notes.").unwrap();
    fs::write(path("nested/copy of b.txt"), "A letter about nothing.").unwrap();
    fs::write(path("empty.txt"), "").unwrap();
    fs::write(path("program"), b"\x7fELF\x02\x01\x01\0".repeat(100)).unwrap();
    fs::write(path(".hidden"), "not meant").unwrap();
    let folder_name = folder.path().to_str().unwrap();

    let nobodys = stack.run(&["import", folder_name, "--user", "owner"]);
    assert!(!nobodys.status.success());
    assert!(
        err(&nobodys).contains("Nobody here is called"),
        "{}",
        err(&nobodys)
    );
    drop(stack.serve());
    let first = stack.run(&["import", folder_name, "--user", "owner", "--json"]);
    assert!(first.status.success(), "{}", err(&first));
    let summary: Value = serde_json::from_str(&out(&first)).unwrap();
    assert_eq!(
        (&summary["imported"], &summary["known"]),
        (&3.into(), &1.into())
    );
    assert_eq!(summary["skipped"].as_array().unwrap().len(), 2);
    assert_eq!(summary["failed"].as_array().unwrap().len(), 0);

    let vault = stack.serve();
    let list = vault
        .get("/api/documents?total=true&status=ready")
        .await
        .expect(200);
    assert_eq!(list["total"], 3, "an import waits until all is read");

    // Again while the vault is running: nothing new, and a new file is found.
    fs::write(path("new.txt"), "Something new.").unwrap();
    let second = stack.run(&["import", "--user", "OWNER@example.org", folder_name]);
    assert!(second.status.success(), "{}", err(&second));
    assert!(out(&second).starts_with("1 taken in"), "{}", out(&second));
    assert!(out(&second).contains("4 known already"), "{}", out(&second));
    let list = vault
        .get("/api/documents?total=true&status=ready")
        .await
        .expect(200);
    assert_eq!(list["total"], 4);

    let missing = stack.run(&["import", "--user", "owner", "/nowhere/at/all"]);
    assert!(!missing.status.success());
    assert!(err(&missing).contains("/nowhere/at/all"));
}

#[test]
fn extract_prints_text_or_says_why_not() {
    let stack = Stack::embedded();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = stack.run(&["extract", &file("a.pdf", &text_pdf("Words on paper"))]);
    assert_eq!(good.status.code(), Some(0), "{}", err(&good));
    assert_eq!(out(&good).trim(), "Words on paper");
    let json = stack.run(&["extract", "--json", &file("b.txt", b"Words in a file")]);
    let json: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(
        (&json["pages"][0], &json["mime_type"]),
        (&"Words in a file".into(), &"text/plain".into())
    );

    let refused = stack.run(&["extract", &file("c.pdf", &encrypted_pdf())]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("encrypted"), "{}", err(&refused));
    assert_eq!(out(&refused), "");
    let unknown = stack.run(&["extract", &file("d.bin", &[0, 1, 2, 3, 0xff].repeat(50))]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(stack.run(&["extract", "/nowhere"]).status.code(), Some(1));
    assert!(
        !stack.data_dir().try_exists().unwrap(),
        "reading one file opens no vault"
    );
}

#[test]
fn every_configuration_problem_is_named_at_once() {
    let stack = Stack::embedded()
        .with("DOCUVAULT_LISTEN", "everywhere:8080")
        .with("DOCUVAULT_SECRET_KEY", "c2hvcnQ=")
        .with("TRUSTED_PROXIES", "10.0.0.0/8,proxy")
        .with("DOCUVAULT_MAX_UPLOAD_BYTES", "many")
        .with("DOCUVAULT_WORKER__COLOUR", "red")
        .with("DATABASE_URL", "postgres://vault:change-me@db/vault")
        .with("S3_ENDPOINT", "http://minio:9000");
    let checked = stack.run(&["config", "check"]);
    assert_eq!(checked.status.code(), Some(1));
    let said = err(&checked);
    for key in [
        "listen",
        "secret_key",
        "trusted_proxies",
        "max_upload_bytes",
        "worker.colour",
        "database.url",
        "s3.access_key",
        "s3.secret_key",
    ] {
        assert!(
            said.contains(&format!("- {key}")),
            "{key} is not in:\n{said}"
        );
    }
    assert!(!said.contains("vault:change-me"), "a secret is never shown");
}

#[test]
fn the_configuration_in_force_is_shown_without_secrets() {
    let stack = Stack::embedded();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "s3-from-a-file\n").unwrap();
    let toml = tempfile::NamedTempFile::new().unwrap();
    fs::write(toml.path(), "language = \"de\"\nlisten = \"127.0.0.1:1\"\n").unwrap();
    let stack = stack
        .with("REDIS_URL", "redis://:hunter22@localhost:6379")
        .with("S3_ENDPOINT", "http://localhost:9000")
        .with("S3_ACCESS_KEY", "12345")
        .with("S3_SECRET_KEY_FILE", file.path().to_str().unwrap())
        .with("DOCUVAULT_LISTEN", "127.0.0.1:2");
    let shown = stack.run(&["config", "show", "--config", toml.path().to_str().unwrap()]);
    assert!(shown.status.success(), "{}", err(&shown));
    let text = out(&shown);
    for line in [
        "language = \"de\"",
        "listen = \"127.0.0.1:2\"",
        "redis.url = \"***\"",
        "s3.access_key = \"***\"",
        "s3.secret_key = \"***\"",
        "s3.bucket = \"docuvault\"",
    ] {
        assert!(
            text.lines().any(|it| it == line),
            "{line} is not in:\n{text}"
        );
    }
    assert!(!text.contains("hunter22") && !text.contains("s3-from-a-file"));
}

#[tokio::test]
async fn healthcheck_and_migrate_answer_by_exit_code() {
    let stack = Stack::embedded();
    let migrated = stack.run(&["migrate"]);
    assert!(migrated.status.success(), "{}", err(&migrated));
    let vault = stack.serve();
    let address = vault.base().strip_prefix("http://").unwrap().to_owned();
    let check = |address: &str| {
        stack
            .command(&["healthcheck"])
            .env("DOCUVAULT_LISTEN", address)
            .output()
            .unwrap()
    };
    assert!(check(&address).status.success());
    drop(vault);
    assert_eq!(check(&address).status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vault_runs_as_a_role_without_ddl() {
    let server = docuvault_testservices::postgres().await;
    let owner = server.database().await;
    let role = server.create_role("a-good-password").await;
    let mut app = url::Url::parse(&owner).unwrap();
    app.set_username(&role).unwrap();
    app.set_password(Some("a-good-password")).unwrap();
    let stack = Stack::full().await.with("DATABASE_URL", app.as_str());
    let refused = stack.try_serve(&[]).err().unwrap();
    assert!(refused.contains("schema"), "{refused}");
    let stack = stack.with("DATABASE_MIGRATE_URL", &owner);
    let migrated = stack.run(&["migrate"]);
    assert!(migrated.status.success(), "{}", err(&migrated));
    let stack = stack.without("DATABASE_MIGRATE_URL");
    let vault = stack.serve();
    let document = vault
        .add_and_process("a.pdf", text_pdf("Kept by a humble role."))
        .await;
    assert_eq!(document["status"], "ready");
    let path = format!(
        "/api/documents/{}?permanent=true",
        document["id"].as_str().unwrap()
    );
    assert_eq!(vault.delete(&path).await.status, 204);
}
