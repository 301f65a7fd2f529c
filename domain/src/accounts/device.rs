use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether one of `devices` is this browser in this network.
pub(super) fn is_known(
    devices: &[(Option<String>, Option<IpAddr>)],
    user_agent: Option<&str>,
    address: Option<IpAddr>,
) -> bool {
    let network = address.map(network);
    devices
        .iter()
        .any(|(known, from)| known.as_deref() == user_agent && from.map(self::network) == network)
}

/// What a provider gives to one customer, more or less: addresses change within it from day to day.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_a_browser_in_a_network() {
        let at = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let devices = [
            (Some("Browser".to_owned()), at("192.0.2.7")),
            (Some("Browser".to_owned()), at("2001:db8:1::7")),
            (None, None),
        ];
        for (user_agent, address, known) in [
            (Some("Browser"), at("192.0.2.250"), true),
            (Some("Browser"), at("::ffff:192.0.2.8"), true),
            (Some("Browser"), at("192.0.3.7"), false),
            (Some("Browser"), at("2001:db8:1:ffff::1"), true),
            (Some("Browser"), at("2001:db8:2::7"), false),
            (Some("Other"), at("192.0.2.7"), false),
            (Some("Browser"), None, false),
            (None, None, true),
        ] {
            assert_eq!(
                is_known(&devices, user_agent, address),
                known,
                "{address:?}"
            );
        }
    }
}
