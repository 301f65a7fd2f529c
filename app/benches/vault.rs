//! What operations cost, on both stacks. CPU per operation is what counts on a busy machine: it is
//! that of the vault's own processes, readers included, and not that of PostgreSQL, Redis or the
//! object store.
//!
//! `just bench` measures all; `just bench uploads downloads` only what is named: start, uploads,
//! readings, lists, accounts, downloads, puts.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, may fail, and counts less than a float can"
)]

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::{Load, SETTINGS, Vault, fixtures, machine, nginx, s3};

const UPLOADS: usize = 1_000;
const READINGS: usize = 100;
const DOCUMENTS: usize = 10_000;
const READS: usize = 2_000;
const AT_ONCE: usize = 16;
const SIGN_INS: usize = 300;
/// One account may be tried ten times before it has signed in.
const SIGN_INS_AT_ONCE: usize = 8;
const AUTHENTICATED: usize = 8_000;
const PAIRS: usize = 200;

fn main() {
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let wanted = |section: &str| named.is_empty() || named.iter().any(|name| name == section);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("{}", machine());
    println!("binary: {:.1} MB", support::binary_bytes() as f64 / 1e6);
    runtime.block_on(async {
        for stack in ["embedded", "PostgreSQL + S3 + Redis"] {
            println!("\n{stack}");
            if wanted("start") {
                start_and_idle(stack).await;
            }
            if wanted("uploads") {
                uploads(stack).await;
            }
            if wanted("readings") {
                readings(stack).await;
            }
            if wanted("lists") {
                lists(stack).await;
            }
            if wanted("accounts") {
                accounts(stack).await;
            }
        }
        if wanted("downloads") {
            println!("\ndownloads of 10 MiB");
            downloads().await;
        }
        if wanted("puts") {
            println!("\nputting 512 MiB into the S3 server");
            puts().await;
        }
    });
}

fn row(what: &str, value: &str) {
    println!("  {what:<58} {value:>14}");
}

