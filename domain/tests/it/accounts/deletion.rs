//! Accounts that are deleted, and what becomes of what was theirs.

use docuvault_domain::PortError;
use docuvault_domain::accounts::{
    AccountEdits, AdministerError, ConfirmError, DeleteAccount, DeleteAccountError, RemoveAccounts,
    Removed,
};
use docuvault_domain::documents::StorageKind;
use docuvault_domain::ids::{DocumentId, ObjectId};
use docuvault_domain::ports::{DocumentFilter, ObjectKey, ObjectKind, ObjectRow, ObjectState};
use docuvault_testkit::builders::a_document;

use super::*;

impl World {
    fn delete_account(&self) -> DeleteAccount {
        DeleteAccount {
            core: self.core.clone(),
            confirm: Arc::new(self.confirm_person()),
            outbox: self.outbox.clone(),
        }
    }

    fn remove_accounts(&self) -> RemoveAccounts {
        RemoveAccounts {
            core: self.core.clone(),
        }
    }

    /// A document of `user` with bytes in the store.
    async fn add_document(&self, user: &User, trashed: bool) {
        let id = DocumentId(self.ids.v7());
        let mut document = a_document().id(id.0).build();
        document.owner = user.id;
        document.trashed_at = trashed.then(|| self.clock.now());
        let row = ObjectRow {
            id: ObjectId(self.ids.v7()),
            document: id,
            kind: ObjectKind::Original,
            key: ObjectKey::original(user.id, id, self.ids.v4(), document.mime_type),
            storage: StorageKind::Filesystem,
            state: ObjectState::Writing,
        };
        let now = self.clock.now();
        let unit = self.store.begin().await.unwrap();
        unit.documents().add(&document).await.unwrap();
        unit.objects().reserve(&row, now, now).await.unwrap();
        let objects = unit.objects();
        let live = objects.make_live(row.id, 1, &document.sha256, now);
        assert!(live.await.unwrap());
        unit.commit().await.unwrap();
    }

    fn states(&self) -> (usize, usize) {
        let rows = self.store.object_rows();
        let count = |state| rows.iter().filter(|row| row.state == state).count();
        (count(ObjectState::Live), count(ObjectState::Deleting))
    }
}

