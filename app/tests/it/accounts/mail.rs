//! Mail: links to choose a new password, notices, and trying whether it works.

use serde_json::json;

use super::{join, secret, try_to_sign_in};
use crate::on_both_stacks;
use crate::support::{HANDLE, MailServer, PASSWORD, Stack};

on_both_stacks!(
    a_forgotten_password_is_replaced_by_a_link,
    mail_is_tried_out,
    an_address_in_use_is_nobodys_business
);

impl Stack {
    pub(crate) fn with_mail(self, server: &MailServer) -> Self {
        self.with("DOCUVAULT_MAIL__HOST", "127.0.0.1")
            .with("DOCUVAULT_MAIL__PORT", server.port().to_string())
            .with("DOCUVAULT_MAIL__ENCRYPTION", "none")
            .with("DOCUVAULT_MAIL__FROM", "DocuVault <vault@example.org>")
            .with("DOCUVAULT_URL", "http://127.0.0.1:8080")
    }
}

async fn a_forgotten_password_is_replaced_by_a_link(stack: Stack) {
    let mut server = MailServer::start().await;
    let vault = stack.with_mail(&server).serve();
    let options = vault.get("/api/auth/options").await.expect(200);
    assert_eq!(options["password_reset"], true);
    let ada = join(&vault, "ada").await;
    let ask = async |email: &str| {
        let answer = vault
            .anonymous()
            .post(
                "/api/auth/password-reset/request",
                json!({ "email": email }),
            )
            .await;
        answer.expect(204);
    };
    ask("nobody@example.org").await;
    ask("Ada@example.org").await;
    let mail = server.next().await;
    assert_eq!(mail.to, "ada@example.org");
    assert!(
        mail.text.contains("Subject: Choose a new password"),
        "{}",
        mail.text
    );
    let link = mail
        .text
        .lines()
        .find(|line| line.contains("/reset#token="))
        .unwrap();
    assert!(
        link.starts_with("http://127.0.0.1:8080/reset#token="),
        "{link}"
    );
    let new = "seven herons by the lake";
    let body = json!({ "token": secret(link), "new_password": new });
    let many = (0..20).map(|_| vault.post("/api/auth/password-reset/confirm", body.clone()));
    let answers = futures::future::join_all(many).await;
    assert_eq!(answers.iter().filter(|it| it.status == 204).count(), 1);
    let mail = server.next().await;
    assert!(
        mail.text.contains("Subject: Your password was changed"),
        "{}",
        mail.text
    );
    assert_eq!(
        ada.get("/api/auth/me").await.problem(401),
        "unauthenticated"
    );
    let old = try_to_sign_in(&vault, "ada", PASSWORD).await;
    assert_eq!(old.problem(401), "invalid_credentials");
    try_to_sign_in(&vault, "ada", new).await.expect(200);
}

async fn mail_is_tried_out(stack: Stack) {
    let vault = stack.serve();
    let to = json!({ "to": "ada@example.org" });
    let refused = vault.post("/api/admin/mail/test", to.clone()).await;
    assert_eq!(refused.problem(409), "mail_not_configured");
    assert_eq!(
        vault.get("/api/admin/mail").await.expect(200)["configured"],
        false
    );
    if !stack.is_embedded() {
        let asked = json!({ "email": "ada@example.org" });
        let refused = vault.post("/api/auth/password-reset/request", asked).await;
        assert_eq!(refused.problem(409), "mail_not_configured");
    }
    drop(vault);

    let mut server = MailServer::start().await;
    let stack = stack.with_mail(&server);
    let vault = stack.serve();
    let settings = vault.get("/api/admin/mail").await.expect(200);
    assert_eq!(settings["from"], "DocuVault <vault@example.org>");
    vault
        .post("/api/admin/mail/test", to.clone())
        .await
        .expect(204);
    assert_eq!(server.next().await.to, "ada@example.org");
    let output = stack.run(&["mail", "test", "bert@example.org"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(server.next().await.to, "bert@example.org");
    drop(server);
    let failed = vault.post("/api/admin/mail/test", to).await;
    assert_eq!(failed.problem(502), "mail_failed");
    assert!(
        !stack
            .run(&["mail", "test", "bert@example.org"])
            .status
            .success()
    );
}

async fn an_address_in_use_is_nobodys_business(stack: Stack) {
    let mut server = MailServer::start().await;
    let vault = stack.with_mail(&server).serve();
    let register = async |handle: &str, email: &str| {
        let new = json!({ "email": email, "handle": handle, "password": PASSWORD });
        let answer = vault.anonymous().post("/api/auth/register", new).await;
        let mut body = answer.expect(201);
        body["user"]["id"] = json!("");
        body["user"]["created_at"] = json!("");
        body.to_string().replace(email, "").replace(handle, "")
    };
    let free = register("new1", "new1@example.org").await;
    let taken = register("new2", &format!("{HANDLE}@example.org")).await;
    assert_eq!(free, taken);
    let mail = server.next().await;
    assert_eq!(mail.to, "owner@example.org");
    let refused = try_to_sign_in(&vault, "new2", PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
}
