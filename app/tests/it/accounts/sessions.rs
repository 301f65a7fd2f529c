//! Sessions: they are renewed by a cookie, end when somebody says so, and then open nothing.

use reqwest::Method;
use serde_json::json;

use super::{join, path_of_session, text, try_to_sign_in};
use crate::on_both_stacks;
use crate::support::{Browser, HANDLE, PASSWORD, Stack};

on_both_stacks!(
    a_browser_stays_signed_in_by_its_cookies,
    of_many_renewals_at_once_one_counts,
    cookies_alone_do_nothing,
    whoever_is_signed_out_is_nobody_at_every_replica,
    a_new_password_ends_the_other_sessions,
    the_first_account_takes_the_setup_code
);

async fn a_browser_stays_signed_in_by_its_cookies(stack: Stack) {
    let vault = stack.serve();
    let (mut browser, answer) = Browser::sign_in(&vault, HANDLE).await;
    let signed_in = answer.expect(200);
    assert_eq!(signed_in["token_type"], "Bearer");
    assert_eq!(signed_in["expires_in"], 900);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let cookies: Vec<_> = cookies.iter().map(|it| it.to_str().unwrap()).collect();
    let [refresh, csrf] = cookies[..] else {
        panic!("{cookies:?}");
    };
    for (cookie, name) in [(refresh, "docuvault_refresh="), (csrf, "docuvault_csrf=")] {
        assert!(cookie.starts_with(name), "{cookie}");
        assert!(cookie.contains("SameSite=Strict"), "{cookie}");
        assert!(cookie.contains("Path=/"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(refresh.contains("HttpOnly") && !csrf.contains("HttpOnly"));

    let before = browser.cookie("docuvault_refresh").unwrap().to_owned();
    let renewed = browser.refresh().await.expect(200);
    assert_ne!(browser.cookie("docuvault_refresh").unwrap(), before);
    let person = browser.holding(&text(&renewed["access_token"]));
    assert_eq!(
        person.get("/api/auth/me").await.expect(200)["handle"],
        HANDLE
    );

    let request = browser.request(Method::POST, "/api/auth/logout");
    let answer = browser.send(request).await;
    answer.expect(204);
    browser.remember(&answer);
    assert_eq!(browser.cookie("docuvault_refresh"), None);
    assert_eq!(
        person.get("/api/auth/me").await.problem(401),
        "unauthenticated"
    );
}

async fn of_many_renewals_at_once_one_counts(stack: Stack) {
    let vault = stack.with("TRUSTED_PROXIES", "127.0.0.1").serve();
    for _ in 0..20 {
        let (browser, answer) = Browser::sign_in(&vault, HANDLE).await;
        let token = text(&answer.expect(200)["access_token"]);
        let renewals = (0..100).map(|_| {
            let mut browser = browser.clone();
            async move { (browser.refresh().await, browser) }
        });
        let renewals = futures::future::join_all(renewals).await;
        let (won, lost): (Vec<_>, Vec<_>) = renewals
            .into_iter()
            .partition(|(answer, _)| answer.status == 200);
        assert_eq!((won.len(), lost.len()), (1, 99));
        for (answer, _) in lost {
            assert_eq!(answer.problem(401), "session_revoked");
        }
        // Somebody has a copy of the cookie: nobody keeps the session.
        let (answer, mut winner) = won.into_iter().next().unwrap();
        assert_eq!(winner.refresh().await.problem(401), "session_revoked");
        for token in [token, text(&answer.expect(200)["access_token"])] {
            let answer = browser.holding(&token).get("/api/auth/me").await;
            assert_eq!(answer.problem(401), "unauthenticated");
        }
    }
}

async fn cookies_alone_do_nothing(stack: Stack) {
    let vault = stack.serve();
    let (browser, _) = Browser::sign_in(&vault, HANDLE).await;
    for path in ["/api/auth/refresh", "/api/auth/logout"] {
        let bare = || browser.bare(Method::POST, path);
        let requests = [
            bare(),
            bare().header("x-csrf-token", "nonsense"),
            bare().header("x-csrf-token", ""),
            bare().form(&[("x-csrf-token", browser.cookie("docuvault_csrf").unwrap())]),
        ];
        for request in requests {
            assert_eq!(browser.send(request).await.problem(403), "csrf_failed");
        }
        for origin in [
            "https://evil.example",
            "null",
            "http://localhost.evil.example",
        ] {
            let request = browser.request(Method::POST, path).header("origin", origin);
            assert_eq!(browser.send(request).await.problem(403), "foreign_origin");
        }
    }
    // No other route looks at cookies.
    for (method, path) in [
        (Method::GET, "/api/auth/me"),
        (Method::POST, "/api/auth/logout-all"),
        (Method::POST, "/api/topics"),
    ] {
        let request = browser.request(method, path);
        assert_eq!(browser.send(request).await.problem(401), "unauthenticated");
    }
    let mut browser = browser;
    browser.refresh().await.expect(200);
}

async fn whoever_is_signed_out_is_nobody_at_every_replica(stack: Stack) {
    let vault = stack.serve();
    let replica = (!stack.is_embedded()).then(|| stack.serve());
    let ada = join(&vault, "ada").await;
    let (there, elsewhere) = (vault.sign_in("ada").await, vault.sign_in("ada").await);
    let everywhere = |client: &crate::support::Client| {
        let mut all = vec![client.clone()];
        if let Some(replica) = &replica {
            all.push(replica.with_token(Some(client.token())));
        }
        all
    };
    let open = async |client: &crate::support::Client| {
        let mut states = Vec::new();
        for client in everywhere(client) {
            states.push(client.get("/api/auth/me").await.status);
        }
        states.dedup();
        assert_eq!(states.len(), 1, "{states:?}");
        states[0] == 200
    };
    assert!(open(&ada).await && open(&there).await && open(&elsewhere).await);
    let listed = ada.get("/api/auth/sessions").await.expect(200);
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|it| it["current"] == true).count(), 1);
    assert!(listed.iter().all(|it| it["address"] == "127.0.0.1"));

    let path = path_of_session(&there).await;
    ada.delete(&path).await.expect(204);
    assert!(open(&ada).await && !open(&there).await && open(&elsewhere).await);
    assert_eq!(ada.delete(&path).await.problem(404), "not_found");

    ada.delete("/api/auth/sessions").await.expect(204);
    assert!(open(&ada).await && !open(&elsewhere).await);

    let again = vault.sign_in("ada").await;
    ada.post("/api/auth/logout-all", json!({}))
        .await
        .expect(204);
    assert!(!open(&ada).await && !open(&again).await);
    assert!(open(&vault.client()).await, "others are left alone");
}

async fn a_new_password_ends_the_other_sessions(stack: Stack) {
    let vault = stack.serve();
    let ada = join(&vault, "ada").await;
    let (mut other, answer) = Browser::sign_in(&vault, "ada").await;
    let other_token = text(&answer.expect(200)["access_token"]);
    let change =
        |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let new = "seven herons by the lake";
    let refused = ada.post("/api/auth/password", change("wrong", new)).await;
    assert_eq!(refused.problem(403), "wrong_password");
    for weak in [
        "short",
        "password1234",
        "ada@example.org",
        &"x".repeat(1025),
    ] {
        let refused = ada.post("/api/auth/password", change(PASSWORD, weak)).await;
        assert_eq!(refused.problem(422), "password_too_weak");
    }
    ada.post("/api/auth/password", change(PASSWORD, new))
        .await
        .expect(204);
    assert_eq!(ada.get("/api/auth/me").await.status, 200);
    assert_eq!(other.refresh().await.problem(401), "session_revoked");
    let answer = other.holding(&other_token).get("/api/auth/me").await;
    assert_eq!(answer.problem(401), "unauthenticated");
    let refused = try_to_sign_in(&vault, "ada", PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    for name in ["ada", "ADA", "Ada@Example.org"] {
        try_to_sign_in(&vault, name, new).await.expect(200);
    }
}

async fn the_first_account_takes_the_setup_code(stack: Stack) {
    let vault = stack
        .with("DOCUVAULT_ACCOUNTS__REGISTRATION", "closed")
        .try_serve_unused(&[])
        .unwrap_or_else(|log| panic!("{log}"));
    let options = vault.get("/api/auth/options").await.expect(200);
    assert_eq!(options["setup_required"], true);
    assert_eq!(options["registration"], "closed");
    for code in [None, Some("AAAA-AAAA-AAAA-AAAA")] {
        let refused = vault.register("mallory", code).await;
        assert_eq!(refused.problem(403), "setup_code_required");
    }
    let code = vault.setup_code.clone().unwrap();
    let typed = code.to_lowercase().replace('-', " ");
    let many = (0..8).map(|n| {
        let (vault, code) = (vault.client(), typed.clone());
        async move { vault.register(&format!("first{n}"), Some(&code)).await }
    });
    let made = futures::future::join_all(many).await;
    let made: Vec<_> = made.iter().filter(|it| it.status == 201).collect();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].expect(201)["user"]["role"], "admin");
    let options = vault.get("/api/auth/options").await.expect(200);
    assert_eq!(options["setup_required"], false);
    let late = vault.register("mallory", Some(&code)).await;
    assert_eq!(late.problem(403), "registration_closed");
}
