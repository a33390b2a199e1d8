//! Properties as the tests state them: a path, the rules in the doc comment, the engine.

use super::split_id;
use crate::sources::{self, SourceFile};

/// Where a package has its properties, below its own folder; the name of this one opens every path.
const TESTS: &str = "/tests/properties/";

/// One `#[test]` and what its doc comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyEntry {
    /// The folder of its package, from the root of the project.
    pub package: String,
    /// Its path in the test binary.
    pub path: String,
    /// The ids of the rules it checks, in the order of the comment.
    pub rules: Vec<String>,
    /// The engine, from a line `Engine: name`; empty when there is none.
    pub engine: String,
}

/// Returns the properties of the package in this folder, such as `properties/wire`.
///
/// # Panics
///
/// When the folder of its tests cannot be read.
#[must_use]
pub fn properties(package: &str) -> Vec<PropertyEntry> {
    sources::files(&format!("{package}/tests/properties"), ".rs").iter().flat_map(parse_properties).collect()
}

/// Returns the properties of every package.
///
/// # Panics
///
/// When the sources of the project cannot be read.
#[must_use]
pub fn everywhere() -> Vec<PropertyEntry> {
    let files = sources::rust_files();
    files.iter().filter(|file| file.path.contains(TESTS)).flat_map(parse_properties).collect()
}

/// Reads the properties of one file.
///
/// The text is taken as rustfmt leaves it: an attribute or a comment has its line, and a module ends at a brace of its
/// own indentation. Tests made by a macro are not seen.
#[must_use]
pub fn parse_properties(file: &SourceFile) -> Vec<PropertyEntry> {
    let (package, inside) = file.path.split_once(TESTS).unwrap_or(("", &file.path));
    let mut found = Vec::new();
    let mut modules: Vec<(usize, String)> = Vec::new();
    let (mut docs, mut is_test) = (Vec::new(), false);
    for line in file.text.lines() {
        let (indent, text) = (line.len() - line.trim_start().len(), line.trim());
        if let Some(doc) = text.strip_prefix("///") {
            docs.push(doc.trim());
        } else if text == "#[test]" {
            is_test = true;
        } else if let (true, Some(name)) = (is_test, function_name(text)) {
            found.push(entry(package.to_owned(), path(inside, &modules, name), name, &docs));
            (docs, is_test) = (Vec::new(), false);
        } else if let Some(name) = text.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {")) {
            modules.push((indent, name.to_owned()));
            docs.clear();
        } else if text == "}" {
            modules.retain(|(opened, _)| *opened < indent);
            docs.clear();
        } else if !text.starts_with("#[") && !text.starts_with("//") && !is_test {
            docs.clear();
        }
    }
    found
}

fn function_name(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("pub ").unwrap_or(text).strip_prefix("fn ")?;
    rest.split_once(['(', '<']).map(|(name, _)| name)
}

/// `tests/properties/mailbox/laws.rs` holds the tests of `properties::mailbox::laws`, and so does the same file one
/// folder `properties` deeper, where an inline module of that name has its files.
fn path(file: &str, modules: &[(usize, String)], name: &str) -> String {
    let file = file.trim_end_matches(".rs");
    let file = file.strip_prefix("properties/").unwrap_or(file);
    let folders = file.split('/').filter(|part| *part != "mod" && *part != "main" && !part.is_empty());
    let inner = modules.iter().map(|(_, module)| module.as_str());
    let parts: Vec<_> = ["properties"].into_iter().chain(folders).chain(inner).chain([name]).collect();
    parts.join("::")
}

fn entry(package: String, path: String, name: &str, docs: &[&str]) -> PropertyEntry {
    let mut rules = Vec::new();
    let words = docs
        .iter()
        .flat_map(|doc| doc.split(|sign: char| !sign.is_ascii_alphanumeric() && !"-.".contains(sign)));
    for id in words.flat_map(cited).chain(named(name)) {
        if !rules.contains(&id) {
            rules.push(id);
        }
    }
    let engine = docs.iter().find_map(|doc| doc.strip_prefix("Engine:")).unwrap_or("");
    PropertyEntry { package, path, rules, engine: engine.trim().trim_end_matches('.').to_owned() }
}

/// Expands `MB-1`, `MB-1..MB-14` and `MB-1..14`, both ends included.
pub(super) fn cited(word: &str) -> Vec<String> {
    let word = word.trim_matches(|sign| sign == '.' || sign == '-');
    let (first, last) = word.split_once("..").unwrap_or((word, word));
    let Some((family, from)) = split_id(first) else { return Vec::new() };
    let last = last.trim_start_matches(['.', '=']);
    let to = split_id(last).map(|(_, number)| number).or_else(|| last.parse().ok()).unwrap_or(from);
    (from..=to).map(|number| format!("{family}-{number}")).collect()
}

/// Finds `mb_2` in the name of a function.
fn named(name: &str) -> Vec<String> {
    let parts: Vec<_> = name.split('_').collect();
    let id = |pair: &[&str]| {
        let id = format!("{}-{}", pair[0].to_ascii_uppercase(), pair[1]);
        split_id(&id).is_some().then_some(id)
    };
    parts.windows(2).filter_map(id).collect()
}
