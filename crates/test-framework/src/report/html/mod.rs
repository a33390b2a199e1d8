//! The report as one page: it loads nothing, and without its script it still shows everything but the filters.

mod baseline;
mod chaos;
mod checks;
mod configuration;
mod failure;
mod lanes;
mod phases;
mod properties;
mod resources;
mod samples;
mod scale;
mod sequence;
mod show;
mod speed;
mod summary;
mod throughput;
mod trend;

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use super::Report;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page may do: run what stands in it, and ask for nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// A part of the page that can be gone to.
struct Section {
    id: &'static str,
    title: &'static str,
    body: Markup,
}

/// Returns a report as one self-contained page.
///
/// It has the report's JSON in it, as the script element `report`.
///
/// # Panics
///
/// When the report has a value that JSON cannot hold, which none has.
#[must_use]
pub fn html(report: &Report) -> String {
    let sections = sections(report);
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (show::capitalised(show::outcome_words(report.outcome))) ": test run, seed " (report.seed) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#tests" { "Skip to the tests" }
                (summary::header(report))
                nav aria-label="Sections" {
                    div { @for section in &sections { a href={ "#" (section.id) } { (section.title) } } }
                }
                main {
                    @for Section { id, title, body } in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } { h2 id={ (id) "-title" } { (title) } (body) }
                    }
                }
                (footer())
                script type="application/json" id="report" { (PreEscaped(embedded(report))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The sections that this report has something for, in their order.
fn sections(report: &Report) -> Vec<Section> {
    let all = [
        ("failures", "What failed", summary::failures(report)),
        ("tests", "Phases and tests", Some(phases::all(report))),
        ("speed", "Speed", speed::section(report)),
        ("baseline", "Beside the baseline", baseline::section(report)),
        ("resources", "Resources", resources::section(&report.metrics.resources)),
        ("chaos", "Chaos", report.chaos.as_ref().map(chaos::section)),
        ("trend", "Earlier runs", trend::section(report)),
        ("properties", "Properties", properties::all(report)),
        ("configuration", "Configuration", Some(configuration::section(&report.config))),
    ];
    all.into_iter().filter_map(|(id, title, body)| body.map(|body| Section { id, title, body })).collect()
}

/// The report's JSON as it may stand inside of a script element: no `<` can end it, or begin a comment in it.
fn embedded(report: &Report) -> String {
    let json = serde_json::to_string(report).expect("a report has no value that JSON cannot hold");
    json.replace('<', "\\u003c")
}

fn footer() -> Markup {
    markup! {
        footer {
            p {
                kbd { "/" } " filter  " kbd { "j" } " " kbd { "k" } " or " kbd { "↓" } " " kbd { "↑" }
                " next and previous test  " kbd { "Enter" } " open  " kbd { "n" } " next that did not pass"
            }
            p { button type="button" id="save" { "Save as JSON" } }
        }
    }
}
