//! Communication: from one to many.

use alys_actor::{
    comm::{Account, broadcast, broadcast_waiting},
    mailbox::{Lane, MailboxConfig, SendError, Sender},
    supervision::SupervisorSpec,
};

use super::{
    books,
    cast::Line,
    plan::{self, at_ms, got, hold, instants, ms, numbers},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{MessageRefused, MessageSent, Observed},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

const SENDER: &str = "driver";

pub(super) const BROADCAST: TestCase = TestCase {
    name: "test_broadcast_messaging",
    phase: ActorCore,
    category: "communication",
    summary: "Broadcasts reach each of one to five receivers once; one that is full or closed hides nobody.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(broadcasts(stage)),
    judge: judge_broadcast,
    gates: no_gates,
};

const RECEIVERS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
const ROUNDS: usize = 3;
/// Takes no more for a while, and has room for one message, which is there.
const FULL: &str = "full";
/// Takes nothing any more.
const CLOSED: &str = "closed";
const BUSY: u64 = 10;

/// Three rounds of one receiver, of two, and so on to all five: which, and in which order, is drawn.
fn lists(rng: &mut fastrand::Rng) -> Vec<Vec<&'static str>> {
    let sizes = (1..=RECEIVERS.len()).flat_map(|size| [size; ROUNDS]);
    let list = |size: usize| {
        let mut names = RECEIVERS;
        rng.shuffle(&mut names);
        names[..size].to_vec()
    };
    sizes.map(list).collect()
}

/// The broadcast with a full and a closed receiver in its list, and the one that waits for the full one.
const HINDERED: [&str; 4] = [FULL, RECEIVERS[0], CLOSED, RECEIVERS[1]];
const PATIENT: [&str; 4] = [FULL, RECEIVERS[2], CLOSED, RECEIVERS[3]];
const HINDERED_NUMBER: u64 = 100;
const PATIENT_NUMBER: u64 = 101;

async fn broadcasts(stage: Stage) -> Driven {
    plan::announce(&stage);
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let mut all = Vec::new();
    for name in RECEIVERS.into_iter().chain([CLOSED]) {
        all.push(troupe.engage(name, Role::default())?);
    }
    let narrow = Role { mailbox: MailboxConfig::with_capacity(1), ..Role::default() };
    all.push(troupe.engage(FULL, narrow)?);
    troupe.start("root")?;
    for (number, list) in (0..).zip(lists(&mut stage.rng())) {
        let account = broadcast(&senders(&all, &list), (Lane::Normal, Line::new(SENDER, number)));
        write_account(&stage, &list, number, account);
        stage.pass(ms(1)).await;
    }
    hinder(&stage, &all).await;
    troupe.end().await
}

/// Broadcasts to receivers some of which cannot take the message, at once or at all.
async fn hinder(stage: &Stage, all: &[Reach]) {
    for reach in all {
        if *reach.name == *CLOSED {
            reach.sender.close();
        } else if *reach.name == *FULL {
            hold(reach, 0, ms(BUSY)).await;
            reach.try_send(Line::new("filler", 0));
        }
    }
    let line = |number| (Lane::Normal, Line::new(SENDER, number));
    let account = broadcast(&senders(all, &HINDERED), line(HINDERED_NUMBER));
    write_account(stage, &HINDERED, HINDERED_NUMBER, account);
    let account = broadcast_waiting(&senders(all, &PATIENT), line(PATIENT_NUMBER)).await;
    write_account(stage, &PATIENT, PATIENT_NUMBER, account);
    stage.pass(ms(BUSY)).await;
    all.iter().for_each(|reach| books::write(reach, "at the end"));
}

fn senders(all: &[Reach], names: &[&str]) -> Vec<Sender<Line, Line>> {
    let named = names.iter().filter_map(|name| all.iter().find(|reach| *reach.name == **name));
    named.map(|reach| reach.sender.clone()).collect()
}

/// Writes down what became of a message that was offered to many, one event a receiver.
fn write_account(stage: &Stage, names: &[&str], number: u64, account: Account<usize, Line>) {
    let told = [
        ("number", number.into()),
        ("offered", account.offered().into()),
        ("accepted", account.accepted().into()),
    ];
    stage.record(Observed, "account", told);
    for (place, outcome) in account.outcomes {
        let to = names.get(place).copied().unwrap_or("nobody of the list");
        let told = [("to", to.into()), ("number", number.into()), ("place", place.into())];
        let Err(error) = outcome else {
            stage.record(MessageSent, SENDER, told);
            continue;
        };
        let reason = if matches!(error, SendError::Full(_)) { "full" } else { "closed" };
        let [to, number, place] = told;
        let back = ("returned", error.into_message().number.into());
        stage.record(MessageRefused, SENDER, [to, number, place, ("reason", reason.into()), back]);
    }
}

