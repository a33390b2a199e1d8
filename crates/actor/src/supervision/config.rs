//! What a supervised system is told when it is made.

use super::{lifecycle::LifecycleConfig, policy::SupervisorSpec};

/// The shape of a supervised system.
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::SupervisionConfig;
///
/// let config = SupervisionConfig { root: "node".to_owned(), ..SupervisionConfig::default() };
/// assert_eq!(config.spec.max_restarts, 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupervisionConfig {
    /// The name of the root supervisor. Defaults to `root`.
    pub root: String,
    /// How the root supervises; it has no parent that would restart it.
    pub spec: SupervisorSpec,
    /// Where the random shortening of delays starts. Defaults to 0.
    pub seed: u64,
    /// How states and histories are kept.
    pub lifecycle: LifecycleConfig,
    /// The notices that are kept until somebody takes them; beyond it the oldest goes. Defaults to 1024.
    pub notices_kept: usize,
}

impl Default for SupervisionConfig {
    fn default() -> Self {
        SupervisionConfig {
            root: "root".to_owned(),
            spec: SupervisorSpec::default(),
            seed: 0,
            lifecycle: LifecycleConfig::default(),
            notices_kept: 1024,
        }
    }
}
