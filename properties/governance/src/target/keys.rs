//! Whose signatures a case is made with.

use std::fmt::Debug;

use super::alys::scheme::{Bls, BlsSecretKey, Ideal, IdealKey, PublicKeyBytes, Scheme, SignatureBytes};

/// Keys for everybody in a case.
pub trait Keyring: Debug + 'static {
    /// The scheme.
    type Scheme: Scheme + Clone + Debug;

    /// The key for which everybody can sign.
    const EVERYBODY: PublicKeyBytes;

    /// A scheme in which nobody has signed anything.
    fn scheme() -> Self::Scheme;

    /// Somebody's secret key.
    fn secret(who: u64) -> Secret<Self>;

    /// The signature that takes away what this one adds.
    fn negated(signature: &SignatureBytes) -> SignatureBytes;
}

/// The secret keys of a keyring.
pub type Secret<K> = <<K as Keyring>::Scheme as Scheme>::SecretKey;

/// The admitted keys of a keyring.
pub type Key<K> = <<K as Keyring>::Scheme as Scheme>::PublicKey;

/// Bytes that are no key of any scheme.
pub const MALFORMED: PublicKeyBytes = PublicKeyBytes::repeat_byte(0xFF);

/// Ideal signatures.
#[derive(Debug)]
pub struct IdealKeys;

impl Keyring for IdealKeys {
    type Scheme = Ideal;

    const EVERYBODY: PublicKeyBytes = PublicKeyBytes::ZERO;

    fn scheme() -> Ideal {
        Ideal::default()
    }

    fn secret(who: u64) -> IdealKey {
        IdealKey(who.wrapping_add(1))
    }

    fn negated(signature: &SignatureBytes) -> SignatureBytes {
        let mut tag = [0; 16];
        tag.copy_from_slice(&signature[..16]);
        let mut bytes = SignatureBytes::ZERO;
        bytes[..16].copy_from_slice(&u128::from_le_bytes(tag).wrapping_neg().to_le_bytes());
        bytes
    }
}

/// BLS signatures.
#[derive(Debug)]
pub struct BlsKeys;

/// The flag of a compressed point that says which of two opposite points it is.
const SIGN: u8 = 0x20;

impl Keyring for BlsKeys {
    type Scheme = Bls;

    const EVERYBODY: PublicKeyBytes = {
        let mut bytes = [0; 48];
        bytes[0] = 0xC0;
        PublicKeyBytes::new(bytes)
    };

    fn scheme() -> Bls {
        Bls
    }

    fn secret(who: u64) -> BlsSecretKey {
        BlsSecretKey::from_seed(&seed(who)).expect("32 bytes are enough")
    }

    fn negated(signature: &SignatureBytes) -> SignatureBytes {
        let mut bytes = *signature;
        bytes[0] ^= SIGN;
        bytes
    }
}

/// From what somebody's BLS key is derived.
#[must_use]
pub fn seed(who: u64) -> [u8; 32] {
    let mut seed = [9; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    seed
}
