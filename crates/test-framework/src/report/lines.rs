//! Which lines of the code the suites of properties went through, measured by a tool where one is installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde::{Deserialize, Serialize};

use crate::{error::Result, log::at};

/// The name of the file within the folder of a run.
const LCOV: &str = "coverage.lcov";

/// What came of measuring it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LineCoverage {
    /// It was measured.
    Measured {
        /// Where the LCOV file lies.
        lcov: PathBuf,
        /// How many lines can be gone through.
        lines: u64,
        /// How many of them were.
        hit: u64,
    },
    /// It was not, and why; a missing tool fails nothing.
    Skipped(String),
    /// The suites failed under the tool, and how it ended.
    Failed(String),
}

impl LineCoverage {
    /// Runs the suites of properties under `cargo llvm-cov`, and leaves its LCOV file in the folder of a run.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`](crate::FrameworkError::File) when the tool cannot be started, or its file not be read.
    pub fn measure(folder: &Path) -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        if !Command::new(&cargo)
            .args(["llvm-cov", "--version"])
            .output()
            .is_ok_and(|asked| asked.status.success())
        {
            let words = "`cargo llvm-cov` is not installed; `cargo install cargo-llvm-cov` installs it";
            return Ok(Self::Skipped(words.to_owned()));
        }
        let lcov = std::path::absolute(folder.join(LCOV)).map_err(|error| at(folder, error))?;
        let mut command = Command::new(&cargo);
        command
            .args(["llvm-cov", "test", "--release", "--lcov", "--output-path"])
            .arg(&lcov)
            .arg("properties");
        let status = command.status().map_err(|error| at(Path::new(&cargo), error))?;
        if !status.success() {
            return Ok(Self::Failed(status.to_string()));
        }
        let (lines, hit) = counted(&fs::read_to_string(&lcov).map_err(|error| at(&lcov, error))?);
        Ok(Self::Measured { lcov, lines, hit })
    }

    /// Returns the share of lines that were gone through in percent; `None` where there is none.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "no code has 2^53 lines")]
    pub fn percent(&self) -> Option<f64> {
        match self {
            Self::Measured { lines, hit, .. } if *lines > 0 => Some(*hit as f64 / *lines as f64 * 100.0),
            _ => None,
        }
    }
}

/// The sums of an LCOV file: lines found (`LF`), and lines hit (`LH`), of all its records.
fn counted(lcov: &str) -> (u64, u64) {
    let sum = |field: &str| {
        lcov.lines().filter_map(|line| line.strip_prefix(field)?.trim().parse::<u64>().ok()).sum()
    };
    (sum("LF:"), sum("LH:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_records_of_a_file_are_added_up() {
        let lcov = "SF:a.rs\nDA:1,5\nDA:2,0\nLF:2\nLH:1\nend_of_record\nSF:b.rs\nLF:8\nLH:8\nend_of_record\n";
        assert_eq!(counted(lcov), (10, 9));
        let measured = LineCoverage::Measured { lcov: "a".into(), lines: 10, hit: 9 };
        assert_eq!(measured.percent(), Some(90.0));
        assert_eq!(LineCoverage::Measured { lcov: "a".into(), lines: 0, hit: 0 }.percent(), None);
        assert_eq!(LineCoverage::Skipped(String::new()).percent(), None);
    }
}
