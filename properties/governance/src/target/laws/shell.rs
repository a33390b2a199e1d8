//! The actor around the engine, on a paused runtime.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix::{Actor, Addr, Context, Handler};
use alys_actor::TokioClock;
use alys_actor::mailbox::{Clock, Sleep, Time};
use alys_engines::violation::check_eq;
use alys_models::governance::{ModelChoice, ModelDraft, ModelKey, ModelProposal};

use super::super::alys::certificate::{Certificate, NoCertificate};
use super::super::alys::engine::{Effect, Event, Governance, Settings};
use super::super::alys::proposal::State;
use super::super::alys::scheme::Ideal;
use super::super::alys::shell::{Certify, GovernanceActor, Handle, Published};
use super::super::alys::tally::{Outcome, Tally};
use super::super::alys::vote::Vote;
use super::super::keys::IdealKeys;
use super::super::machine::draft;
use super::super::signing::{Signing, choice};
use crate::reference::Proof;

const RULE: &str = "GV-5";

/// What was published, and at which millisecond.
type Heard = Arc<Mutex<Vec<(u128, Vec<Effect>)>>>;

struct Listener {
    heard: Heard,
    since: tokio::time::Instant,
}

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Published> for Listener {
    type Result = ();

    fn handle(&mut self, Published(effects): Published, _: &mut Context<Self>) {
        let at = self.since.elapsed().as_millis();
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push((at, effects));
    }
}

/// One member of weight 1, and proposals as they are submitted.
struct Stage {
    signing: Signing<IdealKeys>,
    engine: Governance<Ideal>,
}

impl Stage {
    fn new() -> Self {
        let mut signing = Signing::<IdealKeys>::new(1);
        let settings = Settings { chain_id: 1, ..Settings::default() };
        let mut engine = Governance::new(settings, signing.scheme.clone());
        let application = signing.application(ModelKey::Of(0), Proof::Own, 1);
        drop(engine.handle(Event::Admit(application), 0));
        Stage { signing, engine }
    }

    fn proposal(&mut self, opens: u64, closes: u64) -> Event {
        let planned = ModelDraft { payload: 0, tag: 0, threshold: (2, 3), quorum: 1, opens, closes };
        let (votes, late, executed) = (Vec::new(), Vec::new(), false);
        let members = vec![(0, 0, 1)];
        self.signing.submitted(&ModelProposal { draft: planned, members, votes, late, executed });
        Event::Submit(draft(&planned))
    }

    fn vote(&self, proposal: u64) -> Event {
        let signature = self.signing.sound(0, proposal, ModelChoice::Approve);
        let choice = choice(ModelChoice::Approve);
        Event::Vote(Vote { proposal, member: 0, choice, signature })
    }
}

/// Tokio's clock, and how often somebody has waited for it.
struct Counting {
    clock: TokioClock,
    waited: Arc<AtomicUsize>,
}

impl Clock for Counting {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        self.waited.fetch_add(1, Ordering::Relaxed);
        self.clock.sleep_until(at)
    }
}

/// Runs a play with the actor on a paused runtime of its own, and returns what was heard; the actor may wait so often.
fn played<F: AsyncFn(Addr<GovernanceActor<Ideal>>)>(
    engine: Governance<Ideal>,
    waits: usize,
    play: F,
) -> Vec<(u128, Vec<Effect>)> {
    let waited = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime needs nothing");
    let heard = Heard::default();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let since = tokio::time::Instant::now();
        let clock = Counting { clock: TokioClock::new(), waited: Arc::clone(&waited) };
        let listener = Listener { heard: Arc::clone(&heard), since }.start();
        let actor = GovernanceActor::new(engine, Arc::new(clock), listener.recipient());
        play(actor.start()).await;
    });
    drop(local);
    check_eq(RULE, "how often the actor waits for something", &waits, &waited.load(Ordering::Relaxed));
    std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn told(actor: &Addr<GovernanceActor<Ideal>>, event: Event) -> Vec<Effect> {
    actor.send(Handle(event)).await.expect("the actor runs")
}

