//! The table `rule -> properties -> faults that died`, made from what is written down and what has run.
//!
//! Rules come from docs/rules.md, properties from the doc comments of the tests, kills from the hunts. Nothing is
//! listed by hand, so a property that loses its rule or a rule that loses its property shows as an empty cell.

mod properties;
mod table;
#[cfg(test)]
mod tests;

pub use properties::{PropertyEntry, everywhere, parse_properties, properties};
pub use table::{EmptyCell, Killed, table};

use crate::sources;

/// What one package answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its folder, such as `properties/wire`.
    pub package: &'static str,
    /// Its rules: families such as `MB`, rules such as `CL-3`, and ranges such as `WR-1..4`.
    pub rules: &'static [&'static str],
}

impl Scope {
    /// Says whether a rule is among them.
    #[must_use]
    pub fn has(&self, rule: &Rule) -> bool {
        self.rules.iter().any(|part| *part == rule.family() || properties::cited(part).contains(&rule.id))
    }
}

/// One rule of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, such as `MB-2`.
    pub id: String,
    /// The sentence that a property can falsify.
    pub sentence: String,
}

impl Rule {
    /// Returns the family, the part of the id before the hyphen.
    #[must_use]
    pub fn family(&self) -> &str {
        self.id.split_once('-').map_or(&*self.id, |(family, _)| family)
    }
}

/// Returns the rules of docs/rules.md.
///
/// # Panics
///
/// When the file cannot be read.
#[must_use]
pub fn rules() -> Vec<Rule> {
    parse_rules(&sources::read("docs/rules.md"))
}

/// Reads rules from lines such as `- MB-1 text`; indented lines below one continue its sentence.
#[must_use]
pub fn parse_rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let head = line.strip_prefix("- ").and_then(|rest| rest.split_once(' '));
        if let Some((id, sentence)) = head.filter(|(id, _)| is_id(id)) {
            rules.push(Rule { id: id.to_owned(), sentence: sentence.trim().to_owned() });
            open = true;
        } else if let (true, true, Some(rule)) = (open, line.starts_with("  "), rules.last_mut()) {
            rule.sentence.push(' ');
            rule.sentence.push_str(line.trim());
        } else {
            open = false;
        }
    }
    rules
}

/// Returns the rule ids that properties cite and the catalogue does not have, each with the property's path.
#[must_use]
pub fn unknown_rules(rules: &[Rule], properties: &[PropertyEntry]) -> Vec<(String, String)> {
    let known = |id: &&String| rules.iter().all(|rule| rule.id != **id);
    let cited = |entry: &PropertyEntry| {
        let unknown: Vec<_> = entry.rules.iter().filter(known).cloned().collect();
        unknown.into_iter().map(|id| (entry.path.clone(), id)).collect::<Vec<_>>()
    };
    properties.iter().flat_map(cited).collect()
}

/// Two capital letters, a hyphen, a number.
fn is_id(text: &str) -> bool {
    split_id(text).is_some()
}

fn split_id(text: &str) -> Option<(&str, u32)> {
    let (family, number) = text.split_once('-')?;
    let capital = family.len() == 2 && family.bytes().all(|byte| byte.is_ascii_uppercase());
    number.parse().ok().filter(|_| capital).map(|number| (family, number))
}
