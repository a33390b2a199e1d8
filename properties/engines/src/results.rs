//! What each suite came to, as data for programs: `<suite>-result.json` among the [`artifacts`].
//!
//! A suite is entered as not passed when it begins, and as passed when everything that it is held to has been looked at. So
//! whatever ends it in between, a panic or the end of the process, leaves no verdict of an earlier run behind.

use std::{fmt, fs};

use serde_json::{Value, json};

use crate::{coverage::artifacts, sequential::announce, violation::rule_of};

/// A suite under way.
#[derive(Debug)]
#[must_use = "a suite that is not told to have passed has not"]
pub struct UnderWay {
    suite: String,
}

impl UnderWay {
    /// Says that everything holds that the suite is held to, and what it did.
    pub fn passed(self, did: &Value) {
        write(&self.suite, &json!({ "suite": self.suite, "passed": true, "did": did }));
    }
}

/// Begins a suite: until it [passes](UnderWay::passed), its result says that it has not.
pub fn begin(suite: &str) -> UnderWay {
    failed(suite, "the suite has not come to its end");
    UnderWay { suite: suite.to_owned() }
}

/// Says that a suite failed, of which rule, if it was one, and why.
pub(crate) fn failed(suite: &str, reason: &str) {
    write(suite, &json!({ "suite": suite, "passed": false, "rule": rule_of(reason), "reason": reason }));
}

/// Ends a suite that found no counterexample and is no pass all the same: what it did says nothing.
///
/// # Panics
///
/// Always: that is its purpose.
pub fn refuse(suite: &str, reason: &dyn fmt::Display) -> ! {
    let reason = reason.to_string();
    failed(suite, &reason);
    panic!("suite `{suite}`: {reason}")
}

/// A file that cannot be written is told, and fails nothing.
fn write(suite: &str, result: &Value) {
    let file = artifacts().join(format!("{suite}-result.json"));
    if let Err(error) = fs::write(&file, format!("{result:#}\n")) {
        announce(&format!("{}: the result could not be written: {error}", file.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        counterexample::{Counterexample, Origin, directory},
        sequential::fail,
        violation::caught,
    };

    /// Takes what lies in the file of a suite: no toy is left among the results of a run.
    fn take(suite: &str) -> Value {
        let file = artifacts().join(format!("{suite}-result.json"));
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_file(file).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_suite_has_passed_when_it_says_so_and_not_before() {
        let under_way = begin("toy_passes");
        assert_eq!(take("toy_passes")["passed"], false);
        under_way.passed(&json!({ "cases": 7 }));
        let result = take("toy_passes");
        assert_eq!((&result["passed"], &result["did"]["cases"]), (&true.into(), &7.into()));
        // The next run ends half-way.
        drop(caught(|| {
            let _under_way = begin("toy_passes");
            panic!("half-way");
        }));
        assert_eq!(take("toy_passes")["passed"], false);
    }

    #[test]
    fn a_suite_that_fails_says_of_which_rule() {
        let found = Counterexample {
            suite: "toy_fails".to_owned(),
            engine: "sequential".to_owned(),
            message: "MB-1: too long".to_owned(),
            initial_state: None,
            steps: Vec::new(),
            schedule: Vec::new(),
            concurrent: None,
            origin: Origin::StoredSeed,
            replay: String::new(),
            stored: Vec::new(),
        };
        begin("toy_fails").passed(&json!({}));
        let ended = caught(|| fail(&found)).unwrap_err();
        assert!(ended.contains("MB-1: too long"), "{ended}");
        for ending in ["html", "json"] {
            fs::remove_file(directory().join(format!("toy_fails-mb-1.{ending}"))).unwrap();
        }
        let result = take("toy_fails");
        assert_eq!((&result["passed"], &result["rule"]), (&false.into(), &"MB-1".into()));
        assert_eq!(result["reason"], "MB-1: too long");
    }

    #[test]
    fn a_suite_that_says_nothing_is_no_pass() {
        begin("toy_says_nothing").passed(&json!({}));
        let ended = caught(|| refuse("toy_says_nothing", &"nothing was tried")).unwrap_err();
        assert_eq!(ended, "suite `toy_says_nothing`: nothing was tried");
        let result = take("toy_says_nothing");
        assert_eq!((&result["passed"], &result["rule"]), (&false.into(), &Value::Null));
        assert_eq!(result["reason"], "nothing was tried");
    }
}
