//! A handle to one instance of a service at a time.

use std::fmt;

use super::{
    directory::Directory,
    instance::{Balance, Instance, NoInstance},
    sync::Mutex,
};

/// Stays with one instance of a service while that is registered and healthy, and picks another one when it is not
/// (CM-6).
///
/// It keeps no sender, only the number of a registration: a binding does not hold the mailbox open of an instance that
/// was taken out, and a new instance of an old name is a new one.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, MailboxConfig, mailbox}};
/// use alys_actor::comm::{Balance, Directory};
///
/// # let open = || mailbox::<u32, ()>(MailboxConfig::with_capacity(4), Environment::new(Arc::new(TokioClock::new()))).unwrap();
/// let ((one, first), (two, _second)) = (open(), open());
/// let directory = Directory::default();
/// let binding = directory.bind("validator", Balance::RoundRobin);
/// assert!(binding.instance().is_err());
/// directory.register("validator", "v1", one)?;
/// directory.register("validator", "v2", two)?;
/// assert_eq!(binding.instance()?.name, "v1");
/// assert_eq!(binding.instance()?.name, "v1");
/// drop(first);
/// assert_eq!(binding.instance()?.name, "v2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Binding<M, R = ()> {
    directory: Directory<M, R>,
    service: String,
    balance: Balance,
    // Locked before the directory, never after it.
    bound: Mutex<Option<u64>>,
}

impl<M, R> Binding<M, R> {
    pub(super) fn new(directory: Directory<M, R>, service: &str, balance: Balance) -> Self {
        Binding { directory, service: service.to_owned(), balance, bound: Mutex::new(None) }
    }

    /// The instance that it is bound to: as before while that is healthy, else the one whose turn it is.
    ///
    /// # Errors
    ///
    /// [`NoInstance`] when the service has no healthy one.
    ///
    /// # Examples
    ///
    /// See [`Binding`].
    pub fn instance(&self) -> Result<Instance<M, R>, NoInstance> {
        let mut bound = self.bound.lock();
        if let Some(instance) = bound.and_then(|number| self.directory.healthy_numbered(number)) {
            return Ok(instance);
        }
        let (number, instance) = self.directory.pick_numbered(&self.service, self.balance)?;
        *bound = Some(number);
        Ok(instance)
    }
}

impl<M, R> fmt::Debug for Binding<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binding")
            .field("service", &self.service)
            .field("balance", &self.balance)
            .finish_non_exhaustive()
    }
}
