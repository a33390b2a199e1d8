//! The crash engine, held to what it promises on a write-ahead log: no component of the project stores anything yet.

use std::{convert::Infallible, io};

use alys_properties::{
    counterexample::{Origin, directory},
    coverage::artifacts,
    crash::{
        self, CrashFailure, CrashReport, Crashed, Disk, Durable, File, Fuse, Store, Survivors,
        wal::{Log, SUITE, fault::Fault},
    },
    exhaustive::{enumerate, shortest},
    results,
    sequential::{Persistence, Seed, Suite, announce, fail},
    small::Small,
    violation::caught,
};
use proptest::prelude::{BoxedStrategy, Just, Strategy as _};
use proptest_state_machine::ReferenceStateMachine;

/// The log loses nothing at any operation, in any way: in generated cases, and in every sequence of up to three transitions.
///
/// Engine: crash
#[test]
fn a_log_survives_every_crash() {
    let under_way = results::begin(SUITE.name);
    let report = crash::run::<Log>(&SUITE, Persistence::Committed, Seed::FromEnvironment);
    let report = report.unwrap_or_else(|failure| failure.end());
    announce(&report.to_string());
    let all = enumerate::<Crashed<Log>>(3)
        .unwrap_or_else(|shortest| fail(&shortest.counterexample(SUITE.name, SUITE.test_path)));
    announce(&format!("{}: every short sequence: {all:?}", SUITE.name));
    assert_eq!(all.sequences, 4 + 16 + 64);
    under_way.passed(&report.to_json());
}

/// A broken law ends its test with a page, with data, and with a result that says which law it was.
///
/// Engine: crash
#[test]
fn a_broken_law_leaves_a_page_and_a_result() {
    let suite = Suite { name: "crash_wal_planted", ..SUITE };
    let _planted = Fault::GoesOnAfterError.plant();
    let failure = crash::run_exactly::<Log>(&suite, Seed::Fixed).unwrap_err();
    let ended = caught(|| failure.end()).unwrap_err();
    assert!(ended.contains("CR-6: ") && ended.contains("page: "), "{ended}");
    let written = [
        directory().join("crash_wal_planted-cr-6.html"),
        directory().join("crash_wal_planted-cr-6.json"),
        artifacts().join("crash_wal_planted-result.json"),
    ];
    let [_, _, result] = written.clone().map(|file| std::fs::read_to_string(file).unwrap());
    written.into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
    assert!(result.contains("\"passed\": false") && result.contains("\"rule\": \"CR-6\""), "{result}");
}

/// The counts of one seed: an engine that lost operations or ways of loss would come to fewer.
///
/// Engine: crash
#[test]
fn every_operation_is_crashed_in_every_way() {
    let report = crash::run_exactly::<Log>(&Suite { cases: 20, ..SUITE }, Seed::Number(7)).unwrap();
    // Each operation is the last one once and fails alone once, and each case is crashed at its end.
    assert_eq!((report.transitions, report.operations, report.crashes), (84, 274, 2 * 274 + 20));
    assert_eq!((report.recoveries, report.recoveries_again, report.kept), (4_171, 35_437, 2_119));
}

/// Each fault, the law it dies of, and how many transitions it takes.
const FAULTS: [(Fault, &str, usize); 13] = [
    (Fault::AcknowledgedBeforeSync, "CR-5", 2),
    (Fault::NoChecksum, "CR-5", 1),
    (Fault::RenamedBeforeSync, "CR-2", 2),
    (Fault::NoDirectorySync, "CR-5", 2),
    (Fault::CutTooShort, "CR-5", 1),
    (Fault::TornTailKept, "CR-5", 2),
    (Fault::CutNotSynced, "CR-5", 3),
    (Fault::ReplayedTwice, "CR-3", 2),
    (Fault::ErrorIgnored, "CR-3", 2),
    (Fault::GoesOnAfterError, "CR-6", 2),
    (Fault::LogNotNamed, "CR-3", 2),
    (Fault::UnfinishedCheckpointRead, "CR-3", 3),
    (Fault::EmptiedTooEarly, "CR-3", 3),
];

