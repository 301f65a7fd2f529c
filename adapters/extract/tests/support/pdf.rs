//! PDFs of our own making.

use lopdf::content::{Content, Operation};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions,
    Stream, dictionary, text_string,
};

/// One page for each text.
pub(crate) fn build(texts: &[&str]) -> Vec<u8> {
    save(document(texts))
}

/// One page that says "Secret page", encrypted with `password` for its readers.
pub(crate) fn encrypted(password: &str) -> Vec<u8> {
    let mut document = document(&["Secret page"]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    save(document)
}

/// One page for each content stream; its font is `F1`.
pub(crate) fn draw(contents: &[&str]) -> Vec<u8> {
    save(assemble(
        contents.iter().map(|content| content.as_bytes().to_vec()),
    ))
}

/// One page that says "Name:", with `annotations` on it and a field "above" that they may be under.
pub(crate) fn annotated(
    above: Dictionary,
    annotations: impl FnOnce(ObjectId) -> Vec<Dictionary>,
) -> Vec<u8> {
    let mut document = document(&["Name:"]);
    let above = document.add_object(above);
    let annotations: Vec<Object> = annotations(above)
        .into_iter()
        .map(|annotation| document.add_object(annotation).into())
        .collect();
    let page = document.get_pages()[&1];
    let page = document.get_dictionary_mut(page).unwrap();
    page.set("Annots", annotations);
    save(document)
}

fn document(texts: &[&str]) -> Document {
    assemble(texts.iter().map(|text| {
        let operations = vec![
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 12.into()]),
            Operation::new("Td", vec![72.into(), 700.into()]),
            Operation::new("Tj", vec![Object::string_literal(*text)]),
            Operation::new("ET", vec![]),
        ];
        Content { operations }.encode().unwrap()
    }))
}

fn assemble(contents: impl Iterator<Item = Vec<u8>>) -> Document {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = contents
        .map(|content| {
            let content = document.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let tree = dictionary! {
        "Type" => "Pages", "Count" => i64::try_from(kids.len()).unwrap(), "Kids" => kids,
        "Resources" => resources, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    let info = document.add_object(dictionary! {
        "Title" => text_string("Prüfbericht"),
        "Author" => text_string("A. Muster"),
        "CreationDate" => Object::string_literal("D:20240229120000+01'00'"),
    });
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    document
}

fn save(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
