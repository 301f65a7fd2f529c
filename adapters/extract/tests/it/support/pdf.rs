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

/// One page with this content stream, and what `change` does to it.
pub(crate) fn with_page(content: &str, change: impl FnOnce(&mut Dictionary)) -> Vec<u8> {
    let mut document = assemble([content.as_bytes().to_vec()].into_iter());
    let page = document.get_pages()[&1];
    change(document.get_dictionary_mut(page).unwrap());
    save(document)
}

/// One page that draws an image of so many black pixels, and then `content`.
pub(crate) fn with_image(width: u32, height: u32, content: &str) -> Vec<u8> {
    let content = format!("q 500 0 0 500 0 0 cm /I Do Q {content}");
    let mut document = assemble([content.into_bytes()].into_iter());
    let pixels = vec![0; 1 << 20];
    let mut image = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(width),
            "Height" => i64::from(height), "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8,
        },
        pixels,
    );
    image.compress().unwrap();
    let image = document.add_object(image);
    let resources = resources(&mut document);
    resources.set("XObject", dictionary! { "I" => image });
    save(document)
}

/// One page that says "words" and draws ten thousand transparent groups, each as large as the page.
pub(crate) fn costly_drawing() -> Vec<u8> {
    let content = "BT /F1 12 Tf 72 700 Td (words) Tj ET /X Do";
    let mut document = assemble([content.as_bytes().to_vec()].into_iter());
    let form = |content: String, inner: Dictionary| {
        let dictionary = dictionary! {
            "Type" => "XObject", "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "Group" => dictionary! { "S" => "Transparency", "I" => true },
            "Resources" => inner,
        };
        Stream::new(dictionary, content.into_bytes())
    };
    let shade = dictionary! { "Type" => "ExtGState", "ca" => 0.01, "BM" => "Luminosity" };
    let shade = document.add_object(shade);
    let mut below = document.add_object(form(
        "/G gs 1 0 0 rg 0 0 595 842 re f 0 0 m 595 842 l 0 842 l f".to_owned(),
        dictionary! { "ExtGState" => dictionary! { "G" => shade } },
    ));
    for _ in 0..4 {
        below = document.add_object(form(
            "/G gs ".to_owned() + &"/X Do ".repeat(10),
            dictionary! {
                "XObject" => dictionary! { "X" => below },
                "ExtGState" => dictionary! { "G" => shade },
            },
        ));
    }
    let resources = resources(&mut document);
    resources.set("XObject", dictionary! { "X" => below });
    save(document)
}

/// One page that says `text` in a font that is numbered in a public collection and not in the file.
pub(crate) fn without_its_font(name: &str, encoding: &str, ordering: &str, text: &str) -> Vec<u8> {
    let bytes = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let codes = Object::String(bytes, lopdf::StringFormat::Hexadecimal);
    let operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F2".into(), 90.into()]),
        Operation::new("Td", vec![40.into(), 400.into()]),
        Operation::new("Tj", vec![codes]),
        Operation::new("ET", vec![]),
    ];
    let content = Content { operations }.encode().unwrap();
    let mut document = assemble([content].into_iter());
    let descriptor = document.add_object(dictionary! {
        "Type" => "FontDescriptor", "FontName" => name, "Flags" => 4, "ItalicAngle" => 0,
        "Ascent" => 800, "Descent" => -200, "CapHeight" => 700, "StemV" => 80,
        "FontBBox" => vec![0.into(), (-200).into(), 1000.into(), 900.into()],
    });
    let descendant = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => name, "DW" => 1000,
        "FontDescriptor" => descriptor,
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal(ordering), "Supplement" => 2,
        },
    });
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => name, "Encoding" => encoding,
        "DescendantFonts" => vec![descendant.into()],
    });
    let resources = resources(&mut document);
    resources.set("Font", dictionary! { "F2" => font });
    save(document)
}

/// What the pages of a document share.
fn resources(document: &mut Document) -> &mut Dictionary {
    let page = document.get_pages()[&1];
    let tree = document.get_dictionary(page).unwrap().get(b"Parent");
    let tree = tree.and_then(Object::as_reference).unwrap();
    let resources = document.get_dictionary(tree).unwrap().get(b"Resources");
    let resources = resources.and_then(Object::as_reference).unwrap();
    document.get_dictionary_mut(resources).unwrap()
}