/// Every planted fault dies, of the law it breaks, with as few transitions as any sequence has that breaks it.
///
/// Engine: crash
#[test]
fn every_planted_fault_dies_of_its_shortest_case() {
    assert_eq!(FAULTS.map(|(fault, ..)| fault), Fault::ALL);
    let died = FAULTS.map(|(fault, ..)| {
        let _planted = fault.plant();
        let Err(CrashFailure::Broken(found)) = crash::run_exactly::<Log>(&SUITE, Seed::Fixed) else {
            panic!("{fault:?} survived")
        };
        let (law, steps) = (found.rule().unwrap_or_default().to_owned(), found.transitions().len());
        announce(&format!(
            "crash_wal: {fault:?} dies in case {} of {}",
            found.generated_cases(),
            found.message
        ));
        assert_eq!(shortest::<Crashed<Log>>(Some(&law), steps), Some(steps), "{fault:?}: {found}");
        (fault, law, steps)
    });
    let expected = FAULTS.map(|(fault, law, steps)| (fault, law.to_owned(), steps));
    assert_eq!(died, expected);
}

/// What is lost behind the last operation of a case needs one crash to be seen, and no recovery that goes on.
///
/// Engine: crash
#[test]
fn what_was_acknowledged_and_not_synced_is_missed_behind_the_last_operation() {
    let lost = [Fault::AcknowledgedBeforeSync, Fault::NoChecksum].map(|fault| {
        let _planted = fault.plant();
        shortest::<Crashed<Log>>(Some("CR-3"), 3)
    });
    assert_eq!(lost, [Some(2), Some(2)]);
}

/// A counterexample tells its crash, is stored, and is replayed first.
///
/// Engine: crash
#[test]
fn a_crash_is_stored_and_replayed_first() {
    let file = artifacts().join("crash-of-a-planted-fault.txt");
    let _ = std::fs::remove_file(&file);
    let run = || crash::run::<Log>(&SUITE, Persistence::At(file.clone()), Seed::Fixed);
    let planted = Fault::ErrorIgnored.plant();
    let (Err(CrashFailure::Broken(first)), Err(CrashFailure::Broken(again))) = (run(), run()) else {
        panic!("the fault survived")
    };
    drop(planted);
    assert!(first.generated_cases() > 0, "{first}");
    assert_eq!(again.origin, Origin::StoredSeed);
    assert_eq!((&first.steps, &first.message), (&again.steps, &again.message));
    assert!(first.message.contains("a crash at operation 3 of 4, after 2 acknowledged"), "{first}");
    assert!(run().is_ok_and(|report| report.cases > SUITE.cases), "the stored case was not replayed");
}

/// A reference that asks nothing of a store.
#[derive(Debug)]
struct Careless;

impl ReferenceStateMachine for Careless {
    type State = ();
    type Transition = ();

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn apply((): (), (): &()) {}
}

impl Small for Careless {}

impl Durable for Careless {
    type Found = ();

    fn shown((): &()) {}

    fn possible((): &()) -> Vec<()> {
        vec![()]
    }

    fn resumed((): &(), (): &()) {}
}

/// Stores nothing at all.
struct Nowhere;

impl Store for Nowhere {
    type Reference = Careless;
    type Error = Infallible;

    fn open(_: &Disk, (): &()) -> Result<Self, Infallible> {
        Ok(Nowhere)
    }

    fn apply(&mut self, (): &()) -> Result<(), Infallible> {
        Ok(())
    }

    fn found(&self) {}
}

/// Writes to the disk, and nobody can tell.
struct Unread {
    file: File,
    failed: bool,
}

impl Store for Unread {
    type Reference = Careless;
    type Error = io::Error;

    fn open(disk: &Disk, (): &()) -> io::Result<Self> {
        Ok(Unread { file: disk.create("unread")?, failed: false })
    }

    fn apply(&mut self, (): &()) -> io::Result<()> {
        let written = if self.failed { Err(io::ErrorKind::Other.into()) } else { self.file.write(0, &[1]) };
        self.failed = written.is_err();
        written
    }

    fn found(&self) {}
}

fn vacuous<S: Store>() -> (u64, u64) {
    match crash::run_exactly::<S>(&SUITE, Seed::Fixed) {
        Err(CrashFailure::Vacuous { operations, kept, .. }) => (operations, kept),
        other => panic!("{:?}", other.map(|report: CrashReport| report.to_string())),
    }
}

/// A store that stores nothing is no store that passes, and neither is one of which nothing is ever found.
///
/// Engine: crash
#[test]
fn a_suite_with_nothing_to_lose_is_vacuous() {
    assert_eq!(vacuous::<Nowhere>(), (0, 0));
    let (operations, kept) = vacuous::<Unread>();
    assert!(operations > 0 && kept == 0, "{operations} operations, {kept} kept");
}

