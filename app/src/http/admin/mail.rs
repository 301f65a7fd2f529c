use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use docuvault_domain::accounts::Email;
use docuvault_domain::mail::TryMailError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::caller::Administrator;
use crate::http::fields::parsed;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// How mail leaves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailSettings {
    /// Whether there is a mail server.
    configured: bool,
    /// From whom mails are.
    from: Option<String>,
}

/// Who gets a mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailTest {
    #[schema(max_length = 254, format = Email)]
    to: String,
}

/// Show how mail leaves
#[utoipa::path(
    get, path = "/admin/mail",
    tag = "admin", operation_id = "admin_mail_show",
    responses(
        (status = 200, body = MailSettings),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/admin/mail")]
pub(crate) async fn show(
    administrator: Administrator,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let Administrator(_) = administrator;
    Ok(HttpResponse::Ok().json(MailSettings {
        configured: services.mail.from.is_some(),
        from: services.mail.from.clone(),
    }))
}

/// Send a mail to see whether that works
#[utoipa::path(
    post, path = "/admin/mail/test",
    tag = "admin", operation_id = "admin_mail_test",
    request_body = MailTest,
    responses(
        (status = 204, description = "The mail server has taken it"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/admin/mail/test")]
pub(crate) async fn test(
    Administrator(caller): Administrator,
    services: Data<Services>,
    body: Json<MailTest>,
) -> Result<HttpResponse, Problem> {
    let to = parsed("to", &body.to, Email::parse)?;
    services.mail.try_out.run(&caller, &to).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<TryMailError> for Problem {
    fn from(error: TryMailError) -> Self {
        let detail = error.to_string();
        match error {
            TryMailError::NotAllowed(error) => error.into(),
            TryMailError::NotConfigured => Self::new(ErrorCode::MailNotConfigured, detail),
            TryMailError::Mail(_) => Self::new(ErrorCode::MailFailed, detail),
            TryMailError::Port(error) => error.into(),
        }
    }
}
