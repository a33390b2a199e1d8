//! Who offers which service.

use std::{collections::BTreeMap, fmt};

use super::{
    binding::Binding,
    instance::{Balance, DirectoryError, Instance, NoInstance},
    mailbox::Sender,
    sync::{Arc, Mutex},
};

/// The instances of services, shared by its clones (CM-6, CM-7).
///
/// An instance is healthy while its mailbox is not closed and the last report about it was good; registered, it counts
/// as reported good. Only healthy ones are handed out, in the order of registration. Health is looked up at the moment
/// of the call: an instance can close its mailbox right after it was handed out.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, MailboxConfig, mailbox}};
/// use alys_actor::comm::{Balance, Directory};
///
/// # let open = || mailbox::<u32, ()>(MailboxConfig::with_capacity(4), Environment::new(Arc::new(TokioClock::new()))).unwrap();
/// let ((one, _r1), (two, _r2)) = (open(), open());
/// let directory = Directory::default();
/// directory.register("validator", "v1", one.clone())?;
/// directory.register("validator", "v2", two)?;
/// let taken = directory.register("signer", "v1", one).unwrap_err();
/// assert_eq!(taken.to_string(), "instance name `v1` belongs to service `validator`: allowed is a name that is free");
///
/// let pick = || directory.pick("validator", Balance::RoundRobin).map(|instance| instance.name);
/// assert_eq!([pick()?, pick()?, pick()?], ["v1", "v2", "v1"]);
/// directory.report_health("v2", false)?;
/// assert_eq!([pick()?, pick()?], ["v1", "v1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Directory<M, R = ()> {
    entries: Arc<Mutex<Entries<M, R>>>,
}

struct Entries<M, R> {
    /// In the order of registration.
    instances: Vec<Entry<M, R>>,
    registered: u64,
    /// The number that round robin picked last, by service.
    picked: BTreeMap<String, u64>,
}

struct Entry<M, R> {
    /// Which registration this is: a name may come again, its number does not.
    number: u64,
    service: String,
    name: String,
    sender: Sender<M, R>,
    reported_good: bool,
}

impl<M, R> Entry<M, R> {
    fn is_healthy(&self) -> bool {
        self.reported_good && !self.sender.stats().closed
    }

    fn hand_out(&self) -> Instance<M, R> {
        Instance { name: self.name.clone(), sender: self.sender.clone() }
    }
}

impl<M, R> Entries<M, R> {
    fn find(&self, name: &str) -> Option<usize> {
        self.instances.iter().position(|entry| entry.name == name)
    }

    fn healthy(&self, service: &str) -> impl Iterator<Item = &Entry<M, R>> {
        self.instances.iter().filter(move |entry| entry.service == service && entry.is_healthy())
    }

    fn choose(&self, service: &str, balance: Balance) -> Option<&Entry<M, R>> {
        match balance {
            Balance::RoundRobin => {
                let last = self.picked.get(service).copied();
                let next = self.healthy(service).find(|entry| Some(entry.number) > last);
                next.or_else(|| self.healthy(service).next())
            }
            Balance::LeastLoaded => self.healthy(service).min_by_key(|entry| entry.sender.stats().len),
        }
    }
}

impl<M, R> Directory<M, R> {
    /// Adds an instance to a service.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Taken`] when an instance has the name, whether it is healthy or not; it stays as it is.
    ///
    /// # Examples
    ///
    /// See [`Directory`].
    pub fn register(&self, service: &str, name: &str, sender: Sender<M, R>) -> Result<(), DirectoryError> {
        let mut entries = self.entries.lock();
        if let Some(place) = entries.find(name) {
            let service = entries.instances[place].service.clone();
            // Before a sender that may be the last one is dropped, which wakes whoever waits at its mailbox.
            drop(entries);
            return Err(DirectoryError::Taken { name: name.to_owned(), service });
        }
        entries.registered += 1;
        let (number, service, name) = (entries.registered, service.to_owned(), name.to_owned());
        entries.instances.push(Entry { number, service, name, sender, reported_good: true });
        Ok(())
    }

