use docuvault_domain::{FaultKind, PortError};
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};

/// Turns what the driver says into what can be done about it.
pub(crate) trait FromDb<T> {
    /// Names what was being done.
    fn context(self, context: &'static str) -> Result<T, PortError>;
}

impl<T> FromDb<T> for Result<T, DbErr> {
    fn context(self, context: &'static str) -> Result<T, PortError> {
        self.map_err(|error| PortError::new(kind(&error), context, error))
    }
}

fn kind(error: &DbErr) -> FaultKind {
    if error.sql_err().is_some() {
        return FaultKind::Conflict;
    }
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => FaultKind::Transient,
        DbErr::Query(RuntimeErr::SqlxError(error)) | DbErr::Exec(RuntimeErr::SqlxError(error)) => {
            driver_kind(error)
        }
        _ => FaultKind::Permanent,
    }
}

fn driver_kind(error: &SqlxError) -> FaultKind {
    let transient = match error {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed => true,
        SqlxError::Database(error) => error.code().is_some_and(|code| is_transient(&code)),
        _ => false,
    };
    if transient {
        FaultKind::Transient
    } else {
        FaultKind::Permanent
    }
}

/// Codes that another try may not meet again. PostgreSQL's have five characters; `SQLite`'s are
/// numbers whose lowest byte is the kind.
fn is_transient(code: &str) -> bool {
    const SQLITE_BUSY: u32 = 5;
    const SQLITE_LOCKED: u32 = 6;
    const SQLITE_FULL: u32 = 13;
    if code.len() == 5 {
        // Connection lost, out of resources, shutting down; serialisation failure, deadlock, lock
        // or statement timeout.
        ["08", "53", "57P"]
            .iter()
            .any(|class| code.starts_with(class))
            || ["40001", "40P01", "55P03", "57014"].contains(&code)
    } else {
        code.parse::<u32>()
            .is_ok_and(|code| [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL].contains(&(code & 0xff)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_may_pass_are_transient_and_others_permanent() {
        for transient in [
            "40001", "40P01", "57P01", "53300", "08006", "5", "517", "262",
        ] {
            assert!(is_transient(transient), "{transient}");
        }
        for permanent in ["42P01", "23514", "22021", "1", "1811", ""] {
            assert!(!is_transient(permanent), "{permanent}");
        }
    }

    #[test]
    fn an_exhausted_pool_is_transient() {
        let error = DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout);
        assert_eq!(kind(&error), FaultKind::Transient);
        assert_eq!(kind(&DbErr::Custom(String::new())), FaultKind::Permanent);
    }
}
