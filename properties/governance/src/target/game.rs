//! Four members, one of them Byzantine, with ideal signatures: everything that can be said, in every order, closed at every
//! moment.
//!
//! Honest members vote for one thing or for nothing. The Byzantine one signs any set of choices, votes in the names of
//! others, and brings votes of another proposal. What a node makes of it is compared with what the bytes that it got come
//! to by the definition; nothing here tells a node, or the definition, who is Byzantine.

use std::collections::BTreeMap;
use std::fmt;

use alys_models::governance::{ModelChoice, ModelDraft, ModelProposal, bytes};

use super::alys::certificate::Certificate;
use super::alys::engine::{Effect, Event, Governance, Settings, VoteRefusal};
use super::alys::message::Choice;
use super::alys::scheme::{Ideal, Scheme};
use super::alys::tally::{Outcome, Tally};
use super::alys::vote::Vote;
use super::expected;
use super::keys::{IdealKeys, Keyring};
use super::machine::draft;
use super::signing::{Signing, choice};
use crate::reference::{How, Proof};
use alys_models::governance::ModelKey;

/// How many members there are; the last is the Byzantine one.
const MEMBERS: u64 = 4;

/// When voting closes.
const CLOSES: u64 = 9;

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    /// What members have signed: combinations.
    pub worlds: u64,
    /// Sequences of deliveries.
    pub sequences: u64,
    /// Outcomes, by their names.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Sets of deliveries that give a certificate.
    pub certificates: u64,
    /// Sets of deliveries that show an equivocation.
    pub equivocations: u64,
}

/// What broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub rule: &'static str,
    /// What was signed, and what was seen.
    pub message: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.message)
    }
}

fn broken<T>(rule: &'static str, message: String) -> Result<T, Broken> {
    Err(Broken { rule, message })
}

/// A table: the engine before any vote, and who signs.
struct Table {
    engine: Governance<Ideal>,
    signing: Signing<IdealKeys>,
    proposal: ModelProposal,
}

/// What was signed, as it is delivered.
type Signed = (u64, ModelChoice, Vote);

impl Table {
    fn new(weights: [u64; 4], threshold: (u64, u64), quorum: u64) -> Self {
        let mut signing = Signing::<IdealKeys>::new(7);
        let settings = Settings { chain_id: 7, ..Settings::default() };
        let mut engine = Governance::new(settings, signing.scheme.clone());
        for (owner, weight) in (0..).zip(weights) {
            let application = signing.application(ModelKey::Of(owner), Proof::Own, weight);
            drop(engine.handle(Event::Admit(application), 0));
        }
        let planned = ModelDraft { payload: 1, tag: 1, threshold, quorum, opens: 0, closes: CLOSES };
        let members = (0..MEMBERS).zip(weights).map(|(one, weight)| (one, one, weight)).collect();
        let (votes, late, executed) = (Vec::new(), Vec::new(), false);
        let proposal = ModelProposal { draft: planned, members, votes, late, executed };
        signing.submitted(&proposal);
        drop(engine.handle(Event::Submit(draft(&planned)), 0));
        Table { engine, signing, proposal }
    }

    fn vote(&self, member: u64, voted: ModelChoice) -> Vote {
        let signature = self.signing.sound(member, 0, voted);
        Vote { proposal: 0, member, choice: choice(voted), signature }
    }

    /// What the last member can make of others' names and of another proposal.
    fn forged(&self, member: u64, voted: ModelChoice) -> [Vote; 2] {
        let own = self.signing.sound(MEMBERS - 1, 0, voted);
        let content = self.signing.content(0);
        let replayed =
            self.signing.scheme.sign(&IdealKeys::secret(member), &bytes::message(7, 1, &content, voted));
        [own, replayed].map(|signature| Vote { proposal: 0, member, choice: choice(voted), signature })
    }
}

