//! Which resource needs which, and in what order they can be made.
//!
//! Everything is in the order of the template wherever the edges leave a choice, so the same
//! template gives the same order on every machine.

use indexmap::{IndexMap, IndexSet};

use super::error::{Error, Result};

/// A graph of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    requires: IndexMap<String, IndexSet<String>>,
}

impl Graph {
    /// Adds a name that may need nothing.
    pub fn add(&mut self, name: &str) {
        self.requires.entry(name.to_owned()).or_default();
    }

    /// Notes that `name` needs `needed`; both become part of the graph.
    pub fn require(&mut self, name: &str, needed: &str) {
        self.requires.entry(name.to_owned()).or_default().insert(needed.to_owned());
        self.add(needed);
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.requires.keys().map(String::as_str)
    }

    /// What `name` needs.
    pub fn requires(&self, name: &str) -> impl Iterator<Item = &str> {
        self.requires.get(name).into_iter().flatten().map(String::as_str)
    }

    /// What needs `name`.
    pub fn required_by<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let needs = move |(_, required): &(&String, &IndexSet<String>)| required.contains(name);
        self.requires.iter().filter(needs).map(|(requirer, _)| requirer.as_str())
    }

    /// What needs nothing: where making a stack begins.
    pub fn leaves(&self) -> impl Iterator<Item = &str> {
        let leaf = |(_, required): &(&String, &IndexSet<String>)| required.is_empty();
        self.requires.iter().filter(leaf).map(|(name, _)| name.as_str())
    }

    /// What nothing needs: where deleting a stack begins.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        let needed: IndexSet<&String> = self.requires.values().flatten().collect();
        self.names().filter(move |name| !needed.iter().any(|known| known == name))
    }

    /// The same names with every edge turned round: the order of deletion.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut reversed = Self::default();
        for name in self.names() {
            reversed.add(name);
        }
        for (requirer, required) in &self.requires {
            for name in required {
                reversed.require(name, requirer);
            }
        }
        reversed
    }

    /// The names so that each comes after all that it needs. In a refusal a name is shown as
    /// `label` says; what a cycle holds up is shown with it, as in Heat.
    pub fn order(&self, label: impl Fn(&str) -> String) -> Result<Vec<&str>> {
        let mut waiting: IndexMap<&str, usize> =
            self.requires.iter().map(|(name, required)| (name.as_str(), required.len())).collect();
        let mut requirers: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for (requirer, required) in &self.requires {
            for name in required {
                requirers.entry(name).or_default().push(requirer);
            }
        }
        let mut order: Vec<&str> = self.leaves().collect();
        let mut next = 0;
        while let Some(name) = order.get(next).copied() {
            next += 1;
            for requirer in requirers.get(name).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(requirer) {
                    *count -= 1;
                    if *count == 0 {
                        order.push(requirer);
                    }
                }
            }
        }
        if order.len() == self.requires.len() {
            return Ok(order);
        }
        let done: IndexSet<&str> = order.into_iter().collect();
        Err(self.cycle(&done, label))
    }

    fn cycle(&self, done: &IndexSet<&str>, label: impl Fn(&str) -> String) -> Error {
        let left = |name: &&String| !done.contains(name.as_str());
        let node = |(name, required): (&String, &IndexSet<String>)| {
            let required = required.iter().filter(left).map(|name| label(name));
            format!("{}: {{{}}}", label(name), required.collect::<Vec<_>>().join(", "))
        };
        let nodes = self.requires.iter().filter(|(name, _)| left(name)).map(node);
        let cycle = nodes.collect::<Vec<_>>().join(", ");
        Error::new("CircularDependencyException", format!("Circular Dependency Found: {{{cycle}}}"))
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::{is_cyclic_directed, toposort};
    use petgraph::graph::DiGraph;
    use proptest::prelude::*;

    use super::*;

    fn graph(nodes: u32, edges: &[(u32, u32)]) -> Graph {
        let mut graph = Graph::default();
        for node in 0..nodes {
            graph.add(&node.to_string());
        }
        for (requirer, required) in edges {
            graph.require(&requirer.to_string(), &required.to_string());
        }
        graph
    }

    #[test]
    fn what_is_needed_comes_first() {
        let graph = graph(4, &[(0, 1), (1, 2), (0, 3)]);
        assert_eq!(graph.order(str::to_owned).unwrap(), ["2", "3", "1", "0"]);
        assert_eq!(graph.leaves().collect::<Vec<_>>(), ["2", "3"]);
        assert_eq!(graph.roots().collect::<Vec<_>>(), ["0"]);
        assert_eq!(graph.requires("0").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(graph.required_by("2").collect::<Vec<_>>(), ["1"]);
        assert_eq!(graph.reversed().order(str::to_owned).unwrap(), ["0", "1", "3", "2"]);
    }

    #[test]
    fn a_cycle_is_named_with_all_that_waits_for_it() {
        let graph = graph(4, &[(0, 1), (1, 0), (2, 0), (2, 3)]);
        let refusal = graph.order(|name| format!("Value \"{name}\"")).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "Circular Dependency Found: {Value \"0\": {Value \"1\"}, Value \"1\": {Value \"0\"}, \
             Value \"2\": {Value \"0\"}}"
        );
    }

    proptest! {
        #[test]
        fn it_agrees_with_petgraph(edges in proptest::collection::vec((0_u32..12, 0_u32..12), 0..40)) {
            let oracle = DiGraph::<(), (), u32>::from_edges(edges.iter().copied());
            let ours = graph(12, &edges);
            let order = ours.order(str::to_owned);
            prop_assert_eq!(order.is_err(), is_cyclic_directed(&oracle));
            prop_assert_eq!(order.is_ok(), toposort(&oracle, None).is_ok());
            if let Ok(order) = order {
                let place = |name: u32| order.iter().position(|known| *known == name.to_string());
                prop_assert_eq!(order.len(), 12);
                for (requirer, required) in edges {
                    prop_assert!(place(required) < place(requirer));
                }
            }
        }
    }
}
