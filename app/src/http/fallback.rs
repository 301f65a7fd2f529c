//! What no route answers: the web app, an unknown address, or a known one with the wrong method.

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::{OpenApi, PathItem};

use super::problem::{ErrorCode, Problem};
use super::web;

/// The methods of each address of the contract.
pub(crate) struct KnownPaths(Vec<(ResourceDef, String)>);

impl KnownPaths {
    /// From the contract itself.
    pub(crate) fn of(api: &OpenApi) -> Self {
        let known = |(path, item): (&String, &PathItem)| {
            (ResourceDef::new(path.as_str()), methods(item).join(", "))
        };
        Self(api.paths.paths.iter().map(known).collect())
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let all = [
        ("DELETE", item.delete.is_some()),
        ("GET", item.get.is_some()),
        ("PATCH", item.patch.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
    ];
    all.into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect()
}

/// The web app; `404`, or `405` with the methods there are (RFC 9110, 15.5.6).
pub(crate) async fn fallback(
    request: HttpRequest,
    known: Data<KnownPaths>,
) -> Result<HttpResponse, Problem> {
    let path = request.path();
    let for_programs = ["/api", "/health", "/metrics"];
    let for_programs = for_programs
        .iter()
        .filter_map(|own| path.strip_prefix(own))
        .any(|rest| rest.is_empty() || rest.starts_with('/'));
    if !for_programs && matches!(*request.method(), Method::GET | Method::HEAD) {
        return web::serve(&request);
    }
    let Some((_, methods)) = known.0.iter().find(|(pattern, _)| pattern.is_match(path)) else {
        return Err(Problem::not_found());
    };
    let problem = Problem::new(
        ErrorCode::MethodNotAllowed,
        format!("This address knows {methods}."),
    );
    Err(match HeaderValue::from_str(methods) {
        Ok(value) => problem.with_header(header::ALLOW, value),
        Err(_) => problem,
    })
}
