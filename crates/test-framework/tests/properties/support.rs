//! Folders of tests, and runs in them.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use alys_test_framework::{Ended, MigrationPhase, Selection, TestConfig, run_recorded};
use tokio::sync::Mutex;

/// What the process has resident is felt by all of its tests: those that judge it and those that take much run one by one.
pub(super) static MEMORY: Mutex<()> = Mutex::const_new(());

/// Whether the program has every harness: then nothing that is required is skipped.
pub(super) const COMPLETE: bool = cfg!(all(feature = "p2p", feature = "interop"));

/// A fresh folder under the target directory, named after the test that uses it.
pub(super) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("a folder of this test alone");
    }
    std::fs::create_dir_all(&folder).expect("the target directory can be written");
    folder
}

/// A configuration whose data lies in a folder.
pub(super) fn config(folder: &Path) -> TestConfig {
    TestConfig { test_data_dir: folder.to_owned(), performance_tracking: false, ..TestConfig::development() }
}

/// Runs all phases of a configuration, of the selected tests.
pub(super) fn run(config: TestConfig, selection: Selection) -> Ended {
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers");
    let phases = &MigrationPhase::ALL;
    runtime
        .block_on(run_recorded(config, selection, phases, std::sync::Arc::new(|_| ())))
        .expect("a run in a folder")
}

/// Runs the program in a folder, with nothing of the environment that changes its configuration.
pub(super) fn program(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the program of this package")
}

/// The same, not yet run.
pub(super) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alys-test"));
    for (variable, _) in alys_test_framework::VARIABLES {
        command.env_remove(variable);
    }
    command.current_dir(folder).args(arguments);
    command
}

/// Returns what a program said, both channels.
pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
