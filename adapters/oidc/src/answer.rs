//! What a provider says of a person, in the ID token and at its userinfo endpoint.

use std::collections::HashMap;

use docuvault_domain::Timestamp;
use docuvault_domain::ports::Claims;
use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims, UserInfoClaims};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Claims that are not in the standard, such as groups.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OtherClaims {
    #[serde(flatten)]
    by_name: HashMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

impl OtherClaims {
    /// The names of groups: providers send a list, or one name.
    fn groups(&self, claim: &str) -> Option<Vec<String>> {
        match self.by_name.get(claim)? {
            Value::String(name) => Some(vec![name.clone()]),
            Value::Array(names) => {
                let names = names.iter().filter_map(Value::as_str);
                Some(names.map(str::to_owned).collect())
            }
            _ => None,
        }
    }
}

/// What the ID token says, and whether anything is left to ask for.
pub(crate) fn of_token(
    token: &IdTokenClaims<OtherClaims, CoreGenderClaim>,
    groups_claim: &str,
) -> (Claims, bool) {
    let groups = token.additional_claims().groups(groups_claim);
    let incomplete = token.email().is_none() || groups.is_none();
    let name = token.name().and_then(|name| name.get(None));
    let at = token.auth_time().map(|at| at.timestamp_micros());
    let claims = Claims {
        issuer: token.issuer().to_string(),
        subject: token.subject().to_string(),
        email: token.email().map(|email| email.to_string()),
        email_verified: token.email_verified() == Some(true),
        username: token.preferred_username().map(|name| name.to_string()),
        name: name.map(|name| name.to_string()),
        groups: groups.unwrap_or_default(),
        authenticated_at: at.map(Timestamp::from_micros),
    };
    (claims, incomplete)
}

/// Adds what the token left out.
pub(crate) fn complete(
    claims: &mut Claims,
    info: &UserInfoClaims<OtherClaims, CoreGenderClaim>,
    groups_claim: &str,
) {
    if claims.email.is_none() {
        claims.email = info.email().map(|email| email.to_string());
        claims.email_verified = info.email_verified() == Some(true);
    }
    if claims.groups.is_empty() {
        let groups = info.additional_claims().groups(groups_claim);
        claims.groups = groups.unwrap_or_default();
    }
    if claims.username.is_none() {
        claims.username = info.preferred_username().map(|name| name.to_string());
    }
    if claims.name.is_none() {
        let name = info.name().and_then(|name| name.get(None));
        claims.name = name.map(|name| name.to_string());
    }
}
