use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag};
use actix_web::{HttpResponse, HttpResponseBuilder};

/// Begins an answer with a person's bytes, or with the news that they are unchanged: a browser takes
/// over the headers of a `304` (RFC 9111, 3.2), which must not say less than the answer it stands for.
pub(super) fn begin(status: StatusCode, tag: EntityTag) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    // To be asked for again each time: whoever may not see the document any more must not see this.
    response
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ));
    response
}
