//! How fast a node imports batches of blocks, beside what cannot be saved of it: verifying the same signatures on the same
//! threads, and hashing the same bytes and writing them to redb.
//!
//! `cargo bench -p alys-chain-store-properties --bench import`

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program whose output is its purpose")]

use std::{fs, hint::black_box, num::NonZeroUsize, path::PathBuf, sync::Arc, thread, time::Duration};

use alys_chain::{
    approvals,
    authorities::AuthoritySet,
    candidate,
    engine::{Event, Importing, Settings, Signatures, genesis_header},
    node::Node,
    scheme::{Bls, BlsPublicKey, BlsSecretKey, Claim, Domain, Message, SignatureScheme as _},
    store::Directory,
    stored::Stored,
    transition::{Balances, StateTransition as _, Transfer, TransferError, Transfers},
};
use alys_engines::{coverage::artifacts, draw::SplitMix, measure::Stopwatch};
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, SignedBlock,
};
use bitcoin::hashes::{Hash as _, sha256};
use redb::{Database, TableDefinition};
use ssz::Encode as _;

/// How many authorities there are.
const N: u64 = 5;

/// How many of them sign a certificate.
const QUORUM: u64 = 4;

/// How many transfers a block has.
const TRANSFERS: u64 = 2;

/// How often everything is measured.
const ROUNDS: usize = 5;

fn secret(who: u64) -> BlsSecretKey {
    let mut seed = [3; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    BlsSecretKey::from_seed(&seed).unwrap()
}

/// The number of an account: spread, as the trie that they lie in wants it.
fn account(number: u64) -> u64 {
    SplitMix(number).next()
}

fn genesis() -> Balances {
    Balances::genesis(&[(account(0), u64::MAX / 2), (account(1), 1_000)]).unwrap()
}

/// A chain, and what it is a chain of.
struct Chain {
    settings: Settings,
    authorities: AuthoritySet<BlsPublicKey>,
    blocks: Vec<Arc<CertifiedBlock>>,
}

/// A chain of so many blocks; without signatures they are signed by nobody.
fn chain(len: u64, signed: bool) -> Chain {
    let stated: Vec<_> =
        (0..N).map(|who| (Bls.public_key(&secret(who)), Bls.prove_possession(&secret(who)))).collect();
    let authorities = AuthoritySet::new(&Bls, &stated).unwrap();
    let settings = Settings { slot_duration: 1, ..Settings::default() };
    let mut state = genesis();
    let mut parent = genesis_header(&settings.check().unwrap().clock, state.root());
    let mut blocks = Vec::new();
    for slot in 1..=len {
        let mut body = BlockBody::default();
        for to in 0..TRANSFERS {
            let transfer = Transfer { from: account(0), to: account(1 + (slot + to) % 40), amount: 1 };
            body.transactions.push(transfer.to_transaction()).unwrap();
        }
        state = Transfers.apply(&state, &body).unwrap();
        let header = BlockHeader {
            parent_root: parent.root(),
            height: slot,
            slot,
            proposer_index: slot % N,
            state_root: state.root(),
            body_root: body.root(),
            timestamp: slot,
        };
        parent = header.clone();
        blocks.push(Arc::new(certified(header, body, signed)));
    }
    Chain { settings, authorities, blocks }
}

fn certified(header: BlockHeader, body: BlockBody, signed: bool) -> CertifiedBlock {
    let (block_root, slot) = (header.root(), header.slot);
    let sign = |domain, who| {
        let message = Message::new(domain, 1, slot, block_root);
        if signed { Bls.sign(&secret(who), &message) } else { Default::default() }
    };
    let mut bits = ApprovalBits::with_capacity(N as usize).unwrap();
    let who = || (0..QUORUM).map(|one| (slot + one) % N);
    who().for_each(|one| bits.set(one as usize, true).unwrap());
    let parts: Vec<_> = who().map(|one| sign(Domain::Approval, one)).collect();
    let signature = Bls.aggregate(&parts).unwrap_or_default();
    let certificate = AggregateApproval { block_root, slot, bits, signature };
    let signature = sign(Domain::Proposal, header.proposer_index);
    CertifiedBlock { signed_block: SignedBlock { block: Block { header, body }, signature }, certificate }
}

fn emptied(name: &str) -> PathBuf {
    let folder = artifacts().join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Imports a chain in batches, and prunes at checkpoints as a node does.
fn imported(chain: &Chain, importing: Importing, batch: usize) -> Duration {
    let disk = Directory::new(emptied("import-ours")).unwrap();
    let config = chain.settings.check().unwrap();
    let stored = Stored::open(&disk, "chain.redb", config, Transfers, genesis()).unwrap();
    let engine = stored.engine(Bls, chain.authorities.clone()).unwrap();
    let mut node = Node::new(engine, stored);
    let watch = Stopwatch::start();
    for blocks in chain.blocks.chunks(batch) {
        let mut told = 0;
        node.import(blocks, importing, u64::MAX, |_| told += 1).unwrap();
        black_box(told);
        let height = node.engine().finalised().height / 100 * 100;
        if height > 0 {
            node.handle(Event::Prune { height }, u64::MAX, drop).unwrap();
        }
    }
    let took = watch.elapsed();
    assert_eq!(node.engine().head().height, chain.blocks.len() as u64);
    took
}

/// What must hold of a block.
fn claims<'a>(chain: &'a Chain, block: &CertifiedBlock, both: bool) -> Vec<Claim<'a, BlsPublicKey>> {
    let root = block.signed_block.block.root();
    let proposed =
        candidate::claim::<_, TransferError>(&chain.authorities, 1, root, &block.signed_block).unwrap();
    let approved = approvals::claim(&chain.authorities, 1, &block.certificate).unwrap();
    if both { vec![proposed, approved] } else { vec![approved] }
}

