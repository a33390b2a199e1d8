//! Writing the twin of a component into a build directory.

use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use crate::{Fault, Overlap, patch, without_tests};

/// What is copied from where to where, with which faults.
#[derive(Debug)]
pub struct Plan<'a, E: 'static> {
    /// The folder of sources of the real crate.
    pub sources: &'a Path,
    /// The folder of the twin; what it held before is deleted.
    pub twin: &'a Path,
    /// The modules of the crate that are copied, each a file or a folder.
    pub modules: &'a [&'a str],
    /// Every planted fault; the position is the number of its switch.
    pub faults: &'a [&'static Fault<E>],
}

/// A fault that is not in the twin, and how often its anchor occurs.
pub type Stale = (&'static str, usize);

/// Why a twin cannot be written.
#[derive(Debug)]
pub enum PlanError {
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// Two faults of a file lie in each other.
    Overlap(String, Overlap),
    /// Cargo has not set a variable that it sets for build scripts.
    Variable(&'static str),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, why) => write!(f, "{}: {why}", path.display()),
            Self::Overlap(file, overlap) => write!(f, "{file}: {overlap}"),
            Self::Variable(name) => {
                write!(f, "`{name}` is not set: this is for build scripts that cargo runs")
            }
        }
    }
}

impl error::Error for PlanError {}

impl<E> Plan<'_, E> {
    /// Writes the twin, and returns the faults that are not in it, those of files that are gone included.
    ///
    /// # Errors
    ///
    /// What the file system says, and faults that overlap.
    pub fn write(&self) -> Result<Vec<Stale>, PlanError> {
        if self.twin.exists() {
            at(self.twin, fs::remove_dir_all(self.twin))?;
        }
        let (mut names, mut stale) = (Vec::new(), Vec::new());
        for module in self.modules {
            for (name, target) in self.files_of(module)? {
                stale.extend(self.copy(&name, &self.twin.join(target))?);
                names.push(name);
            }
        }
        let gone = self.faults.iter().filter(|fault| names.iter().all(|name| name != fault.file));
        stale.extend(gone.map(|fault| (fault.id, 0)));
        Ok(stale)
    }

    /// Lists the files of a module as (name in the sources, place in the twin).
    ///
    /// `x.rs` beside a folder `x` becomes `x/mod.rs`: a module included by path looks for its children beside itself.
    fn files_of(&self, module: &str) -> Result<Vec<(String, String)>, PlanError> {
        let mut files = Vec::new();
        let mut folders = vec![module.to_owned()];
        while let Some(folder) = folders.pop() {
            let path = self.sources.join(&folder);
            if !path.is_dir() {
                continue;
            }
            for entry in at(&path, fs::read_dir(&path))? {
                let entry = at(&path, entry)?;
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    folders.push(name);
                } else {
                    files.push((name.clone(), name));
                }
            }
        }
        let single = format!("{module}.rs");
        if self.sources.join(&single).is_file() {
            files.push((single, format!("{module}/mod.rs")));
        }
        files.sort();
        Ok(files)
    }

    /// Writes one file of the twin, and returns the faults that had to be left out of it.
    fn copy(&self, name: &str, target: &Path) -> Result<Vec<Stale>, PlanError> {
        let path = self.sources.join(name);
        let folder = target.parent().unwrap_or(self.twin);
        at(folder, fs::create_dir_all(folder))?;
        if !name.ends_with(".rs") {
            // What a source includes, such as a style sheet.
            at(target, fs::copy(&path, target))?;
            return Ok(Vec::new());
        }
        let source = at(&path, fs::read_to_string(&path))?;
        let faults: Vec<_> =
            (0..).zip(self.faults.iter().copied()).filter(|one| one.1.file == name).collect();
        let patched =
            patch(&source, &faults).map_err(|overlap| PlanError::Overlap(name.to_owned(), overlap))?;
        at(target, fs::write(target, self.at_home(without_tests(&patched.text))))?;
        Ok(patched.stale)
    }

    /// Makes paths from the root of the original crate lead into the module `twin` of the package.
    fn at_home(&self, source: String) -> String {
        let from_root = |text: String, name: &&str| {
            text.replace(&format!("crate::{name}"), &format!("crate::twin::{name}"))
        };
        self.modules.iter().fold(source, from_root).replace("use crate::{", "use crate::twin::{")
    }
}

/// Writes the list of stale faults as an expression, for the package to include.
#[must_use]
pub fn stale(faults: &[Stale]) -> String {
    let entries: String = faults.iter().map(|(id, times)| format!("({id:?}, {times}), ")).collect();
    format!("&[{entries}]\n")
}

/// Writes the declarations of those modules that the twin has, for the package to include.
#[must_use]
pub fn modules(twin: &Path, names: &[&str]) -> String {
    let root = |name: &&&str| twin.join(name).join("mod.rs");
    let present = names.iter().filter(|name| root(name).is_file());
    present.map(|name| format!("#[path = {:?}]\npub mod {name};\n", root(&name))).collect()
}

pub(crate) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, PlanError> {
    result.map_err(|why| PlanError::File(path.to_owned(), why))
}
