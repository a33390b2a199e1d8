//! Votes: looked at, verified together, then taken one by one.

use super::{Effect, Governance, VoteRefusal};
use crate::ballots::{Ballots, Received};
use crate::evidence::Evidence;
use crate::message::MESSAGE_BYTES;
use crate::proposal::State;
use crate::scheme::{Claim, Scheme, verify_each};
use crate::vote::Vote;

/// What can be said of a vote without verifying its signature.
enum Seen<'a, K> {
    Refused(VoteRefusal),
    /// Exactly this is there already.
    Known,
    /// Whether its signature is this member's, for this message, is to be seen.
    Claimed {
        key: &'a K,
        weight: u64,
        message: [u8; MESSAGE_BYTES],
    },
}

/// What is known of a vote once its signature is verified.
enum Verified {
    Refused(VoteRefusal),
    Known,
    Sound { weight: u64 },
}

impl<S: Scheme> Governance<S> {
    /// Takes the votes of a batch, unless it is too long to be looked at.
    pub(super) fn batch(&mut self, votes: &[Vote], effects: &mut Vec<Effect>) {
        let allowed = self.settings.limits.batch;
        if votes.len() > allowed {
            return effects.push(Effect::TooMany { votes: votes.len(), allowed });
        }
        effects.extend(self.receive(votes));
    }

    /// Takes votes, with one effect for each, in their order.
    pub(super) fn receive(&mut self, votes: &[Vote]) -> Vec<Effect> {
        let verified = self.verified(votes);
        votes.iter().zip(verified).map(|(vote, verified)| self.take(vote, verified)).collect()
    }

    fn verified(&self, votes: &[Vote]) -> Vec<Verified> {
        let seen: Vec<_> = votes.iter().map(|vote| self.see(vote)).collect();
        let claims: Vec<_> = seen.iter().zip(votes).filter_map(claim).collect();
        let mut verdicts = verify_each(&self.scheme, &claims).into_iter();
        let judged = |seen: Seen<'_, S::PublicKey>| match seen {
            Seen::Refused(refusal) => Verified::Refused(refusal),
            Seen::Known => Verified::Known,
            Seen::Claimed { weight, .. } if verdicts.next() == Some(true) => Verified::Sound { weight },
            Seen::Claimed { .. } => Verified::Refused(VoteRefusal::BadSignature),
        };
        seen.into_iter().map(judged).collect()
    }

    fn see(&self, vote: &Vote) -> Seen<'_, S::PublicKey> {
        let Some(proposal) = self.proposals.get(&vote.proposal) else {
            return Seen::Refused(VoteRefusal::UnknownProposal);
        };
        if proposal.state() == State::Pending {
            let (opens, now) = (proposal.draft().opens, self.now);
            return Seen::Refused(VoteRefusal::NotOpen { opens, now });
        }
        // The weight is the registry's of then, whatever it is now.
        let Some(member) = proposal.registry().member(vote.member) else {
            return Seen::Refused(VoteRefusal::UnknownMember);
        };
        if proposal.ballots().has(vote.member, vote.choice, &vote.signature) {
            return Seen::Known;
        }
        let message = proposal.message(vote.choice);
        Seen::Claimed { key: &member.key, weight: member.weight, message }
    }

    fn take(&mut self, vote: &Vote, verified: Verified) -> Effect {
        let Vote { proposal, member, choice, .. } = *vote;
        let weight = match verified {
            Verified::Refused(refusal) => return Effect::NotCounted { proposal, member, refusal },
            Verified::Known => return Effect::Known { proposal, member, choice },
            Verified::Sound { weight } => weight,
        };
        let Some(on) = self.proposals.get_mut(&proposal) else {
            return Effect::NotCounted { proposal, member, refusal: VoteRefusal::UnknownProposal };
        };
        match on.receive(vote, weight) {
            Received::Counted => Effect::Counted { proposal, member, choice },
            Received::Known => Effect::Known { proposal, member, choice },
            Received::Late => Effect::Late { proposal, member, choice },
            Received::Equivocated => Effect::Equivocated(evidence(on.ballots(), vote)),
        }
    }
}

fn claim<'a, K>((seen, vote): (&'a Seen<'_, K>, &'a Vote)) -> Option<Claim<'a, K>> {
    match seen {
        Seen::Claimed { key, message, .. } => Some(Claim { key, message, signature: &vote.signature }),
        _ => None,
    }
}

/// Everything that the member has signed in time.
fn evidence(ballots: &Ballots, vote: &Vote) -> Evidence {
    let signed = ballots.of(vote.member).map(|signed| signed.choices().collect()).unwrap_or_default();
    Evidence { proposal: vote.proposal, member: vote.member, signed }
}
