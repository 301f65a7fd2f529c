//! `docuvault user`, with the vault running or stopped.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use super::{secret, text, try_to_sign_in};
use crate::on_both_stacks;
use crate::support::{HANDLE, Stack};

on_both_stacks!(accounts_are_looked_after_by_commands);

impl Stack {
    fn user(&self, args: &[&str]) -> Vec<Value> {
        let output = self.run(&[&["user", "--json"], args].concat());
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

async fn accounts_are_looked_after_by_commands(stack: Stack) {
    // Before anything has run.
    let password = "quiet water in a deep well";
    let mut command = stack.command(&[
        "user",
        "add",
        "--handle",
        "root",
        "--email",
        "root@example.org",
        "--role",
        "admin",
        "--password-stdin",
        "--json",
    ]);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let made: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(made[0]["role"], "admin");

    let vault = stack
        .try_serve_unused(&[])
        .unwrap_or_else(|log| panic!("{log}"));
    assert_eq!(vault.setup_code, None, "there is an administrator");
    try_to_sign_in(&vault, "root", password).await.expect(200);
    vault.register(HANDLE, None).await.expect(201);
    let owner = vault.sign_in(HANDLE).await;

    stack.user(&["promote", HANDLE]);
    assert_eq!(owner.get("/api/admin/users").await.status, 200, "at once");
    stack.user(&["demote", HANDLE]);
    assert_eq!(
        owner.get("/api/admin/users").await.status,
        401,
        "signed out"
    );
    let disabled = stack.user(&["disable", "Owner@example.org"]);
    assert_eq!(disabled[0]["disabled"], true);
    let refused = try_to_sign_in(&vault, HANDLE, crate::support::PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    stack.user(&["enable", HANDLE]);
    let owner = vault.sign_in(HANDLE).await;
    let reset = stack.user(&["reset-password", HANDLE]);
    assert_eq!(owner.get("/api/auth/me").await.status, 401);
    let body = serde_json::json!({
        "token": secret(&text(&reset[0]["reset_url"])), "new_password": password,
    });
    vault
        .post("/api/auth/password-reset/confirm", body)
        .await
        .expect(204);
    try_to_sign_in(&vault, HANDLE, password).await.expect(200);
    let listed = stack.user(&["list"]);
    let handles: Vec<_> = listed.iter().map(|it| text(&it["handle"])).collect();
    assert_eq!(handles, ["owner", "root"]);

    for args in [
        &["user", "demote", "root"][..],
        &["user", "reset-totp", "root"],
        &["user", "disable", "nobody"],
        &[
            "user",
            "add",
            "--handle",
            "root",
            "--email",
            "x@example.org",
        ],
    ] {
        let output = stack.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
}
