//! What the process holds in memory, as Linux tells it.

use std::fs;

/// Resident memory in kibibytes; zero where the system does not tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resident {
    /// Now.
    pub now: u64,
    /// At most, since the process began or [`forget_peak`] was called.
    pub peak: u64,
}

/// Reads the resident memory of this process.
#[must_use]
pub fn resident() -> Resident {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Resident { now: field("VmRSS:").unwrap_or(0), peak: field("VmHWM:").unwrap_or(0) }
}

/// Lets the peak begin again at what is resident now; false where the system does not allow it.
pub fn forget_peak() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}