/// Plays everything.
///
/// # Errors
///
/// The first thing that is not as the rules say.
pub fn play(weights: [u64; 4], threshold: (u64, u64), quorum: u64) -> Result<Played, Broken> {
    let table = Table::new(weights, threshold, quorum);
    let mut played = Played::default();
    forgeries(&table)?;
    for honest in 0..4_u32.pow(3) {
        for byzantine in 0..8_u32 {
            let mut signed: Vec<Signed> = Vec::new();
            for member in 0..3 {
                // 3 is silence.
                if let Some(voted) = ModelChoice::ALL.get((honest / 4_u32.pow(member) % 4) as usize) {
                    let member = u64::from(member);
                    signed.push((member, *voted, table.vote(member, *voted)));
                }
            }
            for voted in ModelChoice::ALL {
                if byzantine >> voted as u32 & 1 == 1 {
                    signed.push((MEMBERS - 1, voted, table.vote(MEMBERS - 1, voted)));
                }
            }
            world(&table, &signed, &mut played)?;
        }
    }
    Ok(played)
}

/// No vote counts that the member has not signed for this proposal.
fn forgeries(table: &Table) -> Result<(), Broken> {
    let mut engine = table.engine.clone();
    for member in 0..MEMBERS - 1 {
        for voted in ModelChoice::ALL {
            for vote in table.forged(member, voted) {
                let refusal = VoteRefusal::BadSignature;
                let refused = vec![Effect::NotCounted { proposal: 0, member, refusal }];
                let effects = engine.handle(Event::Vote(vote), 1);
                if effects != refused {
                    return broken("GV-1", format!("a vote that was not signed comes to {effects:?}"));
                }
            }
        }
    }
    Ok(())
}

/// One combination of what was signed: all orders, and then what two nodes can hold of it.
fn world(table: &Table, signed: &[Signed], played: &mut Played) -> Result<(), Broken> {
    played.worlds += 1;
    let mut by_set: BTreeMap<u32, (Tally, Outcome)> = BTreeMap::new();
    deliver(table, &table.engine, signed, 0, &mut by_set, played)?;
    if by_set.len() != 1 << signed.len() {
        return broken("GV-4", format!("{} of the sets of {signed:?} were closed", by_set.len()));
    }
    let mut certified = [false; 2];
    for set in 0..1_u32 << signed.len() {
        let mut engine = table.engine.clone();
        let chosen: Vec<Vote> =
            (0..).zip(signed).filter(|(place, _)| set >> place & 1 == 1).map(|(_, one)| one.2).collect();
        drop(engine.handle(Event::Votes(chosen), 1));
        drop(engine.handle(Event::Tick, CLOSES));
        for (side, voted) in certified.iter_mut().zip([Choice::Approve, Choice::Reject]) {
            let Some(Ok(certificate)) = engine.certificate(0, voted) else { continue };
            proves(table, &certificate)?;
            played.certificates += 1;
            *side = true;
        }
    }
    for (side, voted) in certified.iter_mut().zip([ModelChoice::Approve, ModelChoice::Reject]) {
        *side |= collected(table, signed, voted);
    }
    if certified == [true; 2] {
        return broken("GV-6", format!("there are certificates for opposite choices, from {signed:?}"));
    }
    Ok(())
}

/// A certificate of a node must convince others.
fn proves(table: &Table, certificate: &Certificate) -> Result<(), Broken> {
    let Some(proposal) = table.engine.proposal(0) else {
        return broken("GV-5", "the proposal is not there".to_owned());
    };
    match certificate.verify(&table.signing.scheme, proposal) {
        Ok(weight) if weight >= table.proposal.passing() => Ok(()),
        other => broken("GV-5", format!("the certificate {certificate:?} proves {other:?}")),
    }
}

/// Whether all signatures for a choice that there are, equivocations included, convince others.
fn collected(table: &Table, signed: &[Signed], voted: ModelChoice) -> bool {
    let for_it = || signed.iter().filter(|(_, for_what, _)| *for_what == voted);
    let signers = for_it().map(|(member, ..)| *member).collect();
    let signatures: Vec<_> = for_it().map(|(.., vote)| vote.signature).collect();
    let Some(signature) = table.signing.scheme.aggregate(&signatures) else { return false };
    let certificate = Certificate { proposal: 0, choice: choice(voted), signers, signature };
    table.engine.proposal(0).is_some_and(|one| certificate.verify(&table.signing.scheme, one).is_ok())
}

