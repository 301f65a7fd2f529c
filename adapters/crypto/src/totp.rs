use docuvault_domain::accounts::RecoveryCode;
use docuvault_domain::ports::{Enrolment, SecondFactor};
use docuvault_domain::{PortError, Timestamp};
use qrcode::QrCode;
use qrcode::render::svg::Color;
use totp_rs::{Builder, Totp};

use crate::random::random;

/// As RFC 4226 recommends: as many as SHA-1 has.
const SECRET_BYTES: usize = 20;

/// Codes by RFC 6238, as every app knows them: SHA-1, six digits, 30 s.
pub struct TotpFactor {
    issuer: String,
}

impl TotpFactor {
    /// `issuer` is how apps name the vault; without a colon.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
        }
    }
}

impl SecondFactor for TotpFactor {
    fn new_secret(&self) -> Vec<u8> {
        random::<SECRET_BYTES>().to_vec()
    }

    fn matches(&self, secret: &[u8], code: &str, now: Timestamp) -> Option<u64> {
        let seconds = u64::try_from(now.as_micros()).ok()? / 1_000_000;
        let totp = Builder::new().with_secret(secret).with_skew(1).build();
        totp.ok()?.check(code, seconds)
    }

    fn enrolment(&self, secret: &[u8], account: &str) -> Result<Enrolment, PortError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            PortError::permanent("setting up a second factor", error)
        };
        let totp = Builder::new()
            .with_secret(secret)
            .with_issuer(Some(self.issuer.as_str()))
            .with_account_name(account)
            .build();
        let totp: Totp = totp.map_err(|error| failed(error.into()))?;
        let otpauth_url = totp.to_url().map_err(|error| failed(error.into()))?;
        Ok(Enrolment {
            secret_base32: totp.secret().to_base32(),
            qr_svg: picture(&otpauth_url).map_err(|error| failed(error.into()))?,
            otpauth_url,
        })
    }

    fn recovery_codes(&self) -> Vec<RecoveryCode> {
        let mut codes = Vec::with_capacity(RecoveryCode::SET);
        while codes.len() < RecoveryCode::SET {
            let code = RecoveryCode::from_random(random());
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

fn picture(text: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::new(text)?;
    let picture = code
        .render::<Color<'_>>()
        .quiet_zone(true)
        .min_dimensions(200, 200)
        .build();
    // The XML declaration has no place inside an HTML document.
    let start = picture.find("<svg").unwrap_or(0);
    Ok(picture[start..].to_owned())
}
