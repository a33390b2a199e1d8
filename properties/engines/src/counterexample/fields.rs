//! Two values as `Debug` shows them, taken apart side by side: what is equal in a large state must not hide what differs.

/// A value shorter than this is shown whole.
const WHOLE_MAX: usize = 40;

/// What stands where one side has nothing.
const ABSENT: &str = "(absent)";

/// One part of two values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The way to it, such as `view.nodes[1].state`.
    pub(super) path: String,
    pub(super) model: String,
    pub(super) real: String,
}

impl Row {
    pub(super) fn differs(&self) -> bool {
        self.model != self.real
    }
}

/// Takes both values apart as far as they are long and of one shape.
pub(super) fn rows(path: &str, model: &str, real: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    push(path.to_owned(), model, real, &mut rows);
    rows
}

fn push(path: String, model: &str, real: &str, rows: &mut Vec<Row>) {
    let both = (model.len().max(real.len()) > WHOLE_MAX).then(|| parts(model).zip(parts(real))).flatten();
    let Some((models, reals)) = both else {
        rows.push(Row { path, model: model.to_owned(), real: real.to_owned() });
        return;
    };
    let of = |all: &[(String, &str)], key: &str| -> String {
        all.iter().find(|(name, _)| name == key).map_or(ABSENT, |(_, value)| value).to_owned()
    };
    let more = reals.iter().filter(|(key, _)| models.iter().all(|(known, _)| known != key));
    for (key, _) in models.iter().chain(more) {
        push(format!("{path}{key}"), &of(&models, key), &of(&reals, key), rows);
    }
}

/// The fields of a structure or the items of a list, each with its key; `None` for anything else.
fn parts(text: &str) -> Option<Vec<(String, &str)>> {
    if let Some(items) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = split(items).into_iter().enumerate();
        return Some(items.map(|(index, item)| (format!("[{index}]"), item)).collect());
    }
    let (name, fields) = text.strip_suffix('}')?.split_once('{')?;
    if !name.trim_end().chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        return None;
    }
    split(fields)
        .into_iter()
        .map(|field| {
            let (key, value) = field.split_once(": ")?;
            Some((format!(".{key}"), value))
        })
        .collect()
}

/// Splits at the commas that stand in no bracket and no quotation.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut escaped, mut start) = (0_usize, false, false, 0);
    let mut all = Vec::new();
    for (index, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                all.push(text[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    all.push(text[start..].trim());
    all.retain(|part| !part.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_taken_apart_side_by_side() {
        let value = |len, names: &str| {
            format!("View {{ len: {len}, names: {names}, open: Some(Door {{ a: 1, b: 2 }}) }}")
        };
        let rows = rows("seen", &value(3, r#"["a, \"b", "c"]"#), &value(4, r#"["a, \"b", "c", "d"]"#));
        let shown: Vec<_> = rows.iter().map(|row| (&*row.path, &*row.model, &*row.real)).collect();
        assert_eq!(
            shown,
            [
                ("seen.len", "3", "4"),
                ("seen.names", r#"["a, \"b", "c"]"#, r#"["a, \"b", "c", "d"]"#),
                ("seen.open", "Some(Door { a: 1, b: 2 })", "Some(Door { a: 1, b: 2 })"),
            ]
        );
    }

    #[test]
    fn a_longer_list_shows_what_is_absent() {
        let (one, two) = (format!("[{:?}]", "x".repeat(50)), format!("[{:?}, 7]", "x".repeat(50)));
        let rows = rows("log", &one, &two);
        assert_eq!(rows.len(), 2);
        assert_eq!((&*rows[1].path, &*rows[1].model, &*rows[1].real), ("log[1]", ABSENT, "7"));
        assert!(!rows[0].differs() && rows[1].differs());
    }

    #[test]
    fn values_of_different_shapes_stay_whole() {
        let long = format!("Sent {{ a: {:?} }}", "y".repeat(40));
        assert_eq!(rows("answer", &long, "Pending").len(), 1);
    }
}
