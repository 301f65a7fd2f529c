use std::net::SocketAddr;

use url::Url;

use super::{Ai, AiProvider, Config, Environment, MailEncryption, Role, Secret};

/// Words that stand in examples and must never protect anything.
const PLACEHOLDERS: &[&str] = &[
    "change-me",
    "changeme",
    "change_me",
    "replace-me",
    "replace_me",
    "placeholder",
    "your-secret",
];

/// Everything that each value being of the right kind does not rule out.
pub(super) fn problems(config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    addresses(config, &mut problems);
    stores(config, &mut problems);
    accounts(config, &mut problems);
    secrets(config, &mut problems);
    ai(&config.ai, &mut problems);
    oidc(config, &mut problems);
    mail(config, &mut problems);
    let mut at_least_one = |key: &str, value: u64| {
        if value == 0 {
            problems.push(format!("{key}: must be at least 1"));
        }
    };
    at_least_one("max_upload_bytes", config.max_upload_bytes);
    at_least_one("upload_lease_seconds", config.upload_lease_seconds);
    at_least_one("sweep_seconds", config.sweep_seconds);
    at_least_one("accounts.access_minutes", config.accounts.access_minutes);
    at_least_one(
        "accounts.session_idle_days",
        config.accounts.session_idle_days,
    );
    at_least_one("accounts.session_days", config.accounts.session_days);
    at_least_one("worker.lease_seconds", config.worker.lease_seconds);
    at_least_one(
        "database.max_connections",
        config.database.max_connections.into(),
    );
    at_least_one("extract.cpu_seconds", config.extract.cpu_seconds);
    at_least_one("extract.wall_seconds", config.extract.wall_seconds);
    problems
}

fn addresses(config: &Config, problems: &mut Vec<String>) {
    if config.listen.parse::<SocketAddr>().is_err() {
        problems.push(format!(
            "listen: {:?} is not an address like 127.0.0.1:8080",
            config.listen
        ));
    }
    if config.metrics_listen != "off" && config.metrics_listen.parse::<SocketAddr>().is_err() {
        problems.push(format!(
            "metrics_listen: {:?} is neither an address like 127.0.0.1:9090 nor off",
            config.metrics_listen
        ));
    }
    if let Some(url) = &config.url {
        let valid = Url::parse(url).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/"
        });
        if !valid {
            problems.push(format!(
                "url: {url:?} is not like https://vault.example.org"
            ));
        }
    }
}

fn accounts(config: &Config, problems: &mut Vec<String>) {
    for text in config
        .trusted_proxies
        .iter()
        .flat_map(|list| list.split(','))
    {
        if super::network(text).is_none() {
            problems.push(format!(
                "trusted_proxies: {text:?} is neither an address nor a network like 10.0.0.0/8"
            ));
        }
    }
    if !config.is_embedded() && config.env == Environment::Production && config.secret_key.is_none()
    {
        problems.push(
            "secret_key: is missing. Make one with `openssl rand -base64 32`, set it as \
             DOCUVAULT_SECRET_KEY on every replica, and keep a copy: without it secrets in the \
             database are lost."
                .to_owned(),
        );
    }
    if let Some(key) = &config.secret_key
        && let Err(why) = crate::keys::check(key)
    {
        problems.push(format!(
            "secret_key: {why}. Make one with `openssl rand -base64 32`."
        ));
    }
}

