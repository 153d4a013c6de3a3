//! PURE: which roles a user's assignments amount to in one place, by inheritance and implication
//! (Keystone: `assignment/core.py::list_role_assignments(effective=True)`).

use std::collections::{HashMap, HashSet};

use kit::ids::RoleId;

use super::model::{Assignment, Place};
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

    /// Whether `prior` brings `role`, directly or through others.
    pub(crate) fn leads(&self, prior: &RoleId, role: &RoleId) -> bool {
        self.expand([prior.clone()]).contains(role)
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

#[cfg(test)]
mod tests {
    use kit::ids::{DomainId, ProjectId, UserId};

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
        Assignment { user_id: UserId::from("u"), place, role_id: role.into(), inherited }
    }

    fn project(id: &str) -> Place {
        Place::Project(ProjectId::from(id))
    }

    fn names(roles: Vec<RoleId>) -> Vec<String> {
        roles.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_role_brings_what_it_implies_each_once() {
        let here = project("p");
        let both =
            [assignment(here.clone(), "manager", false), assignment(here.clone(), "reader", false)];
        let roles = roles(&both, &here, &[], &implications());
        assert_eq!(names(roles), ["manager", "reader", "member"]);
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
        assert_eq!(names(cycle.expand(["a".into()])), ["a", "b"]);
    }

    #[test]
    fn an_inherited_role_counts_below_its_place_only() {
        let domain = Place::Domain(DomainId::from("d"));
        let one = assignment(domain.clone(), "member", true);
        assert!(counts_in(&one, &project("p"), &[domain.clone()]));
        assert!(!counts_in(&one, &domain, &[]));
        assert!(!counts_in(&one, &project("q"), &[project("other")]));
    }

    #[test]
    fn a_direct_role_counts_in_its_place_only() {
        let one = assignment(project("p"), "member", false);
        assert!(counts_in(&one, &project("p"), &[]));
        assert!(!counts_in(&one, &project("child"), &[project("p")]));
    }
}
