//! A planted fault as data.

/// One planted fault: a change of the real source in one place, which an engine `E` must find.
///
/// ```
/// use alys_planting::{Fault, Kind};
///
/// const LATE: Fault<()> =
///     Fault::expression((), "late: one too many fits", &["MB-1"], "core.rs", "len < capacity", "len <= capacity");
/// assert_eq!((LATE.id, LATE.sentence, LATE.kind), ("late", "one too many fits", Kind::Expression));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault<E: 'static> {
    /// Names it in the table of rules.
    pub id: &'static str,
    /// The rules it breaks.
    pub rules: &'static [&'static str],
    /// The file it is planted in, relative to the component's folder of sources.
    pub file: &'static str,
    /// How the switch is written.
    pub kind: Kind,
    /// The anchor: text that occurs exactly once in the file, as it stands there.
    pub original: &'static str,
    /// What stands there instead while the fault is planted.
    pub faulty: &'static str,
    /// What is wrong, for people.
    pub sentence: &'static str,
    /// Which engine finds it.
    pub engine: E,
}

/// How a fault is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The anchor is an expression, and becomes `(if planted { faulty } else { original })`. It is then a value and no
    /// longer a place: something that is assigned to or borrowed for change needs the whole statement as its anchor.
    Expression,
    /// The anchor is one or more statements, and becomes `if planted { faulty } else { original }`. What a `let`
    /// declares there is not seen after it: plant in its right-hand side.
    Statement,
}

impl<E: Copy> Fault<E> {
    /// A fault in an expression; `title` is its id, a colon and a space, and what is wrong.
    ///
    /// # Panics
    ///
    /// When the title has no colon; at compile time, in a constant.
    #[must_use]
    pub const fn expression(
        engine: E,
        title: &'static str,
        rules: &'static [&'static str],
        file: &'static str,
        original: &'static str,
        faulty: &'static str,
    ) -> Self {
        let (id, sentence) = split(title);
        Fault { id, rules, file, kind: Kind::Expression, original, faulty, sentence, engine }
    }

    /// The same in a statement.
    ///
    /// # Panics
    ///
    /// As [`Fault::expression`].
    #[must_use]
    pub const fn statement(
        engine: E,
        title: &'static str,
        rules: &'static [&'static str],
        file: &'static str,
        original: &'static str,
        faulty: &'static str,
    ) -> Self {
        Fault { kind: Kind::Statement, ..Self::expression(engine, title, rules, file, original, faulty) }
    }

    /// The same fault, for another engine to find.
    #[must_use]
    pub const fn found_by(self, engine: E) -> Self {
        Fault { engine, ..self }
    }
}

/// Splits a title at its first colon.
const fn split(title: &'static str) -> (&'static str, &'static str) {
    let mut at = 0;
    while title.as_bytes()[at] != b':' {
        at += 1;
    }
    let (id, rest) = title.split_at(at);
    (id, rest.split_at(2).1)
}
