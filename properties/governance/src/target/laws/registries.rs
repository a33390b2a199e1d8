//! Registries, and the weight of votes.

use alys_engines::violation::check_eq;
use alys_models::governance::{ModelChoice, ModelDraft, ModelKey, ModelProposal, bytes};

use super::super::alys::engine::{Event, Governance, Settings};
use super::super::alys::registry::{Refusal, Registry};
use super::super::alys::tally::Tally;
use super::super::alys::vote::Vote;
use super::super::keys::IdealKeys;
use super::super::machine::draft;
use super::super::signing::{Signing, choice};
use crate::reference::Proof;

pub(super) fn members() {
    let mut signing = Signing::<IdealKeys>::new(1);
    let (mut registry, mut expected) = (Registry::default(), Vec::new());
    check_eq("GV-2", "the root of nobody", &bytes::registry(&[]), &registry.root().0);
    for (number, (owner, weight)) in [(4, 3), (2, 1), (9, 100), (3, 3)].into_iter().enumerate() {
        let application = signing.application(ModelKey::Of(owner), Proof::Own, weight);
        let admitted = registry.admit(&signing.scheme, &application);
        check_eq("GV-2", "the number of a member", &Ok(number as u64), &admitted);
        expected.push((number as u64, signing.key(owner), weight));
        check_eq("GV-2", "what stands for a registry", &bytes::registry(&expected), &registry.root().0);
    }
    let removed = registry.remove(1).map(|member| (member.stated.0, member.weight));
    check_eq("GV-2", "who leaves", &Some((signing.key(2), 1)), &removed);
    check_eq("GV-2", "who has left", &None, &registry.remove(1).map(|member| member.weight));
    expected.remove(1);
    check_eq("GV-2", "what stands for the rest", &bytes::registry(&expected), &registry.root().0);
    check_eq("GV-2", "the weight of the rest", &106, &registry.total());
    let numbers: Vec<u64> = registry.members().map(|(number, _)| number).collect();
    check_eq("GV-2", "the numbers of the rest", &vec![0, 2, 3], &numbers);
    // A key that is free again gets a new number; refusals take none.
    let light = signing.application(ModelKey::Of(2), Proof::Own, 0);
    check_eq("GV-2", "no weight", &Err(Refusal::NoWeight), &registry.admit(&signing.scheme, &light));
    let heavy = signing.application(ModelKey::Of(2), Proof::Own, u64::MAX - 105);
    let refusal = Refusal::TooHeavy { weight: u64::MAX - 105, total: 106 };
    check_eq("GV-2", "one too heavy", &Err(refusal), &registry.admit(&signing.scheme, &heavy));
    let again = signing.application(ModelKey::Of(2), Proof::Own, u64::MAX - 106);
    check_eq("GV-2", "the number of who comes back", &Ok(4), &registry.admit(&signing.scheme, &again));
    check_eq("GV-2", "the heaviest registry", &u64::MAX, &registry.total());
}

/// Whoever leaves keeps the vote on what was submitted before; who comes back with another weight does not change it.
pub(super) fn weights() {
    let mut signing = Signing::<IdealKeys>::new(1);
    let settings = Settings { chain_id: 1, ..Settings::default() };
    let mut engine = Governance::new(settings, signing.scheme.clone());
    for (owner, weight) in [(0, 5), (1, 7)] {
        let application = signing.application(ModelKey::Of(owner), Proof::Own, weight);
        drop(engine.handle(Event::Admit(application), 0));
    }
    let planned = ModelDraft { payload: 0, tag: 0, threshold: (1, 2), quorum: 0, opens: 0, closes: 9 };
    let members = vec![(0, 0, 5), (1, 1, 7)];
    let (votes, late, executed) = (Vec::new(), Vec::new(), false);
    signing.submitted(&ModelProposal { draft: planned, members, votes, late, executed });
    drop(engine.handle(Event::Submit(draft(&planned)), 0));
    drop(engine.handle(Event::Remove(0), 1));
    let heavier = signing.application(ModelKey::Of(0), Proof::Own, 50);
    drop(engine.handle(Event::Admit(heavier), 1));
    for (member, owner) in [(0, 0), (2, 0)] {
        let signature = signing.sound(owner, 0, ModelChoice::Approve);
        let vote = Vote { proposal: 0, member, choice: choice(ModelChoice::Approve), signature };
        drop(engine.handle(Event::Vote(vote), 2));
    }
    let tally = engine.proposal(0).map(|proposal| proposal.ballots().tally());
    check_eq("GV-2", "what the vote weighs", &Some(Tally { approve: 5, ..Tally::default() }), &tally);
    check_eq("GV-2", "the weight of all now", &57, &engine.registry().total());
}
