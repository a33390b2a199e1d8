//! Workflows, held to an interpreter that knows what each receiver does.

use std::{rc::Rc, sync::Arc};

use super::{
    alys::{
        comm::{Balance, Directory, Outcome, Report, Step, StepCause, StepError, Stop, Workflow},
        mailbox::AskError,
    },
    receivers::{Break, Character, Parcel, Way},
    world::{World, roomy, run},
};
use crate::{
    comm::{Dice, Law},
    violation::check_eq,
};

/// The laws of workflows.
pub const LAWS: &[Law] = &[
    ("CM-4", "parts of a sequence follow each other", |seed| check("CM-4", seed, sequence)),
    ("CM-4", "a condition picks its branch", |seed| check("CM-4", seed, either)),
    ("CM-5", "parallel parts run side by side", |seed| check("CM-5", seed, parallel)),
    ("CM-5", "a fan-in sees every branch", |seed| check("CM-5", seed, fan_out)),
    ("CM-4", "workflows are made of workflows", |seed| check("CM-4", seed, |dice| composed(dice, 3))),
];

/// A workflow as data of the test; the places of its steps are counted in the order of declaration.
enum Shape {
    Step,
    Sequence(Vec<Shape>),
    Parallel(Vec<Shape>),
    /// All branches must succeed, or those that do are taken.
    FanOut(Vec<Shape>, bool),
    /// The first where an even number of places has handled the message.
    Either(Box<Shape>, Box<Shape>),
}

fn steps(dice: &Dice) -> Vec<Shape> {
    (0..2 + dice.below(3)).map(|_| Shape::Step).collect()
}

fn sequence(dice: &Dice) -> Shape {
    Shape::Sequence(steps(dice))
}

fn parallel(dice: &Dice) -> Shape {
    // What comes after the parts shows what they let go on.
    Shape::Sequence(vec![Shape::Parallel(steps(dice)), Shape::Step])
}

fn fan_out(dice: &Dice) -> Shape {
    Shape::Sequence(vec![Shape::FanOut(steps(dice), dice.once_in(2)), Shape::Step])
}

fn either(dice: &Dice) -> Shape {
    let before = (0..dice.below(3)).map(|_| Shape::Step);
    let choice = Shape::Either(Box::new(Shape::Step), Box::new(sequence(dice)));
    Shape::Sequence(before.chain([choice, Shape::Step]).collect())
}

fn composed(dice: &Dice, depth: usize) -> Shape {
    if depth == 0 {
        return Shape::Step;
    }
    let parts = || (0..1 + dice.below(3)).map(|_| composed(dice, depth - 1)).collect();
    match dice.below(5) {
        0 => Shape::Step,
        1 => Shape::Sequence(parts()),
        2 => Shape::Parallel(parts()),
        3 => Shape::FanOut(parts(), dice.once_in(2)),
        _ => Shape::Either(Box::new(composed(dice, depth - 1)), Box::new(composed(dice, depth - 1))),
    }
}

impl Shape {
    fn count(&self) -> usize {
        match self {
            Shape::Step => 1,
            Shape::Sequence(parts) | Shape::Parallel(parts) | Shape::FanOut(parts, _) => {
                parts.iter().map(Shape::count).sum()
            }
            Shape::Either(first, second) => first.count() + second.count(),
        }
    }

    /// The real workflow; `stop` makes the stop of the next place.
    fn build(&self, stop: &mut dyn FnMut() -> Stop<Parcel>) -> Workflow<Parcel> {
        let mut all = |parts: &[Shape]| parts.iter().map(|part| part.build(stop)).collect();
        match self {
            Shape::Sequence(parts) => Workflow::Sequence(all(parts)),
            Shape::Parallel(parts) => Workflow::Parallel(all(parts)),
            Shape::FanOut(parts, strict) => {
                let strict = *strict;
                Workflow::FanOut {
                    branches: all(parts),
                    gather: Arc::new(move |results| gather(results, strict)),
                }
            }
            Shape::Step => Workflow::Step(stop()),
            Shape::Either(first, second) => Workflow::Either {
                condition: Arc::new(|parcel| parcel.stamps.len().is_multiple_of(2)),
                first: Box::new(first.build(stop)),
                second: Box::new(second.build(stop)),
            },
        }
    }
}

type Gathered = Result<Parcel, StepError<Parcel>>;

/// The stamps of all branches, one after the other; it shows which results came, and in which order.
fn gather(results: Vec<Gathered>, strict: bool) -> Gathered {
    let number = 1000 + results.len() as u32;
    let mut stamps = Vec::new();
    for result in results {
        match result {
            Ok(parcel) => stamps.extend(parcel.stamps),
            Err(failure) if strict => return Err(failure),
            Err(_) => {}
        }
    }
    if stamps.is_empty() {
        let cause = StepCause::Refused("no branch has anything".to_owned());
        return Err(StepError { step: "gather".to_owned(), cause });
    }
    Ok(Parcel { number, stamps })
}

