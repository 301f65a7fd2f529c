//! The web app, from the binary: `app/web/dist` as it was when this was compiled. Addresses that are
//! no files are the app's own and get its page.

mod missing;
mod reference;

use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;

use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header as _, HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse};
use flate2::read::GzDecoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::conditional::client_has_it;
use super::problem::Problem;
pub(crate) use reference::api_reference;

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[exclude = ".*"]
struct Dist;

const PAGE: &str = "index.html";

/// Names of files below it change with their content.
const HASHED: &str = "assets/";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Asked for each time, answered by `304` while it is the same.
const REVALIDATE: &str = "no-cache";

/// A worker has the policy of its own answer: this one decodes pictures by WebAssembly, which the
/// page itself never may.
const WORKER: &str = "assets/pdf.worker";
const WORKER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// How files are compressed when the web app is built, the smallest first.
const COMPRESSED: [(ContentEncoding, &str); 2] = [
    (ContentEncoding::Brotli, ".br"),
    (ContentEncoding::Gzip, ".gz"),
];

/// A file as one client gets it.
struct Representation {
    encoding: Option<ContentEncoding>,
    tag: EntityTag,
    data: Cow<'static, [u8]>,
}

/// The file at the request's address, or the page of the app.
pub(crate) fn serve(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let path = request.path().trim_start_matches('/');
    if let Some(file) = negotiate(request, path) {
        return Ok(answer(request, path, file));
    }
    let is_file = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if is_file || path.starts_with(HASHED) {
        return Err(Problem::not_found());
    }
    match negotiate(request, PAGE) {
        Some(page) => Ok(answer(request, PAGE, page)),
        None => missing::answer(path),
    }
}

fn answer(request: &HttpRequest, path: &str, file: Representation) -> HttpResponse {
    let hashed = path.starts_with(HASHED);
    let unchanged = client_has_it(request, &file.tag);
    let mut builder = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    builder
        .insert_header(ETag(file.tag))
        .insert_header((header::VARY, HeaderValue::from_static("accept-encoding")))
        .insert_header((
            header::CACHE_CONTROL,
            if hashed { IMMUTABLE } else { REVALIDATE },
        ));
    if path.starts_with(WORKER) {
        builder.insert_header((header::CONTENT_SECURITY_POLICY, WORKER_POLICY));
    }
    if unchanged {
        return builder.finish();
    }
    if let Some(encoding) = file.encoding {
        builder.insert_header(encoding);
    }
    builder.content_type(mime_type(path)).body(file.data)
}

/// The smallest form that the client takes.
fn negotiate(request: &HttpRequest, path: &str) -> Option<Representation> {
    if COMPRESSED.iter().any(|(_, ending)| path.ends_with(ending)) {
        return None;
    }
    let accepted = AcceptEncoding::parse(request).ok();
    let takes = |encoding: &ContentEncoding| {
        let asked = Encoding::Known(*encoding);
        let accepted = accepted.as_ref();
        accepted.and_then(|accepted| accepted.negotiate([&asked].into_iter()))
            == Some(asked.clone())
    };
    let forms = COMPRESSED
        .into_iter()
        .filter(|(encoding, _)| takes(encoding));
    let mut forms = forms.filter_map(|(encoding, ending)| {
        let file = Dist::get(&format!("{path}{ending}"))?;
        Some(Representation::of(Some(encoding), file))
    });
    forms
        .next()
        .or_else(|| Some(Representation::of(None, Dist::get(path)?)))
        .or_else(|| Representation::decompressed(&Dist::get(&format!("{path}.gz"))?))
}

impl Representation {
    fn of(encoding: Option<ContentEncoding>, file: EmbeddedFile) -> Self {
        Self {
            encoding,
            tag: EntityTag::new_strong(digest(&file)),
            data: file.data,
        }
    }

    /// For the few clients that take no compression: what gets smaller by it is in the binary in its
    /// compressed forms only.
    fn decompressed(file: &EmbeddedFile) -> Option<Self> {
        let mut plain = Vec::new();
        let decompressed = GzDecoder::new(&*file.data).read_to_end(&mut plain);
        decompressed.ok().map(|_| Self {
            encoding: None,
            tag: EntityTag::new_strong(format!("{}-plain", digest(file))),
            data: Cow::Owned(plain),
        })
    }
}

fn digest(file: &EmbeddedFile) -> String {
    hex::encode(&file.metadata.sha256_hash()[..16])
}

fn mime_type(path: &str) -> String {
    // The registered type (RFC 9239); the table has an older one.
    let mime = if Path::new(path).extension().is_some_and(|it| it == "mjs") {
        mime::TEXT_JAVASCRIPT
    } else {
        mime_guess::from_path(path).first_or_octet_stream()
    };
    if mime.type_() == mime::TEXT {
        format!("{}; charset=utf-8", mime.essence_str())
    } else {
        mime.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_content_types_that_browsers_require() {
        for (path, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/a.js", "text/javascript; charset=utf-8"),
            (
                "assets/pdf.worker.min-1.mjs",
                "text/javascript; charset=utf-8",
            ),
            ("assets/a.css", "text/css; charset=utf-8"),
            ("pdfjs/wasm/openjpeg.wasm", "application/wasm"),
            ("site.webmanifest", "application/manifest+json"),
            ("favicon.svg", "image/svg+xml"),
            ("assets/inter.woff2", "font/woff2"),
            ("pdfjs/cmaps/H.bcmap", "application/octet-stream"),
        ] {
            assert_eq!(mime_type(path), expected, "{path}");
        }
    }
}
