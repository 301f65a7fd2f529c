//! The processes of children, found by the marker among their arguments.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Processes with `marker` among their arguments, oldest first.
fn find(marker: &str) -> Vec<i32> {
    let argument = format!("--marker={marker}");
    let mut found: Vec<i32> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            arguments
                .split(|byte| *byte == 0)
                .any(|part| part == argument.as_bytes())
        })
        .collect();
    found.sort_unstable();
    found
}

pub(crate) fn count(marker: &str) -> usize {
    find(marker).len()
}

/// The oldest child, once it has confined itself.
pub(crate) async fn wait_for_confined(marker: &str) -> i32 {
    wait_until(|| {
        find(marker)
            .first()
            .copied()
            .filter(|pid| is_confined(*pid))
    })
    .await
}

/// Returns once there are `count` children, all confined.
pub(crate) async fn wait_until_confined(marker: &str, count: usize) {
    wait_until(|| {
        let found = find(marker);
        (found.len() == count && found.into_iter().all(is_confined)).then_some(())
    })
    .await;
}

fn is_confined(pid: i32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line == "Seccomp:\t2")
}

/// Returns once there is no child.
pub(crate) async fn wait_until_gone(marker: &str) {
    wait_until(|| find(marker).is_empty().then_some(())).await;
}

/// Kills a child; returns once its parent can know. One that is just ending has lost its arguments
/// already, and still looks alive to its parent.
pub(crate) async fn kill(pid: i32) {
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    wait_until(|| is_dead(pid).then_some(())).await;
}

/// Gone, or a zombie (proc(5), `/proc/pid/stat`: the state stands after the name in brackets).
fn is_dead(pid: i32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return true;
    };
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest.as_bytes()[0]);
    matches!(state, Some(b'Z' | b'X'))
}

/// Processes come and go without telling, so this looks again and again.
async fn wait_until<T>(look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited too long");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
