//! PURE: which roles a user's assignments amount to in one place, by inheritance and implication
//! (Keystone: `assignment/core.py::list_role_assignments(effective=True)`).

use std::collections::{HashMap, HashSet};

use kit::ids::{GroupId, RoleId, UserId};

use super::model::{Actor, Assignment, Place};
use crate::roles::model::Implication;

/// Which roles bring which others.
#[derive(Debug, Default)]
pub(crate) struct Implications(HashMap<RoleId, Vec<RoleId>>);

impl Implications {
    /// From the rows.
    pub(crate) fn new(rows: Vec<Implication>) -> Self {
        let mut by_prior: HashMap<RoleId, Vec<RoleId>> = HashMap::new();
        for row in rows {
            by_prior.entry(row.prior).or_default().push(row.implied);
        }
        Self(by_prior)
    }

    /// The roles and all they bring, each once, nearest first. A cycle ends where it began.
    pub(crate) fn expand(&self, roles: impl IntoIterator<Item = RoleId>) -> Vec<RoleId> {
        let mut seen = HashSet::new();
        let mut all: Vec<RoleId> = roles.into_iter().filter(|id| seen.insert(id.clone())).collect();
        let mut next = 0;
        while let Some(role) = all.get(next).cloned() {
            let implied = self.0.get(&role).into_iter().flatten();
            all.extend(implied.filter(|id| seen.insert((*id).clone())).cloned());
            next += 1;
        }
        all
    }

    /// The assignment and all that its role brings, each with the role right before it.
    fn expand_shown(&self, first: &Shown) -> Vec<Shown> {
        let mut all = vec![first.clone()];
        let mut seen = HashSet::from([first.assignment.role_id.clone()]);
        let mut next = 0;
        while let Some(prior) = all.get(next).map(|shown| shown.assignment.role_id.clone()) {
            for role in self.0.get(&prior).into_iter().flatten() {
                if seen.insert(role.clone()) {
                    let assignment =
                        Assignment { role_id: role.clone(), ..first.assignment.clone() };
                    let implied_by = Some(prior.clone());
                    all.push(Shown { assignment, implied_by, ..first.clone() });
                }
            }
            next += 1;
        }
        all
    }
}

/// Whether an assignment counts in `place`. `above` are the projects and the domain above it.
pub(crate) fn counts_in(assignment: &Assignment, place: &Place, above: &[Place]) -> bool {
    if assignment.inherited {
        above.contains(&assignment.place)
    } else {
        assignment.place == *place
    }
}

/// The roles of one user in `place`.
pub(crate) fn roles(
    assignments: &[Assignment],
    place: &Place,
    above: &[Place],
    implications: &Implications,
) -> Vec<RoleId> {
    let direct = assignments.iter().filter(|one| counts_in(one, place, above));
    implications.expand(direct.map(|one| one.role_id.clone()))
}

/// An assignment as a list shows it, with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Its `inherited` is set for one that reached its place from above, too.
    pub(crate) assignment: Assignment,
    /// The group that the user has it from.
    pub(crate) member_of: Option<GroupId>,
    /// The place that it was inherited from.
    pub(crate) inherited_from: Option<Place>,
    /// The role that brought it.
    pub(crate) implied_by: Option<RoleId>,
}

impl From<Assignment> for Shown {
    fn from(assignment: Assignment) -> Self {
        Self { assignment, member_of: None, inherited_from: None, implied_by: None }
    }
}

/// Those of groups become their members'.
fn of_users(
    assignments: Vec<Assignment>,
    members: impl Fn(&GroupId) -> Vec<UserId>,
) -> Vec<(Assignment, Option<GroupId>)> {
    let mut all = Vec::new();
    for one in assignments {
        match &one.actor {
            Actor::User(_) => all.push((one, None)),
            Actor::Group(group) => all.extend(members(group).into_iter().map(|user| {
                (Assignment { actor: Actor::User(user), ..one.clone() }, Some(group.clone()))
            })),
        }
    }
    all
}

