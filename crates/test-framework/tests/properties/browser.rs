//! The HTML report in a real browser: it is loaded headless with a driver that uses it, and holds it against its JSON.

mod chromium;
mod reports;

use alys_properties::{
    measure::Stopwatch,
    sequential::{announce, is_deep},
};
use alys_test_framework::{Report, html};
use serde_json::Value;

use chromium::{Browser, Scheme, View};

use super::support::MEMORY;

const DRIVER: &str = include_str!("browser/driver.js");

/// A desk, and the smallest phone.
const DESK: u32 = 1200;
const PHONE: u32 = 360;

/// What the driver claims of a page: each claim with what it expects and what it got.
fn drive(browser: &Browser, name: &str, report: &Report, view: View) -> Vec<Value> {
    let page = html(report);
    assert_eq!(embedded(&page), json(report), "the JSON in the page is not that of the report");
    let driven = format!("{page}<script>{DRIVER}</script>");
    let seen = browser.load(name, &driven, view);
    assert_eq!(seen.console, Vec::<String>::new(), "{name}: the console is not silent");
    let claims: Value =
        serde_json::from_str(&seen.said).unwrap_or_else(|error| panic!("{error}: {:?}", seen.said));
    claims.as_array().cloned().unwrap_or_default()
}

/// Holds a page to all claims; a driver that claims less than it must has not got to its end.
fn hold(name: &str, claims: &[Value], at_least: usize) {
    let broken: Vec<_> = claims.iter().filter(|claim| claim["got"] != claim["expected"]).collect();
    assert!(
        broken.is_empty(),
        "{name}: {} of {} claims do not hold: {broken:#?}",
        broken.len(),
        claims.len()
    );
    assert!(claims.len() >= at_least, "{name}: only {} claims", claims.len());
    announce(&format!("browser: {name}: {} claims hold", claims.len()));
}

fn json(report: &Report) -> Value {
    serde_json::from_str(&report.to_json().unwrap()).unwrap()
}

/// The JSON in the page, as any program would take it from there.
fn embedded(page: &str) -> Value {
    let (_, rest) =
        page.split_once("<script type=\"application/json\" id=\"report\">").expect("no JSON in the page");
    let (json, _) = rest.split_once("</script>").expect("the JSON in the page has no end");
    serde_json::from_str(json).expect("what stands in the page is no JSON")
}

/// FW-1, FW-3, FW-4: what the page shows equals the JSON: outcomes, checks with their limits, percentiles, baseline, trend,
/// coverage; filters and keys work; names of any letters are shown as they are; nothing is wider than a phone; text can be
/// read in light and dark.
///
/// Engine: browser
#[test]
fn the_report_shows_what_its_json_says() {
    let Some(browser) = Browser::found() else { return };
    let _alone = MEMORY.blocking_lock();
    let report = reports::mixed();
    for (name, width, scheme) in [
        ("desk-light", DESK, Scheme::Light),
        ("desk-dark", DESK, Scheme::Dark),
        ("phone-light", PHONE, Scheme::Light),
        ("phone-dark", PHONE, Scheme::Dark),
    ] {
        hold(name, &drive(&browser, name, &report, View { width, scheme }), 100);
    }
}

/// FW-1: a report of nothing says that nothing ran, and its page works.
///
/// Engine: browser
#[test]
fn a_report_of_nothing_passes_nothing() {
    let Some(browser) = Browser::found() else { return };
    let _alone = MEMORY.blocking_lock();
    let view = View { width: PHONE, scheme: Scheme::Light };
    hold("nothing", &drive(&browser, "nothing", &reports::nothing(), view), 20);
}

/// FW-1, FW-3, FW-4: the same of 10,000 tests (2,000 where the main job has little time), among them hundreds of failures and names without end.
///
/// Engine: browser
#[test]
fn thousands_of_tests_do_not_break_the_report() {
    let Some(browser) = Browser::found() else { return };
    let _alone = MEMORY.blocking_lock();
    let tests = if is_deep() { 10_000 } else { 2_000 };
    let report = reports::of_many(tests);
    let watch = Stopwatch::start();
    let page = html(&report);
    let (made, megabytes) = (watch.elapsed(), page.len() / 1_000_000);
    let watch = Stopwatch::start();
    drop(browser.load("many-alone", &page, View { width: DESK, scheme: Scheme::Light }));
    let (loaded, made) = (watch.elapsed().as_secs_f64(), made.as_secs_f64());
    announce(&format!(
        "browser: {tests} tests: made in {made:.2} s, {megabytes} MB, browser up and page loaded in {loaded:.1} s"
    ));
    for (name, width) in [("many-desk", DESK), ("many-phone", PHONE)] {
        hold(name, &drive(&browser, name, &report, View { width, scheme: Scheme::Light }), tests);
    }
}

/// FW-1: the browser's verdict is worth something: an error on the console is seen, and so is text that cannot be read.
///
/// Engine: browser
#[test]
fn a_broken_page_is_found_out() {
    let Some(browser) = Browser::found() else { return };
    let _alone = MEMORY.blocking_lock();
    let view = View { width: PHONE, scheme: Scheme::Light };
    let page = html(&reports::nothing());
    let faulty = format!("{page}<script>window.thrown = 1; throw new Error('planted')</script>");
    let seen = browser.load("faulty-console", &faulty, view);
    assert!(seen.console.iter().any(|line| line.contains("planted")), "{:?}", seen.console);
    let pale = page.replace("</style>", ".soft{color:#ccc}h1{width:400px}</style>");
    let seen = browser.load("faulty-style", &format!("{pale}<script>{DRIVER}</script>"), view);
    let claims: Vec<Value> = serde_json::from_str(&seen.said).unwrap();
    let broken = claims.iter().filter(|claim| claim["got"] != claim["expected"]);
    let broken: Vec<_> = broken.filter_map(|claim| claim["claim"].as_str()).collect();
    assert!(broken.contains(&"nothing is wider than the window"), "{broken:?}");
    assert!(broken.iter().any(|claim| claim.contains("can be read")), "{broken:?}");
}
