//! `SQLite`'s one writer: units of work take turns on its connection and share commits.
//!
//! A commit waits for the disk, whatever is in it. A unit that ends while others wait therefore
//! leaves the transaction open for them, goes to the end of the line, and whoever gets there first
//! commits for all (group commit). Nobody is told of success before the commit that holds its work.
//!
//! Transactions are begun and ended by statements of our own. The driver counts their nesting by
//! itself and is not told when `SQLite` rolls back on its own, as it may when the disk is full
//! (<https://www.sqlite.org/lang_transaction.html>, "Response To Errors Within A Transaction"): it
//! would then go on in a transaction that nobody ever commits. Here a connection that failed to
//! begin or end a transaction is closed, which undoes whatever was open, and opened anew.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::fault::with_causes;
use docuvault_domain::{FaultKind, PortError};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, ExecResult, QueryResult, Statement, TransactionTrait,
};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::FromDb;

const BEGINNING: &str = "opening a transaction";
const COMMITTING: &str = "committing";

/// The line in front of the connection.
#[derive(Clone)]
pub(crate) struct Writer {
    /// First come, first served.
    line: Arc<Mutex<WriteQueue>>,
    waiting: Arc<AtomicUsize>,
    patience: Duration,
}

/// What belongs to whoever has its turn.
struct WriteQueue {
    options: ConnectOptions,
    /// None after a failure, until the next unit; or for ever, once `closed`.
    connection: Option<Connection>,
    closed: bool,
    /// The open transaction, when units have left work in it or one is at it.
    group: Option<Group>,
    /// A unit has begun and not ended.
    busy: bool,
}

/// The one connection of a pool.
struct Connection {
    pool: DatabaseConnection,
    /// Only a transaction keeps a connection for itself; this one was ended at once.
    held: DatabaseTransaction,
}

/// Units that are committed together, and what became of them.
type Group = Arc<OnceLock<Result<(), Lost>>>;

/// Why the work of a group was lost.
#[derive(Clone)]
struct Lost {
    kind: FaultKind,
    causes: String,
}

/// A unit of work whose turn it is. Dropping it undoes its work.
pub(crate) struct Unit {
    /// None once it has ended.
    turn: Option<OwnedMutexGuard<WriteQueue>>,
    writer: Writer,
    /// The one that opened the transaction.
    first: bool,
}

impl Writer {
    /// Opens the connection. A unit waits for its turn as long as `patience`.
    pub(crate) async fn open(
        options: ConnectOptions,
        patience: Duration,
    ) -> Result<Self, PortError> {
        let mut line = WriteQueue {
            options,
            connection: None,
            closed: false,
            group: None,
            busy: false,
        };
        line.connect().await?;
        Ok(Self {
            line: Arc::new(Mutex::new(line)),
            waiting: Arc::default(),
            patience,
        })
    }

    /// Waits for a turn.
    pub(crate) async fn begin(&self) -> Result<Unit, PortError> {
        let mut turn = tokio::time::timeout(self.patience, self.turn())
            .await
            .map_err(|error| PortError::transient(BEGINNING, error))?;
        let first = turn.begin().await?;
        Ok(Unit {
            turn: Some(turn),
            writer: self.clone(),
            first,
        })
    }

    /// Closes the connection after those who wait already; who comes later is refused.
    pub(crate) async fn close(&self) -> Result<(), PortError> {
        let mut turn = self.turn().await;
        turn.closed = true;
        match turn.connection.take() {
            Some(connection) => connection.close().await.context("closing the database"),
            None => Ok(()),
        }
    }

    async fn turn(&self) -> OwnedMutexGuard<WriteQueue> {
        let waiting = Waiting::among(&self.waiting);
        let turn = Arc::clone(&self.line).lock_owned().await;
        drop(waiting);
        turn
    }

    /// Commits `group`, unless somebody in front in the line has.
    async fn commit(self, group: Group) -> Result<(), PortError> {
        let mut turn = self.turn().await;
        if group.get().is_none() {
            turn.commit().await;
        }
        outcome(&group)
    }
}

impl WriteQueue {
    async fn connect(&mut self) -> Result<(), PortError> {
        const CONTEXT: &str = "connecting to the database";
        let pool = Database::connect(self.options.clone())
            .await
            .context(CONTEXT)?;
        let held = pool.begin().await.context(CONTEXT)?;
        held.execute_unprepared("COMMIT").await.context(CONTEXT)?;
        self.connection = Some(Connection { pool, held });
        Ok(())
    }

    /// Opens a transaction, or a part of the one that is open. Tells whether it is the first.
    async fn begin(&mut self) -> Result<bool, PortError> {
        if self.closed {
            return Err(PortError::transient(BEGINNING, "the database is closed"));
        }
        if self.busy {
            // Whoever was at it was stopped halfway.
            self.lose(&PortError::transient(COMMITTING, "interrupted"))
                .await;
        }
        if self.connection.is_none() {
            self.connect().await?;
        }
        let first = self.group.is_none();
        self.busy = true;
        let sql = if first {
            "BEGIN IMMEDIATE"
        } else {
            "SAVEPOINT unit"
        };
        self.control(BEGINNING, sql).await?;
        self.group.get_or_insert_default();
        Ok(first)
    }

