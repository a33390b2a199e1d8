//! The project's manifests, read as far as the tests of the house need.

use crate::sources::{self, SourceFile};

/// One assignment of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The table it stands in, such as `dependencies` or `target.'cfg(unix)'.dependencies`.
    pub section: String,
    /// What is assigned.
    pub key: String,
    /// The value as it is written, on one line.
    pub value: String,
}

/// One dependency of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name it has here.
    pub name: String,
    /// Everything that is said about it.
    pub value: String,
    /// Whether only tests and examples use it.
    pub dev: bool,
}

/// Returns the manifests of the project, sorted by path.
///
/// # Panics
///
/// When a folder or file cannot be read.
#[must_use]
pub fn manifests() -> Vec<SourceFile> {
    ["crates", "models", "properties"]
        .iter()
        .flat_map(|folder| sources::files(folder, "Cargo.toml"))
        .collect()
}

/// Reads the assignments of a manifest: tables, keys, and values that may span lines while a bracket is open.
#[must_use]
pub fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut section, mut depth) = (String::new(), 0);
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if depth > 0 {
            if let Some(entry) = entries.last_mut() {
                entry.value.push_str(line);
            }
        } else if line.starts_with('#') {
            continue;
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim_matches(['[', ']']).trim().to_owned();
            continue;
        } else if let Some((key, value)) = line.split_once('=') {
            let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
            entries.push(Entry { section: section.clone(), key, value });
        }
        depth += line.matches(['[', '{']).count() as isize - line.matches([']', '}']).count() as isize;
    }
    entries
}

/// Returns what a manifest depends on, in whatever way it says so.
#[must_use]
pub fn dependencies(text: &str) -> Vec<Dependency> {
    let table = |part: &str| ["dependencies", "dev-dependencies", "build-dependencies"].contains(&part);
    let dependency = |Entry { section, key, value }: Entry| {
        let parts: Vec<_> = section.split('.').collect();
        let at = parts.iter().position(|part| table(part))?;
        if parts[0] == "workspace" {
            return None;
        }
        let dev = parts[at] == "dev-dependencies";
        // `[dependencies.name]` has a key a line, `name = ..` and `name.workspace = ..` have the name in the key.
        match parts.get(at + 1) {
            Some(name) => {
                Some(Dependency { name: (*name).to_owned(), value: format!("{key} = {value}"), dev })
            }
            None => {
                let (name, rest) = key.split_once('.').unwrap_or((&key, ""));
                Some(Dependency { name: name.to_owned(), value: format!("{rest} = {value}"), dev })
            }
        }
    };
    entries(text).into_iter().filter_map(dependency).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_seen_in_every_spelling() {
        let text = "[package]\nname = \"x\"\n[dependencies]\na = \"1\" # why\nb.workspace = true\nc = { version = \"1\",\n  \
                    optional = true }\n[dev-dependencies.d]\nversion = \"2\"\n[target.'cfg(unix)'.dependencies]\n\
                    e = \"1\"\n[features]\nf = []\n";
        let found: Vec<_> = dependencies(text).into_iter().map(|one| (one.name, one.dev)).collect();
        let expected = [("a", false), ("b", false), ("c", false), ("d", true), ("e", false)];
        assert_eq!(found, expected.map(|(name, dev)| (name.to_owned(), dev)));
        assert!(dependencies(text)[2].value.contains("optional = true"));
    }

    #[test]
    fn a_list_may_span_lines() {
        let found = entries("[workspace]\nmembers = [\n  \"a\",\n  \"b\",\n]\nresolver = \"3\"\n");
        assert_eq!(found[0].value, "[\"a\",\"b\",]");
        assert_eq!(found[1].key, "resolver");
    }
}