/// Every message that was broadcast, with its list, and what each of these must have said of it.
fn expected(rng: &mut fastrand::Rng) -> Vec<(u64, Vec<(&'static str, &'static str)>)> {
    let all_accept = |list: &[&'static str]| list.iter().map(|name| (*name, "accepted")).collect::<Vec<_>>();
    let mut rounds: Vec<_> =
        (0..).zip(lists(rng)).map(|(number, list)| (number, all_accept(&list))).collect();
    let [hindered, patient] = ["full", "accepted"].map(|first| [first, "accepted", "closed", "accepted"]);
    rounds.push((HINDERED_NUMBER, HINDERED.into_iter().zip(hindered).collect()));
    rounds.push((PATIENT_NUMBER, PATIENT.into_iter().zip(patient).collect()));
    rounds
}

fn judge_broadcast(seen: Evidence<'_>, judge: &mut Judge) {
    let plan = expected(&mut plan::rng(seen));
    judge_accounts(seen, judge, &plan);
    let mut delivered = 0;
    for name in RECEIVERS.into_iter().chain([FULL, CLOSED]) {
        let accepts = |list: &[(&str, &str)]| list.contains(&(name, "accepted"));
        let of_it = plan.iter().filter(|(_, list)| accepts(list)).map(|(number, _)| *number);
        let arrived = numbers(got(seen, name, SENDER));
        judge.same("CM-1", &format!("numbers that {name} got"), &of_it.collect::<Vec<_>>(), &arrived);
        delivered += arrived.len();
        books::audit(judge, seen, name, RECEIVERS.len() * ROUNDS);
    }
    let accepted = plan.iter().flat_map(|(_, list)| list).filter(|(_, said)| *said == "accepted").count();
    judge.equal("gate", "accepted messages delivered, in percent", 100_usize, delivered * 100 / accepted);
    // Who has room gets it at once, and the account waits for who has none.
    let begins = (RECEIVERS.len() * ROUNDS) as u64;
    let at_once = [at_ms(begins + 1); 2];
    let patient =
        |name| got(seen, name, SENDER).filter(|event| event.count("number") == Some(PATIENT_NUMBER));
    let others = instants([PATIENT[1], PATIENT[3]].into_iter().flat_map(patient));
    judge.same("CM-1", "instants at which a broadcast reaches those with room", &at_once, &others);
    let full = instants(patient(FULL));
    judge.same("CM-1", "instant at which it reaches the full one", &[at_ms(begins + BUSY)], &full);
    let account =
        seen.from(Observed, "account").filter(|event| event.count("number") == Some(PATIENT_NUMBER));
    judge.same("CM-1", "instant of its account", &[at_ms(begins + BUSY)], &instants(account));
}

/// Checks each account: whom it names, in which order, and what it says of each.
fn judge_accounts(seen: Evidence<'_>, judge: &mut Judge, plan: &[(u64, Vec<(&str, &str)>)]) {
    let entries = plan.iter().flat_map(|(number, list)| {
        let entry =
            move |(place, (to, said)): (usize, &(&str, &str))| format!("{number}: {place} {to} {said}");
        list.iter().enumerate().map(entry)
    });
    let told = seen.all().filter(|event| event.get("place").is_some()).map(|event| {
        let count = |key| event.count(key).unwrap_or(u64::MAX);
        let refused = event.event_type == MessageRefused;
        let said = if refused { event.words("reason") } else { "accepted" };
        (event.event_id, format!("{}: {} {} {said}", count("number"), count("place"), event.words("to")))
    });
    judge.same("CM-1", "entries of the accounts", &entries.collect::<Vec<_>>(), &told.collect::<Vec<_>>());
    let offered: Vec<_> = plan.iter().map(|(_, list)| list.len() as u64).collect();
    judge.same("CM-1", "asked, by the accounts", &offered, &seen.counts(Observed, "account", "offered"));
    let accepts = |list: &[(&str, &str)]| list.iter().filter(|(_, said)| *said == "accepted").count() as u64;
    let accepted: Vec<_> = plan.iter().map(|(_, list)| accepts(list)).collect();
    judge.same("CM-1", "accepted, by the accounts", &accepted, &seen.counts(Observed, "account", "accepted"));
    let back = seen.counts(MessageRefused, SENDER, "returned");
    judge.same("CM-1", "numbers that came back", &[HINDERED_NUMBER, HINDERED_NUMBER, PATIENT_NUMBER], &back);
}
