use std::fmt::Write as _;

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

use super::Config;

/// One setting.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name in the file, with dots.
    pub path: String,
    /// What it is for.
    pub about: String,
    /// What it is when nobody sets it; empty for nothing.
    pub default: String,
    /// The words it may be, if it is one of a few.
    pub choices: Vec<String>,
    /// Whether it is a secret: masked, and also read from the file that `…_FILE` names.
    pub secret: bool,
    /// Whether it is text, rather than a number or a yes or no.
    pub text: bool,
}

/// All settings, in the order of the types.
pub fn keys() -> Vec<Key> {
    let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
    let schema = SchemaGenerator::new(settings).into_root_schema_for::<Config>();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut keys = Vec::new();
    collect(schema.as_value(), &defaults, "", &mut keys);
    keys
}

fn collect(schema: &Value, defaults: &Value, prefix: &str, keys: &mut Vec<Key>) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    for (name, property) in properties {
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        if property["properties"].is_object() {
            collect(property, &defaults[name], &path, keys);
            continue;
        }
        let text = property["description"].as_str().unwrap_or_default();
        keys.push(Key {
            path,
            about: text.split_whitespace().collect::<Vec<_>>().join(" "),
            default: match &defaults[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            choices: choices(property),
            secret: is_secret(property),
            text: is_text(property),
        });
    }
}

/// Settings that may be absent have two types, one of which is null.
fn is_text(property: &Value) -> bool {
    let one = std::slice::from_ref(&property["type"]);
    let types = property["type"].as_array().map_or(one, Vec::as_slice);
    let is_other = |kind: &Value| matches!(kind.as_str(), Some("integer" | "boolean" | "number"));
    !types.iter().any(is_other)
}

fn choices(property: &Value) -> Vec<String> {
    let words = |schema: &Value| schema["const"].as_str().map(str::to_owned);
    property["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(words)
        .collect()
}

fn is_secret(property: &Value) -> bool {
    let marked = |schema: &Value| schema["x-secret"] == true;
    marked(property)
        || property["anyOf"]
            .as_array()
            .is_some_and(|any| any.iter().any(marked))
}

/// The reference page, in Markdown.
pub fn reference() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         <!-- Made from the configuration types by `docuvault config reference`. -->\n\n\
         Everything has a default: `docuvault serve` runs without any of it. Values come from, each \
         overriding the one before:\n\n\
         1. the defaults below,\n\
         2. a file: `--config PATH`, else `./docuvault.toml`, else `/etc/docuvault/docuvault.toml`,\n\
         3. the environment,\n\
         4. the command line.\n\n\
         In the file, dots are TOML tables. In the environment, a setting is `DOCUVAULT_` and its \
         name in capitals with `__` for the dot; the variables named in the table work without the \
         prefix. A secret can also be given as a file: `S3_SECRET_KEY_FILE=/run/secrets/s3`. Unknown \
         settings are errors. `docuvault config check` names every problem, `docuvault config show` \
         prints what is in force, secrets masked. With `DOCUVAULT_ENV=development` a `.env` in the \
         working directory is read too.\n\n\
         | setting | environment | default | what it is for |\n|---|---|---|---|\n",
    );
    for key in keys() {
        let variable = match key.path.split_once('.') {
            Some(("s3", name)) => format!("S3_{}", name.to_uppercase()),
            Some(("database", "url")) => "DATABASE_URL".to_owned(),
            Some(("database", "migrate_url")) => "DATABASE_MIGRATE_URL".to_owned(),
            Some(("redis", "url")) => "REDIS_URL".to_owned(),
            _ => format!("DOCUVAULT_{}", key.path.replace('.', "__").to_uppercase()),
        };
        let secret = if key.secret { " Secret." } else { "" };
        let mut about = key.about.clone();
        if !key.choices.is_empty() {
            let words: Vec<_> = key.choices.iter().map(|word| format!("`{word}`")).collect();
            let _ = write!(about, " One of {}.", words.join(", "));
        }
        let default = if key.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", key.default)
        };
        let _ = writeln!(
            page,
            "| `{}` | `{variable}` | {default} | {about}{secret} |",
            key.path
        );
    }
    page
}

/// What is in force, as TOML-like lines, secrets masked.
pub fn show(config: &Config) -> String {
    let values = serde_json::to_value(config).unwrap_or_default();
    let mut text = String::new();
    for key in keys() {
        let pointer = format!("/{}", key.path.replace('.', "/"));
        let value = values.pointer(&pointer).filter(|value| !value.is_null());
        let value = value.map_or_else(|| "# not set".to_owned(), Value::to_string);
        let _ = writeln!(text, "{} = {value}", key.path);
    }
    text
}
