//! The faults of the plain chain store, by number.

/// No fault.
pub(super) const NOTHING: usize = 0;
/// A block enters two heights above its parent.
pub(super) const ENTERS_WITH_A_GAP: usize = 1;
/// A block enters behind a parent that is not there.
pub(super) const ENTERS_WITHOUT_A_PARENT: usize = 2;
/// Of two chains as long the larger root is the tip.
pub(super) const CHOOSES_THE_LARGER_ROOT: usize = 3;
/// Of two chains as long the one that came first stays the tip.
pub(super) const STAYS_WITH_THE_FIRST: usize = 4;
/// A tip that is told is not taken where it is lower.
pub(super) const STAYS_HIGH: usize = 5;
/// A block below the final one becomes final.
pub(super) const FINALITY_GOES_BACK: usize = 6;
/// A tip is taken that leaves the final block.
pub(super) const LEAVES_THE_FINAL_BLOCK: usize = 7;
/// A block beside the way to the tip becomes final.
pub(super) const FINALISES_A_FORK: usize = 8;
/// A slot may be left out between the second and the third of three.
pub(super) const FINALISES_OVER_A_GAP: usize = 9;
/// The block before the last one that came is final.
pub(super) const FINALISES_BY_ARRIVAL: usize = 10;
/// A slot is voted in twice.
pub(super) const VOTES_TWICE: usize = 11;
/// Checkpoints stand one height too high.
pub(super) const ONE_HEIGHT_OFF: usize = 12;
/// A checkpoint stands at the tip before it is final.
pub(super) const CHECKPOINT_AT_THE_TIP: usize = 13;
/// A checkpoint names nothing before it.
pub(super) const NAMES_NOTHING: usize = 14;
/// A checkpoint says how many blocks there are.
pub(super) const COUNTS_INTO_CHECKPOINTS: usize = 15;
/// A damaged checkpoint is served as it is.
pub(super) const SERVES_DAMAGE: usize = 16;
/// A checkpoint that is missing is taken for one that is not due.
pub(super) const MISSING_IS_NOT_DUE: usize = 17;
/// A verification leaves the last checkpoint out.
pub(super) const VERIFIES_TOO_FEW: usize = 18;
/// Rebuilding leaves the first damaged one as it is.
pub(super) const REBUILDS_TOO_FEW: usize = 19;
/// A block beside the way to the tip is acknowledged and forgotten.
pub(super) const FORGETS_FORKS: usize = 20;
/// After a reorganisation the index keeps what lies above the new tip.
pub(super) const INDEX_KEEPS_THE_OLD: usize = 21;
/// A final block that is refused becomes the tip all the same.
pub(super) const REFUSED_AND_MOVED: usize = 22;
/// The last entry of the journal is not read.
pub(super) const FORGETS_THE_LAST: usize = 23;
/// The journal is not synced.
pub(super) const DOES_NOT_SYNC: usize = 24;
/// An entry is written in two halves, and the first half counts as one.
pub(super) const READS_HALF_AN_ENTRY: usize = 25;
/// What is written is shown, whether that succeeded or not.
pub(super) const SHOWS_EARLY: usize = 26;
/// A checkpoint binds the block before its own.
pub(super) const BINDS_ANOTHER_BLOCK: usize = 27;
/// A finalised block is not remembered when the store is opened again.
pub(super) const REOPENS_WITHOUT_FINALITY: usize = 28;
/// A block that is refused can be read all the same.
pub(super) const KEEPS_THE_REFUSED: usize = 29;
/// The last vote is not remembered when the store is opened again.
pub(super) const REOPENS_WITHOUT_VOTES: usize = 30;
/// A verification names the first checkpoint where all are good.
pub(super) const NAMES_A_GOOD_ONE: usize = 31;
/// A checkpoint that is good is told to be damaged once there are three.
pub(super) const DOUBTS_THE_THIRD: usize = 32;
/// An entry is written in two halves, and a store with one half does not open.
pub(super) const REFUSES_A_TORN_END: usize = 33;
/// A block that fits is refused at height 3.
pub(super) const REFUSES_HEIGHT_THREE: usize = 34;
/// A slot is voted in only two above the last one.
pub(super) const VOTES_TOO_SELDOM: usize = 35;
/// The genesis is not found by height.
pub(super) const INDEX_WITHOUT_GENESIS: usize = 36;
/// Rebuilding a checkpoint gives it another id.
pub(super) const REBUILDS_ANOTHER: usize = 37;
