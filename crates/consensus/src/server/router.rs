//! Serving it: a thin shell of axum around [`answer`](fn@super::answer).

use std::convert::Infallible;
use std::future;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::get;
use futures_util::stream::{self, StreamExt};
use tokio::sync::broadcast::{self, Receiver};
use tokio::sync::watch;

use crate::beacon::event::{HeadEvent, Topic};

use super::answer::{Reply, answer};
use super::query;
use super::view::ChainView;

/// How many heads a listener may be behind before its stream ends, and it has to ask.
const BEHIND_MAX: usize = 64;

/// What is served: whoever runs the chain publishes each new view of it.
#[derive(Clone, Debug)]
pub struct Published {
    view: watch::Sender<Arc<ChainView>>,
    heads: broadcast::Sender<HeadEvent>,
}

impl Published {
    /// Begins with a view.
    #[must_use]
    pub fn new(view: ChainView) -> Self {
        Published { view: watch::Sender::new(Arc::new(view)), heads: broadcast::Sender::new(BEHIND_MAX) }
    }

    /// Shows a newer view; who listens for heads is told, if its tip is another one.
    pub fn publish(&self, view: ChainView) {
        let event = (view.head() != self.view().head()).then(|| view.head_event()).flatten();
        // Shown first: whoever hears of a head can ask for it.
        self.view.send_replace(Arc::new(view));
        if let Some(event) = event {
            // Nobody may be listening.
            let _ = self.heads.send(event);
        }
    }

    /// What is shown now.
    #[must_use]
    pub fn view(&self) -> Arc<ChainView> {
        self.view.borrow().clone()
    }
}

/// The service; `axum::serve` serves it.
pub fn router(published: Published) -> Router {
    let events = get(events).head(only_get).fallback(only_get);
    Router::new().route("/eth/v1/events", events).fallback(other).with_state(published)
}

async fn other(State(published): State<Published>, request: Request) -> Response {
    if request.method() != Method::GET {
        return only_get().await;
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    response(&answer(&published.view(), target))
}

/// What is said to any other method, everywhere: the answer names what is allowed, as RFC 9110 asks (section 15.5.6).
async fn only_get() -> Response {
    let mut refused = response(&Reply::refused(405, "only GET is allowed"));
    refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    refused
}

async fn events(State(published): State<Published>, request: Request) -> Response {
    match topics(request.uri().query().unwrap_or_default()) {
        Err(message) => response(&Reply::refused(400, &message)),
        Ok(topics) => {
            let heads = topics.contains(&Topic::Head).then(|| published.heads.subscribe());
            stream_of(heads)
        }
    }
}

/// The kinds that are asked for: one at least, and all of them known.
///
/// # Errors
///
/// What is wrong, for people.
pub(crate) fn topics(query: &str) -> Result<Vec<Topic>, String> {
    let named = query::values(query, "topics");
    if named.is_empty() {
        return Err("`topics` is missing".to_owned());
    }
    let known = |name: &str| Topic::of(name).ok_or_else(|| format!("Invalid topic: {name}"));
    named.into_iter().map(known).collect()
}

/// A stream of what is told, which ends when its listener has fallen behind: it must not believe to have heard all.
fn stream_of(heads: Option<Receiver<HeadEvent>>) -> Response {
    let told = stream::unfold(heads, |heads| async {
        // A kind of events of which nothing is told here keeps its stream, which is silent.
        let Some(mut heads) = heads else { return future::pending().await };
        let event = heads.recv().await.ok()?;
        let data = serde_json::to_string(&event).ok()?;
        Some((format!("event: {}\ndata: {data}\n\n", Topic::Head.name()), Some(heads)))
    });
    // Something comes at once, so that who listens knows that it does.
    let opened = stream::once(async { ":\n\n".to_owned() });
    let octets = opened.chain(told).map(|text| Ok::<_, Infallible>(Bytes::from(text)));
    with(StatusCode::OK, "text/event-stream", Body::from_stream(octets))
}

fn response(reply: &Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = reply.body.as_ref().map_or_else(Body::empty, |body| Body::from(body.to_string()));
    with(status, "application/json", body)
}

fn with(status: StatusCode, content: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content));
    response
}
