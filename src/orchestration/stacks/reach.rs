//! Whose things a caller reaches: those of his project, an administrator those of all.
//!
//! Heat: the URL of an administrator may name any project. What it names by an id is found wherever
//! it is, names are looked up in the project of his token, and that project is what policy asks.

use identity::facade::stack_of;
use kit::error::Result;
use kit::http::Call;
use kit::ids::{ProjectId, StackId};
use kit::policy::{Guarded, Target};

use super::model::Stack;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    project: ProjectId,
    everywhere: bool,
    /// The stack whose user the caller is.
    own_stack: Option<StackId>,
}

impl Reach {
    /// That of a call's caller.
    pub(crate) fn of(call: &Call) -> Result<Self> {
        let caller = call.caller()?;
        let project = caller.require_project()?.clone();
        let own_stack = stack_of(caller).map(StackId::from);
        let everywhere = call.platform.policy.is_administrator(caller);
        Ok(Self { project, everywhere, own_stack })
    }

    /// The caller's project.
    pub(crate) fn home(&self) -> &ProjectId {
        &self.project
    }

    /// The stack whose user the caller is: that of his name is this, in whichever project it is.
    pub(crate) fn own_stack(&self) -> Option<&StackId> {
        self.own_stack.as_ref()
    }

    /// The only project that lists show; `None` for all of them.
    pub(crate) fn only(&self) -> Option<&ProjectId> {
        (!self.everywhere).then_some(&self.project)
    }

    /// A stack, as a rule will open it. Its users reach it from the project that they are in, which
    /// is what policy asks.
    pub(crate) fn guard_stack(&self, stack: Stack) -> Option<Guarded<Stack>> {
        if self.own_stack.as_ref() == Some(&stack.id) {
            return Some(Guarded::new(stack, Target::project(&self.project)));
        }
        self.guard(stack, |stack| &stack.project)
    }

    /// Something of a project, as a rule will open it; `None` if it is out of reach.
    pub(crate) fn guard<T>(
        &self,
        row: T,
        project: impl Fn(&T) -> &ProjectId,
    ) -> Option<Guarded<T>> {
        let within = self.everywhere || *project(&row) == self.project;
        within.then(|| Guarded::new(row, Target::project(&self.project)))
    }
}
