//! Tokens: the bytes that RFC 7515 asks for, the time that they are issued at, and secrets that are none.

use alys_engines::violation::check_eq;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::alys::engine::{JwtSecret, SecretError};
use super::alys::octets::OctetsError;

/// A secret, and the octets of it.
pub const SECRET: (&str, [u8; 32]) = (
    "0x7365637265747365637265747365637265747365637265747365637265747365",
    *b"secretsecretsecretsecretsecretse",
);

/// The time that a token is issued at, once it is held to RFC 7515 and RFC 7519; `None` when it is no token of this secret.
#[must_use]
pub fn issued_at(token: &str) -> Option<u64> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET.1).ok()?;
    mac.update(signed.as_bytes());
    let is_ours = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()) == signature;
    let read = |text| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(text).ok()?).ok();
    let (head, claims) = (read(head)?, read(claims)?);
    (is_ours && head == json!({ "alg": "HS256", "typ": "JWT" })).then(|| claims["iat"].as_u64()).flatten()
}

/// A token is signed with the secret, and says when it was issued.
pub fn tokens_are_signed_and_dated() -> u64 {
    let times = [0, 1, 1_700_000_000, u64::from(u32::MAX), 1 << 53];
    for text in [
        SECRET.0.to_owned(),
        SECRET.0[2..].to_owned(),
        format!(" {}\n", SECRET.0),
        SECRET.0.to_uppercase().replace('X', "x"),
    ] {
        let secret = JwtSecret::from_hex(&text);
        check_eq("CL-2", &format!("whether {text:?} is a secret"), &true, &secret.is_ok());
        let Ok(secret) = secret else { continue };
        for time in times {
            check_eq("CL-2", "when a token was issued", &Some(time), &issued_at(&secret.token(time)));
        }
        check_eq("CL-2", "what is shown of a secret", "JwtSecret(..)", &*format!("{secret:?}"));
    }
    // Made with another implementation (Python's hmac and base64).
    let known = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDB9.M2nY84VaM-AUfRGDPC_vdyUsN1rvFs8UaGBU76h2vK4";
    let token = JwtSecret::from_hex(SECRET.0).map(|secret| secret.token(1_700_000_000));
    check_eq("CL-2", "a known token", &Ok(known.to_owned()), &token);
    4 * times.len() as u64
}

/// What is no secret of 32 octets is refused for what is wrong with it.
pub fn secrets_are_of_one_length() -> u64 {
    for octets in [0, 1, 31, 33, 64] {
        let refused = JwtSecret::from_hex(&"07".repeat(octets)).err();
        check_eq("CL-2", &format!("{octets} octets"), &Some(SecretError::Length { found: octets }), &refused);
    }
    let garbled = JwtSecret::from_hex(&"0z".repeat(32)).err();
    check_eq("CL-2", "no digits", &Some(SecretError::Octets(OctetsError::NotADigit { at: 1 })), &garbled);
    let odd = JwtSecret::from_hex(&"0".repeat(63)).err();
    check_eq("CL-2", "half an octet", &Some(SecretError::Octets(OctetsError::Odd { digits: 63 })), &odd);
    7
}
