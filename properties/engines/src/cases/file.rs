//! Cases as text, and where they lie.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ron::{extensions::Extensions, ser::PrettyConfig};
use serde::{Serialize, de::DeserializeOwned};

use super::{Case, CaseError, FORM};

/// Returns a case as text, one transition a line.
///
/// # Errors
///
/// [`CaseError::Unwritable`] when a part of it has no text.
pub fn text<P: Serialize, T: Serialize>(case: &Case<P, T>) -> Result<String, CaseError> {
    let pretty = PrettyConfig::new().depth_limit(2).extensions(Extensions::IMPLICIT_SOME);
    let text = ron::ser::to_string_pretty(case, pretty)
        .map_err(|error| CaseError::Unwritable { suite: case.suite.clone(), error })?;
    Ok(format!("{text}\n"))
}

/// Reads a case of a suite.
///
/// # Errors
///
/// Why the text is none, with the place.
pub fn parse<P: DeserializeOwned, T: DeserializeOwned>(
    path: &Path,
    text: &str,
    suite: &str,
) -> Result<Case<P, T>, CaseError> {
    let path = || path.to_owned();
    let case: Case<P, T> =
        ron::from_str(text).map_err(|error| CaseError::Text { path: path(), error: Box::new(error) })?;
    if case.form != FORM {
        return Err(CaseError::Form { path: path(), form: case.form });
    }
    if case.suite != suite {
        return Err(CaseError::Suite { path: path(), found: case.suite, wanted: suite.to_owned() });
    }
    Ok(case)
}

/// The files of cases in a directory, by name; none if there is no such directory.
fn files(directory: &Path) -> Result<Vec<PathBuf>, CaseError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(CaseError::File { path: directory.to_owned(), error }),
    };
    let paths: io::Result<Vec<_>> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| CaseError::File { path: directory.to_owned(), error })?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "ron"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, CaseError> {
    fs::read_to_string(path).map_err(|error| CaseError::File { path: path.to_owned(), error })
}

/// A case and the file that it was read from.
pub type Filed<P, T> = (PathBuf, Case<P, T>);

/// Reads all cases of a suite, by name.
///
/// # Errors
///
/// The first file that is no case of it.
pub fn read_all<P: DeserializeOwned, T: DeserializeOwned>(
    directory: &Path,
    suite: &str,
) -> Result<Vec<Filed<P, T>>, CaseError> {
    let read = |path: PathBuf| {
        let case = parse(&path, &read(&path)?, suite)?;
        Ok((path, case))
    };
    files(directory)?.into_iter().map(read).collect()
}

/// Writes a new case under a name that says its rule, and returns the path; the same case is written once.
///
/// # Errors
///
/// [`CaseError`] when a part of it has no text, or the file system says no.
pub fn store<P: Serialize, T: Serialize>(directory: &Path, case: &Case<P, T>) -> Result<PathBuf, CaseError> {
    let text = text(case)?;
    let rule = case.rule.as_deref().unwrap_or("panic").to_lowercase();
    write(directory, &format!("{rule}-{:08x}", fingerprint(&text)), text)
}

/// Writes a case under a name of the caller's choice.
pub fn store_as<P: Serialize, T: Serialize>(
    directory: &Path,
    name: &str,
    case: &Case<P, T>,
) -> Result<PathBuf, CaseError> {
    write(directory, name, text(case)?)
}

fn write(directory: &Path, name: &str, text: String) -> Result<PathBuf, CaseError> {
    let path = directory.join(format!("{name}.ron"));
    let stored = fs::create_dir_all(directory).and_then(|()| fs::write(&path, text));
    stored.map_err(|error| CaseError::File { path: path.clone(), error })?;
    Ok(path)
}

/// A short name for a text (FNV-1a, 32 bits).
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
