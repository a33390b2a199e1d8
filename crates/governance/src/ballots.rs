//! What was signed: by whom, for what, in time or late (GV-3, GV-5).

use std::collections::BTreeMap;

use crate::message::Choice;
use crate::scheme::SignatureBytes;
use crate::tally::Tally;

/// What one member has signed of one proposal: for each choice at most one signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signed([Option<SignatureBytes>; 3]);

impl Signed {
    /// The signature for a choice.
    #[must_use]
    pub fn signature(&self, choice: Choice) -> Option<&SignatureBytes> {
        self.0[choice as usize].as_ref()
    }

    /// Every choice that was signed, in the order of the choices.
    pub fn choices(&self) -> impl Iterator<Item = (Choice, SignatureBytes)> + '_ {
        Choice::ALL.into_iter().zip(self.0).filter_map(|(choice, signature)| Some((choice, signature?)))
    }

    /// The one choice that was signed; `None` when there are several, or none.
    #[must_use]
    pub fn sole(&self) -> Option<Choice> {
        let mut choices = self.choices();
        let first = choices.next();
        first.filter(|_| choices.next().is_none()).map(|(choice, _)| choice)
    }

    fn enter(&mut self, choice: Choice, signature: SignatureBytes) {
        self.0[choice as usize] = Some(signature);
    }
}

/// What a verified vote came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Received {
    /// It counts.
    Counted,
    /// It is there already.
    Known,
    /// The member has signed something else as well, and nothing of it counts any more.
    Equivocated,
    /// It came when voting had closed, and counts for nothing.
    Late,
}

/// What was signed of one proposal. It is a function of the set of votes in time and of that of late ones, whatever the
/// order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ballots {
    in_time: BTreeMap<u64, Signed>,
    late: BTreeMap<u64, Signed>,
    // invariant: the weights of those who have signed one choice in time
    tally: Tally,
}

impl Ballots {
    /// Whether exactly this is there already, in time or late.
    #[must_use]
    pub fn has(&self, member: u64, choice: Choice, signature: &SignatureBytes) -> bool {
        [&self.in_time, &self.late].into_iter().any(|ballots| {
            ballots.get(&member).is_some_and(|signed| signed.signature(choice) == Some(signature))
        })
    }

    /// Takes a verified vote of a member of this weight before voting closes.
    pub fn receive(
        &mut self,
        member: u64,
        choice: Choice,
        signature: SignatureBytes,
        weight: u64,
    ) -> Received {
        if self.has(member, choice, &signature) {
            return Received::Known;
        }
        let signed = self.in_time.entry(member).or_default();
        let (before, first) = (signed.sole(), signed.choices().next().is_none());
        signed.enter(choice, signature);
        if first {
            self.tally.add(choice, weight);
            return Received::Counted;
        }
        if let Some(before) = before {
            self.tally.take_back(before, weight);
        }
        Received::Equivocated
    }

    /// Takes a verified vote after voting has closed: it is kept, and changes nothing.
    pub fn receive_late(&mut self, member: u64, choice: Choice, signature: SignatureBytes) -> Received {
        if self.has(member, choice, &signature) {
            return Received::Known;
        }
        self.late.entry(member).or_default().enter(choice, signature);
        Received::Late
    }

    /// The weight of each choice, without those who have signed several.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// What everybody has signed in time, in the order of the members.
    pub fn in_time(&self) -> impl Iterator<Item = (u64, &Signed)> {
        self.in_time.iter().map(|(member, signed)| (*member, signed))
    }

    /// What everybody has signed late.
    pub fn late(&self) -> impl Iterator<Item = (u64, &Signed)> {
        self.late.iter().map(|(member, signed)| (*member, signed))
    }

    /// What a member has signed in time.
    #[must_use]
    pub fn of(&self, member: u64) -> Option<&Signed> {
        self.in_time.get(&member)
    }
}
