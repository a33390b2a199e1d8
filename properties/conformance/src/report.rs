//! What is said of one implementation.

use std::{fmt, process::ExitCode};

use alys_properties::sequential::announce;

use crate::{clause::Clause, court::Verdict};

/// The verdicts on one implementation.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it is called.
    pub name: String,
    /// Every clause with its verdict, in the order of the rules.
    pub verdicts: Vec<(&'static Clause, Verdict)>,
}

impl Report {
    /// Whether some rule applies.
    #[must_use]
    pub fn some_rule_applies(&self) -> bool {
        self.verdicts.iter().any(|(_, verdict)| verdict.applies())
    }

    /// Whether some rule applies and all that apply hold.
    #[must_use]
    pub fn all_hold(&self) -> bool {
        self.some_rule_applies()
            && self.verdicts.iter().all(|(_, verdict)| verdict.holds() || !verdict.applies())
    }

    /// The rules that are broken, each once.
    #[must_use]
    pub fn broken_rules(&self) -> Vec<&'static str> {
        let broken = |(clause, verdict): &(&'static Clause, Verdict)| {
            matches!(verdict, Verdict::Broken(_)).then_some(clause.rule)
        };
        let mut rules: Vec<_> = self.verdicts.iter().filter_map(broken).collect();
        rules.dedup();
        rules
    }

    /// 0 when all rules that apply hold; 1 when one does not, or none applies.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        if self.all_hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Prints the report and gives its exit code, for the `main` of a program.
    #[must_use]
    pub fn print(&self) -> ExitCode {
        announce(&self.to_string());
        self.exit_code()
    }

    /// The verdict on the clause of this name.
    #[must_use]
    pub fn verdict(&self, name: &str) -> Option<&Verdict> {
        self.verdicts.iter().find(|(clause, _)| clause.name == name).map(|(_, verdict)| verdict)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        for (clause, verdict) in &self.verdicts {
            writeln!(f, "{}: {}", clause.name, verdict.to_string().trim_end())?;
        }
        if !self.some_rule_applies() {
            return writeln!(f, "no rule applies");
        }
        match self.broken_rules()[..] {
            [] if self.all_hold() => writeln!(f, "every rule that applies holds"),
            [] => writeln!(f, "no rule is broken, and some could not be judged"),
            ref rules => writeln!(f, "broken: {}", rules.join(", ")),
        }
    }
}
