use docuvault_domain::Timestamp;
use docuvault_domain::accounts::{Email, Handle, Role, User};
use docuvault_domain::ids::UserId;
use uuid::Uuid;

/// An ordinary account that was made at `at` and is called `handle`.
///
/// # Panics
/// When `handle` is none.
#[expect(clippy::unwrap_used, reason = "a builder for tests")]
pub fn a_user(id: Uuid, handle: &str, at: Timestamp) -> User {
    User {
        id: UserId(id),
        email: Email::parse(&format!("{handle}@example.org")).unwrap(),
        handle: Handle::parse(handle).unwrap(),
        display_name: handle.to_owned(),
        role: Role::User,
        totp_enabled: false,
        locale: None,
        disabled_at: None,
        created_at: at,
        updated_at: at,
    }
}
