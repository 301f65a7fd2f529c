use docuvault_domain::documents::MimeType::{self, *};
use docuvault_domain::ports::ContentTypes;

use super::Detector;

fn detect(head: &[u8], filename: &str) -> Option<MimeType> {
    Detector.detect(head, filename)
}

/// An entry of an archive, stored as it is.
fn entry(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend([0; 4]);
    bytes.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    bytes.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    bytes.extend([0; 2]);
    bytes.extend(name.as_bytes());
    bytes.extend(content);
    bytes
}

fn archive(names: &[&str]) -> Vec<u8> {
    names
        .iter()
        .flat_map(|name| entry(name, b"<xml/>"))
        .collect()
}

fn open_document(mime: &str) -> Vec<u8> {
    [
        entry("mimetype", mime.as_bytes()),
        entry("content.xml", b"<x/>"),
    ]
    .concat()
}

fn compound_file(stream: &str) -> Vec<u8> {
    let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&super::container::OLE, &[0; 504][..], &name[..], &[0; 100]].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn padded(magic: &[u8]) -> Vec<u8> {
    [magic, &[0; 64]].concat()
}

#[test]
fn signatures_decide_whatever_the_name() {
    let ftyp = padded(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    let cases: &[(&[u8], MimeType)] = &[
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Pdf),
        (br"{\rtf1\ansi Hello}", Rtf),
        (&padded(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Png),
        (&padded(b"\xff\xd8\xff\xe0\0\x10JFIF"), Jpeg),
        (&padded(b"GIF89a"), Gif),
        (&padded(b"II*\0\x08\0\0\0"), Tiff),
        (&padded(b"MM\0*\0\0\0\x08"), Tiff),
        (&padded(b"RIFF\x10\0\0\0WEBPVP8 "), Webp),
        (&ftyp, Heic),
        (&archive(&["readme.txt"]), Zip),
        (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", Zip),
        (
            &archive(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]),
            Docx,
        ),
        (
            &archive(&["_rels/.rels", "docProps/app.xml", "xl/workbook.xml"]),
            Xlsx,
        ),
        (
            &archive(&["[Content_Types].xml", "ppt/presentation.xml"]),
            Pptx,
        ),
        (
            &open_document("application/vnd.oasis.opendocument.text"),
            Odt,
        ),
        (
            &open_document("application/vnd.oasis.opendocument.spreadsheet"),
            Ods,
        ),
        (
            &open_document("application/vnd.oasis.opendocument.presentation"),
            Odp,
        ),
        (
            &open_document("application/vnd.oasis.opendocument.text-template"),
            Zip,
        ),
        (&open_document("application/epub+zip"), Zip),
        (&compound_file("__properties_version1.0"), Msg),
        (&compound_file("__substg1.0_0037001F"), Msg),
    ];
    for (head, mime) in cases {
        for filename in ["x", "x.txt", "x.pdf", "x.exe"] {
            assert_eq!(detect(head, filename), Some(*mime), "{filename}");
        }
    }
}

#[test]
fn unsupported_signatures_are_refused() {
    let cases: &[&[u8]] = &[
        &padded(b"\x7fELF\x02\x01\x01"),
        &padded(b"MZ\x90\0\x03\0\0\0"),
        &padded(b"\x1f\x8b\x08\0"),
        &padded(b"7z\xbc\xaf\x27\x1c"),
        &padded(b"\0\0\0\x18ftypisom"),
        &padded(b"ID3\x03\0\0"),
        &padded(b"SQLite format 3\0"),
        &compound_file("WordDocument"),
        &[0; 100],
        b"binary\0with text",
        &[0x80, 0x01, 0x02, 0x90],
    ];
    for head in cases {
        assert_eq!(detect(head, "x.pdf"), None, "{head:?}");
        assert_eq!(detect(head, "x.txt"), None, "{head:?}");
    }
}

#[test]
fn the_extension_decides_among_text_kinds() {
    for (filename, mime) in [
        ("notes.txt", Text),
        ("notes", Text),
        ("notes.md", Markdown),
        ("NOTES.MARKDOWN", Markdown),
        ("table.csv", Csv),
        ("picture.png", Text),
        ("script.sh", Text),
        ("page.html", Text),
        ("paper.pdf", Text),
    ] {
        assert_eq!(detect(b"a,b\n1,2\n", filename), Some(mime), "{filename}");
    }
}

#[test]
fn text_is_detected_in_every_encoding() {
    for head in [
        "Grüße aus Łódź".as_bytes(),
        b"Gr\xfc\xdfe aus K\xf6ln, 20 \x80",
        &[&[0xff, 0xfe], &utf16("Grüße")[..]].concat(),
        &utf16("Grüße aus Köln"),
        b"\xef\xbb\xbfwith a mark",
        b"BM, MZ and ID3 begin pictures, programs and songs",
        b"\x1b[1mbold\x1b[0m in a terminal",
        b"",
    ] {
        assert_eq!(detect(head, "x.txt"), Some(Text), "{head:?}");
    }
}

#[test]
fn html_is_detected_by_its_first_tag() {
    for head in [
        "<!DOCTYPE html><title>x</title>",
        "\u{feff}\n  <HTML lang=de>",
        "<!-- made by hand -->\n<!-- twice --><html>",
        "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\">",
        "<script>alert(1)</script>",
        "<div>half a page</div>",
    ] {
        assert_eq!(detect(head.as_bytes(), "x.txt"), Some(Html), "{head}");
        assert_eq!(
            detect(&utf16(&format!("\u{feff}{head}")), "x"),
            Some(Html),
            "{head}"
        );
    }
    assert_eq!(
        detect(b"<div align=center>\n# Title", "README.md"),
        Some(Markdown)
    );
    assert_eq!(detect(b"<!doctype html>", "README.md"), Some(Html));
    for head in [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        "<?xml version=\"1.0\"?><svg/>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
        "<address-book/>",
        "<!-- a comment without end",
        "a < b",
    ] {
        assert_eq!(detect(head.as_bytes(), "x.svg"), Some(Text), "{head}");
    }
}

#[test]
fn mail_is_detected_by_its_header_fields() {
    let mail = "Return-Path: <a@example.org>\r\nReceived: from a\r\n\tby b; Mon\r\n\
                Subject: =?utf-8?q?x?=\r\n\r\nHello: you\r\nnot a field";
    assert_eq!(detect(mail.as_bytes(), "x.txt"), Some(Eml));
    let cut = "From: a\nTo: b\nDate: c\nX-Long-Field";
    assert_eq!(detect(cut.as_bytes(), "x"), Some(Eml));
    for text in [
        "To: all\nPlease note: the office is closed.\n",
        "From: a\nTo: b\nDate: c\nand no field here\nat all\n",
        "name: x\nversion: 1\nlicense: y\n",
        " From: a\nTo: b\nDate: c\n",
    ] {
        assert_eq!(detect(text.as_bytes(), "x"), Some(Text), "{text}");
    }
}

#[test]
fn the_first_match_decides() {
    let pdf = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n";
    let both = |start: &[u8]| [start, pdf.as_bytes()].concat();
    assert_eq!(detect(&both(b""), "x"), Some(Pdf));
    assert_eq!(detect(&both(b"\n\x1b%-12345X@PJL\n"), "x"), Some(Pdf));
    assert_eq!(detect(&both(b"\0\x01\x02"), "x"), Some(Pdf));
    assert_eq!(detect(&both(b"<html><!--"), "x.pdf"), Some(Html));
    let binary = [&both(b"<html><body></body></html>")[..], b"\x01\0\x02"].concat();
    assert_eq!(detect(&binary, "x.pdf"), Some(Pdf));
    assert_eq!(detect(&both(b"GIF89a/*"), "x.pdf"), Some(Gif));
    assert_eq!(detect(&both(&archive(&["a"])), "x.pdf"), Some(Zip));
    assert_eq!(detect(&both(b"MZ\x90\0\x03\0\0\0"), "x.pdf"), None);
    assert_eq!(
        detect(&[pdf.as_bytes(), b"<html>PK\x03\x04"].concat(), "x.html"),
        Some(Pdf)
    );
    assert_eq!(detect(&both(&[b' '; 2000]), "x.pdf"), Some(Text));
    assert_eq!(
        detect(b"Every such file begins with %PDF-1.4, they say.", "x"),
        Some(Text)
    );
}

#[test]
fn extensions_help_where_the_head_is_too_short() {
    let office = [
        entry("[Content_Types].xml", b"x"),
        entry("docProps/thumbnail.jpeg", &[b'x'; 8000]),
    ]
    .concat();
    assert_eq!(detect(&office[..8000], "a.docx"), Some(Docx));
    assert_eq!(detect(&office[..8000], "a.XLSX"), Some(Xlsx));
    assert_eq!(detect(&office[..8000], "a.zip"), Some(Zip));
    assert_eq!(detect(&archive(&["a.txt"]), "a.docx"), Some(Zip));
    assert_eq!(detect(&compound_file("Root Entry"), "a.msg"), Some(Msg));
}

#[test]
fn every_cut_of_every_kind_is_survived() {
    let heads = [
        archive(&["[Content_Types].xml", "word/document.xml"]),
        compound_file("__substg1.0_"),
        utf16("<html>Grüße"),
        b"\n%PDF-1.4\n1 0 obj".to_vec(),
        b"<!-- <?xml From: a".to_vec(),
        "äöü€".as_bytes().to_vec(),
    ];
    for head in &heads {
        for end in 0..=head.len() {
            detect(&head[..end], "x");
        }
    }
}
