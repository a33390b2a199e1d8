//! The table itself, and the cells that must not be empty.

use std::fmt;

use super::{BUILT, PropertyEntry, Rule};
use crate::sequential::Kill;

/// A planted fault, the rules it breaks, and how it died; `None` when it survived.
pub type Killed<'a> = (&'a str, &'a [&'a str], Option<Kill>);

/// A cell of a built family that says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmptyCell {
    /// The row.
    pub rule: String,
    /// The column.
    pub column: &'static str,
}

impl fmt::Display for EmptyCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no {}", self.rule, self.column)
    }
}

const HEAD: [&str; 4] = ["rule", "properties", "engines", "faults (cases to find)"];

/// Lays out one row a rule and lists the empty cells.
///
/// A family that is not [`BUILT`] and that no property cites says `later` in every cell. A fault that survived is
/// shown as such and fills no cell.
#[must_use]
pub fn table(rules: &[Rule], properties: &[PropertyEntry], kills: &[Killed<'_>]) -> (String, Vec<EmptyCell>) {
    let mut rows = vec![HEAD.map(str::to_owned)];
    let mut empty = Vec::new();
    for rule in rules {
        let later = !BUILT.contains(&rule.family()) && !cites_family(properties, rule.family());
        if later {
            rows.push([rule.id.clone(), "later".to_owned(), "later".to_owned(), "later".to_owned()]);
            continue;
        }
        let (row, filled) = cells(rule, properties, kills);
        for (column, _) in
            ["property", "engine", "fault that died"].into_iter().zip(filled).filter(|(_, full)| !full)
        {
            empty.push(EmptyCell { rule: rule.id.clone(), column });
        }
        rows.push(row);
    }
    (layout(&rows), empty)
}

fn cites_family(properties: &[PropertyEntry], family: &str) -> bool {
    let of_family = |id: &String| id.split_once('-').is_some_and(|(cited, _)| cited == family);
    properties.iter().any(|entry| entry.rules.iter().any(of_family))
}

/// One row, and which of its cells are filled.
fn cells(rule: &Rule, properties: &[PropertyEntry], kills: &[Killed<'_>]) -> ([String; 4], [bool; 3]) {
    let checking: Vec<_> = properties.iter().filter(|entry| entry.rules.contains(&rule.id)).collect();
    let names = checking.iter().map(|entry| entry.path.trim_start_matches("properties::"));
    let mut engines: Vec<_> =
        checking.iter().map(|entry| &*entry.engine).filter(|name| !name.is_empty()).collect();
    engines.sort_unstable();
    engines.dedup();
    let planted: Vec<_> = kills.iter().filter(|(_, broken, _)| broken.contains(&&*rule.id)).collect();
    let faults = planted.iter().map(|(id, _, kill)| match kill {
        Some(kill) => format!("{id} ({})", kill.cases),
        None => format!("{id} (survived)"),
    });
    let died = planted.iter().any(|(_, _, kill)| kill.is_some());
    let filled = [!checking.is_empty(), !engines.is_empty(), died];
    let row = [
        rule.id.clone(),
        names.collect::<Vec<_>>().join(", "),
        engines.join(", "),
        faults.collect::<Vec<_>>().join(", "),
    ];
    (row, filled)
}

/// Aligns all columns but the last, which may be long.
fn layout(rows: &[[String; 4]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (id, names, engines) = (width(0), width(1), width(2));
    rows.iter()
        .map(|[first, second, third, fourth]| {
            let line = format!("{first:<id$} | {second:<names$} | {third:<engines$} | {fourth}");
            format!("{}\n", line.trim_end())
        })
        .collect()
}
