//! What Byzantine weight can do: attacks on the real thing, which succeed exactly where GV-6 says.
//!
//! Everybody signs with a key of its own; the coalition has the keys of its members and no others. What comes of it is read
//! from the engine and from certificates, which know of no coalition.

use alys_engines::draw::SplitMix;
use alys_engines::violation::{check_eq, violated};
use alys_models::governance::{ModelChoice, ModelDraft, ModelKey, ModelProposal, shares};

use super::alys::certificate::Certificate;
use super::alys::engine::{Effect, Event, Governance, Settings};
use super::alys::scheme::{Ideal, Scheme};
use super::alys::tally::Outcome;
use super::alys::vote::Vote;
use super::keys::IdealKeys;
use super::machine::draft;
use super::signing::{Signing, choice};
use crate::reference::Proof;

/// When voting closes.
const CLOSES: u64 = 5;

/// Members, one proposal, and a coalition.
#[derive(Debug)]
pub struct Coalition {
    engine: Governance<Ideal>,
    signing: Signing<IdealKeys>,
    weights: Vec<u64>,
    /// Who is in it.
    byzantine: Vec<bool>,
    /// What passes.
    pub passing: u64,
    quorum: u64,
}

/// What somebody does: signs these, one after the other.
type Does = &'static [ModelChoice];

const APPROVE: Does = &[ModelChoice::Approve];
const REJECT: Does = &[ModelChoice::Reject];
const ABSTAIN: Does = &[ModelChoice::Abstain];
const SILENT: Does = &[];
const BOTH: Does = &[ModelChoice::Approve, ModelChoice::Reject];

impl Coalition {
    /// Members of these weights, of whom some are Byzantine, and a proposal.
    #[must_use]
    pub fn new(weights: &[u64], byzantine: &[bool], threshold: (u64, u64), quorum: u64) -> Self {
        let mut signing = Signing::<IdealKeys>::new(3);
        let settings = Settings { chain_id: 3, ..Settings::default() };
        let mut engine = Governance::new(settings, signing.scheme.clone());
        for (owner, weight) in (0..).zip(weights) {
            let application = signing.application(ModelKey::Of(owner), Proof::Own, *weight);
            drop(engine.handle(Event::Admit(application), 0));
        }
        let planned = ModelDraft { payload: 0, tag: 0, threshold, quorum, opens: 0, closes: CLOSES };
        let members = (0..).zip(weights).map(|(one, weight)| (one, one, *weight)).collect();
        let (votes, late, executed) = (Vec::new(), Vec::new(), false);
        signing.submitted(&ModelProposal { draft: planned, members, votes, late, executed });
        drop(engine.handle(Event::Submit(draft(&planned)), 0));
        let passing = engine.proposal(0).map_or(0, |one| one.passing());
        let (weights, byzantine) = (weights.to_vec(), byzantine.to_vec());
        Coalition { engine, signing, weights, byzantine, passing, quorum }
    }

    fn total(&self) -> u64 {
        self.weights.iter().sum()
    }

    fn weight(&self, byzantine: bool) -> u64 {
        let of = self.weights.iter().zip(&self.byzantine).filter(|(_, is)| **is == byzantine);
        of.map(|(weight, _)| weight).sum()
    }

    /// What comes of it when honest members do one thing and the others another; those also vote in the names of all.
    fn run(&self, honest: Does, byzantine: Does) -> Outcome {
        let mut engine = self.engine.clone();
        for (member, is_byzantine) in (0..).zip(&self.byzantine) {
            for voted in if *is_byzantine { byzantine } else { honest } {
                let signature = self.signing.sound(member, 0, *voted);
                let vote = Vote { proposal: 0, member, choice: choice(*voted), signature };
                drop(engine.handle(Event::Vote(vote), 1));
                if *is_byzantine {
                    let forged = (0..self.weights.len() as u64).map(|member| Vote { member, ..vote });
                    drop(engine.handle(Event::Votes(forged.collect()), 1));
                }
            }
        }
        match engine.handle(Event::Tick, CLOSES)[..] {
            [Effect::Decided { outcome, .. }] => outcome,
            ref effects => violated("GV-5", format!("closing comes to {effects:?}")),
        }
    }

