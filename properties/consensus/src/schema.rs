//! The published schemas of the Beacon API, as far as the project's own server answers them, and what validates against them.
//!
//! `openapi/answers.json` has them with their references resolved, made from the YAML of
//! <https://github.com/ethereum/beacon-APIs> at commit 7a58b5a44ceb6174162f75e1bb6666efbb6ec07f.

use serde_json::Value;

/// The schemas, by the names of what they are of.
const ANSWERS: &str = include_str!("../openapi/answers.json");

/// Everything that is wrong with an answer, each with its place; nothing when it is valid.
///
/// # Panics
///
/// When there is no such schema: a check of nothing would pass.
#[must_use]
pub fn wrong(name: &str, answer: &Value) -> Vec<String> {
    let answers: Value = serde_json::from_str(ANSWERS).unwrap_or_default();
    let schema = answers.get(name).unwrap_or_else(|| panic!("there is no schema of {name}"));
    let mut found = Vec::new();
    check(schema, answer, "", &mut found);
    found
}

fn check(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let Some(rules) = schema.as_object() else { return found.push(format!("{place}: no schema")) };
    for (rule, allowed) in rules {
        match rule.as_str() {
            "type" if !is_of(allowed, value) => found.push(format!("{place}: {value} is no {allowed}")),
            "enum" if !allowed.as_array().is_some_and(|all| all.contains(value)) => {
                found.push(format!("{place}: {value} is none of {allowed}"));
            }
            "pattern" if !allowed.as_str().is_some_and(|pattern| matches(pattern, value)) => {
                found.push(format!("{place}: {value} is not {allowed}"));
            }
            "required" => {
                let missing = allowed.as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing = missing.filter(|key| value.get(key).is_none());
                found.extend(missing.map(|key| format!("{place}: `{key}` is missing")));
            }
            "properties" => {
                for (key, schema) in allowed.as_object().into_iter().flatten() {
                    if let Some(value) = value.get(key) {
                        check(schema, value, &format!("{place}/{key}"), found);
                    }
                }
            }
            "items" => {
                for (at, value) in value.as_array().into_iter().flatten().enumerate() {
                    check(allowed, value, &format!("{place}/{at}"), found);
                }
            }
            "allOf" => {
                allowed.as_array().into_iter().flatten().for_each(|one| check(one, value, place, found))
            }
            "oneOf" => {
                let fits = |one: &&Value| {
                    let mut wrong = Vec::new();
                    check(one, value, place, &mut wrong);
                    wrong.is_empty()
                };
                if allowed.as_array().into_iter().flatten().filter(fits).count() != 1 {
                    found.push(format!("{place}: {value} is not exactly one of {allowed}"));
                }
            }
            "type" | "enum" | "pattern" | "format" => {}
            other => found.push(format!("{place}: the rule `{other}` is not known here")),
        }
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number" | "integer") => value.is_number(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

/// Whether a text is what the only kind of pattern says that there is: `0x` and so many hexadecimal digits, or at least so many.
fn matches(pattern: &str, value: &Value) -> bool {
    let count = pattern.strip_prefix("^0x[a-fA-F0-9]{").and_then(|rest| rest.strip_suffix("}$"));
    let Some(digits) = value.as_str().and_then(|text| text.strip_prefix("0x")) else { return false };
    let hexadecimal = digits.chars().all(|sign| sign.is_ascii_hexdigit());
    let (least, is_exact) = match count.map(|count| (count.strip_suffix(','), count)) {
        Some((Some(least), _)) => (least.parse().ok(), false),
        Some((None, count)) => (count.parse().ok(), true),
        None => (None, false),
    };
    least.is_some_and(|least: usize| {
        hexadecimal && digits.len() >= least && (!is_exact || digits.len() == least)
    })
}
