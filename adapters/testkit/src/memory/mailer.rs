use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use docuvault_domain::ports::{MailError, Mailer, Message};

use super::lock;

/// Keeps what it is given.
#[derive(Default)]
pub struct MemoryMailer {
    sent: Mutex<Vec<Message>>,
    faults: Mutex<VecDeque<MailError>>,
}

impl MemoryMailer {
    /// What was sent since the last time, in the order in which it was.
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *lock(&self.sent))
    }

    /// One more mail fails.
    pub fn fail_next(&self, error: MailError) {
        lock(&self.faults).push_back(error);
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        if let Some(error) = lock(&self.faults).pop_front() {
            return Err(error);
        }
        lock(&self.sent).push(message.clone());
        Ok(())
    }
}
