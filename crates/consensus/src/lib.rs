//! The consensus layer of an Alys node: what it says to an execution client, what it asks of beacon nodes, and what it
//! answers as one.
//!
//! Decisions are pure and take the time as an argument: [`retry`] says what is tried again and when, [`engine::rpc`] and
//! [`engine::status`] what an answer means, [`beacon::sse`] and [`beacon::follow`] what a stream of events tells,
//! [`server::answer()`] what is answered. Around them are thin shells: [`http`] sends one request, [`engine::client`] and
//! [`beacon::client`] are the clients, [`server::router()`] serves. [`driver`] joins the chain to an execution client.
//!
//! An error never becomes a success here: what is not understood is [`Failure::Malformed`](failure::Failure::Malformed),
//! what is not final is an outcome of its own ([`PayloadOutcome`](engine::status::PayloadOutcome)), and what was
//! tried in vain says how often.

pub mod beacon;
pub mod clock;
pub mod driver;
pub mod engine;
pub mod failure;
pub mod http;
pub mod number;
pub mod octets;
pub mod retry;
pub mod server;
