//! What the application's own role may do on PostgreSQL: no DDL, and no rewriting of the audit
//! trail.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement,
};

/// Gives `role` its rights on everything the connecting role owns in the schema `public`. Runs on
/// every start: what a step added or a person changed is put right.
pub(crate) async fn apply(db: &DatabaseTransaction, role: &str) -> Result<(), DbErr> {
    let engine = db.get_database_backend();
    if engine != DbBackend::Postgres || names(db, "SELECT current_user::text").await? == [role] {
        return Ok(());
    }
    let role = quoted(role);
    let mut sql = vec![
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
        format!("GRANT USAGE ON SCHEMA public TO {role}"),
    ];
    let tables = "SELECT tablename::text FROM pg_tables \
                  WHERE schemaname = 'public' AND tableowner = current_user ORDER BY tablename";
    for table in names(db, tables).await? {
        let (rights, table) = (rights_on(&table), quoted(&table));
        sql.push(format!("REVOKE ALL ON {table} FROM {role}"));
        sql.push(format!("GRANT {rights} ON {table} TO {role}"));
    }
    let sequences = "SELECT sequencename::text FROM pg_sequences \
                     WHERE schemaname = 'public' AND sequenceowner = current_user";
    for sequence in names(db, sequences).await? {
        let sequence = quoted(&sequence);
        sql.push(format!("GRANT USAGE ON SEQUENCE {sequence} TO {role}"));
    }
    db.execute_unprepared(&sql.join("; ")).await?;
    Ok(())
}

fn rights_on(table: &str) -> &'static str {
    match table {
        "audit_log" | "audit_chain" => "SELECT, INSERT",
        "seaql_migrations" => "SELECT",
        _ => "SELECT, INSERT, UPDATE, DELETE",
    }
}

/// `name` as an identifier, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

async fn names(db: &DatabaseTransaction, sql: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_inside_a_role_name_are_doubled() {
        assert_eq!(quoted("app"), "\"app\"");
        assert_eq!(quoted("a\"; DROP"), "\"a\"\"; DROP\"");
    }
}
