//! Whose signatures a node's case is made with.

use std::fmt::Debug;

use super::alys::scheme::{Bls, BlsSecretKey, Ideal, IdealKey, SignatureScheme};

/// Keys for everybody in a case: 0 to n - 1 are the authorities', others are nobody's.
pub trait Keyring: Debug + 'static {
    /// The scheme.
    type Scheme: SignatureScheme<PublicKey: Sync> + Clone + Debug + Sync;

    /// A scheme in which nobody has signed anything.
    fn scheme() -> Self::Scheme;

    /// Somebody's secret key.
    fn secret(who: u64) -> <Self::Scheme as SignatureScheme>::SecretKey;
}

/// Ideal signatures.
#[derive(Debug)]
pub struct IdealKeys;

impl Keyring for IdealKeys {
    type Scheme = Ideal;

    fn scheme() -> Ideal {
        Ideal::default()
    }

    fn secret(who: u64) -> IdealKey {
        IdealKey(who.wrapping_add(1))
    }
}

/// BLS signatures.
#[derive(Debug)]
pub struct BlsKeys;

impl Keyring for BlsKeys {
    type Scheme = Bls;

    fn scheme() -> Bls {
        Bls
    }

    fn secret(who: u64) -> BlsSecretKey {
        let mut seed = [9; 32];
        seed[..8].copy_from_slice(&who.to_le_bytes());
        BlsSecretKey::from_seed(&seed).expect("32 bytes are enough")
    }
}