fn stores(config: &Config, problems: &mut Vec<String>) {
    let scheme = |value: &Option<Secret>| {
        value.as_ref().map(|dsn| {
            dsn.expose()
                .split(':')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    };
    for (key, value) in [
        ("database.url", &config.database.url),
        ("database.migrate_url", &config.database.migrate_url),
    ] {
        if scheme(value).is_some_and(|scheme| !matches!(&*scheme, "postgres" | "postgresql")) {
            problems.push(format!("{key}: must begin with postgres://"));
        }
    }
    if scheme(&config.redis.url)
        .is_some_and(|scheme| !matches!(&*scheme, "redis" | "unix" | "redis+unix"))
    {
        problems.push("redis.url: must begin with redis:// (TLS is not supported yet)".to_owned());
    }
    if config.is_embedded() && config.database.migrate_url.is_some() {
        problems.push("database.migrate_url: is set, but DATABASE_URL is not".to_owned());
    }
    if config.is_embedded() && config.role != Role::All {
        problems.push(
            "role: an embedded vault (SQLite) is one process. Set DATABASE_URL to split roles."
                .to_owned(),
        );
    }
    let s3 = &config.s3;
    if s3.endpoint.is_some() {
        for (key, value) in [
            ("s3.access_key", &s3.access_key),
            ("s3.secret_key", &s3.secret_key),
        ] {
            if value.is_none() {
                problems.push(format!("{key}: is missing, although s3.endpoint is set"));
            }
        }
    } else if s3.access_key.is_some() || s3.secret_key.is_some() {
        problems.push("s3.endpoint: is missing, although an S3 key is set".to_owned());
    }
    if s3.presign_access_key.is_some() != s3.presign_secret_key.is_some() {
        problems.push(
            "s3.presign_access_key: needs s3.presign_secret_key beside it, and the other way round"
                .to_owned(),
        );
    }
    for (key, value) in [
        ("s3.endpoint", &s3.endpoint),
        ("s3.public_endpoint", &s3.public_endpoint),
    ] {
        let bad = |text: &String| {
            !Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        };
        if value.as_ref().is_some_and(bad) {
            problems.push(format!("{key}: must begin with http:// or https://"));
        }
    }
}

fn oidc(config: &Config, problems: &mut Vec<String>) {
    let oidc = &config.oidc;
    let Some(issuer) = &oidc.issuer else {
        if oidc.client_id.is_some() || oidc.client_secret.is_some() {
            problems.push(
                "oidc.issuer: is missing, although other settings of oidc are there".to_owned(),
            );
        }
        if !config.accounts.password_sign_in {
            problems.push(
                "accounts.password_sign_in: is false, and without oidc.issuer nobody could sign in"
                    .to_owned(),
            );
        }
        return;
    };
    let valid = Url::parse(issuer)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !valid {
        problems.push(format!(
            "oidc.issuer: {issuer:?} is not like https://id.example.org"
        ));
    }
    if oidc.client_id.is_none() {
        problems.push("oidc.client_id: is missing, although oidc.issuer is set".to_owned());
    }
    if config.url.is_none() {
        problems.push("url: is missing; the identity provider sends people back to it".to_owned());
    }
}

fn mail(config: &Config, problems: &mut Vec<String>) {
    let mail = &config.mail;
    if mail.timeout_seconds == 0 {
        problems.push("mail.timeout_seconds: must be at least 1".to_owned());
    }
    if mail.host.is_none() {
        if mail.username.is_some() || mail.password.is_some() || mail.from.is_some() {
            problems.push(
                "mail.host: is missing, although other settings of mail are there".to_owned(),
            );
        }
        return;
    }
    if mail.from.is_none() {
        problems.push(
            "mail.from: is missing; mails need a sender, such as DocuVault <vault@example.org>"
                .to_owned(),
        );
    }
    if config.url.is_none() {
        problems.push("url: is missing; mails hold links to the vault".to_owned());
    }
    if mail.username.is_some() != mail.password.is_some() {
        problems.push(
            "mail.username: needs mail.password beside it, and the other way round".to_owned(),
        );
    }
    if mail.username.is_some() && mail.encryption == MailEncryption::None {
        problems.push(
            "mail.encryption: is none, which would show the password to the network".to_owned(),
        );
    }
}

fn ai(ai: &Ai, problems: &mut Vec<String>) {
    let has = |value: &Option<String>| value.as_ref().is_some_and(|value| !value.trim().is_empty());
    if ai.provider == AiProvider::Builtin {
        if ai.base_url.is_some() || ai.api_key.is_some() || ai.model.is_some() {
            problems.push(
                "ai.provider: is builtin, which has no address, key or model. Name a provider, or \
                 remove those."
                    .to_owned(),
            );
        }
        return;
    }
    if !has(&ai.model) {
        problems.push("ai.model: is missing, although ai.provider is set".to_owned());
    }
    let cloud = ai.base_url.is_none() && ai.provider != AiProvider::Ollama;
    if cloud && ai.api_key.is_none() {
        problems.push("ai.api_key: is missing; the vendor answers nobody without one".to_owned());
    }
    let http = |url: &String| {
        Url::parse(url).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.username().is_empty()
                && url.query().is_none()
        })
    };
    if ai.base_url.as_ref().is_some_and(|url| !http(url)) {
        problems.push("ai.base_url: must be like https://host/path, without a query".to_owned());
    }
    if ai.timeout_seconds == Some(0) {
        problems.push("ai.timeout_seconds: must be at least 1".to_owned());
    }
    if ai.max_in_flight == Some(0) {
        problems.push("ai.max_in_flight: must be at least 1".to_owned());
    }
}

fn secrets(config: &Config, problems: &mut Vec<String>) {
    let all = [
        ("secret_key", &config.secret_key),
        ("database.url", &config.database.url),
        ("database.migrate_url", &config.database.migrate_url),
        ("redis.url", &config.redis.url),
        ("ai.api_key", &config.ai.api_key),
        ("mail.password", &config.mail.password),
        ("s3.access_key", &config.s3.access_key),
        ("s3.secret_key", &config.s3.secret_key),
        ("s3.presign_access_key", &config.s3.presign_access_key),
        ("s3.presign_secret_key", &config.s3.presign_secret_key),
    ];
    for (key, value) in all {
        let Some(secret) = value else { continue };
        let lower = secret.expose().to_ascii_lowercase();
        if config.env == Environment::Production
            && PLACEHOLDERS
                .iter()
                .any(|placeholder| lower.contains(placeholder))
        {
            problems.push(format!("{key}: still holds the placeholder of the example"));
        }
    }
}
