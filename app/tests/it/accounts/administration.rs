//! What administrators do.

use serde_json::json;

use super::{id_of, join, secret, text, try_to_sign_in};
use crate::on_both_stacks;
use crate::support::{PASSWORD, Stack};

on_both_stacks!(
    an_administrator_makes_and_changes_accounts,
    there_is_always_an_administrator,
    an_invitation_lets_one_person_in
);

async fn an_administrator_makes_and_changes_accounts(stack: Stack) {
    let vault = stack.serve();
    let owner = vault.client();
    let new = json!({
        "email": "Carl@example.org", "handle": "Carl", "quota_limit_bytes": 20,
    });
    let made = owner
        .post("/api/admin/users", new.clone())
        .await
        .expect(201);
    assert_eq!(
        made["user"]["quota"],
        json!({ "used_bytes": 0, "limit_bytes": 20 })
    );
    let url = text(&made["reset_url"]);
    assert!(
        url.starts_with(&format!("{}/reset#token=", vault.base())),
        "{url}"
    );
    let again = owner.post("/api/admin/users", new).await;
    assert_eq!(again.problem(409), "handle_taken");
    let choose = |token: &str| json!({ "token": token, "new_password": PASSWORD });
    let (confirm, token) = ("/api/auth/password-reset/confirm", secret(&url));
    vault.post(confirm, choose(&token)).await.expect(204);
    let used = vault.post(confirm, choose(&token)).await;
    assert_eq!(used.problem(422), "reset_link_invalid");

    let carl = vault.sign_in("carl").await;
    let full = carl
        .upload("a.txt", "More than twenty bytes of text.")
        .await;
    assert_eq!(full.problem(409), "quota_exceeded");
    let path = format!("/api/admin/users/{}", text(&made["user"]["id"]));
    let edited = owner
        .patch(&path, json!({ "quota_limit_bytes": 1000 }))
        .await;
    assert_eq!(edited.expect(200)["quota"]["limit_bytes"], 1000);
    carl.add("a.txt", "More than twenty bytes of text.").await;
    let account = owner.get(&path).await.expect(200);
    assert_eq!(account["document_count"], 1);
    assert_eq!(account["quota"]["used_bytes"], 31);
    assert!(account["last_seen_at"].is_string());

    let found = owner
        .get("/api/admin/users?q=carl%40&total=true")
        .await
        .expect(200);
    assert_eq!(found["total"], 1);
    assert_eq!(found["items"][0]["handle"], "Carl");
    let first = owner.get("/api/admin/users?limit=1").await.expect(200);
    let next = format!(
        "/api/admin/users?limit=1&cursor={}",
        text(&first["next_cursor"])
    );
    let second = owner.get(&next).await.expect(200);
    assert_eq!(second["next_cursor"], json!(null));
    assert_ne!(first["items"], second["items"]);

    let edited = owner.patch(&path, json!({ "disabled": true })).await;
    assert_eq!(edited.expect(200)["disabled"], true);
    assert_eq!(
        carl.get("/api/topics").await.problem(401),
        "unauthenticated"
    );
    let refused = try_to_sign_in(&vault, "carl", PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    owner
        .patch(&path, json!({ "disabled": false }))
        .await
        .expect(200);
    let carl = vault.sign_in("carl").await;
    owner
        .post(&format!("{path}/logout-all"), json!({}))
        .await
        .expect(204);
    assert_eq!(
        carl.get("/api/topics").await.problem(401),
        "unauthenticated"
    );

    let reset = owner
        .post(&format!("{path}/reset-password"), json!({}))
        .await;
    let new = "seven herons by the lake";
    let token = secret(&text(&reset.expect(200)["reset_url"]));
    let weak = json!({ "token": token, "new_password": "short" });
    assert_eq!(
        vault.post(confirm, weak).await.problem(422),
        "password_too_weak"
    );
    let choose = json!({ "token": token, "new_password": new });
    vault.post(confirm, choose).await.expect(204);
    assert_eq!(try_to_sign_in(&vault, "carl", new).await.status, 200);
}

async fn there_is_always_an_administrator(stack: Stack) {
    let vault = stack.serve();
    let owner = vault.client();
    let own = format!("/api/admin/users/{}", id_of(&owner).await);
    for edits in [json!({ "role": "user" }), json!({ "disabled": true })] {
        assert_eq!(owner.patch(&own, edits).await.problem(409), "own_account");
    }
    assert_eq!(owner.delete(&own).await.problem(409), "own_account");
    let delete = json!({ "password": PASSWORD, "handle": "owner" });
    let request = owner
        .request(reqwest::Method::DELETE, "/api/auth/me")
        .json(&delete);
    assert_eq!(owner.send(request).await.problem(409), "last_admin");

    // Two who demote each other at the same time leave one.
    let ada = join(&vault, "ada").await;
    let hers = format!("/api/admin/users/{}", id_of(&ada).await);
    for _ in 0..10 {
        owner
            .patch(&hers, json!({ "role": "admin" }))
            .await
            .expect(200);
        let ada = vault.sign_in("ada").await;
        let (one, two) = tokio::join!(
            owner.patch(&hers, json!({ "role": "user" })),
            ada.patch(&own, json!({ "role": "user" })),
        );
        let mut states = [one.status, two.status];
        states.sort_unstable();
        assert_eq!(states[0], 200);
        assert!(matches!(states[1], 401 | 403), "{states:?}");
        if two.status == 200 {
            let ada = vault.sign_in("ada").await;
            ada.patch(&own, json!({ "role": "admin" }))
                .await
                .expect(200);
        }
        if owner.get("/api/admin/users").await.status != 200 {
            break;
        }
    }
}

async fn an_invitation_lets_one_person_in(stack: Stack) {
    let stack = stack.with("DOCUVAULT_ACCOUNTS__REGISTRATION", "invite");
    let vault = stack.serve();
    let owner = vault.client();
    let register = async |handle: &str, invite: Option<&str>| {
        let new = json!({
            "email": format!("{handle}@example.org"), "handle": handle, "password": PASSWORD,
            "invite": invite,
        });
        vault.anonymous().post("/api/auth/register", new).await
    };
    assert_eq!(register("ada", None).await.problem(403), "invite_required");
    assert_eq!(
        register("ada", Some("nonsense")).await.problem(403),
        "invite_invalid"
    );
    let made = owner
        .post("/api/admin/invites", json!({ "role": "admin" }))
        .await
        .expect(201);
    let url = text(&made["url"]);
    assert!(
        url.starts_with(&format!("{}/register#invite=", vault.base())),
        "{url}"
    );
    let code = secret(&url);
    let (ada, bert) = tokio::join!(register("ada", Some(&code)), register("bert", Some(&code)));
    let mut states = [ada.status, bert.status];
    states.sort_unstable();
    assert_eq!(states, [201, 403]);
    let invites = owner.get("/api/admin/invites").await.expect(200);
    assert_eq!(invites["items"][0]["state"], "used");
    assert_eq!(invites["items"][0]["created_by"]["handle"], "owner");

    let named = json!({ "email": "emil@example.org" });
    let made = owner.post("/api/admin/invites", named).await.expect(201);
    let code = secret(&text(&made["url"]));
    assert_eq!(
        register("dora", Some(&code)).await.problem(403),
        "invite_invalid"
    );
    let path = format!("/api/admin/invites/{}", text(&made["invite"]["id"]));
    owner.delete(&path).await.expect(204);
    assert_eq!(owner.delete(&path).await.problem(404), "not_found");
    assert_eq!(
        register("emil", Some(&code)).await.problem(403),
        "invite_invalid"
    );
}
