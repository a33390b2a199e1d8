//! Where a real tracker and the model are held against each other, and which rule a difference breaks.

use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerSenderReport, TrackerTransition};

use crate::{trace::note, violation::check_eq};

/// Everything that can be seen of one actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// How many records there are.
    pub count: usize,
    /// Whether they are in order.
    pub verified: bool,
    /// The report.
    pub report: TrackerOutcome,
}

impl View {
    /// What the model says of an actor.
    #[must_use]
    pub fn of(model: &TrackerModel, actor: u8) -> Self {
        View { count: model.count(actor), verified: model.verify(actor), report: model.report(actor) }
    }
}

/// Whose state a transition may change: anything else that changes breaks the independence of keys (OT-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The actor; `None` when it is nobody's.
    pub actor: Option<u8>,
    /// The sender, where only one of the actor's may change.
    pub sender: Option<u8>,
    anybody: bool,
}

impl Touched {
    /// Nobody's.
    pub const NOBODY: Self = Touched { actor: None, sender: None, anybody: false };

    /// Anybody's: many transitions lie between two looks.
    pub const ANYBODY: Self = Touched { anybody: true, ..Self::NOBODY };

    /// Whose state this transition may change.
    #[must_use]
    pub fn by(transition: &TrackerTransition) -> Self {
        use TrackerTransition as T;
        match *transition {
            T::Record { actor, sender, .. } | T::RecordByHandle { actor, sender, .. } => {
                Touched { actor: Some(actor), sender: Some(sender), ..Self::NOBODY }
            }
            T::SetExpected { actor, .. } => Touched { actor: Some(actor), ..Self::NOBODY },
            T::Resolve { .. } | T::Verify { .. } | T::Count { .. } | T::Report { .. } => Self::NOBODY,
        }
    }

    fn may_change(&self, actor: u8) -> bool {
        self.anybody || self.actor == Some(actor)
    }
}

/// The rule that another answer than the model's breaks.
#[must_use]
pub fn rule_of(transition: &TrackerTransition) -> &'static str {
    use TrackerTransition as T;
    match transition {
        T::Record { .. } | T::RecordByHandle { .. } | T::Resolve { .. } => "OT-1",
        T::Count { .. } | T::Report { .. } => "OT-2",
        T::SetExpected { .. } | T::Verify { .. } => "OT-3",
    }
}

/// Compares answers.
///
/// # Panics
///
/// Raises a violation when they differ.
pub fn outcomes(transition: &TrackerTransition, model: &TrackerOutcome, real: &TrackerOutcome) {
    note("answer", model, real);
    if model == real {
        return;
    }
    let too_long = [model, real].contains(&&TrackerOutcome::ExpectedTooLong);
    if let (TrackerOutcome::Reported { .. }, TrackerOutcome::Reported { .. }) = (model, real) {
        reports(&Touched::ANYBODY, model, real);
    }
    check_eq(if too_long { "OT-5" } else { rule_of(transition) }, "the answer", model, real);
}

/// Compares everything that can be seen of one actor.
///
/// # Panics
///
/// Raises a violation when it differs: of OT-4 when nothing touched the actor.
pub fn views(actor: u8, touched: &Touched, model: &View, real: &View) {
    note(format_args!("actor {actor}"), model, real);
    if model == real {
        return;
    }
    if !touched.may_change(actor) {
        check_eq("OT-4", "the state of an actor that nothing touched", model, real);
    }
    if let (TrackerOutcome::Reported { .. }, TrackerOutcome::Reported { .. }) = (&model.report, &real.report)
    {
        reports(touched, &model.report, &real.report);
    }
    check_eq("OT-2", "the number of records", &model.count, &real.count);
    check_eq("OT-3", "whether the records are in order", &model.verified, &real.verified);
    check_eq("OT-3", "the report", &model.report, &real.report);
}

/// Compares reports that both exist, sender by sender.
fn reports(touched: &Touched, model: &TrackerOutcome, real: &TrackerOutcome) {
    let (
        TrackerOutcome::Reported { recorded, senders },
        TrackerOutcome::Reported { recorded: really, senders: heard },
    ) = (model, real)
    else {
        return;
    };
    for one in senders {
        let other = heard.iter().find(|other| other.sender == one.sender);
        if touched.sender.is_some_and(|sender| sender != one.sender) {
            check_eq("OT-4", "the state of a key that nothing touched", &Some(one), &other);
        }
        if let Some(other) = other {
            sender_reports(one, other);
        }
    }
    check_eq("OT-2", "the records of all senders", recorded, really);
    let names = |reports: &[TrackerSenderReport]| reports.iter().map(|one| one.sender).collect::<Vec<_>>();
    check_eq("OT-3", "the senders of the report", &names(senders), &names(heard));
}

fn sender_reports(model: &TrackerSenderReport, real: &TrackerSenderReport) {
    check_eq("OT-2", "the records of a sender", &model.recorded, &real.recorded);
    check_eq("OT-1", "the highest number", &model.highest, &real.highest);
    check_eq("OT-3", "the open gaps", &model.gaps, &real.gaps);
    check_eq("OT-3", "the gaps ever opened", &model.gaps_seen, &real.gaps_seen);
    check_eq("OT-3", "the number of duplicates", &model.duplicates_total, &real.duplicates_total);
    check_eq("OT-3", "the number of reorderings", &model.reordered_total, &real.reordered_total);
    check_eq("OT-5", "the duplicates kept", &model.duplicates, &real.duplicates);
    check_eq("OT-5", "the reorderings kept", &model.reordered, &real.reordered);
}
