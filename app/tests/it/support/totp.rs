use totp_rs::{Builder, Secret};

/// The code that an app with this secret shows `later` seconds from now.
pub(crate) fn totp_code(secret: &str, later: u64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now + later).to_string()
}
