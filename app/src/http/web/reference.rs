//! Swagger UI, which renders the contract: it comes with the web app.

use actix_web::{HttpRequest, HttpResponse, get};

use super::{PAGE, answer, missing, negotiate};
use crate::http::problem::Problem;

#[get("/api/docs/{file:[^/]*}")]
pub(crate) async fn api_reference(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let path = request.path().trim_start_matches('/');
    let page = path.ends_with('/').then(|| format!("{path}{PAGE}"));
    let file = page.as_deref().unwrap_or(path);
    match negotiate(&request, file) {
        Some(representation) => Ok(answer(&request, file, representation)),
        None if page.is_some() => missing::answer(""),
        None => Err(Problem::not_found()),
    }
}
