//! The sandbox of the child, complete before the first byte of a document is read.
//!
//! * limits of the kernel: memory, CPU time, no byte into a file, no new descriptor, no new process,
//!   no core dump;
//! * landlock, where the kernel has it: no file, no TCP, no signal to others;
//! * seccomp: only the calls that reading, computing, writing and dying take; all others fail with
//!   `EPERM`.

use std::collections::BTreeMap;
use std::io;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, Scope};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getpid, getrlimit, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch,
};
use thiserror::Error;

use crate::limits::SandboxLimits;

/// Why the sandbox could not be entered. A child that meets one reads nothing.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// A limit or an attribute of the process was refused.
    #[error("a process limit was refused: {0}")]
    Process(#[from] io::Error),
    /// The kernel has landlock and refused it.
    #[error("landlock was refused: {0}")]
    Landlock(#[from] RulesetError),
    /// The filter of system calls was refused.
    #[error("seccomp was refused: {0}")]
    Seccomp(#[from] seccompiler::Error),
}

impl From<BackendError> for SandboxError {
    fn from(error: BackendError) -> Self {
        Self::Seccomp(error.into())
    }
}

/// Confines the calling process for the rest of its life. It must have one thread only: landlock and
/// seccomp hold for the calling thread and what it starts.
pub fn enter_sandbox(limits: SandboxLimits) -> Result<(), SandboxError> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(io::Error::from)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from)?;
    // landlock needs a descriptor, so the limit on those comes after it
    restrict_files_and_network()?;
    limit_resources(limits)?;
    seccompiler::apply_filter(&system_call_filter()?)?;
    Ok(())
}

fn restrict_files_and_network() -> Result<(), RulesetError> {
    let abi = ABI::V6;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()?;
    Ok(())
}

fn limit_resources(limits: SandboxLimits) -> io::Result<()> {
    let both = |value| Rlimit {
        current: Some(value),
        maximum: Some(value),
    };
    let values = [
        (Resource::As, both(limits.memory_bytes)),
        (
            Resource::Cpu,
            // SIGXCPU at the first, which says what happened; SIGKILL at the second
            Rlimit {
                current: Some(limits.cpu_seconds),
                maximum: Some(limits.cpu_seconds + 1),
            },
        ),
        (Resource::Fsize, both(0)),
        (Resource::Nofile, both(0)),
        (Resource::Nproc, both(0)),
        (Resource::Core, both(0)),
    ];
    for (resource, limit) in values {
        setrlimit(resource, capped_by(limit, getrlimit(resource).maximum))?;
    }
    Ok(())
}

/// A limit that somebody set on the whole vault holds for its children too: nobody may raise it.
fn capped_by(limit: Rlimit, ceiling: Option<u64>) -> Rlimit {
    let below = |value: Option<u64>| match (value, ceiling) {
        (Some(value), Some(ceiling)) => Some(value.min(ceiling)),
        (value, ceiling) => value.or(ceiling),
    };
    Rlimit {
        current: below(limit.current),
        maximum: below(limit.maximum),
    }
}

/// Calls that are harmless with any arguments: open descriptors, memory, time, randomness, the end.
const ALLOWED_SYSTEM_CALLS: [libc::c_long; 20] = [
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_restart_syscall,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

fn system_call_filter() -> Result<BpfProgram, BackendError> {
    let mut rules: BTreeMap<_, _> = ALLOWED_SYSTEM_CALLS.map(|call| (call, Vec::new())).into();

    let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
    let no_new_code = argument(2, SeccompCmpOp::MaskedEq(executable), 0)?;
    rules.insert(libc::SYS_mmap, vec![no_new_code.clone()]);
    rules.insert(libc::SYS_mprotect, vec![no_new_code]);

    // dying: the handler of stack overflows steps back, and `abort` raises its signal
    let deadly = [libc::SIGABRT, libc::SIGSEGV, libc::SIGBUS]
        .map(|signal| argument(0, SeccompCmpOp::Eq, u64::from(signal.unsigned_abs())));
    let deadly = deadly.into_iter().collect::<Result<_, _>>()?;
    rules.insert(libc::SYS_rt_sigaction, deadly);
    let own_pid = u64::from(getpid().as_raw_pid().unsigned_abs());
    rules.insert(
        libc::SYS_tgkill,
        vec![argument(0, SeccompCmpOp::Eq, own_pid)?],
    );
    rules.insert(libc::SYS_getpid, Vec::new());

    SeccompFilter::new(
        rules,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        SeccompAction::Allow,
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?
    .try_into()
}

fn argument(index: u8, op: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
    let condition = SeccompCondition::new(index, SeccompCmpArgLen::Dword, op, value)?;
    SeccompRule::new(vec![condition])
}
