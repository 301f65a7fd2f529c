use docuvault_domain::documents::MimeType;
use docuvault_domain::ids::{FolderId, TopicId};
use docuvault_domain::ports::{DocumentFilter, Sort, SortKey};
use serde::Deserialize;
use time::Date;
use time::format_description::well_known::Iso8601;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::StatusView;
use crate::http::fields::maybe_time;
use crate::http::problem::Problem;

/// Which documents; all conditions hold at once.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// A folder's id, or `root` for documents in no folder.
    #[schema(example = "root")]
    #[param(example = "root")]
    folder_id: Option<String>,
    /// Filed under this topic.
    topic: Option<Uuid>,
    /// In this state.
    #[param(inline)]
    status: Option<StatusView>,
    /// Ready, and a suggestion waits or nobody has said where the document belongs. `false`: all
    /// others.
    needs_review: Option<bool>,
    /// Of this kind.
    #[param(example = "application/pdf")]
    mime_type: Option<String>,
    /// Title, file name or sender contain this.
    #[param(max_length = 1024)]
    q: Option<String>,
    /// `me`: one's own; `shared`: those shared by others.
    #[param(inline)]
    owner: Option<OwnerFilter>,
    /// Taken in at or after this time.
    #[param(format = DateTime)]
    created_after: Option<String>,
    /// Taken in before this time.
    #[param(format = DateTime)]
    created_before: Option<String>,
    /// Bearing this day or a later one.
    #[param(format = Date)]
    document_date_after: Option<String>,
    /// Bearing an earlier day.
    #[param(format = Date)]
    document_date_before: Option<String>,
    /// What is in the trash, in place of what is not.
    trashed: Option<bool>,
}

/// A filter in a body: an unknown name in it is an error, because a condition that is overlooked
/// would select more than was meant.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = DocumentFilter)]
pub(crate) struct StrictFilter(pub(crate) Filter);

impl<'de> Deserialize<'de> for StrictFilter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let map = serde_json::Map::deserialize(deserializer)?;
        if let Some(name) = map.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(D::Error::custom(format!(
                "filter: there is no condition {name:?}"
            )));
        }
        Filter::deserialize(serde_json::Value::Object(map))
            .map(Self)
            .map_err(D::Error::custom)
    }
}

const FIELDS: &[&str] = &[
    "folder_id",
    "topic",
    "status",
    "needs_review",
    "mime_type",
    "q",
    "owner",
    "created_after",
    "created_before",
    "document_date_after",
    "document_date_before",
    "trashed",
];

/// Whose documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnerFilter {
    /// One's own.
    Me,
    /// Shared by others.
    Shared,
}

/// An order of documents; `-` for descending.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SortName {
    /// Oldest first.
    CreatedAt,
    /// Newest first.
    #[default]
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    /// Least recently changed first.
    UpdatedAt,
    /// Most recently changed first.
    #[serde(rename = "-updated_at")]
    UpdatedAtDescending,
    /// From A to Z.
    Title,
    /// From Z to A.
    #[serde(rename = "-title")]
    TitleDescending,
    /// Smallest first.
    Size,
    /// Largest first.
    #[serde(rename = "-size")]
    SizeDescending,
    /// Oldest document date first; those without one last.
    DocumentDate,
    /// Newest document date first; those without one last.
    #[serde(rename = "-document_date")]
    DocumentDateDescending,
}

impl From<SortName> for Sort {
    fn from(name: SortName) -> Self {
        let (key, descending) = match name {
            SortName::CreatedAt => (SortKey::CreatedAt, false),
            SortName::CreatedAtDescending => (SortKey::CreatedAt, true),
            SortName::UpdatedAt => (SortKey::UpdatedAt, false),
            SortName::UpdatedAtDescending => (SortKey::UpdatedAt, true),
            SortName::Title => (SortKey::Title, false),
            SortName::TitleDescending => (SortKey::Title, true),
            SortName::Size => (SortKey::Size, false),
            SortName::SizeDescending => (SortKey::Size, true),
            SortName::DocumentDate => (SortKey::DocumentDate, false),
            SortName::DocumentDateDescending => (SortKey::DocumentDate, true),
        };
        Self { key, descending }
    }
}

/// A filter that was understood.
pub(crate) enum Selected {
    /// These.
    Matching(DocumentFilter),
    /// Nothing can match: the kind is unknown to the vault, or nobody shares anything.
    Nothing,
}

impl Filter {
    /// Checks every value.
    pub(crate) fn parse(self) -> Result<Selected, Problem> {
        let folder = match self.folder_id.as_deref() {
            None => None,
            Some("root") => Some(None),
            Some(id) => Some(Some(id.parse::<FolderId>().map_err(|_| {
                Problem::field("folder_id", "Must be a folder's id, or root.")
            })?)),
        };
        let mime_type = match self.mime_type.as_deref() {
            None => None,
            Some(text) => match MimeType::parse(text) {
                Some(mime) => Some(mime),
                None => return Ok(Selected::Nothing),
            },
        };
        if self.owner == Some(OwnerFilter::Shared) {
            return Ok(Selected::Nothing);
        }
        let text = match self.q.map(|q| q.trim().to_owned()) {
            Some(q) if q.chars().count() > 1024 => {
                return Err(Problem::field("q", "At most 1,024 characters."));
            }
            Some(q) if q.contains('\0') => return Ok(Selected::Nothing),
            q => q.filter(|q| !q.is_empty()),
        };
        Ok(Selected::Matching(DocumentFilter {
            folder,
            topic: self.topic.map(TopicId),
            status: self.status.map(Into::into),
            needs_review: self.needs_review,
            mime_type,
            text,
            created_after: maybe_time("created_after", self.created_after.as_deref())?,
            created_before: maybe_time("created_before", self.created_before.as_deref())?,
            dated_after: date_of("document_date_after", self.document_date_after.as_deref())?,
            dated_before: date_of("document_date_before", self.document_date_before.as_deref())?,
            trashed: self.trashed.unwrap_or(false),
        }))
    }
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn date_of(field: &str, text: Option<&str>) -> Result<Option<Date>, Problem> {
    let parse = |text: &str| {
        let date = Date::parse(text, &Iso8601::DATE).ok();
        date.filter(|date| text.len() == 10 && (0..=9999).contains(&date.year()))
            .ok_or_else(|| Problem::field(field, "Must be a day like 2026-03-01."))
    };
    text.map(parse).transpose()
}
