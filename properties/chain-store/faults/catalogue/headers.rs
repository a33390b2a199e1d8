//! Planted faults of the header chain.

use super::{Engine, Fault};

const BITS: &str = "pow/bits.rs";
const HEADERS: &str = "pow/headers.rs";
const RETARGET: &str = "pow/retarget.rs";
const STREAM: &str = "pow/stream.rs";

const fn expression(
    title: &'static str,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(Engine::Headers, title, &["CH-10"], file, original, faulty)
}

const fn statement(
    title: &'static str,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(Engine::Headers, title, &["CH-10"], file, original, faulty)
}

pub(super) const FAULTS: &[Fault] = &[
    expression(
        "second_form_of_bits: a form that is not the shortest is taken",
        BITS,
        "canonical != compact",
        "false",
    ),
    expression(
        "link_unchecked: a header may follow any other",
        HEADERS,
        "header.previous != self.tip",
        "false",
    ),
    expression(
        "bits_unchecked: a header states its own difficulty",
        HEADERS,
        "bits != required.compact()",
        "false",
    ),
    expression("work_unchecked: any hash counts", HEADERS, "bits.is_met_by(hash)", "true"),
    expression(
        "median_itself_allowed: a header may be as old as the median",
        HEADERS,
        "header.time <= median",
        "header.time < median",
    ),
    expression(
        "retarget_one_late: the first header of an interval has the old bits",
        HEADERS,
        "self.place + 1 == self.interval",
        "self.place == self.interval",
    ),
    statement(
        "interval_never_begins: time is counted from the first header of all",
        HEADERS,
        "self.interval_began = header.time;",
        "",
    ),
    expression(
        "median_of_the_lower_half: of an even number the lower one is taken",
        HEADERS,
        "times.len() / 2",
        "(times.len() - 1) / 2",
    ),
    expression(
        "median_of_all_places: places that are still empty count",
        HEADERS,
        "MEDIAN_SPAN.min(self.times_len + 1)",
        "MEDIAN_SPAN",
    ),
    expression(
        "start_anywhere: the time of the interval is unknown",
        HEADERS,
        "!height.is_multiple_of(interval)",
        "false",
    ),
    expression(
        "height_of_the_tip: a refused header is told one too low",
        HEADERS,
        "self.judged(&header, raw).map_err(|reason| HeaderError { height, reason })?",
        "self.judged(&header, raw).map_err(|reason| HeaderError { height: height - 1, reason })?",
    ),
    expression("lower_clamp_wrong: the target falls to an eighth", RETARGET, "wanted / 4", "wanted / 8"),
    expression("upper_clamp_wrong: the target rises by eight", RETARGET, "wanted * 4", "wanted * 8"),
    expression(
        "clock_runs_backwards: time that went back counts as very long",
        RETARGET,
        "u64::try_from(seconds).unwrap_or(0)",
        "u64::try_from(seconds).unwrap_or(u64::MAX)",
    ),
    expression(
        "easier_than_the_limit: the target rises above the limit of the network",
        RETARGET,
        "scaled(bits.target(), seconds, wanted).min(network.limit().target())",
        "scaled(bits.target(), seconds, wanted)",
    ),
    expression(
        "interrupted_stream_ends: a call that is interrupted is an error",
        STREAM,
        "error.kind() == io::ErrorKind::Interrupted",
        "false",
    ),
    expression(
        "piece_is_the_end: less than asked for ends the stream",
        STREAM,
        "len < raw.len()",
        "len == 0",
    ),
];
