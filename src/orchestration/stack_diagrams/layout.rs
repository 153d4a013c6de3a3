//! PURE: which row of a picture each resource stands in: one below the lowest of those that it comes
//! after.

use super::model::Edge;

/// The rows of `count` nodes, from the top, each with the indices of its nodes in their order.
pub(super) fn rows(count: usize, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut levels = vec![0_usize; count];
    // The graph of a template has no cycle, so this many rounds are enough; were there one, they end.
    for _ in 0..count {
        let mut moved = false;
        for edge in edges {
            let least = levels.get(edge.from).map_or(0, |level| level + 1);
            if let Some(level) = levels.get_mut(edge.to).filter(|level| **level < least) {
                *level = least;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let height = levels.iter().max().map_or(0, |deepest| deepest + 1);
    let row = |wanted| {
        let nodes = levels.iter().enumerate().filter(|(_, level)| **level == wanted);
        nodes.map(|(index, _)| index).collect()
    };
    (0..height).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::model::Why;
    use super::*;

    #[test]
    fn each_stands_below_all_that_it_needs() {
        let edge = |from, to| Edge { from, to, why: Why::Needs };
        assert_eq!(rows(4, &[edge(2, 0), edge(0, 1), edge(2, 1)]), [vec![2, 3], vec![0], vec![1]]);
        assert_eq!(rows(0, &[]), Vec::<Vec<usize>>::new());
    }
}
