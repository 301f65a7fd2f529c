//! `GET /` until the web app comes.

use actix_web::{HttpResponse, get};

const PAGE: &str = include_str!("home.html");
const STYLE: &str = include_str!("home.css");

#[get("/")]
pub(crate) async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(PAGE)
}

#[get("/home.css")]
pub(crate) async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(STYLE)
}
