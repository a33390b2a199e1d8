//! The published implementations side by side, as `docs/conformance.md` shows them.

use std::fmt::Write as _;

use alys_properties::sources;

use crate::{
    adapters::{
        ActixMailbox, ActixSupervisor, AlysMailbox, AlysNode, AlysStoreInMemory, AlysStoreOnDisk,
        AlysSupervisor, AlysSync, AlysTracker, AsyncChannel, AsyncPriorityChannel, BdkLocalChain, Crossbeam,
        Flume, PriorityQueueMailbox, TokioBounded, TokioUnbounded,
    },
    chain::{chain_clauses, judge_chain_store},
    clause::{Clause, mailbox_clauses},
    court::Verdict,
    mailbox::judge_mailbox,
    promises::{self, Promise, Stance},
    report::Report,
    supervisor::{judge_supervisor, supervisor_clauses},
    sync::{judge_sync, sync_clauses},
    tracker::{judge_tracker, tracker_clauses},
};

/// A published implementation.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// The package that it comes from.
    pub package: &'static str,
    /// The head of its column.
    pub column: &'static str,
    judge: fn() -> Report,
}

/// The published mailboxes, ours first.
pub const MAILBOXES: [Published; 9] = [
    Published { package: "alys-actor", column: "alys", judge: judge_mailbox::<AlysMailbox> },
    Published { package: "actix", column: "actix", judge: judge_mailbox::<ActixMailbox> },
    Published { package: "tokio", column: "tokio bounded", judge: judge_mailbox::<TokioBounded> },
    Published { package: "tokio", column: "tokio unbounded", judge: judge_mailbox::<TokioUnbounded> },
    Published { package: "flume", column: "flume", judge: judge_mailbox::<Flume> },
    Published { package: "async-channel", column: "async-channel", judge: judge_mailbox::<AsyncChannel> },
    Published { package: "crossbeam-channel", column: "crossbeam", judge: judge_mailbox::<Crossbeam> },
    Published {
        package: "async-priority-channel",
        column: "async-priority",
        judge: judge_mailbox::<AsyncPriorityChannel>,
    },
    Published {
        package: "priority-queue",
        column: "priority-queue",
        judge: judge_mailbox::<PriorityQueueMailbox>,
    },
];

/// The published supervisors, ours first.
pub const SUPERVISORS: [Published; 2] = [
    Published {
        package: "alys-actor",
        column: "alys supervision",
        judge: judge_supervisor::<AlysSupervisor>,
    },
    Published { package: "actix", column: "actix::Supervisor", judge: judge_supervisor::<ActixSupervisor> },
];

/// The published ordering trackers: ours; no other one was looked for.
pub const TRACKERS: [Published; 1] =
    [Published { package: "alys-actor", column: "alys tracker", judge: judge_tracker::<AlysTracker> }];

/// The published chain stores, ours first.
pub const CHAIN_STORES: [Published; 4] = [
    Published {
        package: "alys-chain",
        column: "alys store, in memory",
        judge: judge_chain_store::<AlysStoreInMemory>,
    },
    Published {
        package: "alys-chain",
        column: "alys store, on a disk",
        judge: judge_chain_store::<AlysStoreOnDisk>,
    },
    Published { package: "alys-chain", column: "alys node", judge: judge_chain_store::<AlysNode> },
    Published { package: "bdk_chain", column: "bdk LocalChain", judge: judge_chain_store::<BdkLocalChain> },
];

/// The published sync engines: ours. None was found on the crate registry beside it that could be driven: those that sync blocks do
/// so inside of a client, with its own network and clock.
pub const SYNC_ENGINES: [Published; 1] =
    [Published { package: "alys-sync", column: "alys sync", judge: judge_sync::<AlysSync> }];

/// The verdicts on every published implementation.
#[must_use]
pub fn reports() -> Vec<(Published, Report)> {
    let all = MAILBOXES.iter().chain(&SUPERVISORS).chain(&TRACKERS).chain(&CHAIN_STORES).chain(&SYNC_ENGINES);
    all.map(|published| (*published, (published.judge)())).collect()
}

/// The version of a package in the lock file of the project.
#[must_use]
pub fn version(package: &str) -> String {
    let lock = sources::read("Cargo.lock");
    let named = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != named);
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = "));
    version.unwrap_or("unknown").trim_matches('"').to_owned()
}

const HEAD: &str = "# Conformance of published implementations

This file is written by `cargo run --release -p alys-conformance -- --write docs/conformance.md`, and a test of the main job
checks that it says what the command gives.

The rules are ours (see [rules.md](rules.md)), and they ask for more than most channels promise. A *no* means that an
implementation does something else than the rule says, not that it has a defect; what it does may be what it documents, and
what is said about that stands beside each counterexample. How to read the steps stands in
[conformance-kit.md](conformance-kit.md).

