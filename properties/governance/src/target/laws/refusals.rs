//! What refusals say to people: what was found, and what is allowed.

use alys_engines::violation::check_eq;

use super::super::alys::certificate::{CertificateRefusal, NoCertificate};
use super::super::alys::engine::{ExecutionRefusal, VoteRefusal};
use super::super::alys::evidence::EvidenceRefusal;
use super::super::alys::message::Choice;
use super::super::alys::proposal::State;
use super::super::alys::registry::Refusal;
use super::super::alys::scheme::KeyError;
use super::super::alys::terms::{DraftRefusal, ShareError};
use super::super::alys::vote::VoteError;

/// What is said, and what should be.
type Said = (String, &'static str);

fn of_drafts_and_members() -> Vec<Said> {
    vec![
        (VoteError::Length { len: 5 }.to_string(), "a vote has 5 bytes, allowed are exactly 113"),
        (VoteError::Choice { byte: 9 }.to_string(), "the choice of a vote is the byte 9, allowed are 1 to 3"),
        (
            ShareError { numerator: 3, denominator: 2 }.to_string(),
            "the share 3/2 is not allowed, allowed are 0 up to but not 1",
        ),
        (DraftRefusal::NoMembers.to_string(), "there is no member who could vote"),
        (DraftRefusal::Payload { len: 9, allowed: 8 }.to_string(), "the payload has 9 bytes, allowed are 8"),
        (
            DraftRefusal::Quorum { quorum: 9, total: 8 }.to_string(),
            "the quorum is a weight of 9, allowed are 8, the weight of all members",
        ),
        (
            DraftRefusal::Window { opens: 2, closes: 1 }.to_string(),
            "voting would open at 2 and close at 1, allowed is only a later time",
        ),
        (DraftRefusal::Over { closes: 1, now: 2 }.to_string(), "voting would close at 1, and it is 2"),
        (
            DraftRefusal::Crowded { undecided: 3 }.to_string(),
            "3 proposals are not decided, and more are not allowed",
        ),
        (Refusal::NoWeight.to_string(), "the weight of a member is 0, allowed is 1 or more"),
        (Refusal::Duplicate { member: 4 }.to_string(), "the key is that of member 4 already"),
        (
            Refusal::Key(KeyError::Malformed).to_string(),
            "the key is refused: the bytes are no public key of the scheme",
        ),
        (
            Refusal::Key(KeyError::Infinity).to_string(),
            "the key is refused: the key is the point at infinity, for which everybody can sign",
        ),
        (
            Refusal::Key(KeyError::NotPossessed).to_string(),
            "the key is refused: the proof that the owner has the secret key does not verify",
        ),
        (
            Refusal::TooHeavy { weight: 2, total: 5 }.to_string(),
            "the weight 2 is too much beside the 5 of the others, allowed are 2^64 - 1 in all",
        ),
    ]
}

fn of_votes_and_proofs() -> Vec<Said> {
    vec![
        (VoteRefusal::UnknownProposal.to_string(), "there is no such proposal"),
        (VoteRefusal::NotOpen { opens: 3, now: 1 }.to_string(), "voting opens at 3, and it is 1"),
        (VoteRefusal::UnknownMember.to_string(), "there was no such member when the proposal was created"),
        (VoteRefusal::BadSignature.to_string(), "the signature does not verify"),
        (ExecutionRefusal::Unknown.to_string(), "there is no such proposal"),
        (
            NoCertificate::TooLight { weight: 1, passing: 2 }.to_string(),
            "a weight of 1 has voted so, a certificate is of 2 or more",
        ),
        (NoCertificate::Malformed.to_string(), "a kept signature is none of the scheme"),
        (
            CertificateRefusal::TooLight { weight: 1, passing: 2 }.to_string(),
            "the signers have a weight of 1, allowed are 2 or more",
        ),
        (
            CertificateRefusal::Order { member: 6 }.to_string(),
            "signer 6 does not come behind the one before it",
        ),
        (
            CertificateRefusal::BadSignature { signers: 6 }.to_string(),
            "the signature of 6 members does not verify",
        ),
        (
            EvidenceRefusal::Single { choices: 1 }.to_string(),
            "the evidence has 1 choices, allowed are 2 or 3",
        ),
        (
            EvidenceRefusal::BadSignature { choice: Choice::Reject }.to_string(),
            "the signature for Reject does not verify",
        ),
    ]
}

pub(super) fn words() {
    for (said, expected) in of_drafts_and_members().into_iter().chain(of_votes_and_proofs()) {
        check_eq("GV-5", "what a refusal says", expected, said.as_str());
    }
    let names = ["pending", "active", "approved", "rejected", "expired", "executed"];
    let states =
        [State::Pending, State::Active, State::Approved, State::Rejected, State::Expired, State::Executed];
    for (state, name) in states.into_iter().zip(names) {
        let said = ExecutionRefusal::NotApproved { state }.to_string();
        let expected = format!("the proposal is {name}, allowed is only an approved one");
        check_eq("GV-5", "why it is not executed", &expected, &said);
        let said = NoCertificate::Undecided { state }.to_string();
        check_eq(
            "GV-5",
            "why there is no certificate",
            &format!("the proposal is {name}, and not decided"),
            &said,
        );
    }
}