    /// Commits the group, whose outcome then says how it went.
    async fn commit(&mut self) {
        if self.control(COMMITTING, "COMMIT").await.is_ok() {
            self.end_group(Ok(()));
        }
    }

    /// Undoes the unit whose turn it is.
    async fn roll_back(&mut self, first: bool) {
        const CONTEXT: &str = "rolling back";
        if !first {
            let undone = self
                .control(CONTEXT, "ROLLBACK TO unit; RELEASE unit")
                .await;
            self.busy &= undone.is_err();
        } else if self.control(CONTEXT, "ROLLBACK").await.is_ok() {
            self.group = None;
            self.busy = false;
        }
    }

    /// Runs a statement that begins or ends something. When it fails, all is lost that is open.
    async fn control(&mut self, context: &'static str, sql: &str) -> Result<(), PortError> {
        let done = match &self.connection {
            Some(connection) => connection.held.execute_unprepared(sql).await,
            None => Err(not_connected()),
        };
        let done = done.map(|_| ()).context(context);
        if let Err(error) = &done {
            self.lose(error).await;
        }
        done
    }

    /// Gives up what is open, and the connection with it.
    async fn lose(&mut self, error: &PortError) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "a database connection was not closed cleanly");
        }
        self.end_group(Err(Lost {
            kind: error.kind,
            causes: with_causes(error),
        }));
    }

    fn end_group(&mut self, outcome: Result<(), Lost>) {
        if let Some(group) = self.group.take() {
            // A group ends once, with the line in hand.
            let _ = group.set(outcome);
        }
        self.busy = false;
    }
}

impl Connection {
    async fn close(self) -> Result<(), DbErr> {
        drop(self.held);
        self.pool.close().await
    }
}

impl Unit {
    /// Makes the work durable.
    pub(crate) async fn commit(mut self) -> Result<(), PortError> {
        let gone = || PortError::permanent(COMMITTING, "the unit has ended");
        let mut turn = self.turn.take().ok_or_else(gone)?;
        let group = turn.group.clone().ok_or_else(gone)?;
        if self.writer.waiting.load(Ordering::SeqCst) == 0 {
            turn.commit().await;
            return outcome(&group);
        }
        if !self.first {
            turn.control(COMMITTING, "RELEASE unit").await?;
        }
        turn.busy = false;
        drop(turn);
        let committing = self.writer.clone().commit(group);
        // Even when nobody waits for the answer: nothing may stay open.
        let committed = Handle::current().spawn(committing).await;
        committed.map_err(|error| PortError::transient(COMMITTING, error))?
    }

    fn connection(&self) -> Result<&DatabaseTransaction, DbErr> {
        let turn = self.turn.as_ref();
        let connection = turn.and_then(|turn| turn.connection.as_ref());
        connection
            .map(|connection| &connection.held)
            .ok_or_else(not_connected)
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        // Without a runtime the line stays `busy`, and the next unit starts afresh.
        if let Some(mut turn) = self.turn.take()
            && let Ok(runtime) = Handle::try_current()
        {
            let first = self.first;
            // It ends in the time of one statement, and who closes the store waits for it in the line.
            drop(runtime.spawn(async move { turn.roll_back(first).await }));
        }
    }
}

#[async_trait]
impl ConnectionTrait for Unit {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.connection()?.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.connection()?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.connection()?.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.connection()?.query_all_raw(statement).await
    }
}

/// One of those who wait, as long as it lives.
struct Waiting<'w>(&'w AtomicUsize);

