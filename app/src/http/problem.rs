//! The one shape of errors: `application/problem+json` (RFC 9457) with a stable `code`.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use docuvault_domain::fault::with_causes;
use docuvault_domain::{FaultKind, PortError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $title:literal;)+) => {
        /// What went wrong, for programs. Codes are stable; new ones may appear.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum ErrorCode {
            $($(#[$doc])* $name,)+
        }

        impl ErrorCode {
            const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

error_codes! {
    /// The request cannot be understood, or a value in it is not allowed.
    InvalidRequest = 422, "The request is not valid";
    /// The body is not the JSON or form that was announced.
    MalformedBody = 400, "The body cannot be read";
    /// Nobody is signed in, or the token is not valid any more.
    Unauthenticated = 401, "Sign in first";
    /// The session is over, or its refresh token was used before, which ended it.
    SessionRevoked = 401, "Signed out";
    /// Name or password is wrong.
    InvalidCredentials = 401, "Name or password is wrong";
    /// The password is right, and a code of the second factor is needed.
    TotpRequired = 401, "A code is needed";
    /// The code of the second factor is not right, or was used before.
    InvalidTotp = 401, "The code is not right";
    /// A request that acts on a cookie does not repeat the token of the other one.
    CsrfFailed = 403, "Not from the vault's own page";
    /// Only administrators may, or the token lacks the scope.
    Forbidden = 403, "Not allowed";
    /// An API token cannot do that: sign in.
    SessionRequired = 403, "Sign in in person";
    /// It is some time since the person has shown who they are: `POST /api/auth/confirm` first.
    ConfirmationRequired = 403, "Confirm that it is you";
    /// A second factor must be set up before signing in, with `enrolment_token`.
    TotpEnrolmentRequired = 403, "Two-step sign-in is needed";
    /// The present password is another one.
    WrongPassword = 403, "The password is not right";
    /// People sign in by the identity provider only.
    PasswordSignInOff = 403, "Passwords are not used here";
    /// Accounts are made by administrators.
    RegistrationClosed = 403, "Registration is closed";
    /// The first account needs the code that the vault has printed.
    SetupCodeRequired = 403, "The setup code is needed";
    /// Whoever wants an account needs an invitation.
    InviteRequired = 403, "An invitation is needed";
    /// The invitation was used, is over, or is for another address.
    InviteInvalid = 403, "The invitation does not work";
    /// Another account has the handle.
    HandleTaken = 409, "The handle is taken";
    /// Another account has the e-mail address.
    AccountExists = 409, "There is an account already";
    /// A second factor is in use.
    TotpAlreadyOn = 409, "Two-step sign-in is on";
    /// No second factor is in use, or none waits for its first code.
    TotpNotSetUp = 409, "Two-step sign-in is off";
    /// There would be no administrator left.
    LastAdmin = 409, "The only administrator";
    /// Administrators cannot do that to themselves.
    OwnAccount = 409, "This is your own account";
    /// The vault has no mail server.
    MailNotConfigured = 409, "This vault sends no mail";
    /// The person has as many API tokens as one may.
    TooManyTokens = 409, "Too many API tokens";
    /// The link was used, is over, or was replaced by a newer one.
    ResetLinkInvalid = 422, "The link does not work";
    /// There is no identity to link, or it waited too long: go to the provider again.
    SsoLinkOver = 422, "Nothing to link";
    /// The mail server did not take the mail.
    MailFailed = 502, "The mail was not sent";
    /// The password is too short, too long, or one of those that are tried first.
    PasswordTooWeak = 422, "The password is too weak";
    /// It was tried too often; `Retry-After` says how long to wait.
    TooManyRequests = 429, "Too many tries";
    /// There is no such resource, or it is somebody else's.
    NotFound = 404, "Not found";
    /// There is no picture of the document: it was not read yet, or none can be made of it.
    NoThumbnail = 404, "No thumbnail";
    /// The resource does not know this method.
    MethodNotAllowed = 405, "Method not allowed";
    /// The request comes from a page or host that is not the vault's.
    ForeignOrigin = 403, "Not allowed from there";
    /// The document was changed by somebody else meanwhile (`If-Match`).
    VersionMismatch = 412, "The document has changed";
    /// The body is larger than this route takes.
    PayloadTooLarge = 413, "The request is too large";
    /// The file is larger than the vault takes.
    FileTooLarge = 413, "The file is too large";
    /// The body is of a kind that this route does not take.
    UnsupportedBody = 415, "This kind of body is not taken";
    /// The vault does not take this kind of file.
    UnsupportedMediaType = 415, "This kind of file is not taken";
    /// The file lies outside of the range asked for.
    RangeNotSatisfiable = 416, "There is nothing in that range";
    /// The file has no bytes.
    EmptyFile = 422, "The file is empty";
    /// The same bytes are a document already, and the request asked not to double them.
    DuplicateDocument = 409, "The document is there already";
    /// It does not fit in what the account may keep.
    QuotaExceeded = 409, "There is no room";
    /// A request with the same `Idempotency-Key` is on its way.
    IdempotencyInProgress = 409, "The same request is in progress";
    /// The `Idempotency-Key` was used for another request.
    IdempotencyMismatch = 422, "The key belongs to another request";
    /// There is no such topic.
    UnknownTopic = 422, "There is no such topic";
    /// Another topic has that name.
    NameTaken = 409, "The name is taken";
    /// The store for the bytes does not work at the moment. Nothing was kept.
    StorageUnavailable = 503, "The storage is not available";
    /// The database does not answer at the moment. Nothing was changed.
    Unavailable = 503, "The vault is not available";
    /// A fault of the vault's own.
    Internal = 500, "Something went wrong";
}

/// A value that was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Which.
    field: String,
    /// Why, as a sentence.
    message: String,
}

/// An error answer, as clients see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Always `about:blank`: `code` tells errors apart.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The error in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The error for programs.
    code: ErrorCode,
    /// A sentence for people: what happened, what was kept, what to do.
    detail: String,
    /// The values that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// The document that is there already (`duplicate_document`).
    #[serde(skip_serializing_if = "Option::is_none")]
    document_id: Option<Uuid>,
    /// Opens setting up a second factor and nothing else (`totp_enrolment_required`).
    #[serde(skip_serializing_if = "Option::is_none")]
    enrolment_token: Option<String>,
}

/// Why a request is not answered as it was meant.
#[derive(Debug)]
pub(crate) struct Problem {
    code: ErrorCode,
    detail: String,
    more: Option<Box<More>>,
}

/// What few problems have.
#[derive(Default)]
struct More {
    errors: Vec<FieldError>,
    document_id: Option<Uuid>,
    enrolment_token: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Without the token.
impl fmt::Debug for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("More");
        debug.field("errors", &self.errors).finish_non_exhaustive()
    }
}

