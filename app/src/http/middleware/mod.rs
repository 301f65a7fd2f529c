//! What surrounds every request.

mod frame;
mod own_origin;

pub(crate) use frame::{RequestId, frame};
pub(crate) use own_origin::{OwnHosts, own_origin};