/// The bytes of a file after a crash, if it is found.
fn left(disk: &Disk, survivors: Survivors, name: &str) -> Option<Vec<u8>> {
    let file = disk.image(survivors).open(name).ok()?;
    let mut bytes = vec![0; file.len().ok()? as usize];
    file.read(0, &mut bytes).ok()?;
    Some(bytes)
}

/// A sync of a file keeps its bytes and not its name, one of the directory its name and not its bytes; what is pending
/// survives as a choice says, and a write is torn between sectors alone.
///
/// Engine: crash
#[test]
fn a_disk_keeps_what_was_synced() {
    let disk = Disk::new();
    let file = disk.create("one").unwrap();
    file.write(2, b"cd").unwrap();
    file.sync().unwrap();
    assert_eq!(left(&disk, Survivors::Nothing, "one"), None);
    assert_eq!(left(&disk, Survivors::Everything, "one"), Some(b"\0\0cd".to_vec()));
    disk.sync_directory().unwrap();
    file.write(0, b"ab").unwrap();
    file.set_len(3).unwrap();
    disk.rename("one", "other").unwrap();
    assert_eq!(left(&disk, Survivors::Nothing, "one"), Some(b"\0\0cd".to_vec()));
    assert_eq!(left(&disk, Survivors::First(1), "one"), Some(b"abcd".to_vec()));
    assert_eq!(left(&disk, Survivors::First(2), "one"), Some(b"abc".to_vec()));
    assert_eq!(left(&disk, Survivors::Everything, "one"), None);
    disk.sync_directory().unwrap();
    assert_eq!(left(&disk, Survivors::Nothing, "other"), Some(b"\0\0cd".to_vec()));
    assert!(!disk.exists("one").unwrap());

    file.sync().unwrap();
    file.write(500, &[7; 600]).unwrap();
    let torn: Vec<_> = (0..40).filter_map(|seed| left(&disk, Survivors::Torn(seed), "other")).collect();
    let pieces = [500..512, 512..1024, 1024..1100];
    for bytes in &torn {
        for piece in pieces.clone() {
            let kept = bytes.get(piece).unwrap_or_default();
            assert!(kept.windows(2).all(|pair| pair[0] == pair[1]), "torn inside a sector");
        }
    }
    assert!(torn.iter().any(|bytes| bytes.len() == 1100 && bytes[511] == 0), "never torn");
}

/// A fuse fails the operation of its number and all later ones, reads included; an error fails that one alone.
///
/// Engine: crash
#[test]
fn a_fuse_ends_everything_and_an_error_only_itself() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    for (fuse, later) in [(Fuse::BlowsAt(2), false), (Fuse::ErrsAt(2), true)] {
        let disk = Disk::new().copy(fuse);
        let file = disk.create("one").unwrap();
        // A storage backend is shared between threads.
        shared(&file);
        file.write(0, b"a").unwrap();
        assert!(file.sync().is_err());
        assert_eq!(
            (file.len().is_ok(), file.write(1, b"b").is_ok(), disk.open("one").is_ok()),
            (later, later, later)
        );
        assert_eq!(disk.operations(), 4);
        assert_eq!(left(&disk, Survivors::Nothing, "one"), None, "a sync that fails makes nothing durable");
    }
}

/// On a full disk nothing is written, made or made longer; the rest goes on, and what was there before can be made durable.
///
/// Engine: crash
#[test]
fn a_full_disk_takes_nothing_more_and_keeps_what_it_has() {
    let disk = Disk::new().copy(Fuse::FullAt(3));
    let file = disk.create("one").unwrap();
    file.write(0, b"abc").unwrap();
    disk.sync_directory().unwrap();
    let full = |done: io::Result<()>| {
        assert_eq!(done.map_err(|error| error.kind()), Err(io::ErrorKind::StorageFull));
    };
    full(file.write(0, b"x"));
    full(file.set_len(4));
    full(disk.create("two").map(drop));
    file.set_len(3).unwrap();
    file.set_len(2).unwrap();
    file.sync().unwrap();
    disk.rename("one", "other").unwrap();
    disk.sync_directory().unwrap();
    assert_eq!((file.len().unwrap(), disk.operations()), (2, 11));
    assert_eq!(left(&disk, Survivors::Nothing, "other").as_deref(), Some(b"ab".as_slice()));
    disk.remove("other").unwrap();
}
