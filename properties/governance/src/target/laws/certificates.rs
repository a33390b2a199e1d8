//! Certificates and evidence, and what is wrong with them.

use std::sync::Arc;

use alys_engines::violation::check_eq;
use alys_models::governance::{ModelChoice, ModelDraft, ModelKey, ModelProposal};

use super::super::alys::certificate::{Certificate, CertificateRefusal};
use super::super::alys::evidence::{Evidence, EvidenceRefusal};
use super::super::alys::message::Choice;
use super::super::alys::proposal::Proposal;
use super::super::alys::registry::Registry;
use super::super::alys::scheme::{IdealKey, Scheme, SignatureBytes};
use super::super::keys::IdealKeys;
use super::super::machine::draft;
use super::super::signing::{Signing, choice};
use crate::reference::Proof;

/// Members 0, 1, 2 and 4, of weights 1, 2, 3 and 4: more than half is 6 or more. It is proposal 0.
fn setting() -> (Signing<IdealKeys>, Proposal<IdealKey>) {
    let (mut signing, mut registry) = (Signing::<IdealKeys>::new(1), Registry::default());
    for (owner, weight) in [(0, 1), (1, 2), (2, 3), (9, 9), (3, 4)] {
        let application = signing.application(ModelKey::Of(owner), Proof::Own, weight);
        registry.admit(&signing.scheme, &application).expect("a sound application");
    }
    registry.remove(3);
    let planned = ModelDraft { payload: 1, tag: 1, threshold: (1, 2), quorum: 0, opens: 0, closes: 5 };
    let members = vec![(0, 0, 1), (1, 1, 2), (2, 2, 3), (4, 3, 4)];
    let (votes, late, executed) = (Vec::new(), Vec::new(), false);
    signing.submitted(&ModelProposal { draft: planned, members, votes, late, executed });
    let proposal = Proposal::new(1, 0, draft(&planned), Arc::new(registry));
    check_eq("GV-1", "what stands for it", &signing.content(0), &proposal.content().0);
    (signing, proposal)
}

/// The owner of a member's key.
fn owner(member: u64) -> u64 {
    if member == 4 { 3 } else { member }
}

fn summed(signing: &Signing<IdealKeys>, signers: &[u64], voted: ModelChoice) -> SignatureBytes {
    let parts: Vec<_> = signers.iter().map(|member| signing.sound(owner(*member), 0, voted)).collect();
    signing.scheme.aggregate(&parts).unwrap_or_default()
}

pub(super) fn refusals() {
    let (signing, proposal) = setting();
    let voted = ModelChoice::Reject;
    let certificate = |signers: &[u64]| {
        let signature = summed(&signing, signers, voted);
        Certificate { proposal: 0, choice: choice(voted), signers: signers.to_vec(), signature }
    };
    let verified = |one: &Certificate| one.verify(&signing.scheme, &proposal);
    // Whoever knows terms and registry can verify: nobody has voted on this very proposal.
    for signers in [&[1, 4][..], &[0, 1, 2], &[2, 4], &[0, 1, 2, 4]] {
        let weight = signers.iter().map(|member| [1, 2, 3, 0, 4][*member as usize]).sum();
        check_eq("GV-5", "what a certificate carries", &Ok(weight), &verified(&certificate(signers)));
    }
    let too_light = CertificateRefusal::TooLight { weight: 5, passing: 6 };
    check_eq("GV-5", "one too light", &Err(too_light), &verified(&certificate(&[0, 4])));
    let nobody = CertificateRefusal::TooLight { weight: 0, passing: 6 };
    check_eq("GV-5", "nobody's", &Err(nobody), &verified(&certificate(&[])));
    for (signers, member) in [(&[4, 4][..], 4), (&[4, 2], 2), (&[0, 0, 2, 4], 0), (&[1, 2, 1, 4], 1)] {
        let order = CertificateRefusal::Order { member };
        check_eq("GV-5", "one out of order", &Err(order), &verified(&certificate(signers)));
    }
    for (signers, member) in [(&[2, 3, 4][..], 3), (&[2, 4, 5], 5), (&[2, 4, u64::MAX], u64::MAX)] {
        let unknown = CertificateRefusal::UnknownMember { member };
        check_eq("GV-2", "a stranger's", &Err(unknown), &verified(&certificate(signers)));
    }
    let foreign = Certificate { proposal: 7, ..certificate(&[2, 4]) };
    let refusal = CertificateRefusal::Proposal { proposal: 7, expected: 0 };
    check_eq("GV-1", "another proposal's", &Err(refusal), &verified(&foreign));
    let mut wrong = vec![
        Certificate { signers: vec![1, 4], ..certificate(&[2, 4]) },
        Certificate { choice: Choice::Approve, ..certificate(&[2, 4]) },
        Certificate { signature: SignatureBytes::ZERO, ..certificate(&[2, 4]) },
        Certificate { signature: summed(&signing, &[2, 4, 4], voted), ..certificate(&[2, 4]) },
    ];
    // Signed for another chain, by the same members.
    let elsewhere = Proposal::new(2, 0, proposal.draft().clone(), Arc::new(proposal.registry().clone()));
    let sound = certificate(&[2, 4]);
    let refused = Err(CertificateRefusal::BadSignature { signers: 2 });
    check_eq("GV-1", "for another chain", &refused, &sound.verify(&signing.scheme, &elsewhere));
    for one in wrong.drain(..) {
        check_eq("GV-5", "one that nobody signed so", &refused, &verified(&one));
    }
}

pub(super) fn evidence() {
    let (signing, proposal) = setting();
    let signed = |voted: ModelChoice| (choice(voted), signing.sound(3, 0, voted));
    let evidence = |choices: &[ModelChoice]| Evidence {
        proposal: 0,
        member: 4,
        signed: choices.iter().map(|voted| signed(*voted)).collect(),
    };
    let [approve, reject, abstain] = ModelChoice::ALL;
    let verified = |one: &Evidence| one.verify(&signing.scheme, &proposal);
    for choices in [&[approve, reject][..], &[reject, abstain], &[approve, reject, abstain]] {
        check_eq("GV-3", "sound evidence", &Ok(()), &verified(&evidence(choices)));
    }
    for choices in [&[][..], &[reject]] {
        let single = EvidenceRefusal::Single { choices: choices.len() };
        check_eq("GV-3", "of one choice", &Err(single), &verified(&evidence(choices)));
    }
    for choices in [&[reject, reject][..], &[reject, approve], &[approve, reject, reject]] {
        check_eq("GV-3", "out of order", &Err(EvidenceRefusal::Order), &verified(&evidence(choices)));
    }
    let both = evidence(&[approve, reject]);
    let of_another = Evidence { proposal: 1, ..both.clone() };
    let refusal = EvidenceRefusal::Proposal { proposal: 1, expected: 0 };
    check_eq("GV-3", "of another proposal", &Err(refusal), &verified(&of_another));
    let unknown = EvidenceRefusal::UnknownMember { member: 3 };
    let of_nobody = Evidence { member: 3, ..both.clone() };
    check_eq("GV-3", "of nobody", &Err(unknown), &verified(&of_nobody));
    // Each signature is looked at, whosever it should be.
    let bad = |choice| Err(EvidenceRefusal::BadSignature { choice });
    let framed = Evidence { member: 2, ..both.clone() };
    check_eq("GV-3", "of somebody else", &bad(Choice::Approve), &verified(&framed));
    let mut half = both;
    half.signed[1].1 = signing.sound(2, 0, reject);
    check_eq("GV-3", "half of it forged", &bad(Choice::Reject), &verified(&half));
}