impl Problem {
    pub(crate) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            more: None,
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "There is nothing here, or it is not yours.",
        )
    }

    /// One refused value.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut problem = Self::new(ErrorCode::InvalidRequest, message.clone());
        problem.more().errors.push(FieldError {
            field: field.to_owned(),
            message,
        });
        problem
    }

    /// The document that is there already.
    pub(crate) fn with_document(mut self, id: Uuid) -> Self {
        self.more().document_id = Some(id);
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.more().headers.push((name, value));
        self
    }

    /// A second factor must be set up first, which `token` opens.
    pub(crate) fn enrolment(detail: String, token: String) -> Self {
        let mut problem = Self::new(ErrorCode::TotpEnrolmentRequired, detail);
        problem.more().enrolment_token = Some(token);
        problem
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Tried too often; not before `wait`.
    pub(crate) fn too_many(detail: String, wait: Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
        Self::new(ErrorCode::TooManyRequests, detail).retry_after(seconds.max(1))
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// A failure of the vault: logged with its causes, told without them.
    pub(crate) fn fault(code: ErrorCode, detail: &str, error: &dyn Error) -> Self {
        let causes = with_causes(error);
        tracing::error!(causes, "a request failed");
        let problem = Self::new(code, detail);
        if code.status() == 503 {
            problem.retry_after(5)
        } else {
            problem
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let more = self.more.as_deref();
        let body = ProblemBody {
            kind: "about:blank",
            title: self.code.title(),
            status: self.code.status(),
            code: self.code,
            detail: self.detail.clone(),
            errors: more.map(|more| more.errors.clone()).unwrap_or_default(),
            document_id: more.and_then(|more| more.document_id),
            enrolment_token: more.and_then(|more| more.enrolment_token.clone()),
        };
        let mut response = HttpResponse::build(self.status_code());
        for (name, value) in more.map_or(&[][..], |more| &more.headers) {
            response.insert_header((name.clone(), value.clone()));
        }
        response
            .content_type("application/problem+json")
            .body(serde_json::to_string(&body).unwrap_or_default())
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        match error.kind {
            FaultKind::Transient => Self::fault(
                ErrorCode::Unavailable,
                "The vault's database does not answer at the moment. Nothing was changed; please \
                 try again in a few seconds.",
                &error,
            ),
            FaultKind::Permanent | FaultKind::Conflict => Self::internal(&error),
        }
    }
}

impl Problem {
    pub(crate) fn internal(error: &dyn Error) -> Self {
        Self::fault(
            ErrorCode::Internal,
            "The vault made a mistake. Nothing was changed; the request id helps your administrator \
             to find out why.",
            error,
        )
    }
}

/// What actix says of a body it could not read.
pub(crate) fn from_json_error(error: actix_web::error::JsonPayloadError) -> Problem {
    use actix_web::error::JsonPayloadError as E;
    match error {
        E::Overflow { .. } | E::OverflowKnownLength { .. } => Problem::new(
            ErrorCode::PayloadTooLarge,
            "The body is larger than this route takes.",
        ),
        E::ContentType => Problem::new(
            ErrorCode::UnsupportedBody,
            "Send the body as application/json.",
        ),
        E::Deserialize(error) if error.is_data() => Problem::new(
            ErrorCode::InvalidRequest,
            format!("The body does not fit: {error}."),
        ),
        E::Deserialize(error) => Problem::new(
            ErrorCode::MalformedBody,
            format!("The body is not JSON: {error}."),
        ),
        _ => Problem::new(ErrorCode::MalformedBody, "The body broke off."),
    }
}
