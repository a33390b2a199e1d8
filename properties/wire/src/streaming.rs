//! The streaming decoder as a state machine: frames are sent, good and bad ones, and arrive in any pieces.
//!
//! The model keeps all bytes that have arrived since the end of the last frame and decodes them from the first one
//! whenever something arrives. The real decoder is shown the same bytes and must say the same, after errors as well.

use std::marker::PhantomData;

use alys_engines::draw::Draw;
use alys_engines::sequential::{Drawn, Kill, Seed, Suite, hunt_drawn};
use alys_engines::small::Small;
use alys_engines::violation::{check_eq, violated};
use alys_models::wire::frame::{self, Expected, Outcome, literal, other, plain};
use proptest::prelude::{BoxedStrategy, Just, Rng, Strategy, any, prop_oneof};
use proptest::test_runner::TestRng;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::sut::{Ending, Frames, Sut, Whole};

/// The suite.
pub const STREAMING: Suite = Suite {
    name: "wire_streaming",
    test_path: "properties::wire_streams::the_streaming_decoder_does_what_its_model_says",
    cases: 6_000,
    transitions: 1..=60,
};

/// The sizes that are expected: of a success and of a failure.
const SIZES: ((u32, u32), (u32, u32)) = ((3, 300), (1, 20));

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// A frame is sent: it has this result byte and so many bytes, in so many chunks.
    Send(u8, u16, u8),
    /// The last byte but so many of what is under way is another.
    Corrupt(u8, u8),
    /// A chunk to be skipped, or a reserved one, or an identifier, is sent.
    Chunk(u8),
    /// So many of the bytes that are under way arrive, or all.
    Arrive(u8),
    /// The stream ends for now, without more bytes: what is said of that changes nothing.
    Finish,
    /// Both sides begin anew, and what was under way is lost.
    Reset,
}

/// The model's state.
#[derive(Clone, Debug, Default)]
pub struct State {
    under_way: Vec<u8>,
    unread: Vec<u8>,
    failed: Option<Ending>,
    /// What the last arrival has brought.
    brought: Vec<Whole>,
}

impl State {
    fn look(&mut self) {
        self.brought.clear();
        let (success, failure) = SIZES;
        let range = |(min, max): (u32, u32)| (min as usize, max as usize);
        let expected = Expected { coded: true, success: range(success), failure: range(failure) };
        while self.failed.is_none() {
            match frame::decode(&self.unread, &expected) {
                Outcome::More => return,
                Outcome::Hopeless(at, fault) => self.failed = Some((at, fault)),
                Outcome::Whole(frame) => {
                    self.unread.drain(..frame.used);
                    self.brought.push((frame.code, frame.payload, frame.used));
                }
            }
        }
    }

    fn step(mut self, transition: Transition) -> Self {
        self.brought.clear();
        match transition {
            Transition::Send(code, size, chunks) => self.under_way.extend(sent(code, size, chunks)),
            Transition::Corrupt(back, bits) => {
                let at = self.under_way.len().saturating_sub(1 + usize::from(back));
                self.under_way.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
            }
            Transition::Chunk(kind) => self.under_way.extend(other(kind, b"sNaPpY")),
            Transition::Arrive(count) => {
                let count = if count == u8::MAX { usize::MAX } else { count.into() };
                let count = count.min(self.under_way.len());
                self.unread.extend(self.under_way.drain(..count));
                self.look();
            }
            Transition::Finish => {}
            Transition::Reset => self = Self::default(),
        }
        self
    }
}

