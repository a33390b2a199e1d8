//! A receiver that is lent to an actor comes back, and the mailbox lives on: only the crate itself can lend one.

use std::{
    borrow::{Borrow, BorrowMut},
    cell::RefCell,
    panic::resume_unwind,
    rc::Rc,
    sync::{Arc, Mutex},
};

use actix::{Actor, ActorContext, AsyncContext, Context, fut};

use super::{Drain, Handled, MailboxActor};
use crate::{
    TokioClock,
    mailbox::{
        AskError, DeadLetter, DeadReason, Environment, Lane, MailboxConfig, Receiver, Sender, mailbox,
    },
};

type Shelf = Rc<RefCell<Option<Receiver<Order, u32>>>>;

/// A receiver that goes back to its shelf.
struct Loan(Option<Receiver<Order, u32>>, Shelf);

impl Borrow<Receiver<Order, u32>> for Loan {
    fn borrow(&self) -> &Receiver<Order, u32> {
        self.0.as_ref().expect("it is there until the loan ends")
    }
}

impl BorrowMut<Receiver<Order, u32>> for Loan {
    fn borrow_mut(&mut self) -> &mut Receiver<Order, u32> {
        self.0.as_mut().expect("it is there until the loan ends")
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.1.replace(self.0.take());
    }
}

/// What a message has its handler do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Answer,
    NeverEnd,
    Stop,
    Panic,
}

struct Incarnation(Shelf);

impl Actor for Incarnation {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        let receiver = self.0.take();
        context.spawn(Drain::new(Loan(receiver, Rc::clone(&self.0))));
    }
}

impl MailboxActor<Order> for Incarnation {
    type Reply = u32;

    fn handle(&mut self, order: Order, context: &mut Self::Context) -> Handled<Self, u32> {
        match order {
            Order::Answer => return Handled::Answer(1),
            Order::NeverEnd => return Handled::Later(Box::pin(fut::wrap_future(std::future::pending()))),
            Order::Stop => context.stop(),
            Order::Panic => resume_unwind(Box::new("a panic on purpose")),
        }
        Handled::Answer(2)
    }
}

/// Has one incarnation end by an order, with one handler unfinished and one message queued, and another one follow.
async fn two_incarnations(end: Order) -> (Sender<Order, u32>, Vec<DeadLetter<Order>>) {
    let dead = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&dead);
    let environment = Environment::new(Arc::new(TokioClock::new()))
        .with_dead_letters(Arc::new(move |letter| log.lock().unwrap().push(letter)));
    let (sender, receiver) = mailbox(MailboxConfig::with_capacity(4), environment).unwrap();
    let shelf: Shelf = Rc::new(RefCell::new(Some(receiver)));
    sender.try_send((Lane::High, Order::NeverEnd)).unwrap();
    sender.try_send((Lane::Normal, end)).unwrap();
    sender.try_send((Lane::Low, Order::Answer)).unwrap();
    for _ in 0..2 {
        Incarnation(Rc::clone(&shelf)).start();
        // Each round lets the incarnation run as far as it can.
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }
    let letters = dead.lock().unwrap().clone();
    (sender, letters)
}

fn interrupted(lane: Lane) -> DeadLetter<Order> {
    DeadLetter { message: None, lane, reason: DeadReason::Interrupted }
}

/// SV-7: what is queued is handled by the next incarnation, what the first one had not answered is interrupted.
#[test]
fn a_receiver_is_lent_to_one_incarnation_after_another() {
    actix_rt::System::new().block_on(async {
        let (sender, letters) = two_incarnations(Order::Stop).await;
        assert_eq!(letters, [interrupted(Lane::High)]);
        let stats = sender.stats();
        assert_eq!((stats.answered, stats.failed, stats.drained, stats.closed), (2, 1, 0, false));
        assert_eq!(sender.ask((Lane::Low, Order::Answer)).await, Ok(1));
    });
}

/// SV-7: the same where the handler panics.
#[test]
fn a_panic_gives_a_lent_receiver_back() {
    actix_rt::System::new().block_on(async {
        let (sender, letters) = two_incarnations(Order::Panic).await;
        assert_eq!(letters, [interrupted(Lane::High), interrupted(Lane::Normal)]);
        let stats = sender.stats();
        assert_eq!((stats.answered, stats.failed, stats.drained, stats.closed), (1, 2, 0, false));
        assert_eq!(sender.ask((Lane::Low, Order::Panic)).await, Err(AskError::Failed));
    });
}
