//! Mails: enqueued with the act, sent afterwards.

use docuvault_domain::PortError;
use docuvault_domain::accounts::User;
use docuvault_domain::mail::{Delivered, MailTemplate};
use docuvault_domain::ports::{MailError, Message};

use super::*;

impl World {
    pub(super) fn deliver_mail(&self) -> DeliverMail {
        DeliverMail {
            core: self.core.clone(),
            secrets: Arc::new(FakeSecretBox),
            mailer: self.mailer.clone(),
        }
    }

    /// Delivers what was enqueued, and returns it.
    pub(super) async fn mails(&self) -> Vec<Message> {
        self.deliver_mail().run().await.unwrap();
        self.mailer.take()
    }

    /// The one mail that was enqueued.
    pub(super) async fn mail(&self) -> Message {
        let [mail] = <[_; 1]>::try_from(self.mails().await).expect("one mail");
        mail
    }

    async fn enqueue(&self, user: &User) {
        let unit = self.store.begin().await.unwrap();
        let template = MailTemplate::AddressInUse;
        let enqueued = self.outbox.enqueue(&*unit, user.into(), &template);
        enqueued.await.unwrap();
        unit.commit().await.unwrap();
    }
}

/// The secret at the end of the link in a text.
pub(super) fn secret(text: &str) -> String {
    let (_, after) = text.split_once('#').expect("a link");
    let (_, secret) = after.split_once('=').expect("a secret");
    secret.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_mail_goes_out_once_in_the_language_of_its_person() {
    let (world, mut ada) = World::with_people().await;
    world.enqueue(&ada).await;
    let mail = world.mail().await;
    assert_eq!(mail.to, ada.email);
    assert_eq!(mail.subject, "You have a DocuVault account already");
    assert!(mail.text.contains("https://vault.example.org/sign-in"));
    assert_eq!(world.mails().await, []);
    ada.locale = Some("de-AT".to_owned());
    world.enqueue(&ada).await;
    assert!(world.mail().await.text.starts_with("Hallo ada,"));
}

#[tokio::test]
async fn what_is_undone_is_not_mailed() {
    let (world, ada) = World::with_people().await;
    let unit = world.store.begin().await.unwrap();
    let template = MailTemplate::AddressInUse;
    let enqueued = world.outbox.enqueue(&*unit, (&ada).into(), &template);
    enqueued.await.unwrap();
    drop(unit);
    assert_eq!(world.mails().await, []);
}

#[tokio::test]
async fn a_mail_waits_for_a_server_that_is_away_and_is_lost_when_refused() {
    let (world, ada) = World::with_people().await;
    let deliver = world.deliver_mail();
    world.enqueue(&ada).await;
    let later = || MailError::Later("421 too busy".to_owned());
    world.mailer.fail_next(later());
    let did = deliver.run().await.unwrap();
    assert_eq!((did.later, did.sent), (1, 0));
    assert_eq!(
        deliver.run().await.unwrap(),
        Delivered::default(),
        "not due"
    );
    world.clock.advance(Duration::from_secs(10));
    assert_eq!(deliver.run().await.unwrap().sent, 1);
    assert_eq!(world.mailer.take().len(), 1);

    world.enqueue(&ada).await;
    world
        .mailer
        .fail_next(MailError::Refused("550 no".to_owned()));
    assert_eq!(deliver.run().await.unwrap().lost, 1);
    world.clock.advance(Duration::from_hours(48));
    assert_eq!(deliver.run().await.unwrap(), Delivered::default());

    world.enqueue(&ada).await;
    let mut lost = 0;
    for _ in 0..24 {
        world.mailer.fail_next(later());
        lost = deliver.run().await.unwrap().lost;
        world.clock.advance(Duration::from_mins(30));
    }
    assert_eq!(lost, 1, "some day it is too late");
    assert_eq!(deliver.run().await.unwrap(), Delivered::default());
}

#[tokio::test]
async fn whoever_dies_after_sending_sends_again() {
    let (world, ada) = World::with_people().await;
    world.enqueue(&ada).await;
    // The claim is committed first, then the mail leaves, then it is written down.
    let dies = Dying(world.mailer.clone(), world.store.clone());
    let deliver = DeliverMail {
        mailer: Arc::new(dies),
        ..world.deliver_mail()
    };
    deliver.run().await.unwrap_err();
    assert_eq!(world.mailer.take().len(), 1);
    assert_eq!(world.mails().await, [], "it is still claimed");
    world.clock.advance(Duration::from_mins(3));
    assert_eq!(world.mails().await.len(), 1);
}

/// Sends, and then the database is gone.
struct Dying(Arc<MemoryMailer>, Arc<MemoryStore>);

#[async_trait::async_trait]
impl docuvault_domain::ports::Mailer for Dying {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        self.0.send(message).await?;
        self.1
            .fail_next_commit(PortError::transient("committing", "gone"));
        Ok(())
    }
}