/// What assignments amount to: those of groups for every member, inherited ones on every project
/// below, with all implied roles. `members` gives those of a group, `below` the projects below a
/// place.
pub(crate) fn expand_all(
    assignments: Vec<Assignment>,
    members: impl Fn(&GroupId) -> Vec<UserId>,
    below: impl Fn(&Place) -> Vec<Place>,
    implications: &Implications,
) -> Vec<Shown> {
    let mut all = Vec::new();
    for (one, member_of) in of_users(assignments, members) {
        let places = if one.inherited { below(&one.place) } else { vec![one.place.clone()] };
        for place in places {
            let inherited_from = one.inherited.then(|| one.place.clone());
            let here = Assignment { place, ..one.clone() };
            all.extend(implications.expand_shown(&Shown {
                assignment: here,
                member_of: member_of.clone(),
                inherited_from,
                implied_by: None,
            }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use kit::ids::{DomainId, ProjectId};

    use super::*;

    fn implications() -> Implications {
        let pairs = [("admin", "manager"), ("manager", "member"), ("member", "reader")];
        Implications::new(
            pairs
                .map(|(prior, implied)| Implication {
                    prior: prior.into(),
                    implied: implied.into(),
                })
                .to_vec(),
        )
    }

    fn assignment(place: Place, role: &str, inherited: bool) -> Assignment {
        Assignment { actor: Actor::User(UserId::from("u")), place, role_id: role.into(), inherited }
    }

    fn project(id: &str) -> Place {
        Place::Project(ProjectId::from(id))
    }

    fn names(roles: &[RoleId]) -> Vec<String> {
        roles.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_role_brings_what_it_implies_each_once() {
        let here = project("p");
        let both =
            [assignment(here.clone(), "manager", false), assignment(here.clone(), "reader", false)];
        let roles = roles(&both, &here, &[], &implications());
        assert_eq!(names(&roles), ["manager", "reader", "member"]);
    }

    #[test]
    fn a_cycle_of_implications_ends() {
        let rows = [("a", "b"), ("b", "a")];
        let cycle = Implications::new(
            rows.map(|(prior, implied)| Implication {
                prior: prior.into(),
                implied: implied.into(),
            })
            .to_vec(),
        );
        assert_eq!(names(&cycle.expand(["a".into()])), ["a", "b"]);
    }

    #[test]
    fn an_inherited_role_counts_below_its_place_only() {
        let domain = Place::Domain(DomainId::from("d"));
        let one = assignment(domain.clone(), "member", true);
        assert!(counts_in(&one, &project("p"), std::slice::from_ref(&domain)));
        assert!(!counts_in(&one, &domain, &[]));
        assert!(!counts_in(&one, &project("q"), &[project("other")]));
    }

    #[test]
    fn an_inherited_assignment_is_shown_where_it_reaches_with_what_it_implies() {
        let domain = Place::Domain(DomainId::from("d"));
        let one = assignment(domain.clone(), "member", true);
        let shown = expand_all(vec![one], |_| Vec::new(), |_| vec![project("p")], &implications());
        let roles: Vec<RoleId> =
            shown.iter().map(|shown| shown.assignment.role_id.clone()).collect();
        assert_eq!(names(&roles), ["member", "reader"]);
        assert!(shown.iter().all(|shown| shown.assignment.place == project("p")));
        assert!(shown.iter().all(|shown| shown.inherited_from == Some(domain.clone())));
        assert_eq!(shown[1].implied_by, Some("member".into()));
    }

    #[test]
    fn what_a_group_has_is_shown_of_its_members() {
        let one = Assignment {
            actor: Actor::Group(GroupId::from("g")),
            ..assignment(project("p"), "reader", false)
        };
        let members = |_: &GroupId| vec![UserId::from("u"), UserId::from("v")];
        let shown = expand_all(vec![one], members, |_| Vec::new(), &implications());
        let users: Vec<&str> = shown.iter().map(|shown| shown.assignment.actor.id()).collect();
        assert_eq!(users, ["u", "v"]);
        assert!(shown.iter().all(|shown| shown.member_of == Some(GroupId::from("g"))));
    }

    #[test]
    fn a_direct_role_counts_in_its_place_only() {
        let one = assignment(project("p"), "member", false);
        assert!(counts_in(&one, &project("p"), &[]));
        assert!(!counts_in(&one, &project("child"), &[project("p")]));
    }
}
