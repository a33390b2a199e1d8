//! The four workloads; each says how long its messages took, without the making of channels and threads.

use std::{hint::black_box, sync::Barrier, thread, time::Duration};

use alys_properties::measure::Stopwatch;
use tokio::runtime::Runtime;

use super::Shape;
use crate::{
    channels::{Blocking, Immediate, Waiting},
    runtimes::shares,
};

/// Fills the channel, the senders taking turns, and empties it again.
pub(super) fn immediate<C: Immediate>(shape: Shape, messages: u64) -> Duration {
    let (sender, mut receiver) = C::make(shape.capacity);
    let senders: Vec<_> = (0..shape.producers).map(|_| sender.clone()).collect();
    let mut turns = senders.iter().cycle();
    let watch = Stopwatch::start();
    let mut received = 0;
    while received < messages {
        let batch = (messages - received).min(shape.capacity as u64);
        for message in 0..batch {
            let sender = turns.next().expect("there are senders");
            assert!(C::try_send(sender, black_box(message)), "there is room");
        }
        while let Some(message) = C::try_recv(&mut receiver) {
            black_box(message);
            received += 1;
        }
    }
    let elapsed = watch.elapsed();
    assert_eq!(received, messages);
    elapsed
}

/// A task for each producer, and one that receives until they are gone.
pub(super) fn waiting<C: Waiting>(runtime: &Runtime, shape: Shape, messages: u64) -> Duration {
    let (sender, mut receiver) = C::make(shape.capacity);
    runtime.block_on(async {
        let watch = Stopwatch::start();
        for share in shares(messages, shape.producers) {
            let sender = sender.clone();
            tokio::spawn(async move {
                for message in 0..share {
                    C::send(&sender, black_box(message)).await;
                }
            });
        }
        drop(sender);
        let receiving = tokio::spawn(async move {
            let mut received = 0;
            while let Some(message) = C::recv(&mut receiver).await {
                black_box(message);
                received += 1;
            }
            received
        });
        let received: u64 = receiving.await.expect("the receiver ends");
        let elapsed = watch.elapsed();
        assert_eq!(received, messages);
        elapsed
    })
}

/// A thread for each producer; the calling one receives until they are gone.
pub(super) fn blocking<C: Blocking>(shape: Shape, messages: u64) -> Duration {
    let (sender, receiver) = C::make(shape.capacity);
    let start = Barrier::new(shape.producers as usize + 1);
    thread::scope(|scope| {
        for share in shares(messages, shape.producers) {
            let (sender, start) = (sender.clone(), &start);
            scope.spawn(move || {
                start.wait();
                for message in 0..share {
                    C::blocking_send(&sender, black_box(message));
                }
            });
        }
        drop(sender);
        start.wait();
        let watch = Stopwatch::start();
        let received = C::blocking_drain(receiver);
        let elapsed = watch.elapsed();
        assert_eq!(received, messages);
        elapsed
    })
}
