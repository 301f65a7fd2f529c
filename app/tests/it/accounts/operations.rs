//! Every operation of the contract and who may ask for it. An operation that is not here fails the build, in
//! `contract.rs`.

use serde_json::{Value, json};

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Anybody, signed in or not.
    Anybody,
    /// Whoever shows the cookies of a session.
    Cookies,
    /// A person, signed in or by a token with the scope `read`.
    Reader,
    /// A person, signed in or by a token with the scope `write`.
    Writer,
    /// A person who is signed in; no token.
    Person,
    /// As [`Self::Person`], or whoever must set up a second factor first.
    Enrolling,
    /// An administrator, signed in or by a token with the scope `admin`.
    Administrator,
}

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// No row in particular.
    Nothing,
    /// A row of the person's that others must not see, of this kind.
    Own(Kind),
    /// A row that administrators see whosever it is.
    Anybodys,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Topic,
    Session,
    Token,
}

pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) who: Who,
    pub(crate) about: About,
    pub(crate) body: Option<Value>,
}

use About::{Anybodys, Nothing, Own};
use Kind::{Document, Session, Token, Topic};
use Who::{Administrator, Anybody, Cookies, Enrolling, Person, Reader, Writer};

/// The table. Bodies are such that nothing but who asks stands in the way.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    let some = |body: Value| Some(body);
    let row = |name, who, about, body| Operation { name, who, about, body };
    vec![
        row("GET /health", Anybody, Nothing, None),
        row("GET /health/live", Anybody, Nothing, None),
        row("GET /health/ready", Anybody, Nothing, None),
        row("GET /api/auth/options", Anybody, Nothing, None),
        row("POST /api/auth/register", Anybody, Nothing, some(json!({
            "email": "x@example.org", "handle": "x1", "password": "short",
        }))),
        row("POST /api/auth/login", Anybody, Nothing, some(json!({ "login": "nobody", "password": "x" }))),
        row("POST /api/auth/password-reset/request", Anybody, Nothing, some(json!({ "email": "x@example.org" }))),
        row("POST /api/auth/password-reset/confirm", Anybody, Nothing, some(json!({
            "token": "x", "new_password": "x",
        }))),
        row("GET /api/documents/{id}/download/{ticket}", Anybody, Nothing, None),
        row("GET /api/auth/oidc/start", Anybody, Nothing, None),
        row("GET /api/auth/oidc/callback", Anybody, Nothing, None),
        row("POST /api/auth/oidc/link", Cookies, Nothing, some(json!({ "password": "x" }))),
        row("POST /api/auth/refresh", Cookies, Nothing, None),
        row("POST /api/auth/logout", Cookies, Nothing, None),
        row("POST /api/auth/totp/enroll", Enrolling, Nothing, None),
        row("POST /api/auth/totp/confirm", Enrolling, Nothing, some(json!({ "code": "0" }))),
        row("GET /api/auth/me", Reader, Nothing, None),
        row("PATCH /api/auth/me", Person, Nothing, some(json!({}))),
        row("DELETE /api/auth/me", Person, Nothing, some(json!({ "password": "x", "handle": "x" }))),
        row("POST /api/auth/password", Person, Nothing, some(json!({
            "current_password": "x", "new_password": "x",
        }))),
        row("POST /api/auth/confirm", Person, Nothing, some(json!({ "password": "x" }))),
        row("GET /api/auth/sessions", Person, Nothing, None),
        row("DELETE /api/auth/sessions", Person, Nothing, None),
        row("DELETE /api/auth/sessions/{id}", Person, Own(Session), None),
        row("POST /api/auth/logout-all", Person, Nothing, None),
        row("GET /api/auth/tokens", Person, Nothing, None),
        row("POST /api/auth/tokens", Person, Nothing, some(json!({ "name": "x", "scopes": ["read"] }))),
        row("DELETE /api/auth/tokens/{id}", Person, Own(Token), None),
        row("DELETE /api/auth/totp", Person, Nothing, some(json!({ "password": "x", "code": "0" }))),
        row("POST /api/auth/totp/recovery-codes", Person, Nothing, some(json!({ "code": "0" }))),
        row("GET /api/documents", Reader, Nothing, None),
        row("POST /api/documents/bulk", Writer, Nothing, some(json!({ "action": "trash", "ids": [] }))),
        row("POST /api/documents/upload", Writer, Nothing, None),
        row("GET /api/documents/{id}", Reader, Own(Document), None),
        row("PATCH /api/documents/{id}", Writer, Own(Document), some(json!({ "title": "Mine now" }))),
        row("DELETE /api/documents/{id}", Writer, Own(Document), None),
        row("GET /api/documents/{id}/content", Reader, Own(Document), None),
        row("POST /api/documents/{id}/download-url", Reader, Own(Document), some(json!({}))),
        row("POST /api/documents/{id}/reprocess", Writer, Own(Document), None),
        row("POST /api/documents/{id}/restore", Writer, Own(Document), None),
        row("GET /api/documents/{id}/activity", Reader, Own(Document), None),
        row("GET /api/documents/{id}/text", Reader, Own(Document), None),
        row("GET /api/documents/{id}/thumbnail", Reader, Own(Document), None),
        row("PUT /api/documents/{id}/topics/{topic_id}", Writer, Own(Document), None),
        row("DELETE /api/documents/{id}/topics/{topic_id}", Writer, Own(Document), None),
        row("GET /api/events", Reader, Nothing, None),
        row("GET /api/topics", Reader, Nothing, None),
        row("POST /api/topics", Writer, Nothing, some(json!({ "name": "x" }))),
        row("PATCH /api/topics/{id}", Writer, Own(Topic), some(json!({ "name": "Mine now" }))),
        row("DELETE /api/topics/{id}", Writer, Own(Topic), None),
        row("POST /api/topics/{id}/merge", Writer, Own(Topic), some(json!({ "into": uuid::Uuid::max() }))),
        row("GET /api/admin/users", Administrator, Nothing, None),
        row("POST /api/admin/users", Administrator, Nothing, some(json!({ "email": "x", "handle": "x" }))),
        row("GET /api/admin/users/{id}", Administrator, Anybodys, None),
        row("PATCH /api/admin/users/{id}", Administrator, Anybodys, some(json!({}))),
        row("DELETE /api/admin/users/{id}", Administrator, Anybodys, None),
        row("POST /api/admin/users/{id}/logout-all", Administrator, Anybodys, None),
        row("POST /api/admin/users/{id}/reset-password", Administrator, Anybodys, None),
        row("DELETE /api/admin/users/{id}/totp", Administrator, Anybodys, None),
        row("GET /api/admin/invites", Administrator, Nothing, None),
        row("POST /api/admin/invites", Administrator, Nothing, some(json!({ "email": "x" }))),
        row("DELETE /api/admin/invites/{id}", Administrator, Anybodys, None),
        row("GET /api/admin/audit", Administrator, Nothing, None),
        row("GET /api/admin/audit/export", Administrator, Nothing, None),
        row("GET /api/admin/mail", Administrator, Nothing, None),
        row("POST /api/admin/mail/test", Administrator, Nothing, some(json!({ "to": "x" }))),
    ]
}
