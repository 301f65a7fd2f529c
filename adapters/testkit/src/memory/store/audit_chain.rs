use async_trait::async_trait;
use docuvault_domain::audit::{AuditLine, ChainEnd, Link, StoredLine, Unsealed};
use docuvault_domain::ports::AuditChainRepo;
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::State;

#[async_trait]
impl AuditChainRepo for Tables {
    async fn end(&self) -> Result<Option<ChainEnd>, PortError> {
        Ok(self.read(|state| {
            let link = state.audit_chain.last()?;
            Some(ChainEnd {
                place: link.place.clone(),
                line_at: line_of(state, link).map(|line| Timestamp::from_micros(line.at)),
            })
        }))
    }

    async fn unsealed(
        &self,
        since: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<StoredLine>, PortError> {
        let mut lines = self.read(without_link);
        lines.retain(|line| since.is_none_or(|since| line.at >= since.as_micros()));
        lines.truncate(limit as usize);
        Ok(lines)
    }

    async fn count_unsealed(&self) -> Result<Unsealed, PortError> {
        let lines = self.read(without_link);
        Ok(Unsealed {
            lines: lines.len() as u64,
            oldest: lines.first().map(|line| Timestamp::from_micros(line.at)),
        })
    }

    async fn append(&self, links: &[Link]) -> Result<bool, PortError> {
        self.write("sealing the audit trail", |state| {
            let taken = |link: &Link| {
                let mut known = state.audit_chain.iter();
                known.any(|it| it.place.position == link.place.position || it.line == link.line)
            };
            if links.iter().any(taken) {
                return Ok(false);
            }
            state.audit_chain.extend_from_slice(links);
            Ok(true)
        })
    }

    async fn links(
        &self,
        position: u64,
        limit: u32,
    ) -> Result<Vec<(Link, Option<StoredLine>)>, PortError> {
        Ok(self.read(|state| {
            let links = state.audit_chain.iter();
            let after = links.filter(|link| link.place.position > position);
            after
                .take(limit as usize)
                .map(|link| (link.clone(), line_of(state, link)))
                .collect()
        }))
    }
}

fn without_link(state: &State) -> Vec<StoredLine> {
    let sealed = |line: &AuditLine| state.audit_chain.iter().any(|link| link.line == line.id);
    let lines = state.audit.iter().filter(|line| !sealed(line));
    let mut lines: Vec<_> = lines.map(stored).collect();
    lines.sort_by_key(|line| (line.at, line.id));
    lines
}

fn line_of(state: &State, link: &Link) -> Option<StoredLine> {
    let mut lines = state.audit.iter();
    lines.find(|it| it.id == link.line).map(stored)
}

fn stored(line: &AuditLine) -> StoredLine {
    let (resource_kind, resource_id) = line.resource.parts();
    StoredLine {
        id: line.id.0,
        at: line.at.as_micros(),
        actor_id: line.actor.map(|id| id.0),
        actor_kind: line.actor_kind.to_owned(),
        owner_id: Some(line.owner.0),
        action: line.action.as_str().to_owned(),
        resource_kind: resource_kind.to_owned(),
        resource_id,
        outcome: line.outcome.as_str().to_owned(),
        address: line.address.clone(),
        request_id: line.request_id,
    }
}
