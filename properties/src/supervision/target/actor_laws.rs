//! Laws of supervised actors, each with a system of its own: payloads and actors that panic when they are dropped, several
//! threads, dependencies, waiting senders, addresses of old incarnations, a handler that does not yield.

use std::{
    future::Future,
    pin::pin,
    rc::Rc,
    sync::{Arc, mpsc},
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    task::{LocalSet, spawn_local, yield_now},
};

use super::{
    ManualClock,
    alys::{
        lifecycle::LifecycleState,
        mailbox::{AskError, Lane, MailboxConfig},
        supervised::{AdoptError, Adopted, adopt},
        supervision::{
            ChildSpec, Event, FailureReason, RestartStrategy, SpecError, Supervision, SupervisionConfig,
            SupervisorSpec, Unresponsive,
        },
    },
};
use super::{
    law_busy,
    law_child::{Address, Bomb, Child, Deed, Log},
};
use crate::{
    supervision::actor_laws::Law,
    violation::{check_eq, violated},
};

/// Every law, in the order in which they are checked.
pub const LAWS: &[Law] = &[
    ("a payload that panics when it is dropped is no second failure", payload_that_panics),
    ("nothing of an incarnation runs after the panic of a handler", nothing_runs_after_a_panic),
    ("an actor that panics when it is dropped is restarted", actor_that_panics_when_dropped),
    ("a handler that does not yield is named, with its thread", unresponsive_handler),
    ("children start after what they depend on, whoever supervises them", dependencies_across_supervisors),
    ("nothing reaches a new incarnation by the address of the old one", old_addresses_are_dead),
    ("senders that wait keep their order over a restart", waiting_senders_keep_their_order),
    ("a panic on one thread is not felt on another", panics_stay_on_their_thread),
    ("an actor that cannot be adopted leaves nothing behind", refused_adoptions),
];

fn runtime() -> Runtime {
    match Builder::new_current_thread().build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime: {error}"),
    }
}

/// A system on a clock that is set by hand.
fn system(clock: &ManualClock) -> Supervision {
    let spec = SupervisorSpec { max_restarts: 9, ..SupervisorSpec::default() };
    let config = SupervisionConfig { spec, ..SupervisionConfig::default() };
    Supervision::new(&config, Arc::new(clock.clone()))
        .unwrap_or_else(|error| violated("SV-4", format!("a valid root is refused: {error}")))
}

/// Runs a law on a system of its own; what it does not take with it is dropped.
fn staged<F: Future<Output = ()>>(law: impl FnOnce(Supervision, ManualClock, Log) -> F) {
    let clock = ManualClock::default();
    let supervision = system(&clock);
    LocalSet::new().block_on(&runtime(), law(supervision, clock, Log::default()));
}

fn child(supervision: &Supervision, adopted: Adopted<'_, Deed>, name: &'static str, log: &Log) -> Address {
    bombed(supervision, adopted, name, log, 0)
}

/// A child whose first incarnations, so many of them, panic when they are dropped.
fn bombed(
    supervision: &Supervision,
    adopted: Adopted<'_, Deed>,
    name: &'static str,
    log: &Log,
    mut bombs: u32,
) -> Address {
    let (log, address) = (Rc::clone(log), Rc::default());
    let factory = move || {
        // Not made and thrown away: dropping one is what it is about.
        let _bomb = if bombs > 0 { Some(Bomb) } else { None };
        bombs = bombs.saturating_sub(1);
        Child { name, log: Rc::clone(&log), address: Rc::clone(&address), _bomb }
    };
    adopt(supervision, adopted, factory)
        .unwrap_or_else(|error| violated("LC-5", format!("a valid child is refused: {error}")))
}

fn start(supervision: &Supervision) {
    check_eq("LC-6", "the start of everything", &Ok(()), &supervision.start("root"));
}

async fn ask(address: &Address, deed: Deed) -> Result<u32, &'static str> {
    address.ask((Lane::Normal, deed)).await.map_err(|error| match error {
        AskError::Failed => "failed",
        AskError::Closed(_) => "closed",
        _ => "another error",
    })
}

/// A child answers, after something that ended its incarnation.
async fn answers(rule: &'static str, address: &Address) {
    for _ in 0..64 {
        yield_now().await;
    }
    let mut asking = pin!(ask(address, Deed::Echo(7)));
    for _ in 0..64 {
        let polled = asking.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(answer) = polled {
            check_eq(rule, "the answer of the next incarnation", &Ok(7), &answer);
            return;
        }
        yield_now().await;
    }
    violated(rule, "the next incarnation does not answer");
}

fn payload_that_panics() {
    staged(|supervision, _, log| async move {
        let address = child(&supervision, Adopted::new("child", "root"), "child", &log);
        start(&supervision);
        for deed in [Deed::PanicWith, Deed::SpawnPanicWith] {
            let asked = address.try_send((Lane::Normal, deed(Box::new(Bomb)))).is_ok();
            check_eq("SV-2", "whether the message is accepted", &true, &asked);
            answers("SV-2", &address).await;
        }
        let reason = FailureReason::Panicked("a payload that is not text".to_owned()).to_string();
        let history = supervision.registry().monitor().get_transitions("child");
        let failed = history.iter().filter(|entry| entry.reason.as_ref() == Some(&reason)).count();
        check_eq("SV-2", "how often its history tells of the panic", &2, &failed);
    });
}