/// What should happen: who is handed what, what the report says, how long it takes.
struct Interpreter<'a> {
    characters: &'a [Character],
    closed: Option<usize>,
    handed: Vec<(usize, Parcel)>,
    steps: Vec<Step<Parcel>>,
}

fn name(place: usize) -> String {
    format!("step {place}")
}

impl Interpreter<'_> {
    /// The result of a shape, and its milliseconds.
    fn run(&mut self, shape: &Shape, parcel: Parcel) -> (Gathered, u64) {
        match shape {
            Shape::Step => self.step(parcel),
            Shape::Sequence(parts) => {
                let (mut result, mut took) = (Ok(parcel), 0);
                for part in parts {
                    let Ok(parcel) = result else {
                        self.skip(part.count());
                        continue;
                    };
                    let (next, more) = self.run(part, parcel);
                    (result, took) = (next, took + more);
                }
                (result, took)
            }
            Shape::Parallel(parts) => {
                let (results, took) = self.all(parts, &parcel);
                (results.into_iter().collect::<Result<Vec<_>, _>>().map(|_| parcel), took)
            }
            Shape::FanOut(parts, strict) => {
                let (results, took) = self.all(parts, &parcel);
                (gather(results, *strict), took)
            }
            Shape::Either(first, second) => {
                if parcel.stamps.len().is_multiple_of(2) {
                    let ended = self.run(first, parcel);
                    self.skip(second.count());
                    return ended;
                }
                self.skip(first.count());
                self.run(second, parcel)
            }
        }
    }

    fn all(&mut self, parts: &[Shape], parcel: &Parcel) -> (Vec<Gathered>, u64) {
        let ended: Vec<_> = parts.iter().map(|part| self.run(part, parcel.clone())).collect();
        let longest = ended.iter().map(|(_, took)| *took).max().unwrap_or(0);
        (ended.into_iter().map(|(result, _)| result).collect(), longest)
    }

    fn step(&mut self, parcel: Parcel) -> (Gathered, u64) {
        let place = self.steps.len();
        let cause = if self.closed == Some(place) {
            AskError::Closed(parcel)
        } else {
            self.handed.push((place, parcel.clone()));
            if self.characters[place].breaks.is_none() {
                let answer = parcel.stamped(place);
                self.steps.push(Step { name: name(place), outcome: Outcome::Answered(answer.clone()) });
                return (Ok(answer), self.characters[place].takes);
            }
            AskError::Failed
        };
        let cause = StepCause::Ask(cause);
        self.steps.push(Step { name: name(place), outcome: Outcome::Failed(cause.clone()) });
        (Err(StepError { step: name(place), cause }), 0)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.steps.push(Step { name: name(self.steps.len()), outcome: Outcome::NotRun });
        }
    }
}

/// Runs a workflow whose steps have an actor each, of which one may break or be closed.
fn check(rule: &'static str, seed: u64, shape: impl Fn(&Dice) -> Shape) {
    run(rule, seed, async |world| {
        let shape = shape(&world.dice);
        let mut characters = world.characters(shape.count(), 1, &[Break::Fails, Break::Stops]);
        let unbroken = world.dice.once_in(2);
        for character in &mut characters {
            character.takes = world.dice.below(6) as u64;
            character.breaks = character.breaks.filter(|_| !unbroken);
        }
        let ways = world.start(0, &characters, roomy());
        let closed = world.dice.once_in(3).then(|| world.dice.below(ways.len()));
        closed.into_iter().for_each(|place| ways[place].close());

        let mut stops = stops(world, ways).into_iter();
        let spare = || Stop::of_service("none", Directory::default().bind("none", Balance::RoundRobin));
        let workflow = Rc::new(shape.build(&mut || stops.next().unwrap_or_else(spare)));
        let report = workflow.run(Parcel::new(7)).await;
        let took = world.now();
        world.idle().await;

        let mut expected =
            Interpreter { characters: &characters, closed, handed: Vec::new(), steps: Vec::new() };
        let (result, milliseconds) = expected.run(&shape, Parcel::new(7));
        let mut handed = world.log.visits();
        handed.sort_by_key(|(place, _)| *place);
        check_eq(rule, "who was handed what", &expected.handed, &handed);
        check_eq(rule, "the report", &Report { steps: expected.steps, result }, &report);
        check_eq(rule, "the milliseconds that it took", &milliseconds, &took);
    });
}

/// A stop for each way: by its sender, or by the name of a service that has this one instance.
fn stops(world: &World, ways: Vec<Way>) -> Vec<Stop<Parcel>> {
    let directory = Directory::default();
    let stop = |(place, way): (usize, Way)| {
        let registered = world.dice.once_in(3) && !way.stats().closed;
        if registered && directory.register(&name(place), &name(place), way.clone()).is_ok() {
            return Stop::of_service(name(place), directory.bind(&name(place), Balance::RoundRobin));
        }
        Stop::new(name(place), way)
    };
    ways.into_iter().enumerate().map(stop).collect()
}