*yes*: no case broke the clause, and its situation was met often enough. *no*: a case broke it. *masked*: another clause broke
first, too often for a verdict. *unmet*: its situation was not met often enough. *stopped*: a case ended by a panic that no clause
claims. *-*: the implementation does not offer what the clause is about. A verdict is about generated cases, not a proof.

Futures of mailboxes are polled by hand, one thread; blocking calls are not driven. Supervisors run on a paused runtime of one
thread. Sync engines are driven in virtual time. None was found on the crate registry beside ours that could be: those that sync
blocks do so inside of a client, with its own network and clock.
";

/// The text of `docs/conformance.md`.
#[must_use]
pub fn text(reports: &[(Published, Report)]) -> String {
    let mut text = HEAD.to_owned();
    write_versions(&mut text, reports);
    let (mailboxes, others) = reports.split_at(reports.len().min(MAILBOXES.len()));
    let (supervisors, others) = others.split_at(others.len().min(SUPERVISORS.len()));
    let (trackers, others) = others.split_at(others.len().min(TRACKERS.len()));
    let (chain_stores, sync_engines) = others.split_at(others.len().min(CHAIN_STORES.len()));
    let mailbox: Vec<_> = mailbox_clauses().into_iter().map(|clause| clause.clause).collect();
    let supervisor: Vec<_> = supervisor_clauses().into_iter().map(|clause| clause.clause).collect();
    let chain: Vec<_> = chain_clauses().into_iter().map(|clause| clause.clause).collect();
    let sync: Vec<_> = sync_clauses().into_iter().map(|clause| clause.clause).collect();
    write_table(&mut text, "Mailboxes", mailboxes, &mailbox);
    write_table(&mut text, "Supervisors", supervisors, &supervisor);
    write_table(&mut text, "Ordering trackers", trackers, &tracker_clauses());
    write_table(&mut text, "Chain stores", chain_stores, &chain);
    write_table(&mut text, "Sync engines", sync_engines, &sync);
    for (published, report) in reports {
        write_broken(&mut text, *published, report);
    }
    text
}

/// Adds a line; writing to a `String` does not fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{line}");
}

fn write_versions(text: &mut String, reports: &[(Published, Report)]) {
    line(text, "\n| column | implementation | version |\n|---|---|---|");
    for (published, report) in reports {
        let Published { package, column, .. } = published;
        line(text, &format!("| {column} | {} | `{package}` {} |", report.name, version(package)));
    }
}

fn write_table(text: &mut String, what: &str, reports: &[(Published, Report)], clauses: &[&Clause]) {
    line(text, &format!("\n## {what}"));
    let columns: Vec<_> = reports.iter().map(|(published, _)| published.column).collect();
    line(text, &format!("\n| rule | clause | {} |", columns.join(" | ")));
    line(text, &format!("|---|---|{}", "---|".repeat(columns.len())));
    for clause in clauses {
        let cells = reports.iter().filter_map(|(_, report)| report.verdict(clause.name));
        let cells: Vec<_> = cells.map(word).collect();
        line(text, &format!("| {} | {} | {} |", clause.rule, clause.claim, cells.join(" | ")));
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds { .. } => "yes",
        Verdict::Broken(_) => "**no**",
        Verdict::Masked { .. } => "masked",
        Verdict::NotReached { .. } => "unmet",
        Verdict::Stopped(_) => "stopped",
        Verdict::NotApplicable { .. } => "-",
    }
}

fn write_broken(text: &mut String, published: Published, report: &Report) {
    if report.verdicts.iter().all(|(_, verdict)| verdict.holds() || !verdict.applies()) {
        return;
    }
    line(text, &format!("\n## {}", report.name));
    for (clause, verdict) in &report.verdicts {
        match verdict {
            Verdict::Broken(found) => {
                line(text, &format!("\n{}: {}\n\n```text\n{found}```\n", clause.rule, clause.claim));
                let promise = promises::promise(published.column, clause.name);
                let said =
                    promise.map_or("No promise about it was found in its documentation.".to_owned(), say);
                line(text, &said);
            }
            Verdict::Masked { .. } | Verdict::NotReached { .. } => {
                line(text, &format!("\n{}: {} Not judged: {verdict}.", clause.rule, clause.claim));
            }
            Verdict::Stopped(found) => {
                line(
                    text,
                    &format!("\n{}: {}\n\nNot judged:\n\n```text\n{found}```", clause.rule, clause.claim),
                );
            }
            _ => {}
        }
    }
}

fn say(promise: Promise) -> String {
    let verb = match promise.stance {
        Stance::Says => "It documents this",
        Stance::SaysNearby => "Its documentation comes near",
        Stance::SaysOtherwise => "Its documentation says otherwise",
    };
    format!("{verb}: {} ({}).", promise.says, promise.place)
}
