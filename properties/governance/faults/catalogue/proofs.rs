//! Planted faults of certificates and evidence.

use super::{Fault, expression, law, law_statement};

const CERTIFICATE: &str = "certificate.rs";
const EVIDENCE: &str = "evidence.rs";

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    expression(
        "certified_early: a certificate is made while votes still come",
        &["GV-5"],
        CERTIFICATE,
        "!proposal.is_decided()",
        "false",
    ),
    expression(
        "equivocators_certify: who has signed several is in the certificate",
        &["GV-3", "GV-5"],
        CERTIFICATE,
        "signed.sole().is_some()",
        "signed.choices().next().is_some()",
    ),
    law_statement(
        "light_certificate: one weight too little is verified as enough",
        &["GV-5", "GV-6"],
        CERTIFICATE,
        "if weight < passing {\n            return Err(CertificateRefusal::TooLight { weight, passing });\n        }",
        "if weight + 1 < passing { return Err(CertificateRefusal::TooLight { weight, passing }); }",
    ),
    law(
        "signer_twice: a signer counts as often as it is there",
        &["GV-5"],
        CERTIFICATE,
        "last >= Some(member)",
        "last > Some(member)",
    ),
    law(
        "signers_unordered: signers may come in any order, twice",
        &["GV-5"],
        CERTIFICATE,
        "last >= Some(member)",
        "false",
    ),
    law(
        "weight_claimed: whoever signs has the weight that passes",
        &["GV-5", "GV-6"],
        CERTIFICATE,
        "known.weight",
        "known.weight.max(passing)",
    ),
    law(
        "any_proposal: a certificate is of whichever proposal",
        &["GV-1", "GV-5"],
        CERTIFICATE,
        "self.proposal != expected",
        "false",
    ),
    law(
        "certificate_unverified: the signature of a certificate is not looked at",
        &["GV-5"],
        CERTIFICATE,
        "scheme.verify_aggregate(&keys, &proposal.message(self.choice), &self.signature)",
        "{ let _ = (scheme, &keys); true }",
    ),
    law(
        "for_anything: a certificate for one choice is one for approval",
        &["GV-1", "GV-5"],
        CERTIFICATE,
        "scheme.verify_aggregate(&keys, &proposal.message(self.choice), &self.signature)",
        "scheme.verify_aggregate(&keys, &proposal.message(Choice::Approve), &self.signature)",
    ),
    law(
        "one_choice_is_evidence: to vote once is an equivocation",
        &["GV-3"],
        EVIDENCE,
        "self.signed.len() < 2",
        "self.signed.is_empty()",
    ),
    law(
        "twice_is_evidence: to sign one choice twice is an equivocation",
        &["GV-3"],
        EVIDENCE,
        "one < next",
        "one <= next",
    ),
    law(
        "evidence_unverified: the signatures of evidence are not looked at",
        &["GV-3"],
        EVIDENCE,
        "!scheme.verify(&member.key, &proposal.message(*choice), signature)",
        "{ let _ = (scheme, &member, signature); false }",
    ),
    law(
        "any_evidence: evidence is of whichever proposal",
        &["GV-3"],
        EVIDENCE,
        "self.proposal != expected",
        "false",
    ),
];