async fn start_and_idle(stack: &str) {
    // The first start migrates; the second is what a restart takes.
    let vault = Vault::start(stack, &[]).await;
    let stack = vault.stop();
    let started = Instant::now();
    let vault = Vault::restart(stack, &[]).await;
    row(
        "start to ready",
        &format!("{} ms", started.elapsed().as_millis()),
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    row(
        "resident, idle after start",
        &format!("{:.1} MB", vault.resident_mb()),
    );
}

async fn uploads(stack: &str) {
    let vault = Vault::start(stack, &[("DOCUVAULT_WORKER__CONCURRENCY", "0")]).await;
    vault.upload_many("warm", 50, AT_ONCE).await;
    let load = vault
        .measure(UPLOADS, vault.upload_many("a", UPLOADS, AT_ONCE))
        .await;
    print_load("upload of 2 KB, 16 at once", &load);
}

async fn readings(stack: &str) {
    for (what, bytes) in [
        ("small text", fixtures::text as fn(usize) -> Vec<u8>),
        ("3-page PDF", fixtures::three_pages),
    ] {
        let vault = Vault::start(stack, &[]).await;
        vault.settle(&[vault.upload("warm", bytes(0)).await]).await;
        let work = async {
            let mut ids = Vec::new();
            for n in 1..=READINGS {
                ids.push(vault.upload(&format!("{n}"), bytes(n)).await);
            }
            vault.settle(&ids).await;
        };
        let load = vault.measure(READINGS, work).await;
        print_load(
            &format!("{what}: upload until ready, one after another"),
            &load,
        );
        if what == "3-page PDF" {
            tokio::time::sleep(Duration::from_secs(1)).await;
            row(
                "resident after this",
                &format!("{:.1} MB", vault.resident_mb()),
            );
        }
    }
}

async fn lists(stack: &str) {
    let vault = Vault::start(stack, &[("DOCUVAULT_WORKER__CONCURRENCY", "0")]).await;
    vault.upload_many("many", DOCUMENTS, AT_ONCE).await;
    let list = vault.read_many("/api/documents?limit=50", READS, 4);
    print_load("list of 50 among 10,000", &vault.measure(READS, list).await);
    let page = vault.cursor_page().await;
    let deep = vault.read_many(&page, READS, 4);
    print_load("the page after it", &vault.measure(READS, deep).await);
    let one = vault.one_document().await;
    let get = vault.read_many(&one, READS, 4);
    print_load("get one document", &vault.measure(READS, get).await);
}

async fn accounts(stack: &str) {
    let vault = Vault::start(stack, &SETTINGS).await;
    vault.sign_in_many(AT_ONCE, SIGN_INS_AT_ONCE).await;
    let sign_ins = vault.sign_in_many(SIGN_INS, SIGN_INS_AT_ONCE);
    let load = vault.measure(SIGN_INS, sign_ins).await;
    print_load("sign-in, 8 at once", &load);
    row(
        "sign-ins a second and core",
        &format!("{:.1}", 1000.0 / load.cpu_ms),
    );
    // The same answer, with and without finding out who asks: twice each, against drift.
    let path = "/api/auth/options";
    let mut cost = [0.0; 2];
    for which in [0, 1, 0, 1] {
        let token = (which == 1).then(|| vault.token().to_owned());
        let reads = vault.read_as(token, path, AUTHENTICATED, 4);
        cost[which] += vault.measure(AUTHENTICATED, reads).await.cpu_ms / 2.0;
    }
    row(
        "authentication of a request",
        &format!("{:.3} CPU-ms", cost[1] - cost[0]),
    );
    let list = vault.read_many("/api/documents", AUTHENTICATED, 4);
    print_load(
        "list of no documents",
        &vault.measure(AUTHENTICATED, list).await,
    );

    vault.people(PAIRS / 2).await;
    // Each name comes twice: limits count by name, too.
    let wrong =
        |name: &str, n: usize| json!({ "login": format!("{name}{}", n / 2), "password": "x" });
    let asked = |name: &str, n: usize| json!({ "email": format!("{name}{}@example.org", n / 2) });
    let joining = |name: &str, n: usize| {
        json!({
            "email": format!("{name}{}@example.org", n / if name == "person" { 2 } else { 1 }),
            "handle": format!("new-{name}-{n}"), "password": support::PASSWORD,
        })
    };
    let (reset, register) = ("/api/auth/password-reset/request", "/api/auth/register");
    for (what, pairs) in [
        (
            "sign-in, known and unknown name",
            vault.pairs("/api/auth/login", PAIRS, wrong).await,
        ),
        (
            "request for a new password",
            vault.pairs(reset, PAIRS, asked).await,
        ),
        ("registration", vault.pairs(register, PAIRS, joining).await),
    ] {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (known, unknown) = (ms(pairs.known), ms(pairs.unknown));
        let apart = (known - unknown).abs();
        let medians = format!("{known:.2} / {unknown:.2} ms");
        row(&format!("{what}: medians of {PAIRS}"), &medians);
        row("  apart", &format!("{apart:.2} ms"));
    }
}

async fn downloads() {
    let vault = Vault::start("embedded", &[("DOCUVAULT_WORKER__CONCURRENCY", "0")]).await;
    let bytes = fixtures::text_of(10 * 1024 * 1024);
    let path = format!(
        "/api/documents/{}/content",
        vault.upload("large", bytes.clone()).await
    );
    let mut ours = Vec::new();
    let mut theirs = [Vec::new(), Vec::new()];
    let servers = [nginx::start(&bytes, false), nginx::start(&bytes, true)];
    // Turn and turn about, so that a busy moment of the machine meets all.
    for _ in 0..7 {
        ours.push(support::throughput(
            &vault.address(),
            Some(vault.token()),
            &path,
            40,
        ));
        for (server, rates) in servers.iter().zip(&mut theirs) {
            if let Some(server) = server {
                rates.push(support::throughput(&server.address, None, "/file", 40));
            }
        }
    }
    let ours = support::median(ours);
    row("DocuVault", &format!("{ours:.0} MiB/s"));
    for (name, rates) in ["nginx, sendfile off", "nginx, sendfile on"]
        .iter()
        .zip(theirs)
    {
        if rates.is_empty() {
            row(name, "not installed");
            continue;
        }
        let rate = support::median(rates);
        row(name, &format!("{rate:.0} MiB/s"));
        row(
            &format!("  DocuVault / {name}"),
            &format!("{:.2}", ours / rate),
        );
    }
}

async fn puts() {
    let bench = s3::PutBench::new().await;
    let (mut raw, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        raw.push(bench.raw().await);
        ours.push(bench.adapter().await);
    }
    let (raw, ours) = (support::median(raw), support::median(ours));
    row(
        "one presigned PUT, streamed by reqwest",
        &format!("{raw:.0} MiB/s"),
    );
    row("the storage adapter", &format!("{ours:.0} MiB/s"));
    row("  the adapter / the raw put", &format!("{:.2}", ours / raw));
}

fn print_load(what: &str, load: &Load) {
    row(what, &format!("{:.2} CPU-ms", load.cpu_ms));
    row("", &format!("{:.0} a second", load.per_second));
}
