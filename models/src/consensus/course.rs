//! The course of a call: which attempts there are, and when.

/// How often and how long is tried; times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// How many attempts there are at most.
    pub attempts: u32,
    /// How many refused tokens there are at most.
    pub refused_tokens: u32,
    /// How long an attempt may take.
    pub attempt: u64,
    /// How long the call may take.
    pub call: u64,
    /// The first wait.
    pub backoff: u64,
    /// The longest wait.
    pub backoff_max: u64,
}

/// How an attempt ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With an answer that is understood.
    Answer,
    /// With something that may be over soon.
    Passing,
    /// With a refused token.
    Refused,
    /// With something that stays so.
    Final,
}

/// An attempt as it must have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it begins.
    pub at: u64,
    /// Until when its answer must have come.
    pub until: u64,
}

/// A call as it must have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its attempts.
    pub attempts: Vec<Attempt>,
    /// Whether the last of them was answered.
    pub succeeds: bool,
}

impl Setting {
    /// The wait after so many attempts: doubled from the first one on, never longer than the longest.
    #[must_use]
    pub fn wait(&self, attempts: u32) -> u64 {
        let mut wait = u128::from(self.backoff);
        for _ in 1..attempts {
            wait = (wait * 2).min(u128::from(u64::MAX));
        }
        u64::try_from(wait).unwrap_or(u64::MAX).min(self.backoff_max)
    }

    /// The course of a call that begins at a time, when its attempts take so long and end so. When they run out, every further
    /// one is taken to be like the last.
    #[must_use]
    pub fn course(&self, begin: u64, ends: &[(u64, End)]) -> Course {
        let mut attempts = Vec::new();
        let mut now = begin;
        loop {
            let (took, end) = ends[attempts.len().min(ends.len() - 1)];
            attempts.push(Attempt { at: now, until: (now + self.attempt).min(begin + self.call) });
            now += took;
            let made = attempts.len();
            let refused = (0..made).filter(|at| ends[*at.min(&(ends.len() - 1))].1 == End::Refused).count();
            let next = now + self.wait(made as u32);
            let goes_on = match end {
                End::Answer => return Course { attempts, succeeds: true },
                End::Final => false,
                End::Passing | End::Refused => {
                    let is_refused = refused > 0 && refused >= self.refused_tokens as usize;
                    made < self.attempts as usize && !is_refused && next < begin + self.call
                }
            };
            if !goes_on {
                return Course { attempts, succeeds: false };
            }
            now = next;
        }
    }
}
