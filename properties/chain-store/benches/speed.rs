//! How fast the store imports, verifies and opens, and how fast headers are validated, each beside what cannot be saved.
//!
//! `cargo bench -p alys-chain-store-properties --bench speed`

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program whose output is its purpose")]

use std::{env, fs, hint::black_box, path::Path, path::PathBuf, time::Duration};

use alys_chain::{
    checkpoint::Interval,
    pow::{Headers, Network, validate},
    store::{ChainStore as _, Commit, Directory, RedbStore, Root, StoreConfig, StoredBlock},
};
use alys_engines::{coverage::artifacts, draw::SplitMix, measure::Stopwatch};
use bitcoin::hashes::{Hash as _, sha256, sha256d};
use redb::{Database, TableDefinition};

/// How many bytes a block has.
const BLOCK_LEN: usize = 500;

/// How many blocks one durable commit takes.
const BATCH: u64 = 1_000;

fn root(height: u64) -> Root {
    let mut mix = SplitMix(height);
    let words: [u64; 4] = std::array::from_fn(|_| mix.next());
    let mut root = [0; 32];
    for (into, word) in root.chunks_exact_mut(8).zip(words) {
        into.copy_from_slice(&word.to_le_bytes());
    }
    root
}

fn block(height: u64) -> StoredBlock {
    let mut mix = SplitMix(!height);
    let mut bytes = vec![0; BLOCK_LEN];
    for into in bytes.chunks_mut(8) {
        into.copy_from_slice(&mix.next().to_le_bytes()[..into.len()]);
    }
    let parent = root(height.saturating_sub(1));
    StoredBlock {
        root: root(height),
        parent,
        height,
        slot: height,
        state_root: root(height ^ 1 << 60),
        bytes,
    }
}

fn config(interval: u64) -> StoreConfig {
    StoreConfig::new("chain.redb", block(0), Interval::new(interval).unwrap())
}

