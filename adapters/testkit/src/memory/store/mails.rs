use async_trait::async_trait;
use docuvault_domain::ids::MailId;
use docuvault_domain::ports::{MailRepo, QueuedMail};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::MailEntry;

const CONTEXT: &str = "keeping mails";

#[async_trait]
impl MailRepo for Tables {
    async fn enqueue(&self, mail: &QueuedMail, now: Timestamp) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let entry = MailEntry {
                mail: mail.clone(),
                attempts: 0,
                due_at: now,
            };
            state.mails.insert(mail.id, entry);
            Ok(())
        })
    }

    async fn any_due(&self, now: Timestamp) -> Result<bool, PortError> {
        Ok(self.read(|state| state.mails.values().any(|entry| entry.due_at <= now)))
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(QueuedMail, u32)>, PortError> {
        self.write(CONTEXT, |state| {
            let due = state.mails.values_mut().filter(|entry| entry.due_at <= now);
            let longest = due.min_by_key(|entry| (entry.due_at, entry.mail.id));
            Ok(longest.map(|entry| {
                entry.due_at = until;
                entry.attempts += 1;
                (entry.mail.clone(), entry.attempts)
            }))
        })
    }

    async fn retry(&self, id: MailId, attempt: u32, due_at: Timestamp) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let entry = state.mails.get_mut(&id);
            if let Some(entry) = entry.filter(|entry| entry.attempts == attempt) {
                entry.due_at = due_at;
            }
            Ok(())
        })
    }

    async fn remove(&self, id: MailId) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.mails.remove(&id);
            Ok(())
        })
    }
}
