//! The web app as the binary serves it. It must have been built: `just build-web`.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::Method;

use crate::support::{Answer, Stack, Vault};

const APP_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.bytes.clone()).unwrap()
}

/// The first address in the page that begins so.
fn linked(page: &str, start: &str) -> String {
    let from = page
        .find(start)
        .expect("the web app is built: just build-web");
    let to = page[from..].find('"').unwrap();
    page[from..from + to].to_owned()
}

async fn accepting(vault: &Vault, path: &str, encodings: &str) -> Answer {
    let request = vault.request(Method::GET, path);
    vault
        .send(request.header("accept-encoding", encodings))
        .await
}

#[tokio::test]
async fn every_address_of_the_app_is_its_page() {
    let vault = Stack::embedded().serve();
    let page = vault.get("/").await;
    for path in [
        "/library",
        "/documents/018f0000-0000-7000-8000-000000000000",
        "/trash",
    ] {
        let answer = vault.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.bytes, page.bytes, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("content-security-policy"), APP_POLICY);
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    for path in [
        "/assets/unknown",
        "/assets/app-00000000.js",
        "/favicon.ico",
        "/.vite/manifest.json",
        "/../Cargo.toml",
    ] {
        assert_eq!(vault.get(path).await.problem(404), "not_found", "{path}");
    }
    let posted = vault.send(vault.request(Method::POST, "/library")).await;
    assert_eq!(posted.problem(404), "not_found");
}

#[tokio::test]
async fn files_with_hashed_names_are_kept_for_ever_and_come_compressed() {
    let vault = Stack::embedded().serve();
    let page = text(&vault.get("/").await);
    let script = linked(&page, "/assets/");
    let plain = accepting(&vault, &script, "identity").await;
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        plain.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    let mut sizes = vec![plain.bytes.len()];
    for (accepted, expected) in [
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip, br;q=0", "gzip"),
    ] {
        let answer = accepting(&vault, &script, accepted).await;
        assert_eq!(answer.header("content-encoding"), expected, "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("content-type"), plain.header("content-type"));
        sizes.push(answer.bytes.len());
    }
    let [plain, gzip, brotli, _] = sizes[..] else {
        panic!("{sizes:?}")
    };
    assert!(brotli < gzip && gzip < plain, "{sizes:?}");
    assert_eq!(
        vault.get(&format!("{script}.br")).await.problem(404),
        "not_found"
    );
}

#[tokio::test]
async fn the_reference_comes_from_the_vault_alone_and_compressed() {
    let vault = Stack::embedded().serve();
    let page = text(&accepting(&vault, "/api/docs/", "identity").await);
    assert!(page.contains("swagger-ui"), "{page}");
    assert!(!page.contains("//"), "nothing from elsewhere: {page}");
    assert!(!page.contains("<script>") && !page.contains("<style"));
    for (file, kind, known) in [
        ("", "text/html", "DocuVault"),
        ("swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle"),
        ("swagger-ui.css", "text/css", ".swagger-ui"),
        ("start.js", "text/javascript", "/api/openapi.json"),
    ] {
        assert!(page.contains(file), "{file} is used");
        let path = format!("/api/docs/{file}");
        let plain = accepting(&vault, &path, "identity").await;
        assert_eq!(plain.status, 200, "{file}");
        assert_eq!(
            plain.header("content-type"),
            format!("{kind}; charset=utf-8")
        );
        assert_eq!(plain.header("content-security-policy"), APP_POLICY);
        assert!(text(&plain).contains(known), "{file}");
        let brotli = accepting(&vault, &path, "gzip, br").await;
        assert_eq!(brotli.header("content-encoding"), "br", "{file}");
        let gzip = accepting(&vault, &path, "gzip").await;
        assert_eq!(gzip.header("content-encoding"), "gzip", "{file}");
        let mut unpacked = Vec::new();
        let read = GzDecoder::new(&*gzip.bytes).read_to_end(&mut unpacked);
        assert!(read.is_ok() && unpacked == plain.bytes, "{file}");
        assert!(brotli.bytes.len() < gzip.bytes.len(), "{file}");
    }
    for unknown in ["unknown", "unknown.js", "start.js.br", "a/start.js"] {
        let answer = vault.get(&format!("/api/docs/{unknown}")).await;
        assert_eq!(answer.problem(404), "not_found", "{unknown}");
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let vault = Stack::embedded().serve();
    let page = vault.get("/").await;
    let again = vault
        .request(Method::GET, "/")
        .header("if-none-match", page.header("etag"));
    let again = vault.send(again).await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    assert_eq!(again.header("etag"), page.header("etag"));
}

/// What comes after the head of an answer without a body is taken for the next answer, by proxies as well.
#[tokio::test]
async fn answers_without_a_body_have_none() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let vault = Stack::embedded().serve();
    let page = vault.get("/").await;
    let host = vault.base().strip_prefix("http://").unwrap();
    let known = format!("if-none-match: {}\r\n", page.header("etag"));
    let last = ("GET", "/health/live", "connection: close\r\n");
    for (method, path, header) in [
        ("GET", "/", known.as_str()),
        ("HEAD", "/", ""),
        ("HEAD", "/", known.as_str()),
        ("HEAD", "/nothing.txt", ""),
        ("HEAD", "/api/nothing", ""),
        ("HEAD", "/health", ""),
    ] {
        let mut connection = tokio::net::TcpStream::connect(host).await.unwrap();
        for (method, path, header) in [(method, path, header), last] {
            let request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{header}\r\n");
            connection.write_all(request.as_bytes()).await.unwrap();
        }
        let mut answers = Vec::new();
        connection.read_to_end(&mut answers).await.unwrap();
        let answers = String::from_utf8_lossy(&answers);
        let (_, second) = answers.split_once("\r\n\r\n").unwrap();
        let start = second.get(..15);
        assert_eq!(start, Some("HTTP/1.1 200 OK"), "{method} {path}: {answers}");
    }
}

#[tokio::test]
async fn only_the_worker_may_compile() {
    let vault = Stack::embedded().serve();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/assets");
    let files = std::fs::read_dir(folder).expect("the web app is built: just build-web");
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let names = names.filter_map(|name| Some(name.strip_suffix(".gz")?.to_owned()));
    let names: Vec<_> = names.filter(|name| name.ends_with("js")).collect();
    let mut workers = 0;
    for name in names {
        let answer = vault.get(&format!("/assets/{name}")).await;
        assert_eq!(
            answer.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        let policy = answer.header("content-security-policy");
        let compiles = policy.contains("'wasm-unsafe-eval'");
        assert_eq!(compiles, name.starts_with("pdf.worker"), "{name}: {policy}");
        // Browsers take over the headers of a 304.
        let known = vault.request(Method::GET, &format!("/assets/{name}"));
        let known = vault
            .send(known.header("if-none-match", answer.header("etag")))
            .await;
        assert_eq!(
            (known.status, known.header("content-security-policy")),
            (304, policy)
        );
        workers += usize::from(compiles);
    }
    assert!(workers > 0);
}
