use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};
use thiserror::Error;

use super::{Config, keys, validate};

/// Variables that every operator knows by these names.
const WELL_KNOWN: &[(&str, &str)] = &[
    ("TRUSTED_PROXIES", "trusted_proxies"),
    ("DATABASE_URL", "database.url"),
    ("DATABASE_MIGRATE_URL", "database.migrate_url"),
    ("REDIS_URL", "redis.url"),
    ("S3_ENDPOINT", "s3.endpoint"),
    ("S3_PUBLIC_ENDPOINT", "s3.public_endpoint"),
    ("S3_BUCKET", "s3.bucket"),
    ("S3_REGION", "s3.region"),
    ("S3_ACCESS_KEY", "s3.access_key"),
    ("S3_SECRET_KEY", "s3.secret_key"),
    ("S3_PRESIGN_ACCESS_KEY", "s3.presign_access_key"),
    ("S3_PRESIGN_SECRET_KEY", "s3.presign_secret_key"),
];

const PREFIX: &str = "DOCUVAULT_";

/// Everything that is wrong with a configuration, each line naming its key.
#[derive(Debug, Error)]
#[error("The configuration has {} problem(s):\n{}", .0.len(), list(.0))]
pub struct ConfigError(pub Vec<String>);

fn list(problems: &[String]) -> String {
    problems
        .iter()
        .map(|problem| format!("  - {problem}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The file to read, in place of the usual places.
    pub file: Option<PathBuf>,
    /// Values by key.
    pub values: Vec<(&'static str, Value)>,
}

/// Puts the configuration together from file, the given environment and the command line.
pub fn load(
    environment: impl IntoIterator<Item = (String, String)>,
    overrides: &Overrides,
) -> Result<Config, ConfigError> {
    let mut problems = Vec::new();
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    match read_file(overrides.file.as_deref()) {
        Ok(Some(text)) => figment = figment.merge(Toml::string(&text)),
        Ok(None) => {}
        Err(problem) => problems.push(problem),
    }
    let environment = with_dotenv(environment.into_iter().collect(), &mut problems);
    for (key, value) in from_environment(&environment, &mut problems) {
        figment = figment.merge((key.as_str(), value));
    }
    for (key, value) in &overrides.values {
        figment = figment.merge((*key, value.clone()));
    }
    report_unknown(&figment, &mut problems);
    let config = extract_reporting(&figment, &mut problems);
    problems.extend(validate::problems(&config));
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(ConfigError(problems))
    }
}

/// The file named on the command line, else the first that exists in the usual places.
fn read_file(named: Option<&Path>) -> Result<Option<String>, String> {
    let places = [
        Path::new("docuvault.toml"),
        Path::new("/etc/docuvault/docuvault.toml"),
    ];
    let candidates = named.map_or(&places[..], |_| &[]);
    if let Some(path) = named {
        return std::fs::read_to_string(path)
            .map(Some)
            .map_err(|error| format!("--config {}: {error}", path.display()));
    }
    for path in candidates {
        match std::fs::read_to_string(path) {
            Ok(text) => return Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{}: {error}", path.display())),
        }
    }
    Ok(None)
}

/// In development, `.env` of the working directory stands in for variables that are not set.
fn with_dotenv(
    mut environment: BTreeMap<String, String>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, String> {
    if environment
        .get("DOCUVAULT_ENV")
        .is_none_or(|env| env != "development")
    {
        return environment;
    }
    let Ok(lines) = dotenvy::from_path_iter(".env") else {
        return environment;
    };
    for line in lines {
        match line {
            Ok((name, value)) => {
                environment.entry(name).or_insert(value);
            }
            Err(error) => problems.push(format!(".env: {error}")),
        }
    }
    environment
}

/// Keys and values of the variables that concern us. `X_FILE` gives the content of a file as `X`.
fn from_environment(
    environment: &BTreeMap<String, String>,
    problems: &mut Vec<String>,
) -> Vec<(String, Value)> {
    let known = keys();
    let mut values = Vec::new();
    for (name, value) in environment {
        if name.starts_with("DOCUVAULT_TEST_") || value.is_empty() {
            continue;
        }
        let Some(path) = key_of(name) else { continue };
        let secret = path
            .strip_suffix("_file")
            .filter(|path| known.iter().any(|key| key.secret && key.path == *path));
        if let Some(secret) = secret {
            match std::fs::read_to_string(value) {
                Ok(text) => values.push((secret.to_owned(), Value::from(text.trim_end()))),
                Err(error) => problems.push(format!("{name}: {value}: {error}")),
            }
            continue;
        }
        let is_text = known.iter().any(|key| key.text && key.path == path);
        values.push((
            path,
            if is_text {
                Value::from(value.as_str())
            } else {
                typed(value)
            },
        ));
    }
    values
}

/// The key a variable sets, if it is one of ours.
fn key_of(name: &str) -> Option<String> {
    let plain = name.strip_suffix("_FILE").unwrap_or(name);
    if let Some((_, key)) = WELL_KNOWN.iter().find(|(known, _)| *known == plain) {
        let file = if plain == name { "" } else { "_file" };
        return Some(format!("{key}{file}"));
    }
    name.strip_prefix(PREFIX)
        .map(|rest| rest.to_ascii_lowercase().replace("__", "."))
}

/// Variables are text; numbers and booleans are meant as such.
fn typed(value: &str) -> Value {
    if let Ok(flag) = value.parse::<bool>() {
        Value::from(flag)
    } else if let Ok(number) = value.parse::<u64>() {
        Value::from(number)
    } else {
        Value::from(value)
    }
}

fn report_unknown(figment: &Figment, problems: &mut Vec<String>) {
    let known: Vec<_> = keys().into_iter().map(|key| key.path).collect();
    let Ok(values) = figment.extract::<Dict>() else {
        return;
    };
    let mut found = Vec::new();
    flatten("", &Value::from(values), &mut found);
    for path in found {
        if !known.contains(&path) {
            let variable = path.replace('.', "__").to_ascii_uppercase();
            problems.push(format!(
                "{path} (or {PREFIX}{variable}): there is no such setting"
            ));
        }
    }
}

fn flatten(prefix: &str, value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Dict(_, dict) => {
            for (name, value) in dict {
                let path = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix}.{name}")
                };
                flatten(&path, value, into);
            }
        }
        _ => into.push(prefix.to_owned()),
    }
}

/// Extracts the configuration; a value of the wrong kind is reported and replaced by its default, so
/// that all problems come out at once.
fn extract_reporting(figment: &Figment, problems: &mut Vec<String>) -> Config {
    let defaults = Figment::from(Serialized::defaults(Config::default()));
    let mut clean = defaults.clone();
    for key in keys() {
        let Ok(value) = figment.find_value(&key.path) else {
            continue;
        };
        // Secrets come out of `find_value` as they were given; masking is for showing only.
        let candidate = clean.clone().merge((key.path.as_str(), value));
        match candidate.extract::<Config>() {
            Ok(_) => clean = candidate,
            Err(error) => problems.push(format!("{}: {}", key.path, error.kind)),
        }
    }
    clean.extract().unwrap_or_default()
}
