//! What the swarm is made of.

use std::collections::HashSet;
use std::time::Duration;

use alys_sync::shell::WallClock;
use alys_wire::gossip::{Topic, TopicKind, message_id};
use alys_wire::limits::Limits;
use libp2p::gossipsub::{
    self, IdentTopic, IdentityTransform, MessageAuthenticity, MessageId, TopicHash, ValidationMode,
    WhitelistSubscriptionFilter,
};
use libp2p::identity::Keypair;
use libp2p::kad::store::MemoryStore;
use libp2p::swarm::{NetworkBehaviour, StreamProtocol};
use libp2p::{connection_limits, identify, kad, memory_connection_limits, ping};

use super::gate::Gate;
use super::streams::Streams;
use crate::config::Config;
use crate::core::Door;
use crate::error::StartError;

/// How our routing tables are told apart from others'.
pub(super) const ROUTING: StreamProtocol = StreamProtocol::new("/alys/kad/1");

/// What nodes call themselves.
const IDENTITY: &str = "/alys/id/1";

/// How much longer than its content a gossiped message may be, in bytes.
const ENVELOPE: usize = 1_024;

/// Gossip of the topics of one chain alone.
pub(super) type Gossip = gossipsub::Behaviour<IdentityTransform, WhitelistSubscriptionFilter>;

/// Everything that looks at connections. The gate and the limits come first: what they refuse, the others never see.
#[derive(NetworkBehaviour)]
#[behaviour(prelude = "libp2p::swarm::derive_prelude")]
pub(super) struct Behaviour {
    pub(super) gate: Gate,
    limits: connection_limits::Behaviour,
    memory: memory_connection_limits::Behaviour,
    pub(super) streams: Streams,
    pub(super) gossip: Gossip,
    pub(super) routing: kad::Behaviour<MemoryStore>,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

impl Behaviour {
    pub(super) fn new(config: &Config, key: &Keypair, clock: WallClock) -> Result<Self, StartError> {
        let pings = ping::Config::new().with_interval(ms(config.ping_ms)).with_timeout(ms(config.pong_ms));
        let identity = identify::Config::new(IDENTITY.to_owned(), key.public())
            .with_agent_version("alys".to_owned())
            .with_hide_listen_addrs(!config.announced.is_empty())
            .with_cache_size(0);
        Ok(Behaviour {
            gate: Gate::new(Door::new(config.beyond_loopback, config.bans), clock),
            limits: connection_limits::Behaviour::new(limits(config)),
            memory: memory_connection_limits::Behaviour::with_max_bytes(config.memory_bytes),
            streams: Streams::default(),
            gossip: gossip(config)?,
            routing: routing(config, key),
            identify: identify::Behaviour::new(identity),
            ping: ping::Behaviour::new(pings),
        })
    }
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn limits(config: &Config) -> connection_limits::ConnectionLimits {
    let connections = config.connections;
    connection_limits::ConnectionLimits::default()
        .with_max_established_incoming(Some(connections.incoming))
        .with_max_established_outgoing(Some(connections.outgoing))
        .with_max_established_per_peer(Some(connections.per_peer))
        .with_max_pending_incoming(Some(connections.pending_incoming))
        .with_max_pending_outgoing(Some(connections.pending_outgoing))
}

fn routing(config: &Config, key: &Keypair) -> kad::Behaviour<MemoryStore> {
    let id = key.public().to_peer_id();
    let mut table = kad::Config::new(ROUTING);
    table
        .set_periodic_bootstrap_interval(Some(ms(config.refresh_ms)))
        .set_query_timeout(ms(config.handshake_ms))
        .set_record_filtering(kad::StoreInserts::FilterBoth);
    let mut routing = kad::Behaviour::with_config(id, MemoryStore::new(id), table);
    routing.set_mode(Some(kad::Mode::Server));
    routing
}

/// The topics of a chain.
pub(super) fn topics(config: &Config) -> [Topic; TopicKind::ALL.len()] {
    TopicKind::ALL.map(|kind| Topic { fork_digest: config.fork_digest, kind })
}

fn gossip(config: &Config) -> Result<Gossip, StartError> {
    let refused = |why: &dyn std::fmt::Display| StartError::Gossip(why.to_string());
    let limits = config.limits;
    let content = TopicKind::ALL.map(|kind| limits.of(kind.payload()).max as usize);
    // A block that does not compress grows by a sixth at most.
    let largest = content.into_iter().max().unwrap_or(0);
    let settings = gossipsub::ConfigBuilder::default()
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(move |message| identified(&message.topic, &message.data, &limits))
        .max_transmit_size(largest + largest / 6 + ENVELOPE)
        .duplicate_cache_time(ms(config.heard_ms))
        .heartbeat_interval(ms(config.heartbeat_ms))
        .heartbeat_initial_delay(ms(config.heartbeat_ms))
        .build()
        .map_err(|why| refused(&why))?;
    let names = topics(config).map(|topic| IdentTopic::new(topic.to_string()));
    let heard: HashSet<TopicHash> = names.iter().map(IdentTopic::hash).collect();
    let filter = WhitelistSubscriptionFilter(heard);
    let mut gossip = Gossip::new_with_subscription_filter(MessageAuthenticity::Anonymous, settings, filter)
        .map_err(|why| refused(&why))?;
    for name in &names {
        gossip.subscribe(name).map_err(|why| refused(&why))?;
    }
    Ok(gossip)
}

/// The id of a message: of its topic and its content. One on a topic that is none of ours is never delivered.
fn identified(topic: &TopicHash, data: &[u8], limits: &Limits) -> MessageId {
    let id = topic.as_str().parse().map(|topic| message_id(&topic, data, limits)).unwrap_or_default();
    MessageId::new(&id)
}
