//! One case, crashed everywhere.

use std::{
    fmt::{self, Display},
    rc::Rc,
};

use proptest_state_machine::ReferenceStateMachine;

use super::{Disk, Durable, Effort, Fuse, Store, Survivors, report};
use crate::violation::{caught, violated};

/// How many transitions a recovered store goes on for.
const GOES_ON: usize = 3;

type StateOf<S> = <<S as Store>::Reference as ReferenceStateMachine>::State;
type TransitionOf<S> = <<S as Store>::Reference as ReferenceStateMachine>::Transition;
type FoundOf<S> = <<S as Store>::Reference as Durable>::Found;

/// A case: the transitions, and the states of the reference around them.
pub(super) struct Course<'a, S: Store> {
    states: &'a [StateOf<S>],
    transitions: &'a [TransitionOf<S>],
}

/// How far a run with a fuse came.
struct Stopped {
    fuse: Fuse,
    disk: Disk,
    /// How many transitions were acknowledged.
    acknowledged: usize,
    /// Whether the next one had begun.
    in_flight: bool,
}

/// What a crash may leave, and what may be found of it.
struct Image<F> {
    disk: Disk,
    possible: Rc<Vec<F>>,
    acknowledged: usize,
    at: Where,
}

/// A store that has recovered.
struct Recovered<S: Store> {
    disk: Disk,
    operations: u64,
    store: S,
    found: FoundOf<S>,
}

/// A crash, for the text of a violation.
#[derive(Clone, Copy)]
struct Where {
    fuse: Fuse,
    operations: u64,
    acknowledged: usize,
    survivors: Survivors,
}

impl Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Where { fuse, operations, acknowledged, survivors } = self;
        write!(f, "{fuse} of {operations}, after {acknowledged} acknowledged transitions; {survivors}")
    }
}

impl<'a, S: Store> Course<'a, S> {
    pub(super) fn new(states: &'a [StateOf<S>], transitions: &'a [TransitionOf<S>]) -> Self {
        Course { states, transitions }
    }

    /// Every operation of the disk as the last one, and every operation failing alone; what one crash shows is looked at
    /// before what takes two.
    ///
    /// # Panics
    ///
    /// Raises a violation of the first law that does not hold.
    pub(super) fn crash_everywhere(&self) {
        match S::EFFORT {
            Effort::Whole => self.crash_wholly(),
            Effort::Sampled { again } => self.crash_sampled(again),
        }
    }

    /// One image of each kind at each operation, one after the other: a store that is sampled may be large.
    fn crash_sampled(&self, again: u64) {
        let operations = self.undisturbed();
        let fuses = (0..=operations).map(Fuse::BlowsAt).chain((0..operations).map(Fuse::ErrsAt));
        let mut number = 0;
        for (salt, fuse) in (0..).zip(fuses) {
            let stopped = self.run_until(fuse);
            report::count(|tally| tally.crashes += 1);
            for image in self.images(salt, operations, &stopped) {
                let recovered = self.recovers(&image);
                if number % again == 0 {
                    self.recovers_again(number / again, &image, &recovered);
                    self.goes_on(number, &image, recovered);
                }
                number += 1;
            }
        }
        report::count(|tally| tally.operations += operations);
    }

    fn crash_wholly(&self) {
        let operations = self.undisturbed();
        // The last one blows where nothing is left to be done: what was acknowledged and not synced is lost there.
        let blows = (0..=operations).map(Fuse::BlowsAt);
        let fuses = blows.chain((0..operations).map(Fuse::ErrsAt));
        let stopped: Vec<_> = fuses.map(|fuse| self.run_until(fuse)).collect();
        report::count(|tally| {
            tally.operations += operations;
            tally.crashes += stopped.len() as u64;
        });
        let images: Vec<_> =
            (0..).zip(&stopped).flat_map(|(salt, stopped)| self.images(salt, operations, stopped)).collect();
        let recovered: Vec<_> = images.iter().map(|image| self.recovers(image)).collect();
        // What is sampled of a second crash is another sample behind each first one.
        (0..)
            .zip(&images)
            .zip(&recovered)
            .for_each(|((salt, image), one)| self.recovers_again(salt, image, one));
        (0..).zip(&images).zip(recovered).for_each(|((salt, image), one)| self.goes_on(salt, image, one));
    }

    /// All that a crash may leave.
    fn images(&self, salt: u64, operations: u64, stopped: &Stopped) -> Vec<Image<FoundOf<S>>> {
        let possible = Rc::new(self.possible(stopped));
        let image = |survivors| Image {
            disk: stopped.disk.image(survivors),
            possible: Rc::clone(&possible),
            acknowledged: stopped.acknowledged,
            at: Where { fuse: stopped.fuse, operations, acknowledged: stopped.acknowledged, survivors },
        };
        Self::survivors(stopped.disk.pending(), salt).into_iter().map(image).collect()
    }

    fn survivors(pending: usize, salt: u64) -> Vec<Survivors> {
        match S::EFFORT {
            Effort::Whole => Survivors::all(pending, salt),
            Effort::Sampled { .. } => Survivors::one_of_each(pending, salt),
        }
    }

    fn initial(&self) -> &StateOf<S> {
        &self.states[0]
    }

