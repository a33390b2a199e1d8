//! What is asked of whom, and who is made to leave (SY-5, SY-6, SY-7, SY-9, SY-10, WR-5).

use super::{Cause, Meaning, Open, Seen, Watch};
use crate::{
    court::{Differences, met},
    sync::{
        clauses::{
            ALONE, BANNED, BREAKER, CLAIM, DEADLINE, ELSEWHERE, FLIGHT, HALF_OPEN, INSTEAD, LATE, NO_BAN,
            NOISE, RESTARTED, RESUMES, UNBANNED,
        },
        words::{SyncAsk, SyncCommand},
    },
};

/// How long it may take beyond breaker and backoff until a peer is asked again, in milliseconds.
const GRACE: u64 = 10_000;

impl Watch {
    pub(super) fn command(
        &mut self,
        command: &SyncCommand,
        meaning: &mut Meaning,
        differences: &mut Differences,
    ) {
        match *command {
            SyncCommand::Ask { peer, request, what } => self.asks(peer, request, what, differences),
            SyncCommand::Cancel { peer, request } => self.cancels(peer, request, meaning, differences),
            SyncCommand::Disconnect { peer } => self.disconnects(peer, meaning, differences),
            SyncCommand::Ban { peer, until } => self.bans(peer, until, meaning, differences),
        }
    }

    /// A request is given up: it was not answered in time, or is of no use any more.
    fn cancels(&mut self, peer: u64, request: u64, meaning: &mut Meaning, differences: &mut Differences) {
        let given_up = self.open.get(&request).copied().filter(|open| open.peer == peer);
        let Some(open) = given_up else { return };
        self.open.remove(&request);
        let (now, deadline) = (self.now, open.at + self.parameters.request_timeout);
        let setting = self.setting;
        let known = self.peers.entry(peer).or_default();
        if now < deadline {
            // Nothing comes of it: if it was the probe of a breaker, that one may let another through.
            known.model.left(&setting, now);
            return;
        }
        met(&DEADLINE);
        if now > deadline && self.able.deadlines {
            let message = format!("request {request} is given up at {now}, and not at {deadline}");
            differences.push((&DEADLINE, message));
        }
        known.faults += 1;
        self.ask_again(open.what, peer, Cause::Unanswered);
        self.fails(peer, meaning);
    }

    fn disconnects(&mut self, peer: u64, meaning: &Meaning, differences: &mut Differences) {
        if let Some(other) = meaning.malformed
            && other != peer
        {
            let message = format!("peer {peer} is disconnected for what peer {other} has sent");
            differences.push((&NOISE, message));
        }
        let ended = self.peers.get(&peer).and_then(|known| known.banned);
        if meaning.connected == Some(peer) && ended.is_some_and(|until| until <= self.now) {
            differences.push((&UNBANNED, format!("peer {peer} is turned away after its ban")));
        }
        self.leave(peer);
    }

    fn bans(&mut self, peer: u64, until: u64, meaning: &mut Meaning, differences: &mut Differences) {
        let (ban_after, due) = (self.parameters.ban_after, self.now + self.parameters.ban_time);
        let known = self.peers.entry(peer).or_default();
        let lies = known.lies_at_most;
        if lies < ban_after {
            let message = format!("peer {peer} is banned, and has told {lies} lies of {ban_after}");
            differences.push((&NO_BAN, message));
        }
        if until != due {
            differences.push((&BANNED, format!("peer {peer} is banned until {until}, and not until {due}")));
        }
        (known.banned, known.lies, known.lies_at_most) = (Some(until), 0, 0);
        if meaning.to_ban == Some(peer) {
            met(&BANNED);
            meaning.to_ban = None;
        }
        self.leave(peer);
    }

    fn asks(&mut self, peer: u64, request: u64, what: SyncAsk, differences: &mut Differences) {
        let (setting, now) = (self.setting, self.now);
        if self.last_request.is_some_and(|last| request <= last) {
            differences.push((&LATE, format!("request {request} was there before, or after a higher one")));
        }
        self.last_request = self.last_request.max(Some(request));
        let known = self.peers.entry(peer).or_default();
        if known.connected.is_none() {
            differences.push((&ALONE, format!("peer {peer} is asked, and is not connected")));
        }
        if let Some(until) = known.model.rests_until(&setting) {
            met(&ALONE);
            if now < until {
                let message = format!("peer {peer} is asked at {now}, and is to be left alone until {until}");
                differences.push((&ALONE, message));
            }
        }
        let may = known.model.may_be_asked(&setting, now);
        known.model.asked();
        if !may && known.model.rests_until(&setting).is_none_or(|until| until <= now) {
            differences.push((&BREAKER, format!("peer {peer} is asked at {now} through its open breaker")));
        }
        if may && !known.model.may_be_asked(&setting, now) {
            // It is the probe of a breaker that has half-opened.
            met(&BREAKER);
            met(&HALF_OPEN);
        }
        known.touched = now;
        if known.banned.take_if(|until| *until <= now).is_some() {
            met(&UNBANNED);
        }
        if let SyncAsk::Range { start, count } = what {
            self.asks_range(peer, start, count, differences);
        }
        self.open.insert(request, Open { peer, at: now, what });
    }