/// Delivers what is left in every order; at each point voting may close.
fn deliver(
    table: &Table,
    engine: &Governance<Ideal>,
    signed: &[Signed],
    set: u32,
    by_set: &mut BTreeMap<u32, (Tally, Outcome)>,
    played: &mut Played,
) -> Result<(), Broken> {
    played.sequences += 1;
    let came = closed(table, engine, signed, set, played)?;
    if *by_set.entry(set).or_insert(came) != came {
        return broken("GV-4", format!("{signed:?} in another order comes to {came:?}"));
    }
    for place in (0..signed.len()).filter(|place| set >> place & 1 == 0) {
        let mut next = engine.clone();
        let (member, voted, vote) = signed[place];
        let effects = next.handle(Event::Vote(vote), 1);
        let again = next.handle(Event::Vote(vote), 1);
        let known = Effect::Known { proposal: 0, member, choice: choice(voted) };
        if again != vec![known] {
            return broken("GV-3", format!("after {effects:?}, the same vote comes to {again:?}"));
        }
        deliver(table, &next, signed, set | 1 << place, by_set, played)?;
    }
    Ok(())
}

/// Closes voting, lets the rest come late, and holds the outcome to what the received votes come to.
fn closed(
    table: &Table,
    engine: &Governance<Ideal>,
    signed: &[Signed],
    set: u32,
    played: &mut Played,
) -> Result<(Tally, Outcome), Broken> {
    let mut engine = engine.clone();
    let received = |place: &usize| set >> place & 1 == 1;
    let mut proposal = table.proposal.clone();
    proposal.votes = (0..signed.len()).filter(received).map(|at| (signed[at].0, signed[at].1)).collect();
    let effects = engine.handle(Event::Tick, CLOSES);
    let (outcome, tally) = (expected::outcome(proposal.outcome()), expected::tally(proposal.tally()));
    if effects != vec![Effect::Decided { proposal: 0, outcome, tally }] {
        return broken("GV-5", format!("{:?} come to {effects:?}, not {outcome:?}", proposal.votes));
    }
    let state = engine.proposal(0).map(|one| one.state());
    for place in (0..signed.len()).filter(|place| !received(place)) {
        let (member, voted, vote) = signed[place];
        let late = vec![Effect::Late { proposal: 0, member, choice: choice(voted) }];
        let effects = engine.handle(Event::Vote(vote), CLOSES);
        if effects != late {
            return broken("GV-5", format!("a vote after closing comes to {effects:?}"));
        }
    }
    let after = engine.proposal(0).map(|one| (one.state(), one.ballots().tally()));
    if after != state.map(|state| (state, tally)) {
        return broken("GV-5", format!("late votes changed {state:?} to {after:?}"));
    }
    *played.outcomes.entry(outcome).or_default() += 1;
    played.equivocations += u64::from(proposal.choices(MEMBERS - 1).len() > 1);
    Ok((tally, outcome))
}

/// The same votes in one batch, and in every batch of two parts, come to the same as one by one.
///
/// # Errors
///
/// The first batch that does not.
pub fn batches() -> Result<u64, Broken> {
    let (table, mut tried) = (Table::new([1, 2, 3, 1], (1, 2), 3), 0);
    let soundness = [How::Well, How::Nothing];
    let mut votes = Vec::new();
    for (member, voted) in [(0, 0), (1, 0), (1, 1), (2, 2), (3, 0), (0, 0)] {
        votes.push(table.vote(member, ModelChoice::ALL[voted]));
    }
    for wrong in 0..1_u32 << votes.len() {
        let sent: Vec<Vote> = (0..)
            .zip(&votes)
            .map(|(place, vote)| match soundness[(wrong >> place & 1) as usize] {
                How::Well => *vote,
                _ => Vote { signature: votes[1].signature, member: 2, ..*vote },
            })
            .collect();
        // In time, and late.
        for at in [1, CLOSES] {
            let mut single = table.engine.clone();
            let one_by_one: Vec<Effect> =
                sent.iter().flat_map(|vote| single.handle(Event::Vote(*vote), at)).collect();
            for cut in 0..=sent.len() {
                let mut engine = table.engine.clone();
                let (first, second) = sent.split_at(cut);
                let mut effects = engine.handle(Event::Votes(first.to_vec()), at);
                effects.extend(engine.handle(Event::Votes(second.to_vec()), at));
                if effects != one_by_one {
                    return broken("GV-4", format!("{effects:?} in a batch is {one_by_one:?} one by one"));
                }
                tried += 1;
            }
        }
    }
    Ok(tried)
}
