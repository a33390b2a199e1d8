//! Routing chains.

use std::{collections::BTreeSet, rc::Rc};

use tokio::task::spawn_local;

use super::{
    alys::{
        comm::{Outcome, Report, Stop, route},
        mailbox::Lane,
    },
    receivers::{Break, Character, Logger, Parcel, pause},
    world::{World, ms, roomy, run},
};
use crate::{
    comm::Law,
    violation::{check_eq, violated},
};

/// The laws of chains.
pub const LAWS: &[Law] = &[
    (RULE, "a chain leads past every stop", past_every_stop),
    (RULE, "a chain asks in the lane of the stop", in_its_lane),
    (RULE, "a chain without stops gives the message back", without_stops),
];

const RULE: &str = "CM-3";

const STOPS: [&str; 4] = ["router", "processor 1", "processor 2", "sink"];

/// Five messages on their way at once, past four stops, one of which breaks.
fn past_every_stop(seed: u64) {
    run(RULE, seed, async |world| {
        let broken = [Break::Fails, Break::Stops, Break::Dawdles];
        let mut characters = world.characters(STOPS.len(), 5, &broken);
        if world.dice.once_in(4) {
            characters.iter_mut().for_each(|character| character.breaks = None);
        }
        let ways = world.start(0, &characters, roomy());
        let stops = ways.into_iter().zip(STOPS).map(|(way, name)| Stop::new(name, way).within(ms(100)));
        let stops: Rc<Vec<_>> = Rc::new(stops.collect());
        let journeys = (0..5).map(|number| {
            let (stops, pauses) = (Rc::clone(&stops), world.dice.below(6));
            async move {
                pause(pauses).await;
                route(&stops, Parcel::new(number)).await
            }
        });
        let reports = world.spawn(journeys.collect()).await;
        for (number, report) in (0..).zip(&reports) {
            judge(world, number, report);
        }
        // One stop breaks once: others fail only behind it, where it is closed or busy for an hour.
        let failed: BTreeSet<_> =
            reports.iter().filter_map(|report| Some(report.result.as_ref().err()?.step.as_str())).collect();
        let breaking = characters.iter().position(|character| character.breaks.is_some());
        let expected: BTreeSet<_> = breaking.map(|place| STOPS[place]).into_iter().collect();
        check_eq(RULE, "the stops that are named as failed", &expected, &failed);
        // It takes up messages until it breaks with one of them.
        let done = breaking.map_or(5, |place| characters[place].breaks.map_or(5, |(at, _)| at));
        let arrived = reports.iter().filter(|report| report.result.is_ok()).count();
        let fails = breaking.is_some_and(|p| matches!(characters[p].breaks, Some((_, Break::Fails))));
        check_eq(RULE, "the messages that arrived", &if fails { 4 } else { done }, &arrived);
    });
}

/// Holds a report to what the receivers logged of the message.
fn judge(world: &World, number: u32, report: &Report<Parcel>) {
    let visits = world.log.visits().into_iter().filter(|(_, parcel)| parcel.number == number);
    let visits: Vec<_> = visits.map(|(place, parcel)| (place, parcel.stamps)).collect();
    let on_the_way: Vec<_> = (0..visits.len()).map(|place| (place, (0..place).collect::<Vec<_>>())).collect();
    check_eq(RULE, &format!("the way of message {number}"), &on_the_way, &visits);

    let names: Vec<_> = report.steps.iter().map(|step| &*step.name).collect();
    check_eq(RULE, "the itinerary", &STOPS[..], &names[..]);
    let answered = (0..STOPS.len()).take_while(|place| world.log.answered(*place, number)).count();
    for (place, step) in report.steps.iter().enumerate() {
        let agrees = match &step.outcome {
            Outcome::Answered(parcel) => place < answered && parcel.stamps.iter().copied().eq(0..=place),
            Outcome::Failed(_) => place == answered,
            Outcome::NotRun => place > answered,
        };
        if !agrees {
            violated(RULE, format!("message {number} was answered by {answered} stops, but {step:?}"));
        }
    }
    match &report.result {
        Ok(parcel) => check_eq(RULE, "the message at the end", &[0, 1, 2, 3][..], &parcel.stamps[..]),
        Err(failure) => {
            check_eq(RULE, "the stop that failed", &STOPS.get(answered).copied(), &Some(&*failure.step));
        }
    }
}

/// Two messages wait for a receiver that has not begun: the one whose stop says High is first.
fn in_its_lane(seed: u64) {
    run(RULE, seed, async |world| {
        let (way, receiver) = world.open(0, roomy(), None);
        let journeys = [(0, Lane::Low), (1, Lane::High), (2, Lane::Normal)].map(|(number, lane)| {
            let stop = Stop::new("only", way.clone()).in_lane(lane);
            async move { route(&[stop], Parcel::new(number)).await }
        });
        let log = (world.log.clone(), world.clock);
        let begin = spawn_local(async move {
            pause(4).await;
            Logger::run(0, Character::default(), receiver, log.0, log.1);
        });
        world.spawn(journeys.into()).await;
        check_eq(RULE, "whether the receiver began", &true, &begin.is_finished());
        check_eq(RULE, "the order by lane", &vec![1, 2, 0], &world.log.numbers(0));
    });
}

fn without_stops(seed: u64) {
    run(RULE, seed, async |_| {
        let report = route(&[], Parcel::new(7)).await;
        check_eq(RULE, "the message", &Ok(Parcel::new(7)), &report.result);
        check_eq(RULE, "the number of stops", &0, &report.steps.len());
    });
}
