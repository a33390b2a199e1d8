//! How fast votes are taken, beside what cannot be saved, and how it grows with members.
//!
//! `cargo bench -p alys-governance-properties --bench speed`

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program whose output is its purpose")]

use std::{hint::black_box, time::Duration};

use alys_engines::measure::Stopwatch;
use alys_governance::engine::{Effect, Event, Governance, Settings};
use alys_governance::message::Choice;
use alys_governance::registry::{Application, Registry};
use alys_governance::scheme::{Bls, BlsSecretKey, Claim, Ideal, IdealKey, SIGNATURE_DST, Scheme};
use alys_governance::terms::{Draft, Limits};
use alys_governance::vote::Vote;
use blst::min_pk::{PublicKey, Signature as Point};

/// How often each thing is measured; the median counts.
const ROUNDS: usize = 5;

/// How many votes come in one batch.
const VOTES: usize = 1_000;

fn median(mut taken: Vec<Duration>) -> f64 {
    taken.sort_unstable();
    taken[taken.len() / 2].as_secs_f64() * 1e3
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let watch = Stopwatch::start();
    let done = black_box(work());
    (done, watch.elapsed())
}

/// An engine with members of weight 1 and one open proposal, and a vote of each member; every third one rejects.
fn opened<S: Scheme + Clone>(
    scheme: &S,
    members: usize,
    secret: impl Fn(u64) -> S::SecretKey,
) -> (Governance<S>, Vec<Vote>) {
    let mut registry = Registry::default();
    for who in 0..members as u64 {
        let secret = secret(who);
        let (key, possession) = (scheme.public_key(&secret), scheme.prove_possession(&secret));
        registry.admit(scheme, &Application { key, possession, weight: 1 }).unwrap();
    }
    let limits = Limits { batch: members, ..Limits::default() };
    let mut engine = Governance::with_registry(Settings { chain_id: 1, limits }, scheme.clone(), registry);
    drop(engine.handle(Event::Submit(Draft::binding(vec![1], 1, 0, 10)), 0));
    let proposal = engine.proposal(0).unwrap();
    let vote = |member: u64| {
        let choice = if member % 3 == 2 { Choice::Reject } else { Choice::Approve };
        let signature = scheme.sign(&secret(member), &proposal.message(choice));
        Vote { proposal: 0, member, choice, signature }
    };
    let votes = (0..members as u64).map(vote).collect();
    (engine, votes)
}

fn secret(who: u64) -> BlsSecretKey {
    let mut seed = [3; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    BlsSecretKey::from_seed(&seed).unwrap()
}

fn counted(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Counted { .. })).count()
}

/// 1,000 votes in one batch, beside decoding 1,000 signatures and verifying them in one randomised batch.
fn batch() {
    let (engine, votes) = opened(&Bls, VOTES, secret);
    let proposal = engine.proposal(0).unwrap();
    let messages: Vec<_> = votes.iter().map(|vote| proposal.message(vote.choice)).collect();
    let keys: Vec<PublicKey> = proposal.registry().members().map(|(_, member)| member.key).collect();
    let claims: Vec<_> = (0..VOTES)
        .map(|at| Claim { key: &keys[at], message: &messages[at], signature: &votes[at].signature })
        .collect();
    let decode = || -> Vec<Point> {
        votes.iter().map(|vote| Point::sig_validate(vote.signature.as_slice(), true).unwrap()).collect()
    };
    let points = decode();
    let scalars: Vec<blst::blst_scalar> = (1..=VOTES as u64).map(scalar).collect();
    let (texts, signatures, public): (Vec<&[u8]>, Vec<&Point>, Vec<&PublicKey>) =
        (messages.iter().map(|one| &one[..]).collect(), points.iter().collect(), keys.iter().collect());
    let mut taken: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        let mut fresh = engine.clone();
        let sent = votes.clone();
        let (effects, all) = timed(|| fresh.handle(Event::Votes(sent), 1));
        assert_eq!(counted(&effects), VOTES);
        taken[0].push(all);
        taken[1].push(timed(decode).1);
        let (holds, one) = timed(|| Bls.verify_batch(&claims));
        assert!(holds);
        taken[2].push(one);
        let (said, theirs) = timed(|| {
            Point::verify_multiple_aggregate_signatures(
                &texts,
                SIGNATURE_DST,
                &public,
                false,
                &signatures,
                false,
                &scalars,
                128,
            )
        });
        assert_eq!(said, blst::BLST_ERROR::BLST_SUCCESS);
        taken[3].push(theirs);
    }
    let [all, decoding, ours, theirs] = taken.map(median);
    let pairing = (ours - decoding).max(0.0);
    println!("\n{VOTES} votes for two choices, in ms, medians of {ROUNDS}:");
    println!("  taken in one batch                                  {all:9.1}");
    println!("  1,000 decodings with a check of the group           {decoding:9.1}");
    println!("  our randomised batch without the decodings          {pairing:9.1}");
    println!("  blst's, which pairs each message by itself          {theirs:9.1}");
    println!(
        "  taken / (decodings + our batch)                     {:9.2}   goal: 1.3",
        all / (decoding + pairing)
    );
    println!("  taken / (decodings + blst's batch)                  {:9.2}", all / (decoding + theirs));
}

