//! Who asks.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use docuvault_domain::Caller;

use super::middleware::RequestId;
use super::problem::Problem;

/// The authenticated caller of a request; the local one while there are no accounts.
pub(crate) struct Asking(pub(crate) Caller);

impl FromRequest for Asking {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0);
        let address = request.peer_addr().map(|peer| peer.ip());
        ready(Ok(Self(Caller {
            address,
            request_id,
            ..Caller::local()
        })))
    }
}
