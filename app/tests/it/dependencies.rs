//! Who may import whom.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

const DOMAIN_MAY_USE: &[&str] = &[
    "aho-corasick",
    "async-trait",
    "bytes",
    "futures-core",
    "serde",
    "serde_json",
    "thiserror",
    "time",
    "tracing",
    "uuid",
];

/// The crates that stand for a framework or an outside system, and who may name them.
const WRAPPED: &[(&str, &[&str])] = &[
    ("actix-web", &["docuvault"]),
    ("sea-orm", &["docuvault-database"]),
    ("sea-orm-migration", &["docuvault-migration"]),
    ("rust-s3", &["docuvault-storage", "docuvault-testservices"]),
    ("deadpool-redis", &["docuvault-redis"]),
    (
        "reqwest",
        &["docuvault-ai", "docuvault-oidc", "docuvault-storage"],
    ),
    ("openidconnect", &["docuvault-oidc"]),
    ("lopdf", &["docuvault-extract"]),
    ("hayro-interpret", &["docuvault-extract"]),
    ("hayro", &["docuvault-extract"]),
    ("image", &["docuvault-extract"]),
    ("argon2", &["docuvault-crypto"]),
    ("chacha20poly1305", &["docuvault-crypto"]),
    ("jsonwebtoken", &["docuvault-crypto"]),
    ("lettre", &["docuvault-mail"]),
    ("totp-rs", &["docuvault-crypto"]),
];

/// Crate → what it depends on outside of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let normal = |package: &cargo_metadata::Package| {
        let kept = package
            .dependencies
            .iter()
            .filter(|it| it.kind == DependencyKind::Normal);
        kept.map(|it| it.name.clone()).collect()
    };
    metadata
        .packages
        .iter()
        .map(|it| (it.name.to_string(), normal(it)))
        .collect()
}

#[test]
fn the_domain_is_pure() {
    let allowed: BTreeSet<_> = DOMAIN_MAY_USE.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(dependencies()["docuvault-domain"], allowed);
}

#[test]
fn adapters_know_the_domain_and_nobody_else_of_ours() {
    for (name, uses) in dependencies() {
        let ours: Vec<_> = uses
            .iter()
            .filter(|it| it.starts_with("docuvault"))
            .collect();
        match name.as_str() {
            "docuvault" => assert!(!ours.iter().any(|it| it.contains("test")), "{ours:?}"),
            "docuvault-domain" | "docuvault-migration" | "docuvault-testservices" => {
                assert_eq!(ours, [""; 0], "{name}");
            }
            _ => assert_eq!(ours, ["docuvault-domain"], "{name}"),
        }
    }
}

#[test]
fn each_framework_has_one_home() {
    for (name, uses) in dependencies() {
        for (wrapped, homes) in WRAPPED {
            assert!(
                !uses.contains(*wrapped) || homes.contains(&name.as_str()),
                "{name} must not use {wrapped}"
            );
        }
    }
}

#[test]
fn adapters_are_named_where_things_are_wired() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![root.clone()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        let allowed = ["bootstrap", "keys.rs", "cli/migrate.rs"]
            .iter()
            .any(|it| path.starts_with(root.join(it)));
        if allowed || path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for adapter in [
            "ai",
            "crypto",
            "database",
            "extract",
            "local",
            "mail",
            "redis",
            "storage",
            "migration",
            "oidc",
        ] {
            let name = format!("docuvault_{adapter}");
            assert!(!text.contains(&name), "{} names {name}", path.display());
        }
    }
}