fn sent(code: u8, size: u16, chunks: u8) -> Vec<u8> {
    let payload: Vec<u8> = (0..size).map(|at| (at / 5) as u8).collect();
    let pieces = payload.chunks((payload.len() / usize::from(chunks.max(1))).max(1));
    let chunks: Vec<_> =
        pieces.map(|piece| if code & 1 == 0 { plain(piece) } else { literal(piece) }).collect();
    frame::encode(Some(code), size.into(), &chunks)
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct Reference;

impl ReferenceStateMachine for Reference {
    type State = State;
    type Transition = Transition;

    fn init_state() -> BoxedStrategy<State> {
        Just(State::default()).boxed()
    }

    fn transitions(_: &State) -> BoxedStrategy<Transition> {
        prop_oneof![
            (0..4_u8, 0..320_u16, 0..4_u8)
                .prop_map(|(code, size, chunks)| Transition::Send(code, size, chunks)),
            any::<(u8, u8)>().prop_map(|(back, bits)| Transition::Corrupt(back, bits)),
            any::<u8>().prop_map(Transition::Chunk),
            any::<u8>().prop_map(Transition::Arrive),
            Just(Transition::Finish),
            Just(Transition::Reset),
        ]
        .boxed()
    }

    fn preconditions(_: &State, _: &Transition) -> bool {
        true
    }

    fn apply(state: State, transition: &Transition) -> State {
        state.step(*transition)
    }
}

impl Small for Reference {
    fn simpler(transition: &Transition) -> Vec<Transition> {
        match *transition {
            Transition::Send(code, size, chunks) => vec![
                Transition::Send(code.min(1), 3, 1),
                Transition::Send(code, size.min(20), chunks.min(1)),
                Transition::Send(code, size / 2, chunks),
            ],
            Transition::Arrive(count) if count < u8::MAX => vec![Transition::Arrive(u8::MAX)],
            _ => Vec::new(),
        }
    }
}

impl Drawn for Reference {
    fn draw_start(_: &mut TestRng) -> State {
        State::default()
    }

    fn draw_next(state: &State, rng: &mut TestRng) -> Transition {
        let mut draw = Draw(rng);
        match draw.below(16) {
            // After an error only a reset helps.
            _ if state.failed.is_some() && draw.once_in(3) => Transition::Reset,
            0..4 => Transition::Send(draw.pick(&[0, 0, 0, 0, 1, 3]), size(&mut draw), draw.below(4) as u8),
            4 => Transition::Corrupt(draw.below(40) as u8, 1 << draw.below(8)),
            5 => Transition::Chunk(draw.pick(&[0xff, 0xfe, 0x80, 0x7f, 2, 1, 0])),
            6 => Transition::Finish,
            7 if draw.once_in(4) => Transition::Reset,
            8..10 => Transition::Arrive(u8::MAX),
            _ => Transition::Arrive(draw.pick(&[0, 1, 1, 2, 5, 20, 90])),
        }
    }
}

fn size<R: Rng>(draw: &mut Draw<'_, R>) -> u16 {
    draw.pick(&[3, 3, 4, 19, 20, 21, 127, 128, 299, 300, 301, 2, 0])
}

/// The real decoder beside the model.
#[derive(Clone, Copy, Debug)]
pub struct Machine<S>(PhantomData<S>);

/// A decoder, and the bytes that it is shown.
#[derive(Debug)]
pub struct Subject<F> {
    decoder: F,
    under_way: Vec<u8>,
    unread: Vec<u8>,
}

impl<S: Sut> StateMachineTest for Machine<S> {
    type SystemUnderTest = Subject<S::Frames>;
    type Reference = Reference;

    fn init_test(_: &State) -> Self::SystemUnderTest {
        Subject { decoder: S::frames(SIZES.0, Some(SIZES.1)), under_way: Vec::new(), unread: Vec::new() }
    }

    fn apply(
        mut subject: Self::SystemUnderTest,
        state: &State,
        transition: Transition,
    ) -> Self::SystemUnderTest {
        match transition {
            Transition::Arrive(_) => {
                let count = subject.under_way.len() - state.under_way.len();
                subject.unread.extend(subject.under_way.drain(..count));
            }
            Transition::Reset => {
                subject.decoder.reset();
                subject.unread.clear();
            }
            _ => {}
        }
        subject.under_way.clone_from(&state.under_way);
        subject.look(state);
        subject
    }
}

impl<F: Frames> Subject<F> {
    /// Asks until there is nothing more, and compares.
    fn look(&mut self, state: &State) {
        let (mut brought, mut failed) = (Vec::new(), None);
        loop {
            match self.decoder.decode(&self.unread) {
                Ok(Some(whole)) => {
                    if whole.2 > self.unread.len() {
                        violated(
                            "WR-2",
                            format!("a frame of {} bytes came of {}", whole.2, self.unread.len()),
                        );
                    }
                    self.unread.drain(..whole.2);
                    brought.push(whole);
                }
                Ok(None) => break,
                Err(ending) => {
                    failed = Some(ending);
                    break;
                }
            }
        }
        check_eq("WR-2", "the frames", &state.brought, &brought);
        check_eq("WR-3", "the error", &state.failed, &failed);
        check_eq("WR-2", "what is kept", &state.unread, &self.unread);
        let end = match state.failed {
            Some(ending) => Err(ending),
            None if state.unread.is_empty() => Ok(()),
            None => Err((state.unread.len(), frame::Fault::Truncated)),
        };
        check_eq("WR-4", "the end of the stream", &end, &self.decoder.finish(&self.unread));
    }
}

/// Looks for a fault in a twin.
///
/// # Panics
///
/// With the rule that is broken, if it finds one.
pub fn hunt<S: Sut>() {
    let found: Option<Kill> = hunt_drawn::<Machine<S>>(&STREAMING, 3_000, Seed::Fixed);
    if let Some(kill) = found {
        panic!("{}: the streaming decoder differs from its model", kill.rule().unwrap_or("a panic"));
    }
}
