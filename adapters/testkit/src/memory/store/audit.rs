use std::cmp::Reverse;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::audit::{Actor, AuditCursor, AuditEntry, AuditLine, AuditQuery};
use docuvault_domain::page::Page;
use docuvault_domain::ports::AuditRepo;

use super::Tables;

#[async_trait]
impl AuditRepo for Tables {
    async fn append(&self, lines: &[AuditLine]) -> Result<(), PortError> {
        self.write("appending to the audit trail", |state| {
            state.audit.extend_from_slice(lines);
            Ok(())
        })
    }

    async fn list(&self, query: &AuditQuery) -> Result<Page<AuditEntry, AuditCursor>, PortError> {
        let filter = &query.filter;
        let mut items: Vec<_> = self.read(|state| {
            let entry = |line: &AuditLine| {
                let (resource_kind, resource) = line.resource.parts();
                let actor = line.actor.and_then(|id| state.users.get(&id));
                AuditEntry {
                    id: line.id,
                    at: line.at,
                    actor: line.actor,
                    actor_handle: actor.map(|(user, _)| user.handle.as_str().to_owned()),
                    actor_kind: line.actor_kind.to_owned(),
                    action: line.action.as_str().to_owned(),
                    resource_kind: resource_kind.to_owned(),
                    resource,
                    outcome: line.outcome,
                    address: line.address.clone(),
                    request_id: line.request_id,
                }
            };
            state.audit.iter().map(entry).collect()
        });
        items.retain(|entry| {
            let by = |actor: &Actor| match actor {
                Actor::Id(id) => entry.actor == Some(*id),
                Actor::Handle(handle) => {
                    let known = entry.actor_handle.as_deref();
                    known.is_some_and(|known| known.to_ascii_lowercase() == handle.key())
                }
            };
            filter.actor.as_ref().is_none_or(by)
                && filter.action.as_ref().is_none_or(|it| *it == entry.action)
                && filter.resource.is_none_or(|it| it == entry.resource)
                && filter.outcome.is_none_or(|it| it == entry.outcome)
                && (filter.address.is_none() || filter.address == entry.address)
                && filter.from.is_none_or(|from| entry.at >= from)
                && filter.to.is_none_or(|to| entry.at <= to)
                && query.after.is_none_or(|after| (entry.at, entry.id) < after)
        });
        items.sort_by_key(|entry| Reverse((entry.at, entry.id)));
        Ok(Page::cut(items, query.limit, |last| (last.at, last.id)))
    }
}
