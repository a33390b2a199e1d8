//! The planted faults of the patterns of communication.

use super::{Engine, Fault, by, expression, statement};

const ACCOUNT: &str = "comm/account.rs";
const BATCH: &str = "comm/batch.rs";
const BINDING: &str = "comm/binding.rs";
const BROADCAST: &str = "comm/broadcast.rs";
const BUS: &str = "comm/bus.rs";
const DIRECTORY: &str = "comm/directory.rs";
const ROUTE: &str = "comm/route.rs";
const STEP: &str = "comm/step.rs";
const TOGETHER: &str = "comm/together.rs";
const WORKFLOW: &str = "comm/workflow.rs";

/// Every one of them; the laws of communication find them.
pub(super) const FAULTS: &[Fault] = &[
    heard_expression(
        "broadcast_to_the_first: a broadcast reaches the first receiver, and says that it reached all",
        &["CM-1"],
        BROADCAST,
        "receiver.try_send(post.clone())",
        "if std::ptr::eq(receiver, &receivers[0]) { receiver.try_send(post.clone()) } else { Ok(()) }",
    ),
    heard_expression(
        "broadcast_hides_refusals: the account of a broadcast leaves out who refused",
        &["CM-1"],
        BROADCAST,
        "outcomes.enumerate().collect()",
        "outcomes.enumerate().filter(|(_, outcome)| outcome.is_ok()).collect()",
    ),
    heard_expression(
        "broadcast_gives_up: a broadcast ends with the first receiver that refuses",
        &["CM-1"],
        BROADCAST,
        "outcomes.enumerate().collect()",
        "{ let mut asked = Vec::new(); for one in outcomes.enumerate() { let refused = one.1.is_err(); \
         asked.push(one); if refused { break; } } asked }",
    ),
    heard_expression(
        "broadcast_waits_in_line: a waiting broadcast goes to one receiver after the other",
        &["CM-1"],
        BROADCAST,
        "NonZeroUsize::MAX",
        "NonZeroUsize::MIN",
    ),
    heard_expression(
        "refusals_accepted: refusals are counted as accepted",
        &["CM-1", "CM-8"],
        ACCOUNT,
        "self.offered() - self.refused().count()",
        "self.offered()",
    ),
    heard_expression(
        "batch_one_by_one: a batch asks one after the other",
        &["CM-2"],
        BATCH,
        "limits.in_flight",
        "NonZeroUsize::MIN",
    ),
    heard_expression(
        "batch_all_at_once: a batch asks all at once, whatever the bound",
        &["CM-2"],
        BATCH,
        "limits.in_flight",
        "NonZeroUsize::MAX",
    ),
    heard_expression(
        "batch_deadline_for_each: each request of a batch has the whole time, from when it begins",
        &["CM-2"],
        BATCH,
        "Duration::from_nanos(left)",
        "limits.within",
    ),
    heard_expression(
        "batch_offers_too_late: requests are offered also when the deadline has come",
        &["CM-2"],
        BATCH,
        "left == 0",
        "false",
    ),
    heard_statement(
        "outputs_as_they_end: outputs are given in the order in which they come",
        &["CM-1", "CM-2", "CM-5"],
        TOGETHER,
        "ended.insert(*place, output);",
        "ended.insert(ended.len(), output);",
    ),
    heard_expression(
        "waves: nothing more begins before everything that runs has ended",
        &["CM-2"],
        TOGETHER,
        "at_once.get() - running.len()",
        "if running.is_empty() { at_once.get() } else { 0 }",
    ),
    heard_expression(
        "chain_skips_a_stop: the second stop of a chain is passed over",
        &["CM-3"],
        ROUTE,
        "stop.visit(message, &mut steps).await",
        "if steps.len() == 1 { stop.not_run(&mut steps); Ok(message) } else { \
         stop.visit(message, &mut steps).await }",
    ),
    heard_expression(
        "chain_goes_on: a chain goes on behind a stop that failed",
        &["CM-3"],
        ROUTE,
        "stop.visit(message, &mut steps).await",
        "{ let kept = message.clone(); stop.visit(message, &mut steps).await.or(Ok(kept)) }",
    ),
    heard_expression(
        "chain_forgets_the_answer: every stop of a chain gets the first message",
        &["CM-3"],
        ROUTE,
        "stop.visit(message, &mut steps).await",
        "{ let kept = message.clone(); stop.visit(message, &mut steps).await.map(|_| kept) }",
    ),
    heard_expression(
        "stop_ignores_its_lane: a stop is asked in lane Normal",
        &["CM-3"],
        STEP,
        "Post::new(self.lane, message)",
        "Post::new(Lane::Normal, message)",
    ),
    heard_expression(
        "stop_waits_for_ever: the timeout of a stop is forgotten",
        &["CM-3"],
        STEP,
        "sender.ask_within(post, timeout).await",
        "sender.ask(post).await",
    ),
    heard_expression(
        "failure_without_a_name: a failure does not name its step",
        &["CM-3", "CM-4"],
        STEP,
        "StepError { step: self.name.clone(), cause }",
        "StepError { step: String::new(), cause }",
    ),
    heard_statement(
        "not_run_left_out: a report leaves out what was not run",
        &["CM-3", "CM-4"],
        STEP,
        "steps.push(Step { name: self.name.clone(), outcome: Outcome::NotRun });",
        "",
    ),
    heard_expression(
        "sequence_goes_on: a sequence goes on behind a part that failed",
        &["CM-4"],
        WORKFLOW,
        "part.go(message, steps).await",
        "{ let kept = message.clone(); part.go(message, steps).await.or(Ok(kept)) }",
    ),
    heard_expression(
        "sequence_forgets_the_answer: every part of a sequence gets the first message",
        &["CM-4"],
        WORKFLOW,
        "part.go(message, steps).await",
        "{ let kept = message.clone(); part.go(message, steps).await.map(|_| kept) }",
    ),
    heard_expression(
        "always_the_first_branch: a condition always takes the first branch",
        &["CM-4"],
        WORKFLOW,
        "condition(&message)",
        "true",
    ),
    heard_statement(
        "both_branches: the branch that is not taken is run as well",
        &["CM-4"],
        WORKFLOW,
        "first.not_run(steps);\n                    second.go(message, steps).await",
        "drop(first.go(message.clone(), steps).await); second.go(message, steps).await",
    ),
    heard_expression(
        "fan_in_ignores_a_branch: a fan-in does not see the last branch",
        &["CM-5"],
        WORKFLOW,
        "gather(side_by_side(branches, &message, steps).await)",
        "{ let mut results = side_by_side(branches, &message, steps).await; results.pop(); gather(results) }",
    ),
    heard_expression(
        "fan_in_backwards: a fan-in sees the last branch first",
        &["CM-5"],
        WORKFLOW,
        "gather(side_by_side(branches, &message, steps).await)",
        "{ let mut results = side_by_side(branches, &message, steps).await; results.reverse(); gather(results) }",
    ),
    heard_expression(
        "parts_in_line: parallel parts run one after the other",
        &["CM-5"],
        WORKFLOW,
        "NonZeroUsize::MAX",
        "NonZeroUsize::MIN",
    ),
    heard_expression(
        "parallel_forgives: a failure in a parallel part is forgotten",
        &["CM-5"],
        WORKFLOW,
        "results.into_iter().find_map(Result::err).map_or(Ok(message), Err)",
        "{ drop(results); Ok(message) }",
    ),
    heard_expression(
        "parallel_names_the_last: of several failures in parallel parts the last is named",
        &["CM-5"],
        WORKFLOW,
        "results.into_iter().find_map(Result::err).map_or(Ok(message), Err)",
        "results.into_iter().rev().find_map(Result::err).map_or(Ok(message), Err)",
    ),
    heard_expression(
        "parallel_goes_on_with_an_answer: what goes on behind parallel parts is an answer of theirs",
        &["CM-5"],
        WORKFLOW,
        "results.into_iter().find_map(Result::err).map_or(Ok(message), Err)",
        "results.into_iter().try_fold(message, |_, result| result)",
    ),
    heard_expression(
        "ill_handed_out: an instance that was reported ill is handed out",
        &["CM-6"],
        DIRECTORY,
        "self.reported_good && !self.sender.stats().closed",
        "!self.sender.stats().closed",
    ),
    heard_expression(
        "closed_handed_out: an instance whose mailbox is closed is handed out",
        &["CM-6"],
        DIRECTORY,
        "self.reported_good && !self.sender.stats().closed",
        "self.reported_good",
    ),
    heard_expression(
        "services_mixed: instances of every service are handed out",
        &["CM-6"],
        DIRECTORY,
        "entry.service == service && entry.is_healthy()",
        "entry.is_healthy()",
    ),
    heard_statement(
        "ill_for_ever: an instance that was reported ill never gets well",
        &["CM-6"],
        DIRECTORY,
        "entries.instances[place].reported_good = good;",
        "entries.instances[place].reported_good &= good;",
    ),
    heard_statement(
        "names_taken_twice: a name is given to a second instance",
        &["CM-6"],
        DIRECTORY,
        "return Err(DirectoryError::Taken { name: name.to_owned(), service });",
        "return self.register(&service, &format!(\"{name} \"), sender);",
    ),
    heard_expression(
        "bound_to_the_ill: a binding stays with an instance that is not healthy any more",
        &["CM-6"],
        DIRECTORY,
        "entry.is_healthy().then(|| entry.hand_out())",
        "Some(entry.hand_out())",
    ),
    heard_statement(
        "binding_roams: a binding picks anew each time",
        &["CM-6"],
        BINDING,
        "*bound = Some(number);",
        "",
    ),
    heard_expression(
        "always_the_first: round robin always picks the first",
        &["CM-7"],
        DIRECTORY,
        "self.healthy(service).find(|entry| Some(entry.number) > last)",
        "self.healthy(service).next()",
    ),
    heard_expression(
        "round_robin_stops_short: round robin does not begin again",
        &["CM-7"],
        DIRECTORY,
        "next.or_else(|| self.healthy(service).next())",
        "next.or_else(|| self.healthy(service).last())",
    ),
    heard_expression(
        "most_loaded: the most loaded instance is picked",
        &["CM-7"],
        DIRECTORY,
        "self.healthy(service).min_by_key(|entry| entry.sender.stats().len)",
        "self.healthy(service).max_by_key(|entry| entry.sender.stats().len)",
    ),
    heard_expression(
        "ties_to_the_last: of equally loaded instances the last registered is picked",
        &["CM-7"],
        DIRECTORY,
        "self.healthy(service).min_by_key(|entry| entry.sender.stats().len)",
        "self.healthy(service)\
         .min_by_key(|entry| (entry.sender.stats().len, std::cmp::Reverse(entry.number)))",
    ),
    heard_expression(
        "load_of_a_lifetime: what a mailbox ever took counts as its load",
        &["CM-7"],
        DIRECTORY,
        "self.healthy(service).min_by_key(|entry| entry.sender.stats().len)",
        "self.healthy(service).min_by_key(|entry| entry.sender.stats().accepted)",
    ),
    heard_expression(
        "subscribers_counted: every subscriber counts as having accepted",
        &["CM-8"],
        BUS,
        "sender.try_send(post.clone())",
        "{ drop(sender.try_send(post.clone())); Ok(()) }",
    ),
    heard_statement(
        "closed_stay: a subscriber that is closed stays subscribed",
        &["CM-8"],
        BUS,
        "drop(self.unsubscribe(id));",
        "",
    ),
    heard_expression(
        "full_dropped: a subscriber that is full is dropped",
        &["CM-8"],
        BUS,
        "matches!(outcome, Err(SendError::Closed(_)))",
        "outcome.is_err()",
    ),
    heard_statement(
        "refusals_unreported: the account of a publication leaves out who refused",
        &["CM-8"],
        BUS,
        "outcomes.push((id, outcome));",
        "if outcome.is_ok() { outcomes.push((id, outcome)); }",
    ),
    heard_expression(
        "sender_outlives_unsubscribe: a publication under way still has the sender of who unsubscribes",
        &["CM-9"],
        BUS,
        "slot.lock().take()",
        "slot.lock().clone()",
    ),
    heard_expression(
        "first_topic_alone: only subscribers of the first topic can unsubscribe",
        &["CM-8", "CM-9"],
        BUS,
        "topics.slots.values_mut().find_map(|slots| slots.remove(&id))",
        "topics.slots.values_mut().next().and_then(|slots| slots.remove(&id))",
    ),
    heard_expression(
        "every_second_overtakes: every second publication goes by the lane Emergency",
        &["CM-9"],
        BUS,
        "post.into()",
        "{ let mut post: Post<M> = post.into(); let mut topics = self.topics.lock(); topics.subscribed += 1; \
         if topics.subscribed % 2 == 0 { post.lane = super::mailbox::Lane::Emergency; } drop(topics); post }",
    ),
];

const fn heard_expression(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Communication, expression(title, rules, file, original, faulty))
}

const fn heard_statement(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Communication, statement(title, rules, file, original, faulty))
}
