//! A browser without a window: finds it, and loads pages in it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use alys_properties::{coverage::artifacts, sequential::announce};

/// What it may be called.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// How much of the page's own time may go by, in milliseconds; the browser skips the waiting.
const BUDGET: &str = "--virtual-time-budget=60000";

/// How wide a page is, and in which colours.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub(super) width: u32,
    pub(super) scheme: Scheme,
}

#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Light,
    Dark,
}

/// What came of a page.
pub(super) struct Seen {
    /// What its driver said.
    pub(super) said: String,
    /// The lines of its console.
    pub(super) console: Vec<String>,
}

/// A browser.
pub(super) struct Browser {
    program: PathBuf,
}

impl Browser {
    /// Finds one; says loudly where there is none, for then nothing is tested.
    pub(super) fn found() -> Option<Self> {
        if let Some(program) = env::var_os("ALYS_BROWSER") {
            return Some(Self { program: program.into() });
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = || env::split_paths(&path);
        let found = NAMES
            .iter()
            .flat_map(|name| folders().map(move |folder| folder.join(name)))
            .find(|file| file.is_file());
        if found.is_none() {
            announce(
                "browser: SKIPPED: there is no chromium or google-chrome on the PATH, and ALYS_BROWSER is unset; \
                 tools/install-browser installs one",
            );
        }
        found.map(|program| Self { program })
    }

    /// Loads a page in a frame of this width, and lets its scripts come to their end.
    ///
    /// A frame, because windows are never narrower than 500 pixels.
    pub(super) fn load(&self, name: &str, page: &str, view: View) -> Seen {
        let folder = artifacts().with_file_name("browser").join(name);
        fs::create_dir_all(&folder).unwrap();
        let (file, frame) = (folder.join("page.html"), folder.join("frame.html"));
        fs::write(&file, page).unwrap();
        fs::write(&frame, framed(view)).unwrap();
        let dark = matches!(view.scheme, Scheme::Dark);
        let output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--enable-logging=stderr", "--dump-dom", "--window-size=1300,900", BUDGET])
            .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!dark)))
            .arg(format!("--user-data-dir={}", absolute(&folder.join("profile")).display()))
            .arg(format!("file://{}", absolute(&frame).display()))
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.program.display()));
        let (dom, errors) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && dom.contains("<pre"), "{}: {dom}{errors}", output.status);
        let console = errors.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
        Seen { said: said(&dom), console }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap()
}

/// A page with the other one in a frame, which shows what that one says.
fn framed(View { width, scheme }: View) -> String {
    let scheme = if matches!(scheme, Scheme::Dark) { "dark" } else { "light" };
    format!(
        "<!doctype html><meta charset=\"utf-8\"><style>:root{{color-scheme:light dark}}</style><pre></pre>\
         <iframe src=\"page.html?width={width}&amp;scheme={scheme}\" width=\"{width}\" height=\"800\" style=\"border:0\"></iframe>\
         <script>addEventListener('message', (event) => {{ document.querySelector('pre').textContent = event.data }})</script>"
    )
}

/// What stands in the frame's text.
fn said(dom: &str) -> String {
    let text =
        dom.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>")).map_or("", |(text, _)| text);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}
