//! Texts that are numbers and octets, by the expressions that the specifications give.

/// A quantity: `^0x(?:0|(?:[a-fA-F1-9][a-fA-F0-9]*))$`.
#[must_use]
pub fn is_quantity(text: &str) -> bool {
    let Some(digits) = text.strip_prefix("0x") else { return false };
    let hexadecimal = !digits.is_empty() && digits.chars().all(|sign| sign.is_ascii_hexdigit());
    hexadecimal && (digits == "0" || !digits.starts_with('0'))
}

/// A quantity that fits in 64 bits.
#[must_use]
pub fn quantity(text: &str) -> Option<u64> {
    is_quantity(text).then(|| u64::from_str_radix(&text[2..], 16).ok()).flatten()
}

/// A quantity that fits in 256 bits, as its digits.
#[must_use]
pub fn wide(text: &str) -> Option<String> {
    (is_quantity(text) && text.len() <= 2 + 64).then(|| text.to_ascii_lowercase())
}

/// An integer of the Beacon API that fits in 64 bits: decimal digits, and no zero before others.
#[must_use]
pub fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

/// Octets: `^0x(?:[a-fA-F0-9]{2})*$`.
#[must_use]
pub fn octets(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?;
    if !digits.is_ascii() || digits.len() % 2 == 1 || !digits.chars().all(|sign| sign.is_ascii_hexdigit()) {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}
