//! Numbers as JSON has them: the Engine API writes quantities in hexadecimal, the Beacon API integers in decimal, both as text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::octets;

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// It does not begin with `0x`.
    #[error("a quantity begins with `0x`")]
    NoPrefix,
    /// There is nothing.
    #[error("a number has a digit at least")]
    Empty,
    /// A sign is no digit.
    #[error("sign {at} of the number is no digit")]
    NotADigit {
        /// Which one, from 0.
        at: usize,
    },
    /// The first digit is a zero, and not the only one.
    #[error("a number has no leading zero")]
    LeadingZero,
    /// It is too large.
    #[error("the number does not fit in {bits} bits")]
    TooLarge {
        /// In how many bits it must fit.
        bits: u32,
    },
}

/// The digits of a number in a base of at most 16, with those refused that are not its only way to be written.
fn digits(text: &str, base: u8) -> Result<Vec<u8>, NumberError> {
    let digit =
        |(at, sign)| octets::value(sign).filter(|value| *value < base).ok_or(NumberError::NotADigit { at });
    let digits = text.bytes().enumerate().map(digit).collect::<Result<Vec<_>, _>>()?;
    match digits[..] {
        [] => Err(NumberError::Empty),
        [0, _, ..] => Err(NumberError::LeadingZero),
        _ => Ok(digits),
    }
}

/// The value of digits in 64 bits.
fn value(digits: &[u8], base: u8) -> Result<u64, NumberError> {
    let more = |sum: u64, digit: &u8| sum.checked_mul(base.into())?.checked_add((*digit).into());
    digits.iter().try_fold(0, more).ok_or(NumberError::TooLarge { bits: 64 })
}

/// A quantity of 64 bits, in hexadecimal.
///
/// ```
/// use alys_consensus::number::{NumberError, Quantity};
///
/// assert_eq!("0x1f".parse(), Ok(Quantity(31)));
/// assert_eq!("0x01".parse::<Quantity>().unwrap_err(), NumberError::LeadingZero);
/// assert_eq!(Quantity(0).to_string(), "0x0");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(
    /// The number.
    pub u64,
);

impl FromStr for Quantity {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let text = text.strip_prefix("0x").ok_or(NumberError::NoPrefix)?;
        value(&digits(text, 16)?, 16).map(Quantity)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A quantity of 256 bits, in hexadecimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide(
    /// The number, the highest octet first.
    pub [u8; 32],
);

impl FromStr for Wide {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let text = text.strip_prefix("0x").ok_or(NumberError::NoPrefix)?;
        let digits = digits(text, 16)?;
        let mut number = [0; 32];
        for (place, digit) in digits.iter().rev().enumerate() {
            let octet = 31_usize.checked_sub(place / 2).and_then(|at| number.get_mut(at));
            *octet.ok_or(NumberError::TooLarge { bits: 256 })? |= digit << (4 * (place % 2));
        }
        Ok(Wide(number))
    }
}

impl fmt::Display for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.0.iter().map(|octet| format!("{octet:02x}")).collect();
        match digits.trim_start_matches('0') {
            "" => f.write_str("0x0"),
            digits => write!(f, "0x{digits}"),
        }
    }
}

/// A number of 64 bits, in decimal.
///
/// ```
/// use alys_consensus::number::{Decimal, NumberError};
///
/// assert_eq!("18446744073709551615".parse(), Ok(Decimal(u64::MAX)));
/// assert_eq!("+1".parse::<Decimal>(), Err(NumberError::NotADigit { at: 0 }));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(
    /// The number.
    pub u64,
);

impl FromStr for Decimal {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        value(&digits(text, 10)?, 10).map(Decimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads and writes a number as text in JSON.
macro_rules! as_text {
    ($($number:ty),*) => {$(
        impl Serialize for $number {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $number {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

as_text!(Quantity, Wide, Decimal);