    /// How the coalition passes what no honest member approves, if it does.
    #[must_use]
    pub fn passes(&self) -> Option<&'static str> {
        let ways =
            [("they approve, the others abstain", ABSTAIN), ("they approve, the others are silent", SILENT)];
        let passes = |honest| self.run(honest, APPROVE) == Outcome::Approved;
        ways.into_iter().find(|(_, honest)| passes(honest)).map(|(how, _)| how)
    }

    /// How the coalition keeps from passing what every honest member approves, if it does.
    #[must_use]
    pub fn blocks(&self) -> Option<&'static str> {
        let ways = [
            ("they are silent", SILENT),
            ("they reject", REJECT),
            ("they abstain", ABSTAIN),
            ("they sign both", BOTH),
        ];
        let passes = |byzantine| self.run(APPROVE, byzantine) == Outcome::Approved;
        ways.into_iter().find(|(_, byzantine)| !passes(byzantine)).map(|(how, _)| how)
    }

    /// Whether there are certificates for and against when the honest members in `side` approve and the others reject, and
    /// the coalition signs both.
    #[must_use]
    pub fn certifies(&self, side: &[bool]) -> bool {
        let certified = |voted: ModelChoice| {
            let in_it =
                |place: &usize| self.byzantine[*place] || side[*place] == (voted == ModelChoice::Approve);
            let signers: Vec<u64> = (0..self.weights.len()).filter(in_it).map(|place| place as u64).collect();
            let signatures: Vec<_> =
                signers.iter().map(|member| self.signing.sound(*member, 0, voted)).collect();
            let Some(signature) = self.signing.scheme.aggregate(&signatures) else { return false };
            let certificate = Certificate { proposal: 0, choice: choice(voted), signers, signature };
            let proposal = self.engine.proposal(0);
            proposal.is_some_and(|one| certificate.verify(&self.signing.scheme, one).is_ok())
        };
        certified(ModelChoice::Approve) && certified(ModelChoice::Reject)
    }

    /// A split of the honest members that gives certificates for and against, among all there are.
    #[must_use]
    pub fn splits(&self) -> Option<Vec<bool>> {
        let count = self.weights.len();
        let sides = (0..1_u32 << count).map(|bits| (0..count).map(|at| bits >> at & 1 == 1).collect());
        // The coalition is on both sides anyway.
        let plain = |side: &Vec<bool>| {
            side.iter().zip(&self.byzantine).all(|(in_it, byzantine)| !(*in_it && *byzantine))
        };
        sides.filter(plain).find(|side| self.certifies(side))
    }

    /// Holds all three to GV-6; splits are tried where there are few enough.
    ///
    /// # Panics
    ///
    /// Raises a violation where an attack succeeds that should not, or the other way round.
    pub fn hold(&self, above: u64, below: u64) {
        let (total, byzantine) = (self.total(), self.weight(true));
        let passing = shares::passing(total, above, below);
        check_eq("GV-6", "what passes", &passing, &self.passing);
        let told =
            format!("{:?} of {:?}, {above}/{below}, quorum {}", self.byzantine, self.weights, self.quorum);
        let passes = shares::passes_alone(byzantine, passing);
        check_eq("GV-6", &format!("whether they pass alone: {told}"), &passes, &self.passes().is_some());
        check_eq(
            "GV-6",
            &format!("whether they pass what is rejected: {told}"),
            &(passes && byzantine > self.weight(false)),
            &(self.run(REJECT, APPROVE) == Outcome::Approved),
        );
        let blocks = shares::blocks_alone(total, byzantine, passing, self.quorum);
        check_eq("GV-6", &format!("whether they block alone: {told}"), &blocks, &self.blocks().is_some());
        if self.weights.len() > 6 {
            return;
        }
        let honest: Vec<u64> =
            self.weights.iter().zip(&self.byzantine).filter(|(_, is)| !**is).map(|(one, _)| *one).collect();
        let expected = shares::two_certificates(&honest, byzantine, passing);
        let found = self.splits().is_some();
        check_eq("GV-6", &format!("whether there are opposite certificates: {told}"), &expected, &found);
        if found && 2 * passing > total + byzantine {
            violated("GV-6", format!("opposite certificates where 2p - W > B: {told}"));
        }
    }
}

/// Thresholds over the whole range.
const SHARES: [(u64, u64); 11] = [
    (0, 1),
    (1, 10),
    (1, 4),
    (1, 3),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (9, 10),
    (99, 100),
    (u64::MAX - 1, u64::MAX),
];

/// Every coalition of small registries, and drawn ones of 7 to 15 members with weights of 1 to 100.
///
/// # Panics
///
/// Raises a violation where GV-6 does not hold.
pub fn hold_all(drawn: u64) {
    let registries: [&[u64]; 5] =
        [&[1, 1, 1], &[1, 1, 1, 1], &[3, 1, 2], &[100, 34, 33, 1], &[5, 5, 4, 1, 1]];
    for weights in registries {
        for bits in 0..1_u32 << weights.len() {
            let byzantine: Vec<bool> = (0..weights.len()).map(|at| bits >> at & 1 == 1).collect();
            let total: u64 = weights.iter().sum();
            for (above, below) in SHARES {
                let passing = shares::passing(total, above, below);
                for quorum in [0, 1, total / 2, passing, total] {
                    Coalition::new(weights, &byzantine, (above, below), quorum).hold(above, below);
                }
            }
        }
    }
    let mut mix = SplitMix(6);
    for _ in 0..drawn {
        let count = 7 + mix.next() as usize % 9;
        let weights: Vec<u64> = (0..count).map(|_| 1 + mix.next() % 100).collect();
        let share = 2 + mix.next() % 4;
        let byzantine: Vec<bool> = (0..count).map(|_| mix.next().is_multiple_of(share)).collect();
        let (above, below) = SHARES[mix.next() as usize % SHARES.len()];
        let quorum = mix.next() % (weights.iter().sum::<u64>() + 1);
        Coalition::new(&weights, &byzantine, (above, below), quorum).hold(above, below);
    }
}
