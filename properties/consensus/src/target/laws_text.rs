//! Numbers and octets: exactly the texts of the specifications, and each written as it is read.

use alys_engines::violation::check_eq;
use alys_models::consensus::text;
use serde::{Serialize, de::DeserializeOwned};

use super::alys::number::{Decimal, NumberError, Quantity, Wide};
use super::alys::octets::{Fixed, Octets, OctetsError};

/// Texts of these signs, up to a length.
fn texts(signs: &[char], length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut begin = 0;
    for _ in 0..length {
        let end = all.len();
        for at in begin..end {
            all.extend(signs.iter().map(|sign| format!("{}{sign}", all[at])).collect::<Vec<_>>());
        }
        begin = end;
    }
    all
}

/// Digits at the limits of 64 and of 256 bits.
fn limits() -> Vec<String> {
    let f = |count: usize| "f".repeat(count);
    let mut all = vec![format!("1{}", "0".repeat(16)), format!("1{}", "0".repeat(64)), "9".repeat(20)];
    all.extend([15, 16, 17, 63, 64, 65].map(f));
    all.extend([u64::MAX - 1, u64::MAX].map(|number| number.to_string()));
    all.extend(
        ["18446744073709551616", "18446744073709551619", "184467440737095516150", "99999999999999999999"]
            .map(str::to_owned),
    );
    all.extend(["8000000000000000", "123456789abcdef0", "fedcba9876543210f"].map(str::to_owned));
    all
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Every short text, and every limit, is a number exactly when the specification says so.
pub fn numbers_are_what_the_specification_says() -> u64 {
    let mut tried = 0;
    let digits: Vec<String> =
        texts(&['0', '1', '9', 'a', 'F', 'g', '+', ' '], 4).into_iter().chain(limits()).collect();
    for digits in &digits {
        for text in [digits.clone(), format!("0x{digits}"), format!("0X{digits}")] {
            let quantity = read::<Quantity>(&text).map(|number| number.0);
            check_eq("CL-2", &format!("the quantity {text:?}"), &text::quantity(&text), &quantity);
            let wide = read::<Wide>(&text).map(|number| written(&number));
            check_eq("CL-2", &format!("the wide quantity {text:?}"), &text::wide(&text), &wide);
            let decimal = read::<Decimal>(&text).map(|number| number.0);
            check_eq("CL-1", &format!("the integer {text:?}"), &text::decimal(&text), &decimal);
            tried += 1;
        }
    }
    for number in [0, 1, 9, 10, 15, 16, 255, 256, u64::MAX] {
        check_eq("CL-2", "a quantity written", &format!("0x{number:x}"), &written(&Quantity(number)));
        check_eq("CL-1", "an integer written", &number.to_string(), &written(&Decimal(number)));
    }
    let mut octets = [0; 32];
    (octets[30], octets[31]) = (1, 0x2f);
    check_eq("CL-2", "the octets of a wide quantity", &Some(Wide(octets)), &read::<Wide>("0x12f"));
    check_eq("CL-2", "a number that is a number", &false, &serde_json::from_str::<Quantity>("1").is_ok());
    tried
}

/// Every short text is octets exactly when the specification says so, and so many octets only when there are so many.
pub fn octets_are_what_the_specification_says() -> u64 {
    let mut tried = 0;
    for digits in texts(&['0', '7', 'a', 'F', 'g', 'é'], 5) {
        for text in [digits.clone(), format!("0x{digits}"), format!("0X{digits}")] {
            let model = text::octets(&text);
            check_eq("CL-2", &format!("the octets {text:?}"), &model, &read::<Octets>(&text).map(|it| it.0));
            let two = model.clone().filter(|octets| octets.len() == 2);
            let fixed = read::<Fixed<2>>(&text);
            check_eq("CL-2", &format!("two octets {text:?}"), &two, &fixed.map(|it| it.0.to_vec()));
            let again = model.as_ref().map(|_| text.to_lowercase());
            check_eq("CL-2", "octets written", &again, &read::<Octets>(&text).map(|it| written(&it)));
            tried += 1;
        }
    }
    tried
}

/// A text that is refused is refused for what is wrong with it.
pub fn refusals_say_what_is_wrong() -> u64 {
    let numbers = [
        ("12", NumberError::NoPrefix),
        ("0x", NumberError::Empty),
        ("0x1z", NumberError::NotADigit { at: 1 }),
        ("0x00", NumberError::LeadingZero),
        ("0x10000000000000000", NumberError::TooLarge { bits: 64 }),
    ];
    for (text, error) in numbers {
        check_eq("CL-2", &format!("the refusal of {text:?}"), &Err(error), &text.parse::<Quantity>());
    }
    let wide = format!("0x1{}", "0".repeat(64));
    check_eq(
        "CL-2",
        "the refusal of 257 bits",
        &Err(NumberError::TooLarge { bits: 256 }),
        &wide.parse::<Wide>(),
    );
    check_eq(
        "CL-1",
        "the refusal of a letter",
        &Err(NumberError::NotADigit { at: 1 }),
        &"1a".parse::<Decimal>(),
    );
    let octets = [
        ("00", OctetsError::NoPrefix),
        ("0x0", OctetsError::Odd { digits: 1 }),
        ("0x0g", OctetsError::NotADigit { at: 1 }),
        ("0x00", OctetsError::Length { allowed: 2, found: 1 }),
    ];
    for (text, error) in octets {
        check_eq("CL-2", &format!("the refusal of {text:?}"), &Err(error), &text.parse::<Fixed<2>>());
    }
    (numbers.len() + octets.len()) as u64
}
