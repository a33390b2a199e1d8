//! What fuzzers have left: the committed corpus, the committed crashes, and what the last runs on this machine found.

use std::{fs, io};

use thiserror::Error;

use crate::{sources, violation::caught};

/// How many inputs of one target were replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Of `fuzz/corpus`.
    pub corpus: usize,
    /// Of `fuzz/crashes`: inputs that once broke a rule.
    pub crashes: usize,
    /// Of `fuzz/artifacts`, where a fuzzer leaves what it has just found; they are in no commit.
    pub artifacts: usize,
}

/// Why a replay ended.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// A folder or a file cannot be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The folder or file, from the root of the project.
        path: String,
        /// What the file system says.
        source: io::Error,
    },
    /// The body panicked, which is how it says that a rule breaks.
    #[error("{path} breaks a rule:\n{message}")]
    Breaks {
        /// The file, from the root of the project.
        path: String,
        /// What the body said.
        message: String,
    },
}

/// An input and where it lies.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The file, from the root of the project.
    pub path: String,
    /// The input.
    pub bytes: Vec<u8>,
}

/// Returns the files of a folder, sorted by name; a folder that does not exist has none.
///
/// # Errors
///
/// [`ReplayError::Unreadable`].
pub fn inputs(folder: &str) -> Result<Vec<Stored>, ReplayError> {
    let unreadable = |path: &str| {
        let path = path.to_owned();
        move |source| ReplayError::Unreadable { path, source }
    };
    let entries = match fs::read_dir(sources::root().join(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable(folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable(folder))?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        let bytes = fs::read(entry.path()).map_err(unreadable(&path))?;
        found.push(Stored { path, bytes });
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Returns the inputs that once broke a rule of this target.
///
/// # Errors
///
/// [`ReplayError::Unreadable`].
pub fn crashes(target: &str) -> Result<Vec<Stored>, ReplayError> {
    inputs(&format!("fuzz/crashes/{target}"))
}

/// Runs a body on everything that is stored for its target, and counts it.
///
/// # Errors
///
/// The first input on which the body panics, or what cannot be read.
pub fn replay(target: &str, body: impl Fn(&[u8])) -> Result<Replayed, ReplayError> {
    let all = |stored: Vec<Stored>| {
        let count = stored.len();
        stored.into_iter().try_for_each(|Stored { path, bytes }| {
            caught(|| body(&bytes)).map_err(|message| ReplayError::Breaks { path, message })
        })?;
        Ok(count)
    };
    Ok(Replayed {
        crashes: all(crashes(target)?)?,
        artifacts: all(inputs(&format!("fuzz/artifacts/{target}"))?)?,
        corpus: all(inputs(&format!("fuzz/corpus/{target}"))?)?,
    })
}
