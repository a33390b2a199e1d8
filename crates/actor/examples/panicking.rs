//! A message makes an actor panic: what becomes of the message behind it, and of the address?
#![allow(clippy::print_stdout, missing_docs, unreachable_pub, reason = "an example shows what happens")]

#[rustfmt::skip]
pub mod actors {
    use actix::{Actor, Context, Handler, Message, Supervised, Supervisor};
    use alys_actor::{Handled, MailboxActor, TokioClock, mailbox::Lane, supervised::*, supervision::*};
    struct Divide(u32);
    impl Message for Divide { type Result = u32; }
    struct Plain;
    impl Actor for Plain { type Context = Context<Self>; }
    impl Supervised for Plain {}
    impl Handler<Divide> for Plain {
        type Result = u32;
        fn handle(&mut self, by: Divide, _: &mut Self::Context) -> u32 { 100 / by.0 }
    }
    struct Child;
    impl Actor for Child { type Context = ChildContext<Self>; }
    impl SupervisedActor<Divide> for Child {}
    impl MailboxActor<Divide> for Child {
        type Reply = u32;
        fn handle(&mut self, by: Divide, _: &mut Self::Context) -> Handled<Self, u32> { Handled::Answer(100 / by.0) }
    }
    pub async fn under_actix() -> [Option<u32>; 2] {
        let plain = Supervisor::start(|_| Plain);
        let (_poison, behind) = (plain.try_send(Divide(0)), plain.send(Divide(4)));
        [behind.await.ok(), plain.send(Divide(5)).await.ok()]
    }
    pub async fn under_alys() -> [Option<u32>; 2] {
        let system = Supervision::new(&SupervisionConfig::default(), std::sync::Arc::new(TokioClock::new())).expect("valid");
        let child = adopt(&system, Adopted::new("child", "root"), || Child).expect("a new name");
        system.start("root").expect("not started yet");
        let (_poison, by) = (child.try_send((Lane::Normal, Divide(0))), |by| child.ask((Lane::Normal, Divide(by))));
        [by(4).await.ok(), by(5).await.ok()]
    }
}
pub fn main() {
    println!("actix::Supervisor: {:?}", actix_rt::System::new().block_on(actors::under_actix()));
    println!("alys_actor:        {:?}", actix_rt::System::new().block_on(actors::under_alys()));
}
