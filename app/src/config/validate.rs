use std::net::SocketAddr;

use url::Url;

use super::{Config, Environment, Role, Secret};

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
    let mut problems = Problems::default();
    addresses(config, &mut problems);
    embedded(config, &mut problems);
    keys(config, &mut problems);
    placeholders(config, &mut problems);
    config.database.check(&mut problems);
    config.redis.check(&mut problems);
    config.s3.check(&mut problems);
    config.accounts.check(&mut problems);
    config.ai.check(&mut problems);
    config.oidc.check(config, &mut problems);
    config.mail.check(config, &mut problems);
    config.worker.check(&mut problems);
    config.extract.check(&mut problems);
    problems.at_least_one("max_upload_bytes", config.max_upload_bytes);
    problems.at_least_one("upload_lease_seconds", config.upload_lease_seconds);
    problems.at_least_one("sweep_seconds", config.sweep_seconds);
    problems.0
}

/// Sentences that begin with a key.
#[derive(Default)]
pub(super) struct Problems(Vec<String>);

impl Problems {
    pub(super) fn push(&mut self, sentence: impl Into<String>) {
        self.0.push(sentence.into());
    }

    pub(super) fn at_least_one(&mut self, key: &str, value: u64) {
        if value == 0 {
            self.push(format!("{key}: must be at least 1"));
        }
    }
}

/// What stands before the colon of an address.
pub(super) fn scheme(value: Option<&Secret>) -> Option<&str> {
    value?.expose().split(':').next()
}

fn placeholders(config: &Config, problems: &mut Problems) {
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

fn addresses(config: &Config, problems: &mut Problems) {
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
}

fn keys(config: &Config, problems: &mut Problems) {
    if !config.is_embedded() && config.env == Environment::Production && config.secret_key.is_none()
    {
        problems.push(
            "secret_key: is missing. Make one with `openssl rand -base64 32`, set it as \
             DOCUVAULT_SECRET_KEY on every replica, and keep a copy: without it secrets in the \
             database are lost.",
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

fn embedded(config: &Config, problems: &mut Problems) {
    if config.is_embedded() && config.role != Role::All {
        problems.push(
            "role: an embedded vault (SQLite) is one process. Set DATABASE_URL to split roles.",
        );
    }
}
