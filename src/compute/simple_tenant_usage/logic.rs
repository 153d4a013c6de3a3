//! The arithmetic of usage. PURE.
//!
//! Upstream: `nova/api/openstack/compute/simple_tenant_usage.py`.

use kit::clock::Time;
use kit::error::{Error, Result};

use super::model::{Run, Usage, Window};

/// The window of a query; what is absent is now, and nothing lies in the future.
pub(super) fn window(start: Option<&str>, end: Option<&str>, now: Time) -> Result<Window> {
    let start_given = start.map(parse).transpose()?;
    let stop_given = end.map(parse).transpose()?;
    let (start, stop) = (start_given.unwrap_or(now), stop_given.unwrap_or(now));
    // Nova reads the clock twice, so that a window without bounds is not an empty one.
    if start > stop || (start == stop && stop_given.is_some()) {
        return Err(Error::bad_request(
            "Invalid start time. The start time cannot occur after the end time.",
        ));
    }
    Ok(Window { start, stop: stop.min(now) })
}

/// Puts the runs of each project together; they come sorted by project.
pub(super) fn by_project(runs: Vec<Run>) -> Vec<Usage> {
    let mut usages: Vec<Usage> = Vec::new();
    for run in runs {
        match usages.last_mut().filter(|usage| usage.project == run.project) {
            Some(usage) => usage.runs.push(run),
            None => usages.push(Usage { project: run.project.clone(), runs: vec![run] }),
        }
    }
    usages
}

impl Run {
    /// Hours inside the window.
    pub(super) fn hours(&self, window: Window) -> f64 {
        let start = self.launched_at.max(window.start);
        let stop = self.terminated_at.map_or(window.stop, |end| end.min(window.stop));
        hours(stop.0.saturating_sub(start.0).max(0))
    }

    /// Whole seconds that it has run, or ran, whatever the window.
    pub(super) fn uptime(&self, now: Time) -> i64 {
        self.terminated_at.unwrap_or(now).0.saturating_sub(self.launched_at.0) / 1_000_000
    }
}

impl Usage {
    /// The sum over its runs of what `size` says, times hours.
    pub(super) fn total(&self, window: Window, size: fn(&Run) -> i64) -> f64 {
        self.runs.iter().map(|run| number(size(run)) * run.hours(window)).sum()
    }
}

fn hours(micros: i64) -> f64 {
    number(micros) / 3_600_000_000.0
}

#[expect(clippy::cast_precision_loss, reason = "sizes and spans are far below 2^53")]
fn number(integer: i64) -> f64 {
    integer as f64
}

/// `2026-01-01T00:00:00`, with or without a fraction; with one also with a space in the middle.
fn parse(text: &str) -> Result<Time> {
    let separator = text.chars().nth(10);
    let plain = text.len() >= 19 && text.chars().all(|c| c.is_ascii_digit() || "-T:. ".contains(c));
    let known = separator == Some('T') || (separator == Some(' ') && text.contains('.'));
    Time::parse(text)
        .filter(|_| plain && known)
        .ok_or_else(|| Error::bad_request("Invalid datetime string: Datetime is in invalid format"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn run(launched: i64, terminated: Option<i64>) -> Run {
        Run {
            server: "s".into(),
            project: "p".into(),
            name: String::new(),
            flavor: String::new(),
            vcpus: 2,
            ram_mb: 512,
            disk_gb: 1,
            vm_state: "active".into(),
            launched_at: Time(launched * HOUR),
            terminated_at: terminated.map(|hours| Time(hours * HOUR)),
        }
    }

    #[test]
    fn only_what_lies_in_the_window_counts() {
        let window = Window { start: Time(2 * HOUR), stop: Time(4 * HOUR) };
        let cases =
            [(run(0, None), 2.0), (run(3, None), 1.0), (run(0, Some(3)), 1.0), (run(5, None), 0.0)];
        for (run, hours) in cases {
            assert!((run.hours(window) - hours).abs() < 1e-9, "{run:?}");
        }
        let usages = by_project(vec![run(0, None), run(3, None)]);
        assert!((usages[0].total(window, |run| run.vcpus) - 6.0).abs() < 1e-9);
    }

    #[test]
    fn a_window_ends_now_and_does_not_run_backwards() {
        let now = Time::parse("2026-06-01T00:00:00").unwrap();
        let late = window(Some("2026-01-01T00:00:00"), Some("2027-01-01T00:00:00"), now).unwrap();
        assert_eq!(late.stop, now);
        assert!(window(None, None, now).is_ok());
        for (start, end) in
            [("2026-02-01T00:00:00", "2026-01-01T00:00:00"), ("x", "y"), ("2026-01-01", "z")]
        {
            assert!(window(Some(start), Some(end), now).is_err(), "{start}");
        }
    }
}
