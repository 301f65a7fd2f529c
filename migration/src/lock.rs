//! Only one process at a time migrates a database; the others wait and then find nothing to do.

use std::time::Duration;

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::PATIENCE;

/// Any number, as long as it is always the same.
const ADVISORY_KEY: i64 = 7_236_123_001;

/// Opens the one transaction that everything happens in, once no other process has it.
pub(crate) async fn acquire(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let options = TransactionOptions {
        sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = db.begin_with_options(options).await?;
    if !sqlite {
        // The limit holds for what the steps lock, too: who waits for a table keeps others waiting.
        let lock = format!(
            "SET LOCAL lock_timeout = {}; SELECT pg_advisory_xact_lock({ADVISORY_KEY})",
            PATIENCE.as_millis()
        );
        transaction.execute_unprepared(&lock).await?;
    }
    Ok(transaction)
}

/// Turns on the write-ahead log. `SQLite` refuses at once, whatever the busy timeout, while another
/// process does the same to a new file: hence the second and third try.
pub(crate) async fn switch_to_wal(db: &DatabaseConnection) -> Result<(), DbErr> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        match db.execute_unprepared("PRAGMA journal_mode = WAL").await {
            Ok(_) => return Ok(()),
            Err(error) if waited >= PATIENCE => return Err(error),
            Err(_) => {
                tokio::time::sleep(PAUSE).await;
                waited += PAUSE;
            }
        }
    }
}
