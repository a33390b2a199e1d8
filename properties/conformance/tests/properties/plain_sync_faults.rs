//! The faults of the plain sync engine: what each of them does.

/// No fault.
pub(super) const NOTHING: usize = 0;
/// Where blocks do not link to its chain, it goes on asking forward.
pub(super) const NEVER_WALKS_BACK: usize = 1;
/// It asks for everything but the last block.
pub(super) const STOPS_ONE_BEFORE: usize = 2;
/// A peer is asked where it is when it is connected, and never again.
pub(super) const ASKS_ONCE: usize = 3;
/// A tip that was shown becomes its own wherever it knows the block.
pub(super) const TAKES_ANY_TIP: usize = 4;
/// A block enters without its parent.
pub(super) const TAKES_ORPHANS: usize = 5;
/// What was fetched from the tip down enters in that order.
pub(super) const TOP_FIRST: usize = 6;
/// The tip that was shown enters once more when its batch has.
pub(super) const ENTERS_THE_TIP_AGAIN: usize = 7;
/// No certificate of a range is looked at.
pub(super) const ENTERS_UNCERTIFIED: usize = 8;
/// Any tip is good enough.
pub(super) const SAYS_WITHOUT_A_SAMPLE: usize = 9;
/// Half of the sample is a majority.
pub(super) const HALF_IS_A_MAJORITY: usize = 10;
/// Only a fresh tip is good enough.
pub(super) const FRESHNESS_ALONE: usize = 11;
/// A tip as old as may be is not fresh.
pub(super) const FRESH_ONE_LESS: usize = 12;
/// An empty answer means that there is nothing more.
pub(super) const EMPTY_IS_THE_END: usize = 13;
/// The sample is those who have shown a tip.
pub(super) const COUNTS_WHO_HAS_SHOWN: usize = 14;
/// The gate knows its target as soon as one was shown.
pub(super) const BELIEVES_ANY_TARGET: usize = 15;
/// The gate is held to the relative limit alone.
pub(super) const RELATIVE_ALONE: usize = 16;
/// The gate is held to the absolute limit alone.
pub(super) const ABSOLUTE_ALONE: usize = 17;
/// The lag must be below the relative limit.
pub(super) const RELATIVE_BELOW: usize = 18;
/// One peer at genesis opens the gate.
pub(super) const ONE_AT_GENESIS: usize = 19;
/// A claim is a target.
pub(super) const TARGET_FROM_A_CLAIM: usize = 20;
/// After a bad block the batch is asked for from its start.
pub(super) const BATCH_FROM_ITS_START: usize = 21;
/// What was bad is asked of the same peer.
pub(super) const WAITS_FOR_THE_LIAR: usize = 22;
/// A peer that has failed is asked at once.
pub(super) const NO_BACKOFF: usize = 23;
/// The backoff does not double.
pub(super) const BACKOFF_STAYS: usize = 24;
/// No failures open a breaker.
pub(super) const NO_BREAKER: usize = 25;
/// A half-open breaker lets everything through.
pub(super) const PROBES_AT_WILL: usize = 26;
/// A breaker that is open stays so.
pub(super) const NEVER_HALF_OPENS: usize = 27;
/// Lies cost score alone.
pub(super) const NEVER_BANS: usize = 28;
/// One more lie is allowed than is configured.
pub(super) const BANS_ONE_LATE: usize = 29;
/// A ban is half as long as it should be.
pub(super) const BANS_TOO_SHORT: usize = 30;
/// Who was banned once is turned away.
pub(super) const BANS_FOR_GOOD: usize = 31;
/// Who comes back after a ban is not asked.
pub(super) const IGNORES_WHO_WAS_BANNED: usize = 32;
/// What cannot be decoded counts as a lie.
pub(super) const BANS_FOR_NOISE: usize = 33;
/// A late answer counts as a lie.
pub(super) const BANS_FOR_SILENCE: usize = 34;
/// A score has no lower bound.
pub(super) const SCORES_BELOW_ZERO: usize = 35;
/// An empty answer costs no score.
pub(super) const EMPTY_COSTS_NOTHING: usize = 36;
/// The first peer that may be asked is.
pub(super) const ASKS_THE_FIRST: usize = 37;
/// The last block is not durable.
pub(super) const FORGETS_THE_LAST: usize = 38;
/// After a restart everything is downloaded again.
pub(super) const STARTS_OVER: usize = 39;
/// A peer may be silent about where it is.
pub(super) const NO_STATUS_DEADLINE: usize = 40;
/// A request is waited for twice as long.
pub(super) const DEADLINE_TWICE: usize = 41;
/// What was not answered is asked of the same peer.
pub(super) const WAITS_FOR_THE_LATE: usize = 42;
/// A request asks for one block too many.
pub(super) const ONE_TOO_MANY: usize = 43;
/// Every peer is asked for blocks at the same time.
pub(super) const ASKS_ALL_AT_ONCE: usize = 44;
/// An answer to a request that was given up is used.
pub(super) const TAKES_LATE_ANSWERS: usize = 45;
/// What cannot be decoded costs score alone.
pub(super) const KEEPS_THE_NOISY: usize = 46;
/// What cannot be decoded costs everybody the connection.
pub(super) const NOISE_COSTS_ALL: usize = 47;

/// A request is waited for a millisecond too long.
pub(super) const DEADLINE_ONE_LATE: usize = 48;
/// A backoff is a millisecond too short.
pub(super) const BACKOFF_ONE_SHORT: usize = 49;
/// A breaker half-opens a millisecond too early.
pub(super) const BREAKER_ONE_SHORT: usize = 50;
/// A breaker opens after one failure more.
pub(super) const BREAKER_ONE_MORE: usize = 51;
/// A score has no upper bound.
pub(super) const SCORES_ABOVE: usize = 52;
/// Noise costs no score.
pub(super) const SCORE_STAYS: usize = 53;
/// The gate is closed where genesis is the target.
pub(super) const GENESIS_NEVER: usize = 54;
/// The lag must be below the absolute limit.
pub(super) const LAG_ONE_LESS: usize = 55;
/// A sample may be one too small.
pub(super) const SAMPLE_ONE_LESS: usize = 56;
/// A majority is everybody.
pub(super) const MAJORITY_OF_ALL: usize = 57;

/// Who has left is asked all the same.
pub(super) const KEEPS_THE_GONE: usize = 58;
/// The number of a request is used for the next one as well.
pub(super) const REUSES_NUMBERS: usize = 59;
/// Blocks enter only when the last one is there, and more are asked for meanwhile.
pub(super) const HOLDS_BLOCKS: usize = 60;
/// What a peer says of its tip counts as shown for what is said.
pub(super) const BELIEVES_CLAIMS: usize = 61;
/// Five peers are asked, whoever else is there.
pub(super) const USES_FIVE: usize = 62;
/// Peer 0 is asked twice as much as others.
pub(super) const LEANS_ON_ONE: usize = 63;

/// Who shows a forged tip has only failed.
pub(super) const FORGED_IS_NO_LIE: usize = 64;
/// Who sends blocks that are not linked has only failed.
pub(super) const UNLINKED_IS_NO_LIE: usize = 65;
/// Who sends too many blocks has only failed.
pub(super) const OVERSIZED_IS_NO_LIE: usize = 66;
/// Who sends a bad certificate has only failed.
pub(super) const BAD_CERTIFICATE_IS_NO_LIE: usize = 67;
