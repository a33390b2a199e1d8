//! The counters of the operating system for this process.

use std::time::Duration;

use super::resources::Transferred;

/// What the system has counted of this process so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counters {
    pub(super) resident_bytes: u64,
    pub(super) cpu: Duration,
    pub(super) threads: u64,
    pub(super) open_files: u64,
    pub(super) network: Option<Transferred>,
    pub(super) disk: Option<Transferred>,
}

/// Returns how many bytes of memory this process has resident; `None` where the system does not say.
///
/// The kernel counts them in batches, so a few pages more or less mean nothing.
pub(crate) fn resident_bytes() -> Option<u64> {
    read().ok().map(|counters| counters.resident_bytes)
}

/// Reads them from procfs.
#[cfg(target_os = "linux")]
pub(super) fn read() -> Result<Counters, String> {
    let unreadable = |error: procfs::ProcError| format!("/proc/self cannot be read: {error}");
    let process = procfs::process::Process::myself().map_err(unreadable)?;
    let stat = process.stat().map_err(unreadable)?;
    let ticks = u32::try_from(procfs::ticks_per_second()).unwrap_or(u32::MAX).max(1);
    let seconds_of_ticks = Duration::from_secs(stat.utime + stat.stime) / ticks;
    Ok(Counters {
        resident_bytes: stat.rss * procfs::page_size(),
        cpu: seconds_of_ticks,
        threads: u64::try_from(stat.num_threads).unwrap_or(0),
        open_files: process.fd_count().map_err(unreadable)? as u64,
        network: network(&process),
        // A system may keep them from everybody.
        disk: process.io().ok().map(|io| Transferred { in_bytes: io.read_bytes, out_bytes: io.write_bytes }),
    })
}

/// What went over every interface but the loopback, which is no network.
#[cfg(target_os = "linux")]
fn network(process: &procfs::process::Process) -> Option<Transferred> {
    let interfaces = process.dev_status().ok()?;
    let outward = interfaces.values().filter(|interface| interface.name != "lo");
    Some(outward.fold(Transferred::default(), |sum, interface| Transferred {
        in_bytes: sum.in_bytes + interface.recv_bytes,
        out_bytes: sum.out_bytes + interface.sent_bytes,
    }))
}

/// Says why there are none.
#[cfg(not(target_os = "linux"))]
pub(super) fn read() -> Result<Counters, String> {
    Err("resources are read from /proc, which this operating system does not have".to_owned())
}

/// Lets this process grow by so many bytes of writable memory and no more; what it has already stays.
///
/// The limit is that on data, which holds for `mmap` and `mprotect` too since Linux 4.7: one on address space would count
/// what an allocator has only reserved. It is for a process of its own: whatever runs beside it is held to it as well.
#[cfg(target_os = "linux")]
pub(crate) fn allow_to_grow(bytes: u64) -> Result<(), String> {
    let unreadable = |error: procfs::ProcError| format!("/proc/self cannot be read: {error}");
    let status =
        procfs::process::Process::myself().and_then(|process| process.status()).map_err(unreadable)?;
    let used = status.vmdata.ok_or("/proc/self/status has no VmData")? * 1024;
    let (_, hard) = rlimit::Resource::DATA.get().map_err(|error| error.to_string())?;
    rlimit::Resource::DATA.set(used.saturating_add(bytes).min(hard), hard).map_err(|error| error.to_string())
}

/// Says why it cannot.
#[cfg(not(target_os = "linux"))]
pub(crate) fn allow_to_grow(_: u64) -> Result<(), String> {
    Err("only Linux holds a process to a limit of its memory".to_owned())
}
