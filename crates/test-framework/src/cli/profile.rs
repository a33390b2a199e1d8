//! `alys-test run --profile`: a flamegraph of the run.

use std::path::Path;

use alys_test_framework::FrameworkError;

/// Samples the stacks of all threads until it is written.
pub(super) struct Profile(#[cfg(feature = "profile")] pprof::ProfilerGuard<'static>);

/// How often a second stacks are sampled: no multiple of what timers like.
#[cfg(feature = "profile")]
const FREQUENCY: i32 = 499;

#[cfg(feature = "profile")]
impl Profile {
    /// Begins to sample.
    pub(super) fn begin() -> Result<Self, FrameworkError> {
        let builder = pprof::ProfilerGuardBuilder::default().frequency(FREQUENCY);
        let builder = builder.blocklist(&["libc", "libgcc", "pthread", "vdso"]);
        Ok(Self(builder.build().map_err(|error| refused(&error))?))
    }

    /// Writes the flamegraph as SVG.
    pub(super) fn write(&self, path: &Path) -> Result<(), FrameworkError> {
        let unwritable = |error| FrameworkError::File { path: path.to_owned(), error };
        let report = self.0.report().build().map_err(|error| refused(&error))?;
        let file = std::fs::File::create(path).map_err(unwritable)?;
        report.flamegraph(file).map_err(|error| refused(&error))
    }
}

#[cfg(feature = "profile")]
fn refused(error: &pprof::Error) -> FrameworkError {
    FrameworkError::Harness { harness: "profile".to_owned(), reason: error.to_string() }
}

#[cfg(not(feature = "profile"))]
impl Profile {
    /// Says that this program cannot.
    pub(super) fn begin() -> Result<Self, FrameworkError> {
        let reason = "this program was built without it; `cargo run --release -p alys-test-framework --features profile \
                      -- run --profile FILE` builds one that has it";
        Err(FrameworkError::Harness { harness: "profile".to_owned(), reason: reason.to_owned() })
    }

    /// There is none to write.
    pub(super) fn write(&self, _: &Path) -> Result<(), FrameworkError> {
        Self::begin().map(drop)
    }
}