    /// CR-1: runs the case without a crash, and says how many operations it takes.
    fn undisturbed(&self) -> u64 {
        let disk = Disk::new();
        let mut store = S::open(&disk, self.initial())
            .unwrap_or_else(|error| violated("CR-1", format!("a new store cannot be made: {error}")));
        for (transition, state) in self.transitions.iter().zip(&self.states[1..]) {
            if let Err(error) = store.apply(transition) {
                violated("CR-1", format!("{transition:?} fails without a crash: {error}"));
            }
            let (shown, found) = (S::Reference::shown(state), store.found());
            if shown != found {
                violated("CR-1", format!("the model shows {shown:?}, the store {found:?}"));
            }
        }
        disk.operations()
    }

    /// Runs the case until the disk fails, and on where that was an error.
    fn run_until(&self, fuse: Fuse) -> Stopped {
        let disk = Disk::new().copy(fuse);
        let (mut acknowledged, mut in_flight) = (0, false);
        if let Ok(mut store) = S::open(&disk, self.initial()) {
            for transition in self.transitions {
                match store.apply(transition) {
                    Err(_) => in_flight = true,
                    Ok(()) if in_flight => violated(
                        "CR-6",
                        format!("{transition:?} is acknowledged after the failure of another one, {fuse}"),
                    ),
                    Ok(()) => acknowledged += 1,
                }
            }
        }
        Stopped { fuse, disk, acknowledged, in_flight }
    }

    /// What may be found: without what was in flight, or with it.
    fn possible(&self, stopped: &Stopped) -> Vec<FoundOf<S>> {
        let last = stopped.acknowledged + usize::from(stopped.in_flight);
        let mut possible = Vec::new();
        for found in self.states[stopped.acknowledged..=last].iter().flat_map(S::Reference::possible) {
            if !possible.contains(&found) {
                possible.push(found);
            }
        }
        possible
    }

    /// CR-2, CR-3: a store is opened on what a crash has left.
    fn recovers(&self, image: &Image<FoundOf<S>>) -> Recovered<S> {
        let disk = image.disk.copy(Fuse::Whole);
        let store = self.opens(&disk, "CR-2", &image.at);
        let found = Self::allowed(&store, &image.possible, "CR-3", &image.at);
        let kept = u64::from(found != S::Reference::shown(self.initial()));
        report::count(|tally| {
            tally.recoveries += 1;
            tally.kept += kept;
        });
        Recovered { operations: disk.operations(), disk, store, found }
    }

    /// CR-4: the recovery itself is crashed.
    fn recovers_again(&self, salt: u64, image: &Image<FoundOf<S>>, first: &Recovered<S>) {
        let at = &image.at;
        let numbers = match S::EFFORT {
            Effort::Whole => 0..=first.operations,
            Effort::Sampled { .. } => {
                let number = salt % (first.operations + 1);
                number..=number
            }
        };
        for number in numbers {
            let disk = image.disk.copy(Fuse::BlowsAt(number));
            // Whether it returns or errs, the disk is gone; a panic would be one of the store.
            if let Err(message) = caught(|| drop(S::open(&disk, self.initial()))) {
                violated("CR-4", format!("{at}; at its operation {number} the recovery panics: {message}"));
            }
            for survivors in Self::survivors(disk.pending(), salt + number) {
                let again =
                    format_args!("{at}; a second crash at operation {number} of the recovery; {survivors}");
                let store = self.opens(&disk.image(survivors), "CR-4", &again);
                Self::allowed(&store, &image.possible, "CR-4", &again);
                report::count(|tally| tally.recoveries_again += 1);
            }
        }
    }

    /// CR-5: the recovered store goes on with the transitions that were left, or else from the first on.
    fn goes_on(&self, salt: u64, image: &Image<FoundOf<S>>, recovered: Recovered<S>) {
        let Recovered { disk, mut store, found, .. } = recovered;
        let at = &image.at;
        let mut state = S::Reference::resumed(self.initial(), &found);
        for transition in self.transitions.iter().cycle().skip(image.acknowledged).take(GOES_ON) {
            if S::Reference::preconditions(&state, transition) {
                if let Err(error) = store.apply(transition) {
                    violated("CR-5", format!("{at}: {transition:?} fails after the recovery: {error}"));
                }
                state = S::Reference::apply(state, transition);
            }
        }
        let possible = S::Reference::possible(&state);
        for survivors in Self::survivors(disk.pending(), salt) {
            let again = format_args!("{at}; the recovered store goes on and crashes again; {survivors}");
            let store = self.opens(&disk.image(survivors), "CR-5", &again);
            Self::allowed(&store, &possible, "CR-5", &again);
            report::count(|tally| tally.recoveries_again += 1);
        }
    }

    fn opens(&self, disk: &Disk, law: &'static str, at: &dyn Display) -> S {
        match caught(|| S::open(disk, self.initial())) {
            Ok(Ok(store)) => store,
            Ok(Err(error)) => violated(law, format!("{at}: the recovery fails: {error}")),
            Err(message) => violated(law, format!("{at}: the recovery panics: {message}")),
        }
    }

    fn allowed(store: &S, possible: &[FoundOf<S>], law: &'static str, at: &dyn Display) -> FoundOf<S> {
        let found = store.found();
        if !possible.contains(&found) {
            violated(law, format!("{at}: {found:?} is found, possible is one of {possible:?}"));
        }
        found
    }
}
