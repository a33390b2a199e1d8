//! What the operating system says of this process.

/// Returns how many bytes of memory this process has resident; `None` where the system does not say so in `/proc`.
///
/// The kernel counts them in kibibytes and in batches, so a few pages more or less mean nothing.
pub(crate) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}
