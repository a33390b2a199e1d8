//! Plays scenarios on both networks, and writes down how each has ended.

use std::sync::Arc;

use alys_properties::measure::Stopwatch;

use super::{
    ground::Ground,
    libp2p::OnLibp2p,
    play::{Play, begins, truth},
    scenario::{Goal, Scenario},
    simulated::OnLines,
};
use crate::{
    event::TestEventType::{FailureInjected, MessageReceived, NetworkEvent, Observed},
    judge::Quantity,
    stage::{Driven, Stage},
};

/// What the two networks are called in the record.
pub(super) const GROUNDS: [&str; 2] = ["simulated", "libp2p"];

/// Who saw something of a scenario on a network.
pub(super) fn of(scenario: &Scenario, ground: &str, who: impl std::fmt::Display) -> String {
    format!("{} ({ground}): {who}", scenario.name)
}

/// Plays each scenario on both networks.
pub(super) async fn all(stage: Stage, scenarios: &'static [Scenario]) -> Driven {
    for scenario in scenarios {
        let chain = Arc::new(truth(scenario, stage.seed())?);
        let begin = begins(&chain)?;
        let lines = Play::new(OnLines::new(stage.seed(), begin), Arc::clone(&chain), scenario)?;
        one(&stage, scenario, GROUNDS[0], lines).await?;
        let real = Play::new(OnLibp2p::new(stage.seed(), begin)?, chain, scenario)?;
        one(&stage, scenario, GROUNDS[1], real).await?;
    }
    Ok(())
}

async fn one<G: Ground>(stage: &Stage, scenario: &Scenario, ground: &str, mut play: Play<G>) -> Driven {
    let watch = Stopwatch::start();
    let played = play.play(scenario.steps).await;
    let measured = |what: &str, value: f64| stage.measured(&of(scenario, ground, what), value);
    measured("seconds", watch.elapsed().as_secs_f64());
    let harm = play.ground().harm();
    for (what, count) in [("lost", harm.lost), ("cut off", harm.cut), ("delayed", harm.delayed)] {
        measured(what, count as f64);
    }
    write_down(stage, scenario, ground, &play);
    played
}

/// Lists as words; a list that is empty is a dash.
fn listed(numbers: &[u64]) -> Quantity {
    let words: Vec<_> = numbers.iter().map(u64::to_string).collect();
    if words.is_empty() { "-".into() } else { words.join(" ").into() }
}

/// Writes down what no schedule changes: real sockets are under way.
fn write_down<G: Ground>(stage: &Stage, scenario: &Scenario, ground: &str, play: &Play<G>) {
    let of = |who: &str| of(scenario, ground, who);
    for (goal, held) in &play.goals {
        let kind = if matches!(goal, Goal::Harmed(_)) { FailureInjected } else { NetworkEvent };
        stage.record(kind, &of(goal.name()), [("held", u64::from(*held).into())]);
    }
    let broken = play.seen.broken;
    stage.record(
        MessageReceived,
        &of("messages"),
        [
            ("duplicates", broken.duplicates.into()),
            ("forged", broken.forged.into()),
            ("strangers", broken.strangers.into()),
            ("malformed", broken.malformed.into()),
            ("crossings", broken.crossings.into()),
        ],
    );
    let (height, root) = play.tip();
    stage.record(Observed, &of("chain"), [("height", height.into()), ("root", root.into())]);
    for end in play.ends() {
        stage.record(
            Observed,
            &of(&format!("node {}", end.node)),
            [
                ("height", end.height.into()),
                ("root", end.root.into()),
                ("finalised", end.finalised.into()),
                ("says", end.says.into()),
                ("connected", listed(&end.connected)),
                ("due", listed(&end.due)),
                ("heard", listed(&end.heard)),
            ],
        );
    }
}
