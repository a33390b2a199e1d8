//! What a batch costs, and that its order is kept whichever thread is done first: a scheme that counts what it is asked.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use alys_engines::violation::check_eq;
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Signature, SignedBlock,
};

use super::super::super::alys::authorities::AuthoritySet;
use super::super::super::alys::engine::{
    Effect, Engine, Event, Importing, Settings, Signatures, genesis_header,
};
use super::super::super::alys::scheme::{
    Claim, Domain, Ideal, IdealKey, KeyError, Message, PublicKeyBytes, SignatureScheme,
};
use super::super::super::alys::transition::{Balances, Transfers};

/// The key of the only authority.
const KEY: IdealKey = IdealKey(1);

/// How often a thread lets the others go before it gives up waiting for one.
const PATIENCE: u32 = 1_000_000;

/// What a scheme was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    /// How many signatures were verified alone.
    alone: usize,
    /// How many claims there were in each group that was verified together.
    together: Vec<usize>,
    /// By whom.
    threads: BTreeSet<String>,
}

/// The ideal scheme, and what it was asked.
#[derive(Clone, Debug, Default)]
struct Counted {
    ideal: Ideal,
    asked: Arc<Mutex<Asked>>,
    /// Whether whoever has the first block waits until somebody else is done with another one.
    late: bool,
}

impl Counted {
    fn asked<R>(&self, look: impl FnOnce(&mut Asked) -> R) -> R {
        look(&mut self.asked.lock().expect("nobody panics with the lock"))
    }
}

fn this_thread() -> String {
    let id: ThreadId = thread::current().id();
    format!("{id:?}")
}

impl SignatureScheme for Counted {
    type SecretKey = IdealKey;
    type PublicKey = IdealKey;

    fn public_key(&self, secret: &IdealKey) -> PublicKeyBytes {
        self.ideal.public_key(secret)
    }

    fn prove_possession(&self, secret: &IdealKey) -> Signature {
        self.ideal.prove_possession(secret)
    }

    fn sign(&self, secret: &IdealKey, message: &Message) -> Signature {
        self.ideal.sign(secret, message)
    }

    fn admit(&self, key: &PublicKeyBytes, possession: &Signature) -> Result<IdealKey, KeyError> {
        self.ideal.admit(key, possession)
    }

    fn verify(&self, keys: &[&IdealKey], message: &Message, signature: &Signature) -> bool {
        self.asked(|asked| asked.alone += 1);
        self.ideal.verify(keys, message, signature)
    }

