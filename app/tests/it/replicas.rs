//! Several servers on one database, bucket and Redis.

use crate::on_both_stacks;
use crate::support::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn four_start_together_on_an_empty_database() {
    let stack = Stack::full().await;
    let stack = std::sync::Arc::new(stack);
    let starts = (0..4).map(|_| {
        let stack = stack.clone();
        tokio::task::spawn_blocking(move || stack.serve())
    });
    let vaults = futures::future::try_join_all(starts).await.unwrap();
    for vault in &vaults {
        assert_eq!(vault.get("/health/ready").await.status, 200);
    }
    assert_eq!(stack.count("instance").await, 1);
    let topics = vaults[0].get("/api/topics").await.expect(200);
    let topics = topics["items"].as_array().unwrap().len();
    assert_eq!(stack.count("topics").await, i64::try_from(topics).unwrap());
    assert!(
        stack.count("topics").await < 20,
        "the first topics were made once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_share_the_work_and_see_the_same() {
    let stack = Stack::full().await;
    let (one, two) = (stack.serve(), stack.serve());
    let mut ids = Vec::new();
    for n in 0..40 {
        let vault = if n % 2 == 0 { &one } else { &two };
        ids.push(
            vault
                .add(&format!("{n}.txt"), format!("Words of number {n}, shared."))
                .await,
        );
    }
    for (n, id) in ids.iter().enumerate() {
        let vault = if n % 2 == 0 { &two } else { &one };
        assert_eq!(vault.wait_until_processed(id).await["status"], "ready");
    }
    assert_eq!(stack.count("jobs WHERE state = 'done'").await, 40);
    assert_eq!(
        stack.count("document_texts").await,
        40,
        "each was read once"
    );
    let workers = stack
        .count("(SELECT DISTINCT worker FROM jobs) AS workers")
        .await;
    assert!(workers > 2, "both worked: {workers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_can_be_split() {
    let stack = Stack::full().await;
    let api = stack.serve_with(&["--role", "api"]);
    let id = api.add("a.txt", "Read by somebody else.").await;
    assert_eq!(api.document(&id).await["status"], "pending");
    let mut worker = stack
        .command(&["serve", "--role", "worker"])
        .spawn()
        .unwrap();
    assert_eq!(api.wait_until_processed(&id).await["status"], "ready");
    worker.kill().unwrap();
    worker.wait().unwrap();
}

#[tokio::test]
async fn a_second_embedded_vault_is_refused() {
    let stack = Stack::embedded();
    let _first = stack.serve();
    let said = stack.try_serve(&[]).err().unwrap();
    assert!(said.contains("Another DocuVault is running"), "{said}");
    let said = stack.try_serve(&["--role", "api"]).err().unwrap();
    assert!(said.contains("one process"), "{said}");
}

on_both_stacks!(a_wrong_store_or_database_is_refused);

async fn a_wrong_store_or_database_is_refused(stack: Stack) {
    let vault = stack.serve();
    vault.add_and_process("a.txt", "Precious.").await;
    drop(vault);
    let other = if stack.is_embedded() {
        Stack::embedded()
    } else {
        Stack::full().await
    };
    drop(other.serve());

    // Everything as it is, but for the objects: an empty volume, then another vault's.
    let objects = stack.data_dir().join("objects");
    let aside = stack.data_dir().join("aside");
    if stack.is_embedded() {
        std::fs::rename(&objects, &aside).unwrap();
        let said = stack.try_serve(&[]).err().unwrap();
        assert!(
            said.contains("the object store is empty or another one"),
            "{said}"
        );
        std::fs::remove_dir_all(&objects).unwrap();
        std::fs::rename(other.data_dir().join("objects"), &objects).unwrap();
        let said = stack.try_serve(&[]).err().unwrap();
        assert!(said.contains("One of them is the wrong one"), "{said}");
        std::fs::remove_dir_all(&objects).unwrap();
        std::fs::rename(&aside, &objects).unwrap();
        assert!(stack.try_serve(&[]).is_ok());
        std::fs::remove_file(stack.data_dir().join("docuvault.db")).unwrap();
    } else {
        let empty = docuvault_testservices::s3().await.new_bucket_name();
        let right = stack.setting("S3_BUCKET").unwrap().to_owned();
        let stack = stack.with("S3_BUCKET", empty);
        let said = stack.try_serve(&[]).err().unwrap();
        assert!(
            said.contains("the object store is empty or another one"),
            "{said}"
        );
        let stack = stack.with("S3_BUCKET", other.setting("S3_BUCKET").unwrap());
        let said = stack.try_serve(&[]).err().unwrap();
        assert!(said.contains("One of them is the wrong one"), "{said}");
        let empty = docuvault_testservices::postgres().await.database().await;
        let stack = stack.with("S3_BUCKET", right).with("DATABASE_URL", empty);
        let said = stack.try_serve(&[]).err().unwrap();
        assert!(said.contains("the database is empty"), "{said}");
        return;
    }
    let said = stack.try_serve(&[]).err().unwrap();
    assert!(said.contains("the database is empty"), "{said}");
}
