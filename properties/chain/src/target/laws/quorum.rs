//! Quorums and certificates.

use std::collections::BTreeSet;

use alys_engines::draw::SplitMix;
use alys_engines::violation::{check_eq, violated};
use alys_models::chain::enough;
use alys_wire::containers::{AggregateApproval, Approval, ApprovalBits, Hash256};

use super::super::alys::approvals::{ApprovalRefusal, alone, certificate, signers, verify};
use super::super::alys::authorities::{AuthoritySet, is_quorum};
use super::super::alys::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};

const ROOT: Hash256 = Hash256::repeat_byte(5);

/// Every two quorums of up to seven authorities have more than a third of them in common: so an honest one, and one that
/// has not signed both.
pub(super) fn intersection() {
    for n in 1..=7_u32 {
        let quorums: Vec<u32> =
            (0..1 << n).filter(|set: &u32| is_quorum(set.count_ones() as usize, n as usize)).collect();
        check_eq("CH-2", "whether all are a quorum", &true, &quorums.contains(&((1 << n) - 1)));
        for one in &quorums {
            for other in &quorums {
                let common = (one & other).count_ones();
                if 3 * common <= n {
                    violated(
                        "CH-2",
                        format!("quorums {one:b} and {other:b} of {n} have only {common} in common"),
                    );
                }
            }
        }
    }
}

/// The least quorum is the least number over two thirds, for every size that a set can have.
pub(super) fn strict() {
    for n in 1..=256_usize {
        for count in 0..=n {
            let expected = enough(count as u64, n as u64);
            check_eq("CH-2", "whether so many are a quorum", &expected, &is_quorum(count, n));
        }
    }
    check_eq("CH-2", "whether two of three are a quorum", &false, &is_quorum(2, 3));
}

fn setting(n: u64) -> (Ideal, AuthoritySet<IdealKey>) {
    let scheme = Ideal::default();
    let key = |who| IdealKey(who + 1);
    let stated: Vec<_> =
        (0..n).map(|who| (scheme.public_key(&key(who)), scheme.prove_possession(&key(who)))).collect();
    let authorities = AuthoritySet::new(&scheme, &stated).expect("sound keys");
    (scheme, authorities)
}

fn approval(scheme: &Ideal, n: u64, who: u32) -> AggregateApproval {
    let mut bits = ApprovalBits::with_capacity(n as usize).expect("few");
    let message = Message::new(Domain::Approval, 1, 9, ROOT);
    let mut parts = Vec::new();
    for one in (0..n).filter(|one| who >> one & 1 == 1) {
        bits.set(one as usize, true).expect("an authority");
        parts.push(scheme.sign(&IdealKey(one + 1), &message));
    }
    let signature = scheme.aggregate(&parts).unwrap_or_default();
    AggregateApproval { block_root: ROOT, slot: 9, bits, signature }
}

/// All lists of up to three approvals of four, and random ones of up to eight of seven.
pub(super) fn certificates() {
    let (scheme, authorities) = setting(4);
    for first in 1..16_u32 {
        for second in 0..16 {
            for third in 0..16 {
                let sets: Vec<u32> = [first, second, third].into_iter().filter(|set| *set > 0).collect();
                certified(&scheme, &authorities, 4, &sets);
            }
        }
    }
    // What is a quorum is taken as it is, whoever else has approved.
    let [alone, whole] = [0b1000, 0b0111].map(|set| approval(&scheme, 4, set));
    let made = certificate(&scheme, &authorities, &[&alone, &whole]);
    check_eq("CH-2", "what is a quorum by itself", &Some(whole), &made);
    let (scheme, authorities) = setting(7);
    let mut draw = SplitMix(1);
    for _ in 0..400 {
        let len = 1 + draw.next() % 8;
        let sets: Vec<u32> = (0..len).map(|_| 1 + (draw.next() % 127) as u32).collect();
        let small = sets.into_iter().map(|set| if draw.coin() { set & 0b10101 | 2 } else { set });
        certified(&scheme, &authorities, 7, &small.collect::<Vec<_>>());
    }
    // Behind the eighth aggregate nobody looks. Each of the seven overlaps with each other and with both disjoint ones.
    let overlapping: [u32; 7] = [0b1010, 0b1011, 0b1_0010, 0b1_0011, 0b10_0010, 0b10_0011, 0b100_0010];
    let disjoint = [0b111_1000, 0b000_0110];
    let of = |sets: Vec<u32>| {
        let all: Vec<_> = sets.iter().map(|set| approval(&scheme, 7, *set)).collect();
        certificate(&scheme, &authorities, &all.iter().collect::<Vec<_>>()).is_some()
    };
    check_eq("CH-2", "whether two first count", &true, &of([&disjoint[..], &overlapping].concat()));
    check_eq("CH-2", "whether the ninth counts", &false, &of([&overlapping[..], &disjoint].concat()));
    check_eq("CH-2", "whether the eighth counts", &true, &of([&overlapping[..6], &disjoint].concat()));
}

