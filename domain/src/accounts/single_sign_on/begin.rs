use super::{
    ClientSecret, Kept, LASTS, SingleSignOn, SingleSignOnError, context, map_provider_error,
};
use crate::accounts::LimitedAction;
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ports::SsoAttempt;

/// The longest way back that is remembered.
const MAX_PATH_BYTES: usize = 2048;

/// A person who is sent to the provider.
pub struct SsoStart {
    /// Where to.
    pub url: String,
    /// What the browser keeps meanwhile, and shows when it comes back.
    pub browser: ClientSecret,
}

impl SingleSignOn {
    /// Sends somebody to the provider. They end up at `return_to`, a path of this vault; anything else
    /// counts as its start. With `again` the provider asks them who they are in any case.
    pub async fn begin(
        &self,
        caller: &Caller,
        return_to: &str,
        again: bool,
    ) -> Result<SsoStart, SingleSignOnError> {
        let rate_limiter = &self.sign_in.rate_limiter;
        if let Some(wait) = rate_limiter
            .take_by_address(caller, LimitedAction::SingleSignOn)
            .await?
        {
            return Err(SingleSignOnError::TooMany { wait });
        }
        let now = self.sign_in.core.now();
        let authorization = self.provider.authorize(again).await;
        let authorization = authorization.map_err(|error| map_provider_error(&error))?;
        let kept = Kept {
            secrets: authorization.secrets,
            return_to: own_path(return_to).to_owned(),
            again_since: again.then_some(now),
        };
        let kept = serde_json::to_vec(&kept)
            .map_err(|error| PortError::permanent("keeping a sign-in", error))?;
        let tokens = &self.sign_in.tokens;
        let (id, browser) = (self.sign_in.core.ids.v7(), tokens.secret());
        let attempt = SsoAttempt {
            id,
            state: tokens.digest(&authorization.state),
            browser: tokens.digest(&browser.0),
            sealed: self.secrets.seal(&context(id), &kept)?,
            expires_at: now.plus(LASTS),
        };
        let unit = self.sign_in.core.begin().await?;
        unit.sso().add_attempt(&attempt).await?;
        unit.commit().await?;
        let url = authorization.url;
        Ok(SsoStart { url, browser })
    }
}

/// `path` if it leads to this vault whatever a browser makes of it, else its start.
fn own_path(path: &str) -> &str {
    let mut bytes = path.bytes();
    let leads_here = bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.len() <= MAX_PATH_BYTES
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if leads_here { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_way_back_leads_here() {
        for good in ["/", "/documents/1?page=2#x", "/a//b"] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "/a b",
            "/ä",
            &format!("/{}", "x".repeat(2048)),
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
