//! Making an actor a child.

use std::{fmt, sync::Arc, thread};

use super::{
    super::{
        mailbox::{DeadLetters, Environment, MailboxConfig, MailboxConfigError, Receiver, Sender, mailbox},
        supervision::{ChildSpec, SpecError, Supervision},
    },
    hook::SupervisedActor,
    shell::Shell,
};

/// How an actor becomes a child.
///
/// # Examples
///
/// See [`adopt`].
pub struct Adopted<'a, M> {
    /// Its name; the names of a system are unique.
    pub name: &'a str,
    /// The name of its supervisor.
    pub parent: &'a str,
    /// Who must have started before it, and stops after it.
    pub dependencies: &'a [&'a str],
    /// How it is restarted.
    pub spec: ChildSpec,
    /// Its mailbox.
    pub mailbox: MailboxConfig,
    /// Who gets its dead letters, if anybody does.
    pub dead_letters: Option<DeadLetters<M>>,
}

impl<'a, M> Adopted<'a, M> {
    /// A child of this name under this supervisor, with everything else at its default.
    ///
    /// # Examples
    ///
    /// See [`adopt`].
    #[must_use]
    pub fn new(name: &'a str, parent: &'a str) -> Self {
        Adopted {
            name,
            parent,
            dependencies: &[],
            spec: ChildSpec::default(),
            mailbox: MailboxConfig::with_capacity(64),
            dead_letters: None,
        }
    }
}

impl<M> fmt::Debug for Adopted<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adopted")
            .field("name", &self.name)
            .field("parent", &self.parent)
            .finish_non_exhaustive()
    }
}

/// Why an actor cannot become a child; nothing was changed.
///
/// # Examples
///
/// See [`adopt`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdoptError {
    /// Its mailbox cannot be made.
    #[error("mailbox of `{name}`: {mailbox}")]
    Mailbox {
        /// Whose.
        name: String,
        /// Why.
        #[source]
        mailbox: MailboxConfigError,
    },
    /// It cannot be put into the tree.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

/// Makes an actor a child, and returns its address.
///
/// The shell is spawned on the local task set of the caller, and stays there. It makes an incarnation from the factory
/// each time that the child is started or restarted: so each begins fresh (SV-8). Start it with
/// [`Supervision::start`]. When the child is Stopped, its mailbox closes, and what is left in it is drained.
///
/// # Errors
///
/// * [`AdoptError::Mailbox`] when the mailbox cannot be made;
/// * [`AdoptError::Spec`] when name, parent, dependencies or specification are refused.
///
/// # Panics
///
/// Outside a local task set, such as that of an Actix arbiter.
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use alys_actor::{
///     Handled, MailboxActor, TokioClock,
///     mailbox::{AskError, Lane},
///     supervised::{Adopted, ChildContext, SupervisedActor, adopt, keep_time},
///     supervision::{Supervision, SupervisionConfig},
/// };
///
/// struct Divider(u32);
///
/// impl actix::Actor for Divider {
///     type Context = ChildContext<Self>;
/// }
///
/// impl MailboxActor<u32> for Divider {
///     type Reply = u32;
///
///     fn handle(&mut self, by: u32, _: &mut Self::Context) -> Handled<Self, u32> {
///         Handled::Answer(self.0 / by)
///     }
/// }
///
/// impl SupervisedActor<u32> for Divider {}
///
/// actix_rt::System::new().block_on(async {
///     let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new())).unwrap();
///     actix_rt::spawn(keep_time(supervision.clone()));
///     let divider = adopt(&supervision, Adopted::new("divider", "root"), || Divider(100)).unwrap();
///     supervision.start("root").unwrap();
///     assert_eq!(divider.ask((Lane::Normal, 0)).await, Err(AskError::Failed));
///     assert_eq!(divider.ask((Lane::Normal, 4)).await, Ok(25));
///     supervision.shut_down(Duration::from_secs(1), Duration::from_secs(1));
///     assert_eq!(supervision.ended().await, Ok(Vec::new()));
/// });
/// ```
pub fn adopt<A, M>(
    supervision: &Supervision,
    adopted: Adopted<'_, M>,
    factory: impl FnMut() -> A + 'static,
) -> Result<Sender<M, A::Reply>, AdoptError>
where
    A: SupervisedActor<M>,
    M: 'static,
{
    let Adopted { name, parent, dependencies, spec, mailbox: config, dead_letters } = adopted;
    let environment = Environment::new(Arc::clone(supervision.clock()));
    let environment = match dead_letters {
        Some(dead_letters) => environment.with_dead_letters(dead_letters),
        None => environment,
    };
    let (sender, receiver) = mailbox(config, environment)
        .map_err(|mailbox| AdoptError::Mailbox { name: name.to_owned(), mailbox })?;
    let adopted = Adopted { name, parent, dependencies, spec, mailbox: config, dead_letters: None };
    adopt_receiver(supervision, adopted, receiver, factory)?;
    Ok(sender)
}

/// Makes an actor a child behind a mailbox that is there already, of which it gets the receiving end.
///
/// What is queued is handled once the child runs. The mailbox and the dead letters of `adopted` are not asked: they
/// were decided when the mailbox was made. When the actor is refused, the receiver is dropped, and its mailbox closes.
///
/// # Errors
///
/// * [`SpecError`] when name, parent, dependencies or specification are refused.
///
/// # Panics
///
/// Outside a local task set, as [`adopt`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::{
///     Handled, MailboxActor, TokioClock,
///     mailbox::{Environment, Lane, MailboxConfig, mailbox},
///     supervised::{Adopted, ChildContext, SupervisedActor, adopt_receiver},
///     supervision::{Supervision, SupervisionConfig},
/// };
///
/// struct Echo;
///
/// impl actix::Actor for Echo {
///     type Context = ChildContext<Self>;
/// }
///
/// impl MailboxActor<u32> for Echo {
///     type Reply = u32;
///
///     fn handle(&mut self, number: u32, _: &mut Self::Context) -> Handled<Self, u32> {
///         Handled::Answer(number)
///     }
/// }
///
/// impl SupervisedActor<u32> for Echo {}
///
/// actix_rt::System::new().block_on(async {
///     let clock = Arc::new(TokioClock::new());
///     let (sender, receiver) = mailbox(MailboxConfig::with_capacity(4), Environment::new(clock.clone())).unwrap();
///     let supervision = Supervision::new(&SupervisionConfig::default(), clock).unwrap();
///     adopt_receiver(&supervision, Adopted::new("echo", "root"), receiver, || Echo).unwrap();
///     supervision.start("root").unwrap();
///     assert_eq!(sender.ask((Lane::Normal, 7)).await, Ok(7));
/// });
/// ```
pub fn adopt_receiver<A, M>(
    supervision: &Supervision,
    adopted: Adopted<'_, M>,
    receiver: Receiver<M, A::Reply>,
    factory: impl FnMut() -> A + 'static,
) -> Result<(), SpecError>
where
    A: SupervisedActor<M>,
    M: 'static,
{
    let Adopted { name, parent, dependencies, spec, .. } = adopted;
    let (node, signal) = supervision.add_child(name, parent, dependencies, &spec)?;
    let current = thread::current();
    let arbiter = current.name().map_or_else(|| format!("{:?}", current.id()), str::to_owned);
    supervision.runs_on(node, arbiter);
    actix::spawn(Shell::new(supervision.clone(), node, name, signal, factory, receiver));
    Ok(())
}
