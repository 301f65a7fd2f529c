/// Random bytes from the operating system.
#[expect(
    clippy::expect_used,
    reason = "a system without randomness can do nothing that a vault needs"
)]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    bytes
}
