use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ports::{Allowance, RateDecision};

const MINUTE: Duration = Duration::from_mins(1);

/// What can be tried too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitedAction {
    /// A password.
    SignIn,
    /// A code of a second factor.
    SecondFactor,
    /// Making an account.
    Register,
    /// Asking for a new password.
    ResetRequest,
    /// Choosing it by a link.
    ResetConfirm,
    /// Being sent to the identity provider.
    SingleSignOn,
}

impl LimitedAction {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SecondFactor => "second factor",
            Self::Register => "register",
            Self::ResetRequest => "reset request",
            Self::ResetConfirm => "reset confirm",
            Self::SingleSignOn => "single sign-on",
        }
    }

    /// How often one address may. A family or a small firm shares one.
    const fn by_address(self) -> Allowance {
        let burst = match self {
            Self::SignIn | Self::SecondFactor | Self::SingleSignOn => 60,
            Self::Register | Self::ResetRequest | Self::ResetConfirm => 20,
        };
        let refill = Duration::from_mins(10);
        Allowance { burst, refill }
    }

    /// How often it may be tried with one name, from wherever: what is guessed at one account is bounded
    /// however many addresses somebody has. Whoever is guessed at waits a minute and a half at most.
    const fn by_name(self) -> Allowance {
        let burst = match self {
            Self::SignIn | Self::SingleSignOn => 10,
            // Of a million codes three are right at a time.
            Self::SecondFactor | Self::Register | Self::ResetConfirm => 5,
            // Each of them is a mail to somebody who may not want it.
            Self::ResetRequest => 3,
        };
        let refill = Duration::from_mins(15);
        Allowance { burst, refill }
    }
}

/// Bounds how often people try what is guessed at.
pub struct RateLimiter {
    /// Database, clock and ids.
    pub core: Core,
}

impl RateLimiter {
    /// Counts one more try of `action` with `name`, which need not be anybody's. Tells how long to
    /// wait when it is one too many; it is not counted then.
    pub async fn take(
        &self,
        caller: &Caller,
        action: LimitedAction,
        name: &str,
    ) -> Result<Option<Duration>, PortError> {
        let by_name = (name_key(action, name), action.by_name());
        self.take_all([Some(by_name), by_address(caller, action)])
            .await
    }

    /// The same for what is tried without a name.
    pub async fn take_by_address(
        &self,
        caller: &Caller,
        action: LimitedAction,
    ) -> Result<Option<Duration>, PortError> {
        self.take_all([by_address(caller, action), None]).await
    }

    async fn take_all(
        &self,
        buckets: [Option<(String, Allowance)>; 2],
    ) -> Result<Option<Duration>, PortError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        for (key, allowance) in buckets.into_iter().flatten() {
            if let RateDecision::Wait(wait) = unit.limits().take(&key, allowance, now).await? {
                return Ok(Some(wait));
            }
        }
        unit.commit().await?;
        Ok(None)
    }

    /// Forgets the tries with `name`, whose person has just proved who they are.
    pub async fn reset(&self, action: LimitedAction, name: &str) -> Result<(), PortError> {
        let unit = self.core.begin().await?;
        unit.limits().clear(&name_key(action, name)).await?;
        unit.commit().await
    }

    /// Removes what nobody counts any more.
    pub async fn purge(&self) -> Result<u64, PortError> {
        let unit = self.core.begin().await?;
        let gone = unit.limits().purge(self.core.now().minus(MINUTE)).await?;
        unit.commit().await?;
        Ok(gone)
    }
}

fn by_address(caller: &Caller, action: LimitedAction) -> Option<(String, Allowance)> {
    let address = caller.address?;
    Some((address_key(action, address), action.by_address()))
}

fn name_key(action: LimitedAction, name: &str) -> String {
    let name: String = name.trim().to_lowercase().chars().take(254).collect();
    format!("{} name {name}", action.name())
}

/// A network of version 6 counts as one address: whoever has one has 2^64 (RFC 6177).
fn address_key(action: LimitedAction, address: IpAddr) -> String {
    let network = match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
            format!("{network}/64")
        }
    };
    format!("{} address {network}", action.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_client_is_counted_by_its_64_bit_network() {
        let key = |address: &str| address_key(LimitedAction::SignIn, address.parse().unwrap());
        assert_eq!(key("192.0.2.7"), "sign-in address 192.0.2.7");
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
        assert_eq!(
            key("2001:db8:1:2:3::4"),
            "sign-in address 2001:db8:1:2::/64"
        );
        assert_eq!(key("2001:db8:1:2:ffff::"), key("2001:db8:1:2::1"));
        assert_ne!(key("2001:db8:1:3::1"), key("2001:db8:1:2::1"));
        let name = |name: &str| name_key(LimitedAction::SignIn, name);
        assert_eq!(name(" Ada@Example.org "), "sign-in name ada@example.org");
        assert!(name(&"x".repeat(10_000)).len() < 300);
    }
}