/// Verifies the signatures of a chain and nothing else, in groups of 128, on so many threads.
fn verified(chain: &Chain, threads: usize, both: bool) -> Duration {
    let claims: Vec<_> = chain.blocks.iter().flat_map(|block| claims(chain, block, both)).collect();
    let watch = Stopwatch::start();
    thread::scope(|scope| {
        for part in claims.chunks(claims.len().div_ceil(threads)) {
            scope.spawn(|| part.chunks(128).for_each(|group| assert!(Bls.verify_all(group))));
        }
    });
    watch.elapsed()
}

/// Hashes the same bytes and writes them to redb as they are, by height.
fn raw(chain: &Chain, batch: usize) -> Duration {
    const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("blocks");
    let database = Database::create(emptied("import-raw").join("raw.redb")).unwrap();
    let blocks: Vec<_> = chain.blocks.iter().map(|block| block.as_ssz_bytes()).collect();
    let watch = Stopwatch::start();
    for (first, blocks) in (0_u64..).step_by(batch).zip(blocks.chunks(batch)) {
        let mut transaction = database.begin_write().unwrap();
        transaction.set_quick_repair(true);
        {
            let mut table = transaction.open_table(TABLE).unwrap();
            for (height, block) in (first..).zip(blocks) {
                black_box(sha256::Hash::hash(block));
                table.insert(height, block.as_slice()).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
    watch.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn signed_beside_verification() {
    let chain = chain(1_200, true);
    println!(
        "\n| threads | import of signed blocks, blocks/s | the same signatures alone | share | certificates alone |"
    );
    println!("|---|---|---|---|---|");
    for threads in [1, 2] {
        let importing =
            Importing { signatures: Signatures::Verified, threads: NonZeroUsize::new(threads).unwrap() };
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            times[0].push(imported(&chain, importing, 400));
            times[1].push(verified(&chain, threads, true));
            times[2].push(verified(&chain, threads, false));
        }
        let rates = times.map(|times| chain.blocks.len() as f64 / median(times));
        let [import, both, certificates] = rates;
        println!(
            "| {threads} | {import:.0} | {both:.0} | {:.0} % | {certificates:.0} |",
            100.0 * import / both
        );
    }
    let bls = || {
        let watch = Stopwatch::start();
        for block in &chain.blocks[..200] {
            for claim in claims(&chain, block, true) {
                assert!(Bls.verify(&claim.keys, &claim.message, &claim.signature));
            }
        }
        watch.elapsed()
    };
    println!("one by one, one thread: {:.0} blocks/s", 200.0 / median((0..ROUNDS).map(|_| bls()).collect()));
}

fn trusted_beside_raw() {
    println!(
        "\n| blocks | bytes each | trusted import, blocks/s | hashing and raw redb | time of import / raw |"
    );
    println!("|---|---|---|---|---|");
    for len in [10_000, 50_000] {
        let chain = chain(len, false);
        let importing = Importing { signatures: Signatures::Trusted, threads: NonZeroUsize::new(2).unwrap() };
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            times[0].push(imported(&chain, importing, 1_000));
            times[1].push(raw(&chain, 1_000));
        }
        let [ours, raw] = times.map(median);
        let bytes = chain.blocks[0].ssz_bytes_len();
        let rate = |seconds: f64| len as f64 / seconds;
        println!("| {len} | {bytes} | {:.0} | {:.0} | {:.2} |", rate(ours), rate(raw), ours / raw);
    }
}

fn main() {
    trusted_beside_raw();
    signed_beside_verification();
    for folder in ["ours", "raw"] {
        drop(fs::remove_dir_all(artifacts().join(format!("import-{folder}"))));
    }
}