/// A random-looking 128-bit number.
fn scalar(place: u64) -> blst::blst_scalar {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&place.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    bytes[8..16].copy_from_slice(&place.wrapping_mul(0xBF58_476D_1CE4_E5B9).to_le_bytes());
    blst::blst_scalar { b: bytes }
}

/// Single operations beside blst's own.
fn singles() {
    let (engine, votes) = opened(&Bls, 100, secret);
    let proposal = engine.proposal(0).unwrap();
    let member = proposal.registry().member(0).unwrap();
    let message = proposal.message(votes[0].choice);
    let point = Point::sig_validate(votes[0].signature.as_slice(), true).unwrap();
    let approving: Vec<_> = votes.iter().filter(|vote| vote.choice == Choice::Approve).collect();
    let keys: Vec<&PublicKey> =
        approving.iter().map(|vote| &proposal.registry().member(vote.member).unwrap().key).collect();
    let signatures: Vec<_> = approving.iter().map(|vote| vote.signature).collect();
    let whole = Bls.aggregate(&signatures).unwrap();
    let summed = Point::sig_validate(whole.as_slice(), true).unwrap();
    let row = |name: &str, work: &dyn Fn() -> bool| {
        let taken = (0..40).map(|_| timed(work)).map(|(holds, taken)| {
            assert!(holds);
            taken
        });
        println!("  {name:<50}  {:9.3}", median(taken.collect()));
    };
    println!("\nsingle operations, in ms:");
    row("verify one vote", &|| Bls.verify(&member.key, &message, &votes[0].signature));
    row("blst: verify one decoded signature", &|| {
        point.verify(false, &message, SIGNATURE_DST, &[], &member.key, false)
            == blst::BLST_ERROR::BLST_SUCCESS
    });
    row("verify a sum of 67", &|| Bls.verify_aggregate(&keys, &message, &whole));
    row("blst: fast_aggregate_verify of 67, decoded", &|| {
        summed.fast_aggregate_verify(false, &message, SIGNATURE_DST, &keys) == blst::BLST_ERROR::BLST_SUCCESS
    });
    row("blst: check of the group", &|| point.subgroup_check());
    row("blst: decode with a check of the group", &|| {
        Point::sig_validate(votes[0].signature.as_slice(), true).is_ok()
    });
}

/// Everything that grows with members, with ideal signatures, so that signatures do not hide it; and with BLS where a minute
/// is enough.
fn growth() {
    println!(
        "\ngrowth, ideal signatures, in ms: members, admitting all, submitting, taking all votes at once, certificate"
    );
    for members in [100, 1_000, 10_000, 100_000] {
        let ideal = Ideal::default();
        let ((mut engine, votes), made) = timed(|| opened(&ideal, members, |who| IdealKey(who + 1)));
        let draft = Draft::binding(vec![2], 1, 0, 10);
        let (_, submitted) = timed(|| engine.handle(Event::Submit(draft), 0));
        let (effects, taken) = timed(|| engine.handle(Event::Votes(votes), 1));
        assert_eq!(counted(&effects), members);
        drop(engine.handle(Event::Tick, 10));

        let (_, certified) = timed(|| engine.certificate(0, Choice::Approve));
        let shown = [made, submitted, taken, certified].map(|one| one.as_secs_f64() * 1e3);
        println!("  {members:>7} {:>10.1} {:>8.2} {:>9.1} {:>8.2}", shown[0], shown[1], shown[2], shown[3]);
    }
    println!("\ngrowth, BLS, in ms a vote: members, all votes in one batch");
    for members in [100, 1_000, 10_000] {
        let (mut engine, votes) = opened(&Bls, members, secret);
        let (effects, taken) = timed(|| engine.handle(Event::Votes(votes), 1));
        assert_eq!(counted(&effects), members);
        println!("  {members:>7} {:>9.4}", taken.as_secs_f64() * 1e3 / members as f64);
    }
}

fn main() {
    batch();
    singles();
    growth();
}
