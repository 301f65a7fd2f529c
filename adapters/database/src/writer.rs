//! `SQLite`'s one writer: units of work queue for its connection and share commits.
//!
//! A commit waits for the disk, whatever is in it. A unit that ends while others wait therefore
//! leaves the transaction open for them, goes to the end of the queue, and whoever gets there first
//! commits for all (group commit). No unit reports success before the commit that holds its work.
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

/// The queue for the one connection that writes.
#[derive(Clone)]
pub(crate) struct Writer {
    /// First come, first served.
    queue: Arc<Mutex<WriteQueue>>,
    waiting: Arc<AtomicUsize>,
    acquire_timeout: Duration,
}

/// The connection and its open transaction, held by one unit at a time.
struct WriteQueue {
    options: ConnectOptions,
    /// None after a failure, until the next unit; or for ever, once `closed`.
    connection: Option<Connection>,
    closed: bool,
    /// The open transaction, when units have left work in it or one is at it.
    group: Option<Group>,
    /// A unit has begun and not ended.
    unit_open: bool,
}

/// The one connection of a pool.
struct Connection {
    pool: DatabaseConnection,
    /// Only a transaction keeps a connection for itself; this one was ended at once.
    handle: DatabaseTransaction,
}

/// Units that are committed together, and what became of them.
type Group = Arc<OnceLock<Result<(), GroupFailure>>>;

/// Why the work of a group was lost.
#[derive(Clone)]
struct GroupFailure {
    kind: FaultKind,
    causes: String,
}

/// A unit of work whose turn it is. Dropping it undoes its work.
pub(crate) struct Unit {
    /// None once it has ended.
    queue_guard: Option<OwnedMutexGuard<WriteQueue>>,
    writer: Writer,
    /// The one that opened the transaction.
    first: bool,
}

impl Writer {
    /// Opens the connection. A unit waits for its turn as long as `acquire_timeout`.
    pub(crate) async fn open(
        options: ConnectOptions,
        acquire_timeout: Duration,
    ) -> Result<Self, PortError> {
        let mut queue = WriteQueue {
            options,
            connection: None,
            closed: false,
            group: None,
            unit_open: false,
        };
        queue.connect().await?;
        Ok(Self {
            queue: Arc::new(Mutex::new(queue)),
            waiting: Arc::default(),
            acquire_timeout,
        })
    }

    /// Waits for a turn.
    pub(crate) async fn begin(&self) -> Result<Unit, PortError> {
        let mut queue_guard = tokio::time::timeout(self.acquire_timeout, self.queue_guard())
            .await
            .map_err(|error| PortError::transient(BEGINNING, error))?;
        let first = queue_guard.begin().await?;
        Ok(Unit {
            queue_guard: Some(queue_guard),
            writer: self.clone(),
            first,
        })
    }

    /// Closes the connection after those who wait already; who comes later is refused.
    pub(crate) async fn close(&self) -> Result<(), PortError> {
        let mut queue_guard = self.queue_guard().await;
        queue_guard.closed = true;
        match queue_guard.connection.take() {
            Some(connection) => connection.close().await.context("closing the database"),
            None => Ok(()),
        }
    }

    async fn queue_guard(&self) -> OwnedMutexGuard<WriteQueue> {
        let waiting = Waiting::among(&self.waiting);
        let queue_guard = Arc::clone(&self.queue).lock_owned().await;
        drop(waiting);
        queue_guard
    }

    /// Commits `group`, unless somebody in front in the queue has.
    async fn commit(self, group: Group) -> Result<(), PortError> {
        let mut queue_guard = self.queue_guard().await;
        if group.get().is_none() {
            queue_guard.commit().await;
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
        let handle = pool.begin().await.context(CONTEXT)?;
        handle.execute_unprepared("COMMIT").await.context(CONTEXT)?;
        self.connection = Some(Connection { pool, handle });
        Ok(())
    }

    /// Opens a transaction, or a part of the one that is open. Tells whether it is the first.
    async fn begin(&mut self) -> Result<bool, PortError> {
        if self.closed {
            return Err(PortError::transient(BEGINNING, "the database is closed"));
        }
        if self.unit_open {
            // Whoever was at it was stopped halfway.
            self.fail_group(&PortError::transient(COMMITTING, "interrupted"))
                .await;
        }
        if self.connection.is_none() {
            self.connect().await?;
        }
        let first = self.group.is_none();
        self.unit_open = true;
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
            self.unit_open &= undone.is_err();
        } else if self.control(CONTEXT, "ROLLBACK").await.is_ok() {
            self.group = None;
            self.unit_open = false;
        }
    }

