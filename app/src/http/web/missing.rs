//! What a binary says that was built without the web app.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::http::problem::Problem;

const PAGE: &str = include_str!("missing.html");

pub(super) fn answer(path: &str) -> Result<HttpResponse, Problem> {
    if !path.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(PAGE))
}
