use actix_multipart::{Field, MultipartError};
use actix_web::web::Bytes;
use futures::TryStreamExt as _;

/// A field of a form that may be asked again after its end; the parser's own may not.
pub(super) struct FormField {
    field: Field,
    ended: bool,
}

impl FormField {
    pub(super) fn new(field: Field) -> Self {
        Self {
            field,
            ended: false,
        }
    }

    pub(super) fn name(&self) -> String {
        self.field.name().unwrap_or_default().to_owned()
    }

    /// As the client sent it.
    pub(super) fn filename(&self) -> &str {
        self.field
            .content_disposition()
            .and_then(|it| it.get_filename())
            .unwrap_or_default()
    }

    /// Reads over what is left: the parser wants every field read to its end.
    pub(super) async fn skip(&mut self) -> Result<(), MultipartError> {
        while self.chunk().await?.is_some() {}
        Ok(())
    }

    /// The next bytes, `None` from the end on.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, MultipartError> {
        if self.ended {
            return Ok(None);
        }
        let chunk = self.field.try_next().await;
        self.ended = !matches!(chunk, Ok(Some(_)));
        chunk
    }
}