fn nothing_runs_after_a_panic() {
    staged(|supervision, _, _| law_busy::nothing_runs_after_a_panic(supervision));
}

fn actor_that_panics_when_dropped() {
    staged(|supervision, _, log| async move {
        let address = bombed(&supervision, Adopted::new("child", "root"), "child", &log, 1);
        start(&supervision);
        for _ in 0..64 {
            yield_now().await;
        }
        // A planned restart: the incarnation has not panicked when it is dropped.
        check_eq("SV-2", "the request of a restart", &Ok(()), &supervision.restart("child"));
        answers("SV-2", &address).await;
    });
}

/// The shutdown comes to its deadline while a handler is at work: for all that anybody else can see, it never yields.
fn unresponsive_handler() {
    staged(|supervision, clock, log| async move {
        let address = child(&supervision, Adopted::new("child", "root"), "child", &log);
        start(&supervision);
        let (told, ended) = mpsc::channel();
        let system = supervision.clone();
        let busy = move || {
            system.shut_down(Duration::from_nanos(5), Duration::from_nanos(5));
            for _ in 0..2 {
                clock.advance(5);
                let _ = system.handle(Event::Tick);
            }
            let polled = pin!(system.ended()).poll(&mut Context::from_waker(Waker::noop()));
            // The law listens as long as it runs.
            let _ = told.send(polled);
        };
        let _ = ask(&address, Deed::Run(Box::new(busy))).await;
        let current = thread::current();
        let arbiter = current.name().map_or_else(|| format!("{:?}", current.id()), str::to_owned);
        let left = vec![Unresponsive { name: "child".to_owned(), arbiter }];
        check_eq("LC-7", "how the shutdown ends", &Ok(Poll::Ready(Ok(left))), &ended.recv());
        for _ in 0..64 {
            yield_now().await;
        }
        let state = supervision.registry().monitor().current_state("child");
        check_eq("LC-7", "the state of the child once it yields", &Some(LifecycleState::Stopped), &state);
    });
}

fn dependencies_across_supervisors() {
    staged(|supervision, _, log| async move {
        for name in ["first", "second"] {
            let added = supervision.add_supervisor(name, "root", &SupervisorSpec::default());
            check_eq("LC-5", "the registration of a supervisor", &Ok(()), &added);
        }
        // Nobody depends on the order of registration alone: the chain's supervisor comes first.
        let storage = child(&supervision, Adopted::new("storage", "second"), "storage", &log);
        let depends = Adopted { dependencies: &["storage"], ..Adopted::new("chain", "first") };
        let chain = child(&supervision, depends, "chain", &log);
        let refused = supervision.stop("nobody").map_err(|error| error.to_string());
        check_eq(
            "LC-5",
            "a request about nobody",
            &Err("`nobody` is unknown: allowed are names in the tree".to_owned()),
            &refused,
        );
        start(&supervision);
        answers("LC-6", &chain).await;
        supervision.shut_down(Duration::from_secs(1), Duration::from_secs(1));
        check_eq("LC-7", "how the shutdown ends", &Ok(Vec::new()), &supervision.ended().await);
        let went = ["storage starts", "chain starts", "chain 7", "chain stops", "storage stops"];
        check_eq("LC-6", "who started and stopped, in order", &went.map(str::to_owned).to_vec(), &log.take());
        drop((storage, chain));
        // Re-registered, the storage comes last, and still before the chain that is registered anew after it.
        let order = supervision.registry().start_order();
        check_eq(
            "LC-6",
            "the start order",
            &["root", "first", "second", "storage", "chain"].map(str::to_owned).to_vec(),
            &order,
        );
    });
}

fn old_addresses_are_dead() {
    staged(|supervision, _, log| async move {
        let address = child(&supervision, Adopted::new("child", "root"), "child", &log);
        start(&supervision);
        check_eq("SV-8", "the request for the address", &Ok(0), &ask(&address, Deed::Address).await);
        check_eq("SV-7", "the answer to a poison message", &Err("failed"), &ask(&address, Deed::Panic).await);
        answers("SV-8", &address).await;
        let went = ["child starts", "child restarts", "child 7"];
        check_eq("SV-8", "what happened", &went.map(str::to_owned).to_vec(), &log.take());
    });
}

fn waiting_senders_keep_their_order() {
    staged(|supervision, _, log| async move {
        let mailbox = MailboxConfig::with_capacity(1);
        let adopted = Adopted { mailbox, ..Adopted::new("child", "root") };
        let address = child(&supervision, adopted, "child", &log);
        for number in 0..6 {
            let address = address.clone();
            let deed = if number == 2 { Deed::Panic } else { Deed::Echo(number) };
            spawn_local(async move { drop(address.send((Lane::Normal, deed)).await) });
        }
        yield_now().await;
        start(&supervision);
        answers("MB-3", &address).await;
        let went = [
            "child starts",
            "child 0",
            "child 1",
            "child restarts",
            "child 3",
            "child 4",
            "child 5",
            "child 7",
        ];
        check_eq("MB-3", "what was handled, in order", &went.map(str::to_owned).to_vec(), &log.take());
    });
}

