//! Octets as JSON has them: hexadecimal digits after `0x`, two an octet.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is no octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OctetsError {
    /// It does not begin with `0x`.
    #[error("hexadecimal digits begin with `0x`")]
    NoPrefix,
    /// A sign is no digit.
    #[error("digit {at} after `0x` is none of 0-9, a-f and A-F")]
    NotADigit {
        /// Which one, from 0.
        at: usize,
    },
    /// There is half an octet.
    #[error("{digits} digits are no whole number of octets")]
    Odd {
        /// How many digits there are.
        digits: usize,
    },
    /// There are too few or too many.
    #[error("there are {found} octets, allowed are {allowed}")]
    Length {
        /// How many there must be.
        allowed: usize,
        /// How many there are.
        found: usize,
    },
}

/// Reads octets.
///
/// # Errors
///
/// [`OctetsError`] names the first thing that is wrong.
pub fn read(text: &str) -> Result<Vec<u8>, OctetsError> {
    let digits = text.strip_prefix("0x").ok_or(OctetsError::NoPrefix)?;
    let values: Vec<u8> = digits
        .bytes()
        .enumerate()
        .map(|(at, sign)| value(sign).ok_or(OctetsError::NotADigit { at }))
        .collect::<Result<_, _>>()?;
    let (pairs, []) = values.as_chunks::<2>() else {
        return Err(OctetsError::Odd { digits: values.len() });
    };
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// The value of a hexadecimal digit.
pub(crate) fn value(sign: u8) -> Option<u8> {
    match sign {
        b'0'..=b'9' => Some(sign - b'0'),
        b'a'..=b'f' => Some(sign - b'a' + 10),
        b'A'..=b'F' => Some(sign - b'A' + 10),
        _ => None,
    }
}

/// Writes octets.
fn write(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
}

/// So many octets, no more and no fewer.
///
/// ```
/// use alys_consensus::octets::{Fixed, OctetsError};
///
/// let two: Fixed<2> = "0x0aFF".parse().unwrap();
/// assert_eq!((two.0, two.to_string().as_str()), ([10, 255], "0x0aff"));
/// assert_eq!("0x0a".parse::<Fixed<2>>(), Err(OctetsError::Length { allowed: 2, found: 1 }));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed<const N: usize>(
    /// The octets.
    pub [u8; N],
);

/// A hash or a root.
pub type Hash = Fixed<32>;
/// The address of an account.
pub type Address = Fixed<20>;

impl<const N: usize> Default for Fixed<N> {
    fn default() -> Self {
        Fixed([0; N])
    }
}

impl<const N: usize> fmt::Display for Fixed<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl<const N: usize> fmt::Debug for Fixed<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl<const N: usize> FromStr for Fixed<N> {
    type Err = OctetsError;

    fn from_str(text: &str) -> Result<Self, OctetsError> {
        let octets = read(text)?;
        let found = octets.len();
        octets.try_into().map(Fixed).map_err(|_| OctetsError::Length { allowed: N, found })
    }
}

impl<const N: usize> Serialize for Fixed<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Fixed<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl From<alys_wire::containers::Hash256> for Hash {
    fn from(root: alys_wire::containers::Hash256) -> Self {
        Fixed(root.0)
    }
}

/// Any number of octets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Octets(
    /// The octets.
    pub Vec<u8>,
);

impl fmt::Display for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(&String::deserialize(deserializer)?).map(Octets).map_err(de::Error::custom)
    }
}