    /// Runs a statement that begins or ends something. When it fails, all is lost that is open.
    async fn control(&mut self, context: &'static str, sql: &str) -> Result<(), PortError> {
        let done = match &self.connection {
            Some(connection) => connection.handle.execute_unprepared(sql).await,
            None => Err(not_connected()),
        };
        let done = done.map(|_| ()).context(context);
        if let Err(error) = &done {
            self.fail_group(error).await;
        }
        done
    }

    /// Gives up what is open, and the connection with it.
    async fn fail_group(&mut self, error: &PortError) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "a database connection was not closed cleanly");
        }
        self.end_group(Err(GroupFailure {
            kind: error.kind,
            causes: with_causes(error),
        }));
    }

    fn end_group(&mut self, outcome: Result<(), GroupFailure>) {
        if let Some(group) = self.group.take() {
            // A group ends once, by whoever holds the queue.
            let _ = group.set(outcome);
        }
        self.unit_open = false;
    }
}

impl Connection {
    async fn close(self) -> Result<(), DbErr> {
        drop(self.handle);
        self.pool.close().await
    }
}

impl Unit {
    /// Makes the work durable.
    pub(crate) async fn commit(mut self) -> Result<(), PortError> {
        let ended = || PortError::permanent(COMMITTING, "the unit has ended");
        let mut queue_guard = self.queue_guard.take().ok_or_else(ended)?;
        let group = queue_guard.group.clone().ok_or_else(ended)?;
        if self.writer.waiting.load(Ordering::SeqCst) == 0 {
            queue_guard.commit().await;
            return outcome(&group);
        }
        if !self.first {
            queue_guard.control(COMMITTING, "RELEASE unit").await?;
        }
        queue_guard.unit_open = false;
        drop(queue_guard);
        let committing = self.writer.clone().commit(group);
        // Even when nobody waits for the answer: nothing may stay open.
        let committed = Handle::current().spawn(committing).await;
        committed.map_err(|error| PortError::transient(COMMITTING, error))?
    }

    fn connection(&self) -> Result<&DatabaseTransaction, DbErr> {
        let queue_guard = self.queue_guard.as_ref();
        let connection = queue_guard.and_then(|queue_guard| queue_guard.connection.as_ref());
        connection
            .map(|connection| &connection.handle)
            .ok_or_else(not_connected)
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        // Without a runtime `unit_open` stays set, and the next unit starts afresh.
        if let Some(mut queue_guard) = self.queue_guard.take()
            && let Ok(runtime) = Handle::try_current()
        {
            let first = self.first;
            // It ends in the time of one statement, and who closes the store waits for it in the queue.
            drop(runtime.spawn(async move { queue_guard.roll_back(first).await }));
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
        Some(Err(failure)) => Err(PortError::new(
            failure.kind,
            COMMITTING,
            failure.causes.clone(),
        )),
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
        async fn committing_and_active_unit(
            &self,
        ) -> (BoxFuture<'static, Result<(), PortError>>, Unit) {
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
    async fn every_acknowledged_commit_is_in_the_file_whatever_fails_beside_it() {
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
    async fn waiting_units_share_one_commit() {
        let fixture = Fixture::new().await;
        let (first, second) = fixture.committing_and_active_unit().await;
        add(&second, 2, "x").await.unwrap();
        assert_eq!(fixture.lines().await, [0; 0], "the first waits");
        drop(second);
        first.await.unwrap();
        assert_eq!(fixture.lines().await, [1]);
    }

    /// The disk is full, and then is not: whatever was refused, nothing that was acknowledged later is
    /// missing.
    #[tokio::test]
    async fn a_full_disk_loses_no_acknowledged_commit() {
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
    async fn a_lost_transaction_fails_all_units_in_it() {
        let fixture = Fixture::new().await;
        let (first, second) = fixture.committing_and_active_unit().await;
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
    async fn a_unit_dropped_halfway_leaves_nothing_behind() {
        let fixture = Fixture::new().await;
        for polls in 0..6 {
            let mut unit_of_work = Box::pin(async {
                let unit = fixture.writer.begin().await?;
                add(&unit, polls, "x").await.context("adding")?;
                std::future::pending::<()>().await;
                unit.commit().await
            });
            for _ in 0..polls {
                assert!(futures::poll!(&mut unit_of_work).is_pending());
                tokio::task::yield_now().await;
            }
            drop(unit_of_work);
        }
        let unit = fixture.writer.begin().await.unwrap();
        add(&unit, 100, "x").await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(fixture.lines().await, [100]);
    }
}