impl<'w> Waiting<'w> {
    fn among(waiting: &'w AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn outcome(group: &Group) -> Result<(), PortError> {
    match group.get() {
        Some(Ok(())) => Ok(()),
        Some(Err(lost)) => Err(PortError::new(lost.kind, COMMITTING, lost.causes.clone())),
        None => Err(PortError::transient(COMMITTING, "interrupted")),
    }
}

fn not_connected() -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::Internal(
        "the connection was lost".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::future::{BoxFuture, join_all};
    use tempfile::TempDir;

    use super::*;

    struct Fixture {
        dir: TempDir,
        writer: Writer,
    }

    impl Fixture {
        async fn new() -> Self {
            Self::with_room("1000000").await
        }

        async fn with_room(pages: &'static str) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let mut options = ConnectOptions::new(url(&dir));
            options
                .max_connections(1)
                .map_sqlx_sqlite_opts(move |sqlite| {
                    sqlite
                        .create_if_missing(true)
                        .pragma("journal_mode", "WAL")
                        .pragma("synchronous", "FULL")
                        .pragma("max_page_count", pages)
                });
            let writer = Writer::open(options, Duration::from_secs(10))
                .await
                .unwrap();
            let unit = writer.begin().await.unwrap();
            let table = "CREATE TABLE lines (n INTEGER PRIMARY KEY, text TEXT)";
            unit.execute_unprepared(table).await.unwrap();
            unit.commit().await.unwrap();
            Self { dir, writer }
        }

        /// A unit that has added line 1 and waits for its commit, and the one whose turn it is.
        async fn one_behind_another(&self) -> (BoxFuture<'static, Result<(), PortError>>, Unit) {
            let first = self.writer.begin().await.unwrap();
            add(&first, 1, "x").await.unwrap();
            let second = self.writer.begin();
            tokio::pin!(second);
            assert!(futures::poll!(&mut second).is_pending());
            let mut first = first.commit().boxed();
            assert!(futures::poll!(&mut first).is_pending());
            (first, second.await.unwrap())
        }

        /// What another process sees.
        async fn lines(&self) -> Vec<i64> {
            let reader = Database::connect(url(&self.dir)).await.unwrap();
            let sql = "SELECT n FROM lines ORDER BY n";
            let rows = reader
                .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
                .await
                .unwrap();
            reader.close().await.unwrap();
            rows.iter()
                .map(|row| row.try_get_by_index(0).unwrap())
                .collect()
        }
    }

    fn url(dir: &TempDir) -> String {
        format!("sqlite://{}", dir.path().join("test.db").display())
    }

    async fn add(unit: &Unit, n: i64, text: &str) -> Result<(), DbErr> {
        let sql = format!("INSERT INTO lines VALUES ({n}, '{text}')");
        unit.execute_unprepared(&sql).await.map(|_| ())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_was_told_of_success_is_in_the_file_whoever_failed_beside() {
        let fixture = Fixture::new().await;
        let units = (0..200).map(|n| {
            let writer = fixture.writer.clone();
            tokio::spawn(async move {
                let unit = writer.begin().await.unwrap();
                add(&unit, n, "x").await.unwrap();
                match n % 4 {
                    0 => drop(unit),
                    1 => assert!(add(&unit, n, "again").await.is_err()),
                    _ => unit.commit().await.unwrap(),
                }
            })
        });
        for unit in join_all(units).await {
            unit.unwrap();
        }
        let kept: Vec<i64> = (0..200).filter(|n| n % 4 >= 2).collect();
        assert_eq!(fixture.lines().await, kept);
    }

    #[tokio::test]
    async fn those_who_wait_share_a_commit() {
        let fixture = Fixture::new().await;
        let (first, second) = fixture.one_behind_another().await;
        add(&second, 2, "x").await.unwrap();
        assert_eq!(fixture.lines().await, [0; 0], "the first waits");
        drop(second);
        first.await.unwrap();
        assert_eq!(fixture.lines().await, [1]);
    }

    /// The disk is full, and then is not: whatever was refused, nothing that was promised later is
    /// missing.
    #[tokio::test]
    async fn a_full_disk_loses_nothing_that_was_promised() {
        let fixture = Fixture::with_room("20").await;
        let text = "x".repeat(9000);
        let mut refused = 0;
        for n in 0..40 {
            let unit = fixture.writer.begin().await.unwrap();
            let added = add(&unit, n, &text).await;
            if added.is_err() {
                refused += 1;
                drop(unit);
            } else {
                unit.commit().await.unwrap();
            }
        }
        assert!(refused > 20);
        let unit = fixture.writer.begin().await.unwrap();
        unit.execute_unprepared("PRAGMA max_page_count = 10000")
            .await
            .unwrap();
        add(&unit, 100, &text).await.unwrap();
        unit.commit().await.unwrap();
        let lines = fixture.lines().await;
        assert_eq!(lines.last(), Some(&100));
        assert_eq!(lines.len(), 41 - refused);
    }

    /// A transaction that ended behind our back: who worked in it hears so, the next one works.
    #[tokio::test]
    async fn a_lost_transaction_is_told_to_all_who_worked_in_it() {
        let fixture = Fixture::new().await;
        let (first, second) = fixture.one_behind_another().await;
        second.execute_unprepared("ROLLBACK").await.unwrap();
        assert!(second.commit().await.is_err());
        assert!(first.await.is_err());
        assert_eq!(fixture.lines().await, [0; 0]);

        let third = fixture.writer.begin().await.unwrap();
        add(&third, 3, "x").await.unwrap();
        third.commit().await.unwrap();
        assert_eq!(fixture.lines().await, [3]);
    }

    #[tokio::test]
    async fn who_is_stopped_halfway_leaves_nothing_behind() {
        let fixture = Fixture::new().await;
        for polls in 0..6 {
            let mut doing = Box::pin(async {
                let unit = fixture.writer.begin().await?;
                add(&unit, polls, "x").await.context("adding")?;
                std::future::pending::<()>().await;
                unit.commit().await
            });
            for _ in 0..polls {
                assert!(futures::poll!(&mut doing).is_pending());
                tokio::task::yield_now().await;
            }
            drop(doing);
        }
        let unit = fixture.writer.begin().await.unwrap();
        add(&unit, 100, "x").await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(fixture.lines().await, [100]);
    }
}
