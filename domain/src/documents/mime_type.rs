use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! mime_types {
    ($($(#[$doc:meta])* $name:ident = $mime:literal, $extension:literal;)+) => {
        /// The kinds of files that the vault takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MimeType {
            $($(#[$doc])* $name,)+
        }

        impl MimeType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The MIME type without parameters.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $mime,)+ }
            }

            /// The usual extension, dot included.
            pub const fn extension(self) -> &'static str {
                match self { $(Self::$name => $extension,)+ }
            }
        }
    };
}

mime_types! {
    /// PDF.
    Pdf = "application/pdf", ".pdf";
    /// Plain text.
    Text = "text/plain", ".txt";
    /// Markdown.
    Markdown = "text/markdown", ".md";
    /// Comma-separated values.
    Csv = "text/csv", ".csv";
    /// A web page.
    Html = "text/html", ".html";
    /// Rich Text Format.
    Rtf = "application/rtf", ".rtf";
    /// An e-mail (RFC 5322).
    Eml = "message/rfc822", ".eml";
    /// An e-mail saved by Outlook.
    Msg = "application/vnd.ms-outlook", ".msg";
    /// Word.
    Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx";
    /// Excel.
    Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx";
    /// PowerPoint.
    Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx";
    /// OpenDocument text.
    Odt = "application/vnd.oasis.opendocument.text", ".odt";
    /// OpenDocument spreadsheet.
    Ods = "application/vnd.oasis.opendocument.spreadsheet", ".ods";
    /// OpenDocument presentation.
    Odp = "application/vnd.oasis.opendocument.presentation", ".odp";
    /// PNG.
    Png = "image/png", ".png";
    /// JPEG.
    Jpeg = "image/jpeg", ".jpg";
    /// TIFF.
    Tiff = "image/tiff", ".tiff";
    /// WebP.
    Webp = "image/webp", ".webp";
    /// GIF.
    Gif = "image/gif", ".gif";
    /// HEIC.
    Heic = "image/heic", ".heic";
    /// A ZIP archive.
    Zip = "application/zip", ".zip";
}

impl MimeType {
    /// From the MIME type without parameters.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mime| mime.as_str() == text)
    }

    /// Whether a browser may show it in the page: kinds that cannot carry script.
    pub const fn is_safe_inline(self) -> bool {
        matches!(
            self,
            Self::Pdf
                | Self::Text
                | Self::Markdown
                | Self::Csv
                | Self::Png
                | Self::Jpeg
                | Self::Webp
                | Self::Gif
        )
    }

    /// Plain text in one form or another.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Csv)
    }
}

impl fmt::Display for MimeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for MimeType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MimeType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("unknown MIME type"))
    }
}