    /// Takes an instance out and gives its sender back; its name is free again.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Unknown`] when no instance has the name.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::comm::Directory;
    ///
    /// let error = Directory::<u32>::default().deregister("v1").unwrap_err();
    /// assert_eq!(error.to_string(), "instance name `v1` is not registered");
    /// ```
    pub fn deregister(&self, name: &str) -> Result<Sender<M, R>, DirectoryError> {
        let mut entries = self.entries.lock();
        let place = entries.find(name).ok_or_else(|| DirectoryError::Unknown { name: name.to_owned() })?;
        Ok(entries.instances.remove(place).sender)
    }

    /// Takes a report about an instance; the last one counts.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Unknown`] when no instance has the name.
    ///
    /// # Examples
    ///
    /// See [`Directory`].
    pub fn report_health(&self, name: &str, good: bool) -> Result<(), DirectoryError> {
        let mut entries = self.entries.lock();
        let place = entries.find(name).ok_or_else(|| DirectoryError::Unknown { name: name.to_owned() })?;
        entries.instances[place].reported_good = good;
        Ok(())
    }

    /// Every healthy instance of a service, in the order of registration.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::comm::Directory;
    ///
    /// assert!(Directory::<u32>::default().lookup("validator").is_empty());
    /// ```
    #[must_use]
    pub fn lookup(&self, service: &str) -> Vec<Instance<M, R>> {
        self.entries.lock().healthy(service).map(Entry::hand_out).collect()
    }

    /// The healthy instance of a service whose turn it is.
    ///
    /// # Errors
    ///
    /// [`NoInstance`] when the service has no healthy one.
    ///
    /// # Examples
    ///
    /// See [`Directory`].
    pub fn pick(&self, service: &str, balance: Balance) -> Result<Instance<M, R>, NoInstance> {
        self.pick_numbered(service, balance).map(|(_, instance)| instance)
    }

    /// A handle that stays with one instance of a service while that is healthy, and picks by `balance` when it needs
    /// one. The service needs no instance yet.
    ///
    /// # Examples
    ///
    /// See [`Binding`].
    pub fn bind(&self, service: &str, balance: Balance) -> Binding<M, R> {
        Binding::new(self.clone(), service, balance)
    }

    /// As [`pick`](Directory::pick), with the number of the registration.
    pub(super) fn pick_numbered(
        &self,
        service: &str,
        balance: Balance,
    ) -> Result<(u64, Instance<M, R>), NoInstance> {
        let mut entries = self.entries.lock();
        let Some(chosen) = entries.choose(service, balance) else {
            let registered = entries.instances.iter().filter(|entry| entry.service == service).count();
            return Err(NoInstance { service: service.to_owned(), registered });
        };
        let (number, instance) = (chosen.number, chosen.hand_out());
        if balance == Balance::RoundRobin {
            entries.picked.insert(service.to_owned(), number);
        }
        Ok((number, instance))
    }

    /// The instance of this registration, if it is there and healthy.
    pub(super) fn healthy_numbered(&self, number: u64) -> Option<Instance<M, R>> {
        let entries = self.entries.lock();
        let entry = entries.instances.iter().find(|entry| entry.number == number)?;
        entry.is_healthy().then(|| entry.hand_out())
    }
}

impl<M, R> Default for Directory<M, R> {
    /// A directory without instances.
    fn default() -> Self {
        let entries = Entries { instances: Vec::new(), registered: 0, picked: BTreeMap::new() };
        Directory { entries: Arc::new(Mutex::new(entries)) }
    }
}

impl<M, R> Clone for Directory<M, R> {
    fn clone(&self) -> Self {
        Directory { entries: Arc::clone(&self.entries) }
    }
}

impl<M, R> fmt::Debug for Directory<M, R> {
    /// Shows the names, in the order of registration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries.lock();
        f.debug_set().entries(entries.instances.iter().map(|entry| &entry.name)).finish()
    }
}