#[tokio::test]
async fn people_delete_their_own_account_and_are_gone_at_once() {
    let (world, ada, codes) = {
        let (world, _, codes) = World::with_factor().await;
        let found = world.store.users().find_by_login("ada").await.unwrap();
        (world, found.unwrap().0, codes)
    };
    let signed_in = world.with_code(&world.code()).await.unwrap();
    let caller = world.who(&signed_in).await.unwrap();
    world.mails().await;
    world.next_step();
    let delete = world.delete_account();
    let refused = delete.run(&caller, Some("wrong"), None, "ada").await;
    let wrong = |error: &DeleteAccountError| {
        matches!(
            error,
            DeleteAccountError::Confirm(ConfirmError::WrongPassword)
        )
    };
    assert!(refused.is_err_and(|error| wrong(&error)));
    let refused = delete.run(&caller, Some(PASSWORD), None, "ada").await;
    let needed = |error: &DeleteAccountError| {
        matches!(error, DeleteAccountError::Confirm(ConfirmError::CodeNeeded))
    };
    assert!(refused.is_err_and(|error| needed(&error)));
    let refused = delete.run(&caller, Some(PASSWORD), None, "bob").await;
    assert!(matches!(refused, Err(DeleteAccountError::OtherHandle)));
    assert!(world.who(&signed_in).await.is_ok());

    let code = codes[0].display();
    delete
        .run(&caller, Some(PASSWORD), Some(&code), " ADA ")
        .await
        .unwrap();
    assert!(world.who(&signed_in).await.is_err());
    let line = world.last_line();
    assert_eq!(
        (line.action, line.actor),
        (Action::AccountDeleted, Some(ada.id))
    );
    let subjects: Vec<_> = world
        .mails()
        .await
        .into_iter()
        .map(|it| it.subject)
        .collect();
    assert!(subjects.contains(&"Your DocuVault account was deleted".to_owned()));
    let gone = world.try_to_sign_in("ada", PASSWORD).await;
    assert!(matches!(gone, Err(SignInError::InvalidCredentials)));
    // The address is free, the handle never again.
    let refused = world.register.run(&NOBODY, account("ada")).await;
    assert!(matches!(refused, Err(RegisterError::HandleTaken)));
    let mut new = account("ada2");
    new.email = "ada@example.org".to_owned();
    world.register.run(&NOBODY, new).await.unwrap();
    world.remove_accounts().run().await.unwrap();
    let refused = world.register.run(&NOBODY, account("ada")).await;
    assert!(matches!(refused, Err(RegisterError::HandleTaken)));
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (world, ada) = World::with_people().await;
    let root = world.root().await;
    let delete = world.delete_account();
    let refused = delete.run(&root, Some(PASSWORD), None, "root").await;
    assert!(matches!(
        refused,
        Err(DeleteAccountError::LastAdministrator)
    ));
    let refused = world.administer().delete(&root, root.owner()).await;
    assert!(matches!(refused, Err(AdministerError::OwnAccount)));
    let promote = AccountEdits {
        role: Some(Role::Admin),
        ..AccountEdits::default()
    };
    world
        .administer()
        .edit(&root, ada.id, promote)
        .await
        .unwrap();
    let (_, ada_asks) = world.sign_in().await;
    let (left, right) = tokio::join!(
        delete.run(&root, Some(PASSWORD), None, "root"),
        delete.run(&ada_asks, Some(PASSWORD), None, "ada"),
    );
    assert!(left.is_ok() != right.is_ok(), "{left:?} {right:?}");
}

#[tokio::test]
async fn what_was_theirs_goes_however_often_it_is_interrupted() {
    let (world, ada) = World::with_people().await;
    let root = world.root().await;
    let (signed_in, _) = world.sign_in().await;
    for n in 0..250 {
        world.add_document(&ada, n % 5 == 0).await;
    }
    let kept = world
        .store
        .users()
        .find(root.owner())
        .await
        .unwrap()
        .unwrap();
    world.add_document(&kept, false).await;
    world.administer().delete(&root, ada.id).await.unwrap();
    assert!(world.who(&signed_in).await.is_err());
    assert_eq!(world.states(), (251, 0), "by and by");
    let remove = world.remove_accounts();
    let left = async || {
        let owner = Caller::system(ada.id);
        let documents = world.store.documents();
        let mut left = 0;
        for trashed in [false, true] {
            let filter = DocumentFilter {
                trashed,
                ..DocumentFilter::default()
            };
            left += documents.count(&owner, &filter).await.unwrap();
        }
        usize::try_from(left).unwrap()
    };
    // Dies at the first commit, then at the second one from there, and so on until it is through.
    let mut interruptions = 0;
    for so_many in [0, 1, 0, 0, 1, 0, 2] {
        let gone = PortError::transient("committing", "gone");
        world.store.fail_commit_after(so_many, gone);
        if remove.run().await.is_ok() {
            break;
        }
        interruptions += 1;
        let (live, deleting) = world.states();
        assert_eq!((live, deleting), (left().await + 1, 250 - left().await));
    }
    assert!(interruptions >= 4, "{interruptions}");
    assert_eq!(left().await, 0);
    assert_eq!(world.states(), (1, 250));
    let topics = world.store.topics().list(&Caller::system(ada.id)).await;
    assert_eq!(topics.unwrap().len(), 0);
    assert_eq!(world.store.users().deleted(10).await.unwrap(), []);
    assert_eq!(remove.run().await.unwrap(), Removed::default());
    let lines = world.store.audit_lines();
    let theirs = lines.iter().filter(|line| line.actor == Some(ada.id));
    assert!(theirs.count() > 0, "the trail stays");
}