    fn verify_all(&self, claims: &[Claim<'_, IdealKey>]) -> bool {
        let first = claims.iter().any(|claim| claim.message.as_bytes()[16..24] == 1_u64.to_le_bytes());
        if self.late && first {
            let others = || self.asked(|asked| !asked.together.is_empty());
            let _ = (0..PATIENCE).any(|_| {
                thread::yield_now();
                others()
            });
        }
        let hold = self.ideal.verify_all(claims);
        self.asked(|asked| {
            asked.together.push(claims.len());
            asked.threads.insert(this_thread());
        });
        hold
    }

    fn aggregate(&self, signatures: &[Signature]) -> Option<Signature> {
        self.ideal.aggregate(signatures)
    }
}

/// A node that knows genesis, and a chain of one authority.
fn chain_of<S>(scheme: &S, len: u64) -> (Engine<S, Transfers>, Vec<Arc<CertifiedBlock>>)
where
    S: SignatureScheme<SecretKey = IdealKey, PublicKey = IdealKey> + Clone,
{
    let stated = [(scheme.public_key(&KEY), scheme.prove_possession(&KEY))];
    let authorities = AuthoritySet::new(scheme, &stated).expect("a sound key");
    let config = Settings { slot_duration: 1, ..Settings::default() }.check().expect("sound settings");
    let state = Balances::default();
    let mut parent = genesis_header(&config.clock, state.root());
    let engine = Engine::new(config, scheme.clone(), authorities, Transfers, state.clone());
    let mut blocks = Vec::new();
    for slot in 1..=len {
        let body = BlockBody::default();
        let header = BlockHeader {
            parent_root: parent.root(),
            height: slot,
            slot,
            state_root: state.root(),
            body_root: body.root(),
            timestamp: slot,
            ..BlockHeader::default()
        };
        let block_root = header.root();
        let sign = |domain| scheme.sign(&KEY, &Message::new(domain, 1, slot, block_root));
        let mut bits = ApprovalBits::with_capacity(1).expect("a short list");
        bits.set(0, true).expect("the only one");
        let certificate = AggregateApproval { block_root, slot, bits, signature: sign(Domain::Approval) };
        parent = header.clone();
        let signed_block = SignedBlock { block: Block { header, body }, signature: sign(Domain::Proposal) };
        blocks.push(Arc::new(CertifiedBlock { signed_block, certificate }));
    }
    (engine, blocks)
}

/// A chain with ideal signatures.
pub(super) fn chain(len: u64) -> (Engine<Ideal, Transfers>, Vec<Arc<CertifiedBlock>>) {
    chain_of(&Ideal::default(), len)
}

fn importing(signatures: Signatures, threads: usize) -> Importing {
    Importing { signatures, threads: NonZeroUsize::new(threads).expect("a thread at least") }
}

/// Sound signatures are verified in groups of at most 64 blocks, each once and none alone; a forged one costs the blocks of
/// its group once more. Nothing is verified of blocks that are in the tree, or that are trusted.
pub(in super::super) fn costs() {
    let scheme = Counted::default();
    let (mut engine, blocks) = chain_of(&scheme, 130);
    let take = || scheme.asked(std::mem::take);
    drop(engine.clone().import_all(&blocks, importing(Signatures::Trusted, 1), 200));
    check_eq("CH-2", "what is verified of trusted blocks", &Asked::default(), &take());
    for (threads, groups) in [(1, vec![84, 88, 88]), (2, vec![62, 66, 66, 66])] {
        drop(engine.clone().import_all(&blocks, importing(Signatures::Verified, threads), 200));
        let mut asked = take();
        asked.together.sort_unstable();
        check_eq("CH-2", "the groups that are verified", &groups, &asked.together);
        check_eq("CH-2", "what is verified alone", &0, &asked.alone);
        let many = asked.threads.len() <= threads;
        check_eq("CH-2", &format!("whether {:?} are at most {threads}", asked.threads), &true, &many);
    }
    let mut forged = blocks.clone();
    Arc::make_mut(&mut forged[129]).certificate.signature[0] ^= 1;
    drop(engine.clone().import_all(&forged, importing(Signatures::Verified, 1), 200));
    check_eq("CH-2", "what is verified for a forged one", &84, &take().alone);
    drop(engine.import_all(&blocks[..100], importing(Signatures::Verified, 1), 200));
    drop(take());
    drop(engine.import_all(&blocks, importing(Signatures::Verified, 1), 200));
    check_eq("CH-2", "how much is verified of what is new", &60, &take().together.iter().sum::<usize>());
}

/// The blocks come in their order, also when the first of them are judged last; several threads judge them where that
/// is asked for.
pub(in super::super) fn order() {
    for threads in 2..=3 {
        let scheme = Counted { late: true, ..Counted::default() };
        let (engine, blocks) = chain_of(&scheme, 40);
        let (mut alone, mut batched) = (engine.clone(), engine);
        let import = |block: &Arc<CertifiedBlock>| {
            let block = Arc::clone(block);
            Event::Import { block, signatures: Signatures::Verified }
        };
        let expected: Vec<Effect<_>> =
            blocks.iter().flat_map(|block| alone.handle(import(block), 50)).collect();
        let effects = batched.import_all(&blocks, importing(Signatures::Verified, threads), 50);
        check_eq("CH-3", "what comes of a batch whose first part is late", &expected, &effects);
        let used = scheme.asked(|asked| asked.threads.len());
        check_eq("CH-3", "whether several threads have judged", &true, &(2..=threads).contains(&used));
    }
}
