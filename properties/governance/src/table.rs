//! The table of docs/governance.md: what holds for which threshold and Byzantine share, tried out.

use std::fmt::Write as _;

use crate::real::coalitions::Coalition;

/// What stands above and below the table in the page.
pub const MARKS: [&str; 2] = ["<!-- table: begin -->\n", "<!-- table: end -->\n"];

/// How many members there are, each of weight 1.
const MEMBERS: usize = 12;

/// The thresholds.
const SHARES: [(u64, u64); 4] = [(1, 3), (1, 2), (2, 3), (3, 4)];

/// The quorum.
const QUORUM: u64 = 8;

/// Tries every attack for every row, and writes what came of it.
#[must_use]
pub fn table() -> String {
    let mut text = String::from(
        "| t | p | B | passing alone | blocking alone | two opposite certificates |\n|---|---|---|---|---|---|\n",
    );
    for (above, below) in SHARES {
        for byzantine in 0..=6 {
            let is: Vec<bool> = (0..MEMBERS).map(|member| member < byzantine).collect();
            let coalition = Coalition::new(&[1; MEMBERS], &is, (above, below), QUORUM);
            let attack = |way: Option<&str>| way.map_or("impossible".to_owned(), |way| format!("**{way}**"));
            let (passes, blocks) = (attack(coalition.passes()), attack(coalition.blocks()));
            let opposite = attack(sides(&coalition, byzantine).as_deref());
            let passing = coalition.passing;
            let _ = writeln!(
                text,
                "| {above}/{below} | {passing} | {byzantine} | {passes} | {blocks} | {opposite} |"
            );
        }
    }
    text
}

/// How the honest members must be divided for two certificates: members of one weight are told apart by nothing, so how
/// many there are on one side is all that matters.
fn sides(coalition: &Coalition, byzantine: usize) -> Option<String> {
    let honest = MEMBERS - byzantine;
    (0..=honest / 2).find_map(|one| {
        let side: Vec<bool> = (0..MEMBERS).map(|at| (byzantine..byzantine + one).contains(&at)).collect();
        coalition.certifies(&side).then(|| format!("they sign both, the others {one} and {}", honest - one))
    })
}
