//! Arms that run in turns, and the table of their ratios.

use std::{fmt, time::Duration};

/// One contender: it does so many units of work, and says how long the part that counts took.
pub struct Arm {
    /// What the table calls it.
    pub name: &'static str,
    run: Box<dyn FnMut(u64) -> Duration>,
}

impl Arm {
    /// An arm that measures itself, so that its set-up does not count.
    pub fn new(name: &'static str, run: impl FnMut(u64) -> Duration + 'static) -> Self {
        Arm { name, run: Box::new(run) }
    }

    /// Does `units` units of work and returns how long they took.
    pub fn run(&mut self, units: u64) -> Duration {
        (self.run)(units)
    }
}

impl fmt::Debug for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Arm").field(&self.name).finish()
    }
}

/// What an arm must reach.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// This many times the speed of the baseline.
    Speed(f64),
    /// This many units a second.
    Rate(f64),
}

/// Arms that do the same work; the first one is the baseline.
#[derive(Debug)]
pub struct Comparison {
    /// What is compared.
    pub title: String,
    /// What a unit of work is.
    pub unit: &'static str,
    /// Units of work in one run of one arm.
    pub units: u64,
    /// The contenders.
    pub arms: Vec<Arm>,
    /// What some of them must reach, by name.
    pub targets: Vec<(&'static str, Target)>,
}

/// The figures of one arm.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The arm.
    pub name: &'static str,
    /// Median nanoseconds a unit.
    pub nanos: f64,
    /// Median of the rounds' ratios: baseline's time by own time, so more is faster.
    pub speed: f64,
}

/// The figures of one comparison.
#[derive(Debug)]
pub struct Table {
    title: String,
    unit: &'static str,
    rounds: usize,
    /// The figures, the baseline's first.
    pub rows: Vec<Row>,
    targets: Vec<(&'static str, Target)>,
}

/// Runs every arm once a round, in turns, after a round that does not count.
///
/// Each round begins with another arm, so that none always follows the same one.
pub fn interleaved(rounds: usize, units: u64, comparison: Comparison) -> Table {
    let Comparison { title, unit, mut arms, targets, .. } = comparison;
    for arm in &mut arms {
        arm.run(units);
    }
    let mut taken = vec![Vec::with_capacity(rounds); arms.len()];
    for round in 0..rounds {
        for turn in 0..arms.len() {
            let index = (round + turn) % arms.len();
            taken[index].push(arms[index].run(units).as_nanos() as f64 / units as f64);
        }
    }
    let row = |(arm, nanos): (&Arm, &Vec<f64>)| Row {
        name: arm.name,
        nanos: median(nanos.iter().copied()),
        speed: median(taken[0].iter().zip(nanos).map(|(baseline, own)| baseline / own)),
    };
    let rows = arms.iter().zip(&taken).map(row).collect();
    Table { title, unit, rounds, rows, targets }
}

/// The middle value; of an even number, the upper of the two.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<_> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Speed(speed) => write!(f, "at least {speed:.2} times the baseline"),
            Target::Rate(rate) => write!(f, "at least {rate:.0} a second"),
        }
    }
}

impl Target {
    fn holds(self, row: &Row) -> bool {
        match self {
            Target::Speed(speed) => row.speed >= speed,
            Target::Rate(rate) => 1e9 / row.nanos >= rate,
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Table { title, unit, rounds, rows, targets } = self;
        writeln!(f, "\n{title} (median of {rounds} interleaved rounds)")?;
        writeln!(f, "  {:32} {:>12} {:>12}  speed", "arm", format!("ns/{unit}"), format!("{unit}s/s"))?;
        for Row { name, nanos, speed } in rows {
            writeln!(f, "  {name:32} {nanos:>12.1} {:>12.0}  {speed:.2}", 1e9 / nanos)?;
        }
        for (name, target) in targets {
            let row = rows.iter().find(|row| row.name == *name);
            let verdict = if row.is_some_and(|row| target.holds(row)) { "holds" } else { "MISSED" };
            writeln!(f, "  {verdict}: {name}, {target}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_medians_of_rounds() {
        let mut slow = 0;
        let baseline = Arm::new("baseline", move |units| {
            slow += 1;
            Duration::from_nanos(units * if slow == 3 { 1_000 } else { 30 })
        });
        let twin = Arm::new("twin", |units| Duration::from_nanos(10 * units));
        let comparison = Comparison {
            title: "a and b".to_owned(),
            unit: "message",
            units: 5,
            arms: vec![baseline, twin],
            targets: vec![("twin", Target::Speed(3.0)), ("twin", Target::Speed(3.1))],
        };
        let table = interleaved(5, 5, comparison);
        assert_eq!(table.rows[1].speed, 3.0);
        assert_eq!(table.rows[1].nanos, 10.0);
        let text = table.to_string();
        assert!(text.contains("holds: twin") && text.contains("MISSED: twin"), "{text}");
    }
}
