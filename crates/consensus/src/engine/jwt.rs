//! The token of each request: HS256 over the time at which it is issued.
//!
//! Sources: `src/engine/authentication.md` of the Engine API, RFC 7515 and RFC 7519.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::octets::{self, OctetsError};

/// How many octets a secret has.
const OCTETS: usize = 32;

/// The head of every token, as it stands there.
const HEAD: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Why a text is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// It is no octets.
    #[error("the secret is not hexadecimal: {0}")]
    Octets(#[from] OctetsError),
    /// It is too short or too long.
    #[error("the secret has {found} octets, allowed are {OCTETS}")]
    Length {
        /// How many there are.
        found: usize,
    },
}

/// What both sides know, and nobody else. It is not shown.
///
/// ```
/// use alys_consensus::engine::{JwtSecret, SecretError};
///
/// let secret = JwtSecret::from_hex(&"07".repeat(32)).unwrap();
/// assert_eq!(secret.token(1_700_000_000).split('.').count(), 3);
/// assert_eq!(JwtSecret::from_hex("0x07").unwrap_err(), SecretError::Length { found: 1 });
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct JwtSecret([u8; OCTETS]);

impl fmt::Debug for JwtSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtSecret(..)")
    }
}

impl JwtSecret {
    /// Reads what a file of the secret holds: 32 octets in hexadecimal, with or without `0x`, white space around them.
    ///
    /// # Errors
    ///
    /// [`SecretError`] says what is wrong.
    pub fn from_hex(text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let octets = octets::read(&format!("0x{digits}"))?;
        let found = octets.len();
        octets.try_into().map(JwtSecret).map_err(|_| SecretError::Length { found })
    }

    /// The token of a request that is made at this time, in seconds since the Unix epoch. The other side believes it
    /// within a minute, so each request has its own.
    #[must_use]
    pub fn token(&self, issued_at: u64) -> String {
        let claims = json!({ "iat": issued_at }).to_string();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEAD), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        // A key of any length is one, so there is no other case.
        Hmac::<Sha256>::new_from_slice(&self.0)
            .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
            .unwrap_or_default()
    }
}