    fn asks_range(&mut self, peer: u64, start: u64, count: u64, differences: &mut Differences) {
        let (last, batch_max) = (start.saturating_add(count.max(1) - 1), self.parameters.batch_max);
        if count == 0 || count > batch_max || start == 0 {
            let message =
                format!("{count} blocks from height {start} on are asked for, allowed are 1 to {batch_max}");
            differences.push((&FLIGHT, message));
        }
        if last > self.shown_most {
            let message = format!("height {last} is asked for, and none above {} was shown", self.shown_most);
            differences.push((&CLAIM, message));
        }
        if self.single {
            self.asks_again(start, differences);
        }
        let here = (start..=last).filter_map(|height| Some((height, *self.again.get(&height)?)));
        for (height, (before, cause)) in here.collect::<Vec<_>>() {
            self.again.remove(&height);
            self.asked_elsewhere(peer, height, last, before, cause, differences);
        }
        if self.peers.values().all(|known| known.load == 0) {
            let equal = self.peers.values().all(|known| known.connected.is_some() && !known.doubtful);
            self.equals = equal.then_some(self.peers.len());
        }
        self.peers.entry(peer).or_default().load += count;
    }

    /// Of one chain, nothing that has entered is of any use again.
    fn asks_again(&self, start: u64, differences: &mut Differences) {
        let height = self.reached;
        if self.again.get(&start).is_some_and(|(_, cause)| *cause == Cause::Bad) && start == height + 1 {
            met(&RESUMES);
        }
        if self.restarted_at.is_some_and(|at| at > 0) {
            met(&RESTARTED);
        }
        if start > height {
            return;
        }
        let message = format!("height {start} is asked for, and the tip is at {height}");
        if self.restarted_at.is_some_and(|at| start <= at) {
            differences.push((&RESTARTED, message.clone()));
        }
        differences.push((&RESUMES, message));
    }

    /// A height is asked for that came to nothing before: not of the same peer, where there is an honest one that has it.
    fn asked_elsewhere(
        &self,
        peer: u64,
        height: u64,
        last: u64,
        before: u64,
        cause: Cause,
        differences: &mut Differences,
    ) {
        let is_able = |other: &u64| {
            let known = &self.peers[other];
            let free = known.connected.is_some() && !known.doubtful && !known.failed;
            free && self.truth.tip_of(*other).is_some_and(|tip| tip.height >= last)
        };
        if !self.single || !self.peers.keys().filter(|other| **other != before).any(is_able) {
            return;
        }
        let clause = if cause == Cause::Bad { &ELSEWHERE } else { &INSTEAD };
        met(clause);
        if peer == before {
            let message = format!("height {height} is asked of peer {peer} again, and an honest one has it");
            differences.push((clause, message));
        }
    }

    /// What an event makes due at once.
    pub(super) fn owes(&mut self, meaning: &Meaning, seen: &Seen, differences: &mut Differences) {
        if let Some(peer) = meaning.to_ban.filter(|_| self.able.bans) {
            let lies = self.parameters.ban_after;
            differences
                .push((&BANNED, format!("peer {peer} has told {lies} provable lies, and is not banned")));
        }
        if let Some(peer) = meaning.malformed.filter(|_| self.able.disconnects) {
            met(&NOISE);
            if !seen.commands.contains(&SyncCommand::Disconnect { peer }) {
                let message = format!("peer {peer} has sent what cannot be decoded, and stays connected");
                differences.push((&NOISE, message));
            }
        }
        let noisy =
            |peer: &u64| self.peers.get(peer).is_some_and(|known| known.faults >= self.parameters.ban_after);
        if meaning.failed.iter().any(noisy) {
            met(&NO_BAN);
        }
    }

    /// An answer to a request that is over.
    pub(super) fn changes_nothing(&self, seen: &Seen, differences: &mut Differences) {
        met(&LATE);
        let same = (seen.head, seen.says, seen.gate) == (self.head, self.says, self.gate);
        if !same || !seen.commands.is_empty() || !seen.entered.is_empty() || seen.scores != self.scores {
            let message = format!(
                "after a late answer the tip is at {}, commands are {:?}",
                seen.head.height, seen.commands
            );
            differences.push((&LATE, message));
        }
    }

    /// What is open is neither too much nor overdue, and who is connected is not forgotten.
    pub(super) fn bounded(&mut self, differences: &mut Differences) {
        let (now, timeout) = (self.now, self.parameters.request_timeout);
        let overdue = self.open.iter().find(|(_, open)| now >= open.at + timeout);
        if let Some((request, open)) = overdue.filter(|_| self.able.deadlines) {
            let message =
                format!("request {request} to peer {} is open at {now}, since {}", open.peer, open.at);
            differences.push((&DEADLINE, message));
        }
        self.waiting.retain(|height| *height > self.head.height);
        let asked = self.open.values().map(|open| match open.what {
            SyncAsk::Range { count, .. } => count,
            SyncAsk::Status | SyncAsk::Root(_) => 0,
        });
        let (blocks, most) =
            (asked.sum::<u64>() + self.waiting.len() as u64, self.parameters.blocks_in_flight);
        if blocks > 0 {
            met(&FLIGHT);
        }
        if blocks > most {
            differences.push((&FLIGHT, format!("{blocks} blocks are in flight, allowed are {most}")));
        }
        self.remembered(differences);
    }

    /// Nobody who is connected is left alone for ever.
    fn remembered(&self, differences: &mut Differences) {
        let longest =
            self.parameters.breaker_open + self.parameters.backoff_max + self.parameters.status_interval;
        for (peer, known) in &self.peers {
            let asked = self.open.values().any(|open| open.peer == *peer);
            if known.connected.is_none() || asked {
                continue;
            }
            let alone = self.now.saturating_sub(known.touched);
            let after_a_ban = known.banned.is_some_and(|until| until <= self.now);
            let (clause, allowed) = match after_a_ban {
                true => (&UNBANNED, self.parameters.backoff_max + GRACE),
                false => (&HALF_OPEN, longest + GRACE),
            };
            if alone > allowed {
                differences
                    .push((clause, format!("peer {peer} is connected, and was not asked for {alone} ms")));
            }
        }
    }
}
