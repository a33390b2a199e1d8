//! The course of calls: every sequence of ends, against the model.

use std::time::Duration;

use alys_engines::violation::check_eq;
use alys_models::consensus::course::{Attempt, Course, End, Setting};

use super::alys::failure::{Again, Failure};
use super::alys::retry::{Policy, Retry};

const BEGIN: u64 = 10_000;

fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

fn policy(setting: &Setting) -> Policy {
    Policy {
        attempts: setting.attempts,
        refused_tokens: setting.refused_tokens,
        attempt: ms(setting.attempt),
        call: ms(setting.call),
        backoff: ms(setting.backoff),
        backoff_max: ms(setting.backoff_max),
    }
}

fn failure(end: End) -> Option<Failure> {
    match end {
        End::Answer => None,
        End::Passing => Some(Failure::Lost("reset".to_owned())),
        End::Refused => Some(Failure::Unauthorised),
        End::Final => Some(Failure::Malformed("no".to_owned())),
    }
}

/// Plays a call.
fn played(setting: &Setting, ends: &[(u64, End)]) -> Course {
    let mut retry = Retry::new(policy(setting), ms(BEGIN));
    let (mut now, mut attempts) = (ms(BEGIN), Vec::new());
    loop {
        let (took, end) = ends[attempts.len().min(ends.len() - 1)];
        let until = retry.attempt(now);
        attempts.push(Attempt { at: now.as_millis() as u64, until: until.as_millis() as u64 });
        check_eq("CL-2", "how many attempts have begun", &(attempts.len() as u32), &retry.attempts());
        now += ms(took);
        let Some(failure) = failure(end) else { return Course { attempts, succeeds: true } };
        match retry.after(&failure, now) {
            // Whoever goes on for longer than any setting allows does so for ever.
            Some(at) if attempts.len() < 20 => now = at,
            _ => return Course { attempts, succeeds: false },
        }
    }
}

/// Every call of up to five attempts has the course that the model says, for settings at their limits.
pub fn calls_take_their_course() -> u64 {
    let ends = [End::Answer, End::Passing, End::Refused, End::Final];
    let plain =
        Setting { attempts: 4, refused_tokens: 2, attempt: 50, call: 1_000, backoff: 10, backoff_max: 25 };
    let settings = [
        plain,
        Setting { attempts: 1, ..plain },
        Setting { attempts: 0, ..plain },
        Setting { refused_tokens: 1, ..plain },
        Setting { refused_tokens: 0, ..plain },
        Setting { attempts: 5, refused_tokens: 5, ..plain },
        Setting { call: 60, ..plain },
        Setting { call: 20, ..plain },
        Setting { backoff: 0, ..plain },
        Setting { backoff: 30, ..plain },
    ];
    let mut tried = 0;
    for setting in &settings {
        for code in 0..4_usize.pow(5) {
            let all: Vec<_> = (0..5).map(|at| ends[code / 4_usize.pow(at) % 4]).collect();
            for took in [0, 10, 50] {
                let all: Vec<_> = all.iter().map(|end| (took, *end)).collect();
                let what = format!("the course of {all:?} with {setting:?}");
                check_eq("CL-2", &what, &setting.course(BEGIN, &all), &played(setting, &all));
                tried += 1;
            }
        }
    }
    tried
}

/// Waits double up to their limit, and never overflow.
pub fn waits_double_up_to_their_limit() -> u64 {
    let mut tried = 0;
    for (backoff, backoff_max) in
        [(1, 1), (1, 1_000), (10, 25), (0, 9), (7, u64::MAX / 2_000_000), (u64::MAX / 2_000_000, 3)]
    {
        let setting = Setting { attempts: 9, refused_tokens: 1, attempt: 1, call: 1, backoff, backoff_max };
        for failures in [1, 2, 3, 4, 5, 10, 11, 31, 32, 33, 34, 64, 65, 1_000, u32::MAX] {
            let model = setting.wait(failures.min(100_000));
            let real = policy(&setting).wait(failures);
            check_eq("CL-2", &format!("the wait after {failures} of {setting:?}"), &ms(model), &real);
            tried += 1;
        }
    }
    tried
}

/// Which failures may be over soon is what the specifications say, for every status.
pub fn failures_pass_or_stay() -> u64 {
    let text = || "x".to_owned();
    let passing = [Failure::Connect(text()), Failure::Lost(text()), Failure::Timeout { after: ms(1) }];
    for failure in &passing {
        check_eq("CL-2", &format!("whether {failure:?} may be over"), &Again::Yes, &failure.again());
    }
    let staying = [
        Failure::TooLarge { limit: 1 },
        Failure::Malformed(text()),
        Failure::OtherRequest { asked: 1, found: text() },
        Failure::Rpc { code: -32_603, message: text() },
        Failure::Rpc { code: -32_000, message: text() },
    ];
    for failure in &staying {
        check_eq("CL-2", &format!("whether {failure:?} stays"), &Again::Never, &failure.again());
    }
    check_eq("CL-2", "a refused token", &Again::WithNewToken, &Failure::Unauthorised.again());
    for status in 100..700 {
        let again = if status == 429 || (500..600).contains(&status) { Again::Yes } else { Again::Never };
        let real = Failure::Status { status, message: text() }.again();
        check_eq("CL-2", &format!("whether status {status} may be over"), &again, &real);
    }
    let default = Policy::default();
    check_eq(
        "CL-2",
        "the default policy",
        &(4, 2, ms(8_000), ms(20_000)),
        &(default.attempts, default.refused_tokens, default.attempt, default.call),
    );
    check_eq("CL-2", "the default waits", &(ms(100), ms(2_000)), &(default.backoff, default.backoff_max));
    check_eq(
        "CL-2",
        "another time for an attempt",
        &(4, ms(3)),
        &(default.within(ms(3)).attempts, default.within(ms(3)).attempt),
    );
    608
}

/// Times without an end are longer than any call, and overflow nothing.
pub fn times_without_an_end_are_kept() -> u64 {
    let (max, now) = (Duration::MAX, ms(BEGIN));
    let lost = Failure::Lost("reset".to_owned());
    let plain = Policy { attempt: ms(5), call: ms(50), backoff: ms(1), ..Policy::default() };
    let endless = Policy { call: max, ..plain };
    let mut retry = Retry::new(endless, now);
    check_eq("CL-2", "an attempt at a call without an end", &(now + ms(5)), &retry.attempt(now));
    check_eq("CL-2", "the wait after it", &Some(now + ms(1)), &retry.after(&lost, now));
    let mut retry = Retry::new(Policy { attempt: max, ..plain }, now);
    check_eq("CL-2", "an attempt without an end", &(now + ms(50)), &retry.attempt(now));
    let waits = Policy { backoff: max, backoff_max: max, ..plain };
    for policy in [waits, Policy { call: max, ..waits }] {
        let mut retry = Retry::new(policy, now);
        retry.attempt(now);
        check_eq("CL-2", "a wait without an end", &None, &retry.after(&lost, now));
    }
    4
}
