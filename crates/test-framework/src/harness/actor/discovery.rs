//! Communication: who offers a service is found in a directory, while it is there and healthy.

use alys_actor::{
    comm::{Balance, Binding, Directory, Instance},
    supervision::SupervisorSpec,
};

use super::{
    cast::Line,
    plan::{got, hold, ms, numbers},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(super) const DISCOVERY: TestCase = TestCase {
    name: "test_actor_discovery_communication",
    phase: ActorCore,
    category: "communication",
    summary: "Actors are registered, looked up, bound, left out while they are unwell, and picked in turn.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(discovery(stage)),
    judge: judge_discovery,
    gates: no_gates,
};

const SENDER: &str = "driver";
const SERVICE: &str = "validator";
const OTHER: &str = "signer";
const PROVIDERS: [&str; 3] = ["v1", "v2", "v3"];
const SIGNER: &str = "s1";
/// Nobody but the directory has a sender to this one.
const GUEST: &str = "guest";
const GUESTS: &str = "hall";

/// What the directory must say, scenario by scenario.
const SAID: [(&str, &str, &[&str]); 5] = [
    (
        "CM-6",
        "registration",
        &[
            "done",
            "done",
            "done",
            "done",
            "instance name `v1` belongs to service `validator`: allowed is a name that is free",
            "instance name `nobody` is not registered",
            "done",
        ],
    ),
    ("CM-6", "lookup", &["v1, v2, v3", "s1", "nobody"]),
    (
        "CM-6",
        "binding",
        &[
            "v1",
            "v1",
            "v2, since v1 is unwell",
            "v2, although v1 is well again",
            "v3, since v2 has left",
            "v1, since v3 is unwell",
            "service `nothing` has no healthy instance (of 0 registered)",
            "guest",
            "Stopped, since only a binding was left",
        ],
    ),
    // In turn, then without v2, which was registered last when it came back; then whoever has the fewest queued.
    (
        "CM-7",
        "load balancing",
        &["v3", "v2", "v1", "v3", "v2", "v1", "v3", "v1", "v3", "v1", "v3", "v3", "v2", "v1", "v3"],
    ),
    (
        "CM-6",
        "health",
        &[
            "v1, v2",
            "v1, v3, v2",
            "v1, v3",
            "v1, v3",
            "instance name `nobody` is not registered",
            "service `signer` has no healthy instance (of 1 registered)",
        ],
    ),
];

/// What each actor gets: its number of the lookup, then those of the picks that it was.
const GOT: [(&str, &[u64]); 4] = [
    ("v1", &[10, 22, 25, 27, 29, 33]),
    ("v2", &[11, 21, 24, 32]),
    ("v3", &[12, 20, 23, 26, 28, 30, 31, 34]),
    ("s1", &[13]),
];

fn judge_discovery(seen: Evidence<'_>, judge: &mut Judge) {
    for (rule, scenario, expected) in SAID {
        judge.same(rule, &format!("said at {scenario}"), expected, &seen.words(Observed, scenario, "said"));
    }
    let (mut delivered, mut due) = (0, 0);
    for (name, expected) in GOT {
        let arrived = numbers(got(seen, name, SENDER));
        judge.same("CM-6", &format!("numbers that {name} got"), expected, &arrived);
        delivered += arrived.len();
        due += expected.len();
    }
    judge.equal("gate", "messages delivered, in percent", 100_usize, delivered * 100 / due);
}

async fn discovery(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let mut actors = Vec::new();
    for name in PROVIDERS.into_iter().chain([SIGNER]) {
        actors.push(troupe.engage(name, Role::default())?);
    }
    let guest = troupe.engage(GUEST, Role::default())?;
    troupe.start("root")?;
    let desk = Desk { stage, directory: Directory::default() };
    desk.registration(&actors);
    desk.lookup().await;
    desk.binding(&actors)?;
    desk.parting(&troupe, guest).await?;
    desk.balancing(&actors).await?;
    desk.health(&actors)?;
    troupe.end().await
}

/// Where the directory is asked, and its answers are written down.
struct Desk {
    stage: Stage,
    directory: Directory<Line, Line>,
}

impl Desk {
    fn say(&self, scenario: &str, said: impl Into<String>) {
        self.stage.record(Observed, scenario, [("said", said.into().into())]);
    }

    fn said_of(&self, scenario: &str, result: Result<(), impl ToString>) {
        self.say(scenario, result.map_or_else(|error| error.to_string(), |()| "done".to_owned()));
    }

    fn list(&self, scenario: &str, service: &str) {
        let names: Vec<_> =
            self.directory.lookup(service).into_iter().map(|instance| instance.name).collect();
        self.say(scenario, if names.is_empty() { "nobody".to_owned() } else { names.join(", ") });
    }

    /// A report that the directory must take.
    fn report(&self, name: &str, good: bool) -> Driven {
        self.directory.report_health(name, good).map_err(|error| DriveError::new("report", error))
    }

    fn reach(&self, instance: Instance<Line, Line>) -> Reach {
        Reach { name: instance.name.into(), sender: instance.sender, stage: self.stage.clone() }
    }

    /// Names are unique across services, and free again when an instance has left.
    fn registration(&self, actors: &[Reach]) {
        for actor in actors {
            let service = if *actor.name == *SIGNER { OTHER } else { SERVICE };
            self.said_of("registration", self.directory.register(service, &actor.name, actor.sender.clone()));
        }
        for signer in &actors[PROVIDERS.len()..] {
            let taken = self.directory.register(OTHER, PROVIDERS[0], signer.sender.clone());
            self.said_of("registration", taken);
            self.said_of("registration", self.directory.deregister("nobody").map(drop));
            let left = self.directory.deregister(SIGNER);
            let back = left.and_then(|sender| self.directory.register(OTHER, SIGNER, sender));
            self.said_of("registration", back);
        }
    }

    /// Whoever is found under a name is the actor of that name.
    async fn lookup(&self) {
        let mut number = 10;
        for service in [SERVICE, OTHER, "nothing"] {
            self.list("lookup", service);
            for instance in self.directory.lookup(service) {
                self.reach(instance).ask(Line::new(SENDER, number)).await;
                number += 1;
            }
        }
    }

    /// A binding stays with its instance while that is there and well, and no longer.
    fn binding(&self, actors: &[Reach]) -> Driven {
        let binding = self.directory.bind(SERVICE, Balance::RoundRobin);
        self.bound(&binding, "");
        self.bound(&binding, "");
        self.report("v1", false)?;
        self.bound(&binding, ", since v1 is unwell");
        self.report("v1", true)?;
        self.bound(&binding, ", although v1 is well again");
        self.directory.deregister("v2").map_err(|error| DriveError::new("deregister", error))?;
        self.bound(&binding, ", since v2 has left");
        self.report("v3", false)?;
        self.bound(&binding, ", since v3 is unwell");
        self.report("v3", true)?;
        self.bound(&self.directory.bind("nothing", Balance::RoundRobin), "");
        let again = self.directory.register(SERVICE, "v2", actors[1].sender.clone());
        again.map_err(|error| DriveError::new("register", error))
    }

    fn bound(&self, binding: &Binding<Line, Line>, why: &str) {
        let name = binding.instance().map_or_else(|error| error.to_string(), |instance| instance.name);
        self.say("binding", name + why);
    }

    /// A binding does not hold open the mailbox of an actor that nobody else knows any more.
    async fn parting(&self, troupe: &Troupe, guest: Reach) -> Driven {
        let registered = self.directory.register(GUESTS, GUEST, guest.sender);
        registered.map_err(|error| DriveError::new("register", error))?;
        let binding = self.directory.bind(GUESTS, Balance::LeastLoaded);
        self.bound(&binding, "");
        self.directory.deregister(GUEST).map(drop).map_err(|error| DriveError::new("deregister", error))?;
        self.stage.pass(ms(1)).await;
        let state = troupe.monitor().current_state(GUEST);
        let state = state.map_or_else(|| "unknown".to_owned(), |state| state.to_string());
        self.say("binding", state + ", since only a binding was left");
        drop(binding);
        Ok(())
    }

    async fn balancing(&self, actors: &[Reach]) -> Driven {
        // Two who pick share the turn.
        let other = self.directory.clone();
        for pick in 0..10 {
            if pick == 6 {
                self.report("v2", false)?;
            }
            let directory = if pick % 2 == 0 { &self.directory } else { &other };
            let instance = directory.pick(SERVICE, Balance::RoundRobin);
            let instance = instance.map_err(|error| DriveError::new("pick", error))?;
            self.say("load balancing", instance.name.clone());
            self.reach(instance).ask(Line::new(SENDER, 20 + pick)).await;
        }
        self.report("v2", true)?;
        for (actor, queued) in actors.iter().zip([2, 1, 0]) {
            hold(actor, 0, ms(20)).await;
            for number in 0..queued {
                actor.try_send(Line::new("filler", number));
            }
        }
        for pick in 0..5 {
            let instance = self.directory.pick(SERVICE, Balance::LeastLoaded);
            let instance = instance.map_err(|error| DriveError::new("pick", error))?;
            self.say("load balancing", instance.name.clone());
            self.reach(instance).try_send(Line::new(SENDER, 30 + pick));
        }
        self.stage.pass(ms(20)).await;
        Ok(())
    }

    /// Healthy is who was last reported so, and whose mailbox is open.
    fn health(&self, actors: &[Reach]) -> Driven {
        self.report("v3", false)?;
        self.list("health", SERVICE);
        self.report("v3", true)?;
        self.list("health", SERVICE);
        actors[1].sender.close();
        self.list("health", SERVICE);
        self.report("v2", true)?;
        self.list("health", SERVICE);
        self.said_of("health", self.directory.report_health("nobody", true));
        self.report(SIGNER, false)?;
        self.said_of("health", self.directory.pick(OTHER, Balance::LeastLoaded).map(drop));
        Ok(())
    }
}
