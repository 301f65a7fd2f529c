//! `/api/documents`.

mod activity;
mod bulk;
mod bytes;
mod content;
mod download_url;
mod edit;
mod errors;
mod filters;
mod form_field;
mod list;
mod multipart_upload;
mod text;
mod thumbnail;
mod topics;
mod trash;
mod upload;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use views::DocumentView;

/// The routes of this feature. Fixed paths come before those with an id.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(upload::upload)
        .service(bulk::bulk)
        .service(list::list)
        .service(list::get)
        .service(edit::edit)
        .service(trash::delete)
        .service(trash::restore)
        .service(trash::reprocess)
        .service(content::content)
        .service(download_url::issue)
        .service(download_url::redeem)
        .service(text::text)
        .service(activity::activity)
        .service(thumbnail::thumbnail)
        .service(topics::confirm)
        .service(topics::reject);
}
