//! What stands behind the question mark of a path.

/// The values of a name, in their order; a name may be repeated.
///
/// Nothing that is asked for here has a sign that must be escaped, so an escaped one is no value that is known.
#[must_use]
pub fn values<'a>(query: &'a str, name: &str) -> Vec<&'a str> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).collect()
}

/// Splits a path from its query.
#[must_use]
pub fn split(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}
