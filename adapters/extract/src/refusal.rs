//! Why a document was not read, in words for people.

use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::{Refusal, RefusalReason};

/// The refusal of a document of kind `mime` for `reason`.
pub(crate) fn refuse(mime: MimeType, reason: RefusalReason) -> Refusal {
    let what = match mime {
        MimeType::Pdf => "PDF",
        _ => "file",
    };
    let why = match reason {
        RefusalReason::Encrypted => {
            format!("The {what} is encrypted: it opens only with a password.")
        }
        RefusalReason::Damaged => {
            format!("The {what} is damaged and no text could be read from it.")
        }
        RefusalReason::TooDemanding => {
            format!("Reading this {what} took more memory or time than a document may use.")
        }
        RefusalReason::Crashed => {
            format!("Something in this {what} made its reader stop, so no text could be read.")
        }
    };
    Refusal {
        reason,
        sentence: format!("{why} It is kept and can be downloaded."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_the_file_the_reason_and_what_remains() {
        let refusal = refuse(MimeType::Pdf, RefusalReason::Encrypted);
        assert_eq!(
            refusal.sentence,
            "The PDF is encrypted: it opens only with a password. \
             It is kept and can be downloaded."
        );
        let refusal = refuse(MimeType::Text, RefusalReason::TooDemanding);
        assert_eq!(
            refusal.sentence,
            "Reading this file took more memory or time than a document may use. \
             It is kept and can be downloaded."
        );
    }
}