fn panics_stay_on_their_thread() {
    staged(|supervision, _, log| async move {
        let near = child(&supervision, Adopted::new("near", "root"), "near", &log);
        let (tell, told) = mpsc::channel();
        let system = supervision.clone();
        let other = thread::spawn(move || {
            LocalSet::new().block_on(&runtime(), async move {
                let far = child(&system, Adopted::new("far", "root"), "far", &Log::default());
                // The law waits for it.
                let _ = tell.send(far);
                let _ = system.ended().await;
                // Its shell is told, and goes.
                for _ in 0..8 {
                    yield_now().await;
                }
            });
        });
        let Ok(far) = told.recv() else { violated("SV-2", "the other thread did not come up") };
        start(&supervision);
        check_eq("SV-2", "the answer of a neighbour", &Ok(1), &ask(&near, Deed::Echo(1)).await);
        check_eq("SV-7", "the answer to a poison message", &Err("failed"), &ask(&far, Deed::Panic).await);
        check_eq("SV-2", "the answer of a neighbour", &Ok(2), &ask(&near, Deed::Echo(2)).await);
        check_eq("SV-10", "the answer after the restart", &Ok(3), &ask(&far, Deed::Echo(3)).await);
        supervision.shut_down(Duration::from_secs(1), Duration::from_secs(1));
        check_eq("LC-7", "how the shutdown ends", &Ok(Vec::new()), &supervision.ended().await);
        check_eq("SV-2", "whether the other thread panicked", &false, &other.join().is_err());
    });
}

fn refused_adoptions() {
    staged(|supervision, _, log| async move {
        let taken = child(&supervision, Adopted::new("child", "root"), "child", &log);
        let refuse = |adopted: Adopted<'_, Deed>| {
            let factory = || -> Child { violated("LC-5", "somebody was made who had been refused") };
            match adopt(&supervision, adopted, factory) {
                Ok(_) => violated("LC-5", "a child is taken that cannot be one"),
                Err(AdoptError::Mailbox { mailbox, .. }) => mailbox.to_string(),
                Err(AdoptError::Spec(error)) => error.to_string(),
                #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
                Err(other) => other.to_string(),
            }
        };
        let backoff = |numerator, initial| RestartStrategy::ExponentialBackoff {
            initial: Duration::from_secs(initial),
            multiplier: super::alys::supervision::Ratio::of(numerator, 2),
            max: Duration::from_secs(5),
        };
        let with = |spec| Adopted { spec, ..Adopted::new("new", "root") };
        let restart = |restart| with(ChildSpec { restart, ..ChildSpec::default() });
        let cases = [
            (
                Adopted { mailbox: MailboxConfig::with_capacity(0), ..Adopted::new("new", "root") },
                "capacity is 0: a mailbox holds at least 1 message",
            ),
            (
                Adopted::new("child", "root"),
                "name `child` belongs to an actor in Uninitialized: allowed is a name that is new, or Stopped",
            ),
            (
                Adopted::new("new", "nobody"),
                "parent of `new` is `nobody`, which is unknown: allowed is a supervisor of the tree",
            ),
            (Adopted::new("new", "child"), "parent of `new` is `child`, a child: allowed is a supervisor"),
            (
                Adopted { dependencies: &["nobody"], ..Adopted::new("new", "root") },
                "actor `new` depends on `nobody`, which is unknown: allowed are registered actors",
            ),
            (
                Adopted { dependencies: &["child", "new"], ..Adopted::new("new", "root") },
                "dependencies must not form a cycle: new -> new",
            ),
            (
                restart(backoff(1, 1)),
                "specification of `new`: multiplier is 1/2: allowed is a ratio of at least 1",
            ),
            (
                restart(backoff(2, 6)),
                "specification of `new`: initial is 6s: allowed is at most max, which is 5s",
            ),
            (
                with(ChildSpec { stop_within: Duration::ZERO, ..ChildSpec::default() }),
                "specification of `new`: stop_within is 0: allowed is a positive duration",
            ),
        ];
        for (adopted, message) in cases {
            check_eq("LC-5", "the refusal", message, &*refuse(adopted));
        }
        let window = SupervisorSpec { window: Duration::ZERO, ..SupervisorSpec::default() };
        let refused =
            supervision.add_supervisor("new", "root", &window).map_err(|error: SpecError| error.to_string());
        let zero = "specification of `new`: window is 0: allowed is a positive duration".to_owned();
        check_eq("SV-4", "the refusal", &Err(zero), &refused);
        let names = supervision.registry().start_order();
        check_eq("LC-5", "who is registered", &["root", "child"].map(str::to_owned).to_vec(), &names);
        start(&supervision);
        answers("LC-5", &taken).await;
    });
}
