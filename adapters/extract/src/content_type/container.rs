//! Kinds of files inside ZIP archives and OLE compound files.

use docuvault_domain::documents::MimeType;

use super::contains;

/// How an OLE compound file starts.
pub(super) const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What an archive holds, by the names of its first entries.
pub(super) fn zip(head: &[u8], extension: &str) -> MimeType {
    let mut office = false;
    for (name, content) in entries(head) {
        match name {
            b"mimetype" => return open_document(content).unwrap_or(MimeType::Zip),
            name if name.starts_with(b"word/") => return MimeType::Docx,
            name if name.starts_with(b"xl/") => return MimeType::Xlsx,
            name if name.starts_with(b"ppt/") => return MimeType::Pptx,
            b"[Content_Types].xml" | b"_rels/.rels" => office = true,
            _ => {}
        }
    }
    // a picture or properties may fill the head before the first telling name
    match extension {
        "docx" if office => MimeType::Docx,
        "xlsx" if office => MimeType::Xlsx,
        "pptx" if office => MimeType::Pptx,
        _ => MimeType::Zip,
    }
}

/// The names that the head tells, each with what follows it.
fn entries(head: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    const HEADER: usize = 30;
    head.windows(4)
        .enumerate()
        .filter(|(_, window)| window == b"PK\x03\x04")
        .filter_map(|(at, _)| {
            let header = head.get(at..at + HEADER)?;
            let name_length = usize::from(u16::from_le_bytes([header[26], header[27]]));
            let extra_length = usize::from(u16::from_le_bytes([header[28], header[29]]));
            let name = head.get(at + HEADER..at + HEADER + name_length)?;
            let content = head.get(at + HEADER + name_length + extra_length..)?;
            Some((name, content))
        })
}

fn open_document(mimetype: &[u8]) -> Option<MimeType> {
    [MimeType::Odt, MimeType::Ods, MimeType::Odp]
        .into_iter()
        .find(|mime| {
            // what follows the name of the type is the next entry; templates go on with a hyphen
            let rest = mimetype.strip_prefix(mime.as_str().as_bytes());
            rest.is_some_and(|rest| !rest.first().is_some_and(|byte| b"-.".contains(byte)))
        })
}

/// Whether a compound file is a mail of Outlook: it has streams named after properties. Their names
/// may stand beyond the head, then the extension says it.
pub(super) fn is_outlook(head: &[u8], extension: &str) -> bool {
    let named = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(head, &name)
    };
    named("__substg1.0_") || named("__properties_version1.0") || extension == "msg"
}
