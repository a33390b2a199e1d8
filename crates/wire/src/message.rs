//! Requests and responses.

mod request;
mod response;

pub use request::{BlocksByRange, BlocksByRoot, MetaData, Request, Status, TopicBits};
pub use response::{ErrorText, Failure, Response, ResponseBody};
