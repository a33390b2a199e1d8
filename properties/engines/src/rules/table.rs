//! The table itself, and the cells that must not be empty.

use std::fmt;

use super::{PropertyEntry, Rule, Scope};
use crate::manifests::entries;
use crate::sequential::Kill;
use crate::sources;

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

/// A row: each cell is a list, an entry a line.
type Row = [Vec<String>; 4];

/// Lays out one row a rule and lists the empty cells of the rules in the scope.
///
/// Those count what the scope's own package has. A rule outside of it that some property cites names the packages whose tables have its faults. The others share a row
/// that says `later`. A fault that survived is shown as such and fills no cell.
#[must_use]
pub fn table(
    scope: Scope,
    rules: &[Rule],
    properties: &[PropertyEntry],
    kills: &[Killed<'_>],
) -> (String, Vec<EmptyCell>) {
    let mut rows = vec![HEAD.map(|title| vec![title.to_owned()])];
    let mut empty = Vec::new();
    let cited = |rule: &Rule| properties.iter().any(|entry| entry.rules.contains(&rule.id));
    let built = |rule: &&Rule| scope.has(rule) || cited(rule);
    for rule in rules.iter().filter(built) {
        let (row, filled) = cells(scope, rule, properties, kills);
        let columns = ["property", "engine", "fault that died"];
        for (column, _) in columns.into_iter().zip(filled).filter(|(_, full)| !full) {
            empty.push(EmptyCell { rule: rule.id.clone(), column });
        }
        rows.push(row);
    }
    let begun: Vec<_> = rules.iter().filter(built).map(Rule::family).collect();
    let named = |rule: &Rule| match begun.contains(&rule.family()) {
        true => rule.id.clone(),
        false => rule.family().to_owned(),
    };
    let mut later: Vec<_> = rules.iter().filter(|rule| !built(rule)).map(named).collect();
    later.dedup();
    if !later.is_empty() {
        rows.push([later.join(", "), "later".into(), "later".into(), "later".into()].map(|cell| vec![cell]));
    }
    (layout(&rows), empty)
}

/// One row, and which of its cells are filled.
fn cells(scope: Scope, rule: &Rule, properties: &[PropertyEntry], kills: &[Killed<'_>]) -> (Row, [bool; 3]) {
    let here = |entry: &&PropertyEntry| !scope.has(rule) || entry.package == scope.package;
    let citing = properties.iter().filter(|entry| entry.rules.contains(&rule.id));
    let checking: Vec<_> = citing.filter(here).collect();
    let names =
        checking.iter().map(|entry| entry.path.trim_start_matches("properties::").to_owned()).collect();
    let mut engines: Vec<_> = checking.iter().map(|entry| entry.engine.clone()).collect();
    engines.retain(|name| !name.is_empty());
    engines.sort_unstable();
    engines.dedup();
    if !scope.has(rule) {
        let mut packages: Vec<_> = checking.iter().map(|entry| place(&entry.package)).collect();
        packages.sort_unstable();
        packages.dedup();
        return ([vec![rule.id.clone()], names, engines, packages], [true; 3]);
    }
    let planted: Vec<_> = kills.iter().filter(|(_, broken, _)| broken.contains(&&*rule.id)).collect();
    let faults = planted.iter().map(|(id, _, kill)| match kill {
        Some(kill) => format!("{id} ({})", kill.cases),
        None => format!("{id} (survived)"),
    });
    let died = planted.iter().any(|(_, _, kill)| kill.is_some());
    let filled = [!checking.is_empty(), !engines.is_empty(), died];
    ([vec![rule.id.clone()], names, engines, faults.collect()], filled)
}

/// Where the faults of another package are shown: in the main job, or only when the whole workspace is tested.
fn place(package: &str) -> String {
    let workspace = entries(&sources::read("Cargo.toml"));
    let lean = workspace.iter().find(|entry| entry.section == "workspace" && entry.key == "default-members");
    match lean.is_some_and(|lean| lean.value.contains(&format!("\"{package}\""))) {
        true => format!("see {package}"),
        false => format!("see {package}, in --workspace"),
    }
}

/// Aligns all columns but the last.
fn layout(rows: &[Row]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().flat_map(|row| &row[column]);
        cells.map(|line| line.chars().count()).max().unwrap_or(0)
    };
    let (id, names, engines) = (width(0), width(1), width(2));
    let mut text = String::new();
    for row in rows {
        for line in 0..row.iter().map(Vec::len).max().unwrap_or(0) {
            let [first, second, third, fourth] =
                [0, 1, 2, 3].map(|column| row[column].get(line).map_or("", String::as_str));
            let laid = format!("{first:<id$} | {second:<names$} | {third:<engines$} | {fourth}");
            text.push_str(laid.trim_end());
            text.push('\n');
        }
    }
    text
}
