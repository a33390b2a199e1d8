//! The same with real clients, which the scripts of `interop/` install, start and stop: EthereumJS and Lodestar.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use alys_consensus_properties::interop::{self, Outcome, Setting, Told};

use super::{super::named, notes::at};
use crate::{
    case::{Pace, TestCase},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::Judge,
    result::Skip,
    stage::{DriveError, Driven, Stage},
};

/// A real client: the words of its script before it answers, what must be seen of it, and how that is played.
struct Real {
    script: &'static str,
    before: &'static [&'static str],
    url: fn() -> String,
    play: fn(&Setting, &mut Told<'_>) -> Outcome<()>,
}

const ETHEREUM_JS: Real =
    Real { script: "client", before: &["stop", "clean", "start"], url: interop::url, play: interop::play };

const LODESTAR: Real = Real {
    script: "beacon",
    before: &["stop", "start"],
    url: interop::beacon::url,
    play: interop::beacon::play,
};

pub(super) const CLIENT: TestCase = named::case(
    named::REAL,
    Pace::Real,
    |stage| Box::pin(played(stage, &ETHEREUM_JS)),
    |seen, judge| judge_played(seen, judge, "CL-2", &interop::SEEN),
);

pub(super) const NODE: TestCase = named::case(
    named::REAL_NODE,
    Pace::Real,
    |stage| Box::pin(played(stage, &LODESTAR)),
    |seen, judge| judge_played(seen, judge, "CL-1", &interop::beacon::SEEN),
);

/// A script, of the folder of the project that one is in, or else of the one that this was built from.
fn script(name: &str) -> PathBuf {
    let here = Path::new("interop").join(name);
    match here.exists() {
        true => here,
        false => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop").join(name),
    }
}

/// Runs a script with one word.
fn told(name: &str, word: &str) -> std::io::Result<Output> {
    Command::new(script(name)).arg(word).output()
}

/// What a program said, both channels, the last line of it.
fn last_words(output: &Output) -> String {
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    said.lines().last().unwrap_or("it says nothing").to_owned()
}

/// Installs what a test needs, unless it is there; Lodestar is large, and only looked for.
///
/// # Errors
///
/// Why there is none here, and the command that would install one.
pub(in super::super) fn install(test: &str) -> Result<(), Skip> {
    let (name, word) =
        if test == named::REAL_NODE.name { ("beacon", "check") } else { ("client", "install") };
    let missing = |why: String| Skip { required: false, reason: format!("{why} (interop/{name} install)") };
    let said = told(name, word).map_err(|error| missing(format!("{}: {error}", script(name).display())))?;
    match said.status.success() {
        true => Ok(()),
        false => Err(missing(last_words(&said))),
    }
}

/// Stops what a script has started, whatever comes of the test.
struct Stopped(&'static str);

impl Drop for Stopped {
    fn drop(&mut self) {
        // What cannot be stopped is told by whoever starts it next.
        let _ = told(self.0, "stop");
    }
}

async fn played(stage: Stage, real: &'static Real) -> Driven {
    let _stopped = Stopped(real.script);
    for word in real.before {
        let said = told(real.script, word).map_err(at("a script of a client"))?;
        if !said.status.success() {
            return Err(DriveError(format!("interop/{} {word}: {}", real.script, last_words(&said))));
        }
    }
    let setting = Setting { seconds: now()?, url: (real.url)(), script: script(real.script) };
    // Sockets have a runtime of their own, on a thread where there is none.
    let played = std::thread::spawn(move || {
        let mut seen = Vec::new();
        let outcome = (real.play)(&setting, &mut |what, holds| seen.push((what.to_owned(), holds)));
        (seen, outcome.map_err(|error| error.to_string()))
    });
    let (seen, outcome) = played.join().map_err(|panic| DriveError(crate::run::said(&*panic)))?;
    for (what, holds) in seen {
        stage.record(Observed, "client", [("what", what.into()), ("came", u64::from(holds).into())]);
    }
    outcome.map_err(at("a real client"))
}

/// The machine's time in seconds since the Unix epoch, as its `date` tells it: tokens must be of it.
fn now() -> Result<u64, DriveError> {
    let output = Command::new("date").arg("+%s").output().map_err(at("date"))?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(at("date"))
}

fn judge_played(seen: Evidence<'_>, judge: &mut Judge, rule: &str, expected: &[&str]) {
    judge.same(rule, "what was seen", expected, &seen.words(Observed, "client", "what"));
    judge.same(rule, "what holds", &vec![1; expected.len()], &seen.counts(Observed, "client", "came"));
}
