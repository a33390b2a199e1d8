//! Any bytes, taken for a vote.

use alys_engines::violation::{check_eq, violated};
use alys_models::governance::{ModelChoice, ModelDraft, ModelProposal};

use super::super::alys::engine::{Effect, Event, Governance, Settings, VoteRefusal};
use super::super::alys::scheme::{Bls, SignatureBytes};
use super::super::alys::vote::{Vote, VoteError};
use super::super::keys::BlsKeys;
use super::super::machine::draft;
use super::super::signing::{Signing, choice};
use crate::reference::Proof;
use alys_models::governance::ModelKey;

/// One member, and one proposal that is open; who sends what is judged has no key.
fn table() -> (Signing<BlsKeys>, Governance<Bls>) {
    let mut signing = Signing::<BlsKeys>::new(5);
    let mut engine = Governance::new(Settings { chain_id: 5, ..Settings::default() }, Bls);
    let application = signing.application(ModelKey::Of(0), Proof::Own, 1);
    drop(engine.handle(Event::Admit(application), 0));
    let planned = ModelDraft { payload: 0, tag: 0, threshold: (1, 2), quorum: 1, opens: 0, closes: 9 };
    let (votes, late, executed) = (Vec::new(), Vec::new(), false);
    let members = vec![(0, 0, 1)];
    signing.submitted(&ModelProposal { draft: planned, members, votes, late, executed });
    drop(engine.handle(Event::Submit(draft(&planned)), 0));
    (signing, engine)
}

/// The bytes of a vote that the member of the table has signed.
#[must_use]
pub fn own_vote() -> Vec<u8> {
    let signature = table().0.sound(0, 0, ModelChoice::Approve);
    Vote { proposal: 0, member: 0, choice: choice(ModelChoice::Approve), signature }.encode().to_vec()
}

/// Any bytes are a vote whose one encoding they are, or are refused for the first thing that is wrong with them; a signature
/// is a point in its one encoding, or none; and a vote counts only with the signature that its member makes.
///
/// # Panics
///
/// Raises a violation where that does not hold.
pub fn vote_bytes(bytes: &[u8]) {
    match Vote::decode(bytes) {
        Ok(vote) => {
            check_eq("GV-7", "a vote that is written again", bytes, &vote.encode()[..]);
            check_eq("GV-7", "the choice of a vote", &bytes[16], &vote.choice.byte());
            received(&vote);
        }
        Err(VoteError::Length { len }) if len == bytes.len() && len != 113 => {}
        Err(VoteError::Choice { byte })
            if bytes.len() == 113 && bytes[16] == byte && !(1..=3).contains(&byte) => {}
        Err(other) => violated("GV-7", format!("{bytes:?} are refused: {other}")),
    }
}

fn received(vote: &Vote) {
    if let Some(point) = Bls::point(vote.signature.as_slice()) {
        let written = SignatureBytes::from(point.compress());
        check_eq("GV-7", "a signature that is written again", &vote.signature, &written);
        check_eq("GV-7", "whether it is of the group", &true, &point.subgroup_check());
    }
    let (signing, mut engine) = table();
    let Vote { proposal, member, choice: voted, signature } = *vote;
    let sound = ModelChoice::ALL.into_iter().find(|one| choice(*one) == voted);
    let signed = sound.is_some_and(|one| signing.sound(0, 0, one) == signature);
    let refusal = |refusal| Effect::NotCounted { proposal, member, refusal };
    let expected = match (proposal, member, signed) {
        (1.., _, _) => refusal(VoteRefusal::UnknownProposal),
        (0, 1.., _) => refusal(VoteRefusal::UnknownMember),
        (0, 0, false) => refusal(VoteRefusal::BadSignature),
        (0, 0, true) => Effect::Counted { proposal, member, choice: voted },
    };
    check_eq("GV-1", "what comes of a vote", &vec![expected], &engine.handle(Event::Vote(*vote), 1));
}