fn emptied(name: &str) -> PathBuf {
    let folder = artifacts().join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Imports blocks up to a height, final at once, hashing their bytes; returns the store and how long it took.
fn imported(folder: &Path, interval: u64, to: u64) -> (RedbStore, Duration) {
    let disk = Directory::new(folder).unwrap();
    let mut store = RedbStore::open(&disk, &config(interval)).unwrap();
    let mut took = Duration::ZERO;
    for first in (store.head().height + 1..=to).step_by(BATCH as usize) {
        let last = to.min(first + BATCH - 1);
        let blocks: Vec<_> = (first..=last).map(block).collect();
        let watch = Stopwatch::start();
        for block in &blocks {
            black_box(sha256::Hash::hash(&block.bytes));
        }
        let (head, finalised) = (Some(root(last)), Some(root(last)));
        store.commit(&Commit { blocks, head, finalised, state: Vec::new() }).unwrap();
        took += watch.elapsed();
    }
    (store, took)
}

/// The key of a block in a table of blocks alone: its root, or its height before it.
fn raw_key(block: &StoredBlock, by_height: bool) -> [u8; 40] {
    let mut key = [0; 40];
    if by_height {
        key[..8].copy_from_slice(&block.height.to_be_bytes());
    }
    key[8..].copy_from_slice(&block.root);
    key
}

/// Hashes the same bytes and writes them to redb as they are.
fn raw(folder: &Path, to: u64, by_height: bool) -> Duration {
    const TABLE: TableDefinition<'_, &[u8; 40], &[u8]> = TableDefinition::new("blocks");
    let database = Database::create(folder.join("raw.redb")).unwrap();
    let mut took = Duration::ZERO;
    for first in (1..=to).step_by(BATCH as usize) {
        let blocks: Vec<_> = (first..=to.min(first + BATCH - 1)).map(block).collect();
        let watch = Stopwatch::start();
        let mut transaction = database.begin_write().unwrap();
        transaction.set_quick_repair(true);
        {
            let mut table = transaction.open_table(TABLE).unwrap();
            for block in &blocks {
                black_box(sha256::Hash::hash(&block.bytes));
                table.insert(&raw_key(block, by_height), block.bytes.as_slice()).unwrap();
            }
        }
        transaction.commit().unwrap();
        took += watch.elapsed();
    }
    took
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn import_beside_raw() {
    println!(
        "\n| blocks | import, blocks/s | raw by root | raw by height | time of import / raw by root | / raw by height |"
    );
    println!("|---|---|---|---|---|---|");
    for blocks in [10_000, 50_000, 200_000] {
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..5 {
            times[0].push(imported(&emptied("speed-ours"), 100, blocks).1);
            times[1].push(raw(&emptied("speed-raw"), blocks, false));
            times[2].push(raw(&emptied("speed-raw"), blocks, true));
        }
        let [ours, by_root, by_height] = times.map(median);
        let rate = |seconds: f64| blocks as f64 / seconds;
        println!(
            "| {blocks} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} |",
            rate(ours),
            rate(by_root),
            rate(by_height),
            ours / by_root,
            ours / by_height
        );
    }
}

fn headers_beside_hashing() {
    let Some(given) = env::var_os("ALYS_BITCOIN_HEADERS").map(PathBuf::from) else {
        println!("\nreal headers: Skipped: ALYS_BITCOIN_HEADERS is unset");
        return;
    };
    let bytes = fs::read(given.join("mainnet-822528-830592.bin")).unwrap();
    let (mut ours, mut hashing) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let first: [u8; 80] = bytes[..80].try_into().unwrap();
        let mut headers = Headers::starting(Network::Mainnet, 822_528, &first).unwrap();
        let watch = Stopwatch::start();
        validate(&mut headers, &bytes[80..]).unwrap();
        ours.push(watch.elapsed());
        let watch = Stopwatch::start();
        for header in bytes[80..].chunks_exact(80) {
            black_box(sha256d::Hash::hash(black_box(header)));
        }
        hashing.push(watch.elapsed());
    }
    let count = (bytes.len() / 80 - 1) as f64;
    let (ours, hashing) = (median(ours), median(hashing));
    println!("\n| real headers/s | hashes/s | time of validation / hashing |\n|---|---|---|");
    println!("| {:.0} | {:.0} | {:.2} |", count / ours, count / hashing, ours / hashing);
}

fn checkpoints_by_length() {
    println!(
        "\n| checkpoints | creation in one commit, us each | verification, us each | opening, ms |\n|---|---|---|---|"
    );
    for checkpoints in [1_000, 2_000, 4_000, 8_000, 16_000] {
        let folder = emptied("speed-checkpoints");
        let blocks = checkpoints * 2;
        let mut store = RedbStore::open(&Directory::new(&folder).unwrap(), &config(2)).unwrap();
        let head = Some(root(blocks));
        let commit = Commit { blocks: (1..=blocks).map(block).collect(), head, ..Commit::default() };
        store.commit(&commit).unwrap();
        let watch = Stopwatch::start();
        store.commit(&Commit { finalised: head, ..Commit::default() }).unwrap();
        let creation = watch.elapsed();
        let watch = Stopwatch::start();
        let verified = store.verify().unwrap();
        let verification = watch.elapsed();
        assert_eq!((verified.checked, verified.damaged), (checkpoints, None));
        store.close().unwrap();
        let watch = Stopwatch::start();
        let again = RedbStore::open(&Directory::new(&folder).unwrap(), &config(2)).unwrap();
        let opening = watch.elapsed();
        drop(again);
        let each = |time: Duration| time.as_secs_f64() * 1e6 / checkpoints as f64;
        println!(
            "| {checkpoints} | {:.1} | {:.2} | {:.1} |",
            each(creation),
            each(verification),
            opening.as_secs_f64() * 1e3
        );
    }
}

fn resident_mib() -> f64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * 4096.0 / (1 << 20) as f64
}

fn reopening_by_length() {
    println!(
        "\n| blocks | file, MiB | opening after a close, ms | after a crash, ms | memory during import, MiB |\n|---|---|---|---|---|"
    );
    let folder = emptied("speed-reopening");
    let disk = Directory::new(&folder).unwrap();
    for blocks in [10_000, 100_000, 1_000_000] {
        let (store, _) = imported(&folder, 100, blocks);
        let memory = resident_mib();
        // What lies on the disk while the store is open is what a crash would leave.
        let crashed = emptied("speed-crashed");
        let copy = crashed.join("chain.redb");
        fs::copy(folder.join("chain.redb"), &copy).unwrap();
        // Else the first sync of the store would write out the whole copy.
        fs::File::open(copy).unwrap().sync_all().unwrap();
        store.close().unwrap();
        let opened = |disk: &Directory| {
            let watch = Stopwatch::start();
            let store = RedbStore::open(disk, &config(100)).unwrap();
            let took = watch.elapsed().as_secs_f64() * 1e3;
            assert_eq!(store.head().height, blocks);
            store.close().unwrap();
            took
        };
        let crashed = opened(&Directory::new(crashed).unwrap());
        let closed = opened(&disk);
        let len = fs::metadata(folder.join("chain.redb")).unwrap().len() >> 20;
        println!("| {blocks} | {len} | {closed:.1} | {crashed:.1} | {memory:.0} |");
    }
}

fn main() {
    headers_beside_hashing();
    checkpoints_by_length();
    reopening_by_length();
    import_beside_raw();
    for folder in ["ours", "raw", "checkpoints", "reopening", "crashed"] {
        drop(fs::remove_dir_all(artifacts().join(format!("speed-{folder}"))));
    }
}
