//! Nodes as processes, and what they say.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use alys_test_framework::{NodeReport, Position};

/// A fresh folder under the target directory, named after the test that uses it.
pub(super) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The program of this package.
pub(super) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_alys-test"))
}

/// A process that is killed when nobody needs it any more.
pub(super) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    errors: PathBuf,
}

/// How a process has ended, with everything that it had still to say.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) said: Vec<NodeReport>,
    pub(super) errors: String,
}

impl Process {
    /// Starts a command in a folder; its standard error goes to a file there.
    pub(super) fn start(mut command: Command, folder: &Path) -> Self {
        let errors = folder.join(format!("errors-{}", fs::read_dir(folder).unwrap().count()));
        let command = command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(File::create(&errors).unwrap()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines, errors }
    }

    /// Starts `alys-test node`.
    pub(super) fn node(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = program();
        command.arg("node").args(arguments);
        Self::start(command, folder)
    }

    /// Starts `alys-test sync`.
    pub(super) fn sync(folder: &Path, from: &str, arguments: &[&str]) -> Self {
        let mut command = program();
        command.args(["sync", "--from", from]).args(arguments);
        Self::start(command, folder)
    }

    /// The next thing that it says; `None` when it has ended.
    pub(super) fn next(&mut self) -> Option<NodeReport> {
        let line = self.lines.next()?.unwrap();
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    /// What it says first of all that is wanted; fails when it ends before.
    pub(super) fn wait<T>(&mut self, wanted: impl Fn(&NodeReport) -> Option<T>) -> T {
        loop {
            let Some(report) = self.next() else {
                panic!("it has ended: {}", fs::read_to_string(&self.errors).unwrap())
            };
            if let Some(found) = wanted(&report) {
                return found;
            }
        }
    }

    /// Where it listens.
    pub(super) fn address(&mut self) -> String {
        self.wait(|report| match report {
            NodeReport::Listening { address } => Some(address.clone()),
            _ => None,
        })
    }

    /// The most memory that it ever had, in bytes, as the system says.
    pub(super) fn peak(&self) -> u64 {
        let pid = i32::try_from(self.child.id()).unwrap();
        let status = procfs::process::Process::new(pid).and_then(|process| process.status());
        status.unwrap().vmhwm.unwrap() * 1024
    }

    /// Sends a signal, by its name.
    pub(super) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    }

    /// Sends SIGKILL, and waits.
    pub(super) fn kill(mut self) -> Ended {
        self.child.kill().unwrap();
        self.end()
    }

    /// Waits for its end.
    pub(super) fn end(mut self) -> Ended {
        let mut said = Vec::new();
        // Of a line that was cut by a kill nothing is believed.
        while let Some(Ok(line)) = self.lines.next() {
            said.extend(serde_json::from_str::<NodeReport>(&line));
        }
        let (status, errors) = (self.child.wait().unwrap(), fs::read_to_string(&self.errors).unwrap());
        Ended { status, said, errors }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a report says to be durable.
pub(super) fn durable(report: &NodeReport) -> Option<&Position> {
    match report {
        NodeReport::Opened(position) | NodeReport::Durable(position) | NodeReport::Synced(position) => {
            Some(position)
        }
        _ => None,
    }
}

/// What a node says when its store is open.
pub(super) fn opened(report: &NodeReport) -> Option<Position> {
    match report {
        NodeReport::Opened(position) => Some(position.clone()),
        _ => None,
    }
}

/// What a node says when it is synced.
pub(super) fn synced(report: &NodeReport) -> Option<Position> {
    match report {
        NodeReport::Synced(position) => Some(position.clone()),
        _ => None,
    }
}
