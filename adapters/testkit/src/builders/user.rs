use docuvault_domain::accounts::{Email, Handle, Role, User};
use docuvault_domain::caller::{Credential, Identity};
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::ports::{PasswordHash, Store};
use docuvault_domain::{Caller, Timestamp};
use uuid::Uuid;

/// The account that rows in tests belong to, unless they say otherwise.
pub const OWNER: UserId = UserId(Uuid::from_u128(0x0acc));

/// The same, asking.
pub const CALLER: Caller = Caller {
    identity: Identity::Person {
        user: OWNER,
        role: Role::User,
        by: Credential::Session(SessionId(Uuid::from_u128(0x5e55))),
    },
    address: None,
    request_id: None,
};

/// Adds the account [`OWNER`] unless it is there.
///
/// # Panics
/// When the database fails.
#[expect(clippy::unwrap_used, reason = "a builder for tests")]
pub async fn add_owner(store: &dyn Store) {
    if store.users().find(OWNER).await.unwrap().is_none() {
        let unit = store.begin().await.unwrap();
        let owner = a_user(OWNER.0, "owner", Timestamp::from_micros(0));
        let password = PasswordHash("none".to_owned());
        unit.users().add(&owner, &password, 1 << 40).await.unwrap();
        unit.commit().await.unwrap();
    }
}

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