fn certified(scheme: &Ideal, authorities: &AuthoritySet<IdealKey>, n: u64, sets: &[u32]) {
    let all: Vec<_> = sets.iter().map(|set| approval(scheme, n, *set)).collect();
    let made = certificate(scheme, authorities, &all.iter().collect::<Vec<_>>());
    let expected = enough(u64::from(most(sets, 0)), n);
    check_eq("CH-2", "whether these approvals are a certificate", &expected, &made.is_some());
    let Some(made) = made else { return };
    check_eq("CH-2", "whether the certificate verifies", &Ok(()), &verify(scheme, authorities, 1, &made));
    let who: BTreeSet<u64> = signers(&made.bits).collect();
    check_eq("CH-2", "whether it is a quorum", &true, &enough(who.len() as u64, n));
    check_eq("CH-2", "what it certifies", &(ROOT, 9), &(made.block_root, made.slot));
}

/// The most signers in disjoint ones of these sets.
fn most(sets: &[u32], taken: u32) -> u32 {
    let Some((first, others)) = sets.split_first() else { return taken.count_ones() };
    let without = most(others, taken);
    if first & taken == 0 { without.max(most(others, taken | first)) } else { without }
}

pub(super) fn refusals() {
    let (scheme, authorities) = setting(4);
    let check = |what: &str, expected: Result<(), ApprovalRefusal>, approval: &AggregateApproval| {
        check_eq("CH-2", what, &expected, &verify(&scheme, &authorities, 1, approval));
    };
    let sound = approval(&scheme, 4, 0b1011);
    check("a sound approval", Ok(()), &sound);
    check("nobody's approval", Err(ApprovalRefusal::NoSigner), &approval(&scheme, 4, 0));
    for len in [3, 5, 12] {
        let refused = ApprovalRefusal::WrongLength { len: len as usize, n: 4 };
        check("bits for others", Err(refused), &approval(&scheme, len, 0b1011));
        check("bits for others", Err(refused), &approval(&scheme, len, 0b1111_1011));
    }
    let refused = Err(ApprovalRefusal::BadSignature { slot: 8, signers: 3 });
    check("another slot", refused, &AggregateApproval { slot: 8, ..sound.clone() });
    let refused = Err(ApprovalRefusal::BadSignature { slot: 9, signers: 3 });
    check("another block", refused, &AggregateApproval { block_root: Hash256::ZERO, ..sound.clone() });
    check_eq("CH-2", "another chain", &refused, &verify(&scheme, &authorities, 2, &sound));
    let mut fewer = sound.clone();
    fewer.bits.set(0, false).expect("an authority");
    check("fewer than signed", Err(ApprovalRefusal::BadSignature { slot: 9, signers: 2 }), &fewer);
    for index in [0, 3, 4, 255, 256, u64::MAX] {
        let one = Approval { block_root: ROOT, slot: 9, validator_index: index, signature: sound.signature };
        let expected = match index {
            0..4 => Ok(vec![index]),
            _ => Err(ApprovalRefusal::UnknownSigner { index, n: 4 }),
        };
        let made = alone(&one, 4).map(|made| signers(&made.bits).collect::<Vec<_>>());
        check_eq("CH-2", "who approves alone", &expected, &made);
    }
}
