//! The contract as OpenAPI, and its rendered reference.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use utoipa::openapi::OpenApi as OpenApiDocument;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_actix_web::AppExt as _;

use super::events::{DeletedDocument, FailedJob};
use super::problem::{ErrorCode, FieldError, ProblemBody};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "DocuVault",
        description = "A self-hosted document vault. Errors are `application/problem+json` (RFC 9457) \
                       with a stable `code`; every answer carries `X-Request-Id`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "auth", description = "Who somebody is"),
        (name = "admin", description = "Accounts of others, for administrators"),
        (name = "documents", description = "Documents and what is known of them"),
        (name = "topics", description = "What documents are filed under"),
        (name = "events", description = "What happens, as it happens"),
        (name = "operations", description = "Health"),
    ),
    modifiers(&Bearer),
    security(("bearer" = [])),
    components(schemas(ProblemBody, ErrorCode, FieldError, DeletedDocument, FailedJob)),
)]
struct Base;

/// How requests say who asks.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut OpenApiDocument) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An access token from signing in, or an API token that a person has made.",
            ));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    }
}

/// The document, collected from the very routes that are served.
pub(crate) fn document() -> OpenApiDocument {
    let (_, api) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(super::api)
        .split_for_parts();
    api
}

/// The document as JSON, made once.
pub(crate) struct OpenApiJson(pub(crate) String);

/// Pretty JSON with a newline at its end: what `docuvault openapi` prints and the server serves.
pub(crate) fn json(document: &OpenApiDocument) -> String {
    let mut json = document.to_pretty_json().unwrap_or_default();
    json.push('\n');
    json
}

#[get("/api/openapi.json")]
pub(crate) async fn serve(json: Data<OpenApiJson>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(json.0.clone())
}