fn after(millis: u64) -> tokio::time::Sleep {
    tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(millis))
}

const EXPIRED: Effect = Effect::Decided {
    proposal: 0,
    outcome: Outcome::Expired,
    tally: Tally { approve: 0, reject: 0, abstain: 0 },
};

/// Voting opens and closes to the millisecond, though nothing comes in; also of a proposal that comes later and is due
/// earlier, and of one that the engine came with.
pub(super) fn time() {
    let mut stage = Stage::new();
    let (first, second) = (stage.proposal(40, 90), stage.proposal(10, 20));
    let heard = played(stage.engine.clone(), 5, async |actor| {
        drop(told(&actor, first.clone()).await);
        after(5).await;
        drop(told(&actor, second.clone()).await);
        after(200).await;
    });
    let times: Vec<_> = heard.iter().map(|(at, effects)| (*at, effects.len())).collect();
    check_eq(
        RULE,
        "when something happens",
        &vec![(0, 1), (5, 1), (10, 1), (20, 1), (40, 1), (90, 1)],
        &times,
    );
    check_eq(
        RULE,
        "what happens in the end",
        &Some(&vec![EXPIRED]),
        &heard.last().map(|(_, effects)| effects),
    );
    let mut late = Stage::new();
    let event = late.proposal(0, 30);
    drop(late.engine.handle(event, 0));
    let heard = played(late.engine, 1, async |_| after(100).await);
    check_eq(RULE, "what an engine comes with", &vec![(30, vec![EXPIRED])], &heard);
    // Ticks that change nothing are not published, and set no new timer.
    let mut quiet = Stage::new();
    let event = quiet.proposal(0, 30);
    let heard = played(quiet.engine, 1, async |actor| {
        drop(told(&actor, event.clone()).await);
        drop(told(&actor, Event::Tick).await);
        after(29).await;
        drop(told(&actor, Event::Tick).await);
        after(5).await;
    });
    let times: Vec<_> = heard.iter().map(|(at, effects)| (*at, effects.len())).collect();
    check_eq(RULE, "what is heard of ticks that change nothing", &vec![(0, 2), (30, 1)], &times);
}

/// Whoever sends an event gets what came of it, and so does who listens; certificates are of what is due by then.
pub(super) fn answers() {
    let mut stage = Stage::new();
    let event = stage.proposal(0, 50);
    let vote = stage.vote(0);
    let signed = stage.signing.sound(0, 0, ModelChoice::Approve);
    let heard = played(stage.engine.clone(), 1, async |actor| {
        let submitted = told(&actor, event.clone()).await;
        check_eq(RULE, "how much comes of a proposal", &2, &submitted.len());
        let approve = choice(ModelChoice::Approve);
        let counted = Effect::Counted { proposal: 0, member: 0, choice: approve };
        check_eq(RULE, "what comes of a vote", &vec![counted], &told(&actor, vote.clone()).await);
        let certify = |proposal| actor.send(Certify { proposal, choice: approve });
        let undecided = NoCertificate::Undecided { state: State::Active };
        let early = certify(0).await.expect("the actor runs");
        check_eq(RULE, "a certificate before the end", &Some(Err(undecided)), &early);
        check_eq(RULE, "one of nothing", &None, &certify(1).await.expect("the actor runs"));
        after(50).await;
        let made = certify(0).await.expect("the actor runs");
        let certificate = Certificate { proposal: 0, choice: approve, signers: vec![0], signature: signed };
        check_eq(RULE, "a certificate at the end", &Some(Ok(certificate)), &made);
    });
    let tally = Tally { approve: 1, ..Tally::default() };
    let decided = Effect::Decided { proposal: 0, outcome: Outcome::Approved, tally };
    let count = heard.iter().filter(|(_, effects)| effects.contains(&decided)).count();
    check_eq(RULE, "how often it is decided", &1, &count);
    let kinds: Vec<usize> = heard.iter().map(|(_, effects)| effects.len()).collect();
    check_eq(RULE, "what is heard", &vec![2, 1, 1], &kinds);
}
