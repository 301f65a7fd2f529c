//! The font for scripts that the fonts on board lack: Chinese, Japanese, Korean.
//!
//! It is a file of the system. A confined child opens nothing, so the file is opened before the walls
//! stand and read once a page asks for it, which few do.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hayro_interpret::FontResolverFn;
use hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro_interpret::hayro_cmap::CidFamily;

/// The argument that names the file.
pub(crate) const ARGUMENT: &str = "--fallback-font=";

/// Fonts of this kind have up to 30 MB.
const MAX_FONT_BYTES: u64 = 64 * 1024 * 1024;

/// The font, if there is one.
#[derive(Clone, Default)]
pub(super) struct FallbackFont(Arc<Source>);

#[derive(Default)]
struct Source {
    file: Mutex<Option<File>>,
    data: OnceLock<Option<FontData>>,
}

impl FallbackFont {
    /// Opens the font that the arguments of a child name. Without one, or with one that is not
    /// there, such scripts are drawn as the fonts on board can.
    pub(super) fn open(mut args: impl Iterator<Item = OsString>) -> Self {
        let path = args.find_map(|arg| Some(arg.to_str()?.strip_prefix(ARGUMENT)?.to_owned()));
        Self::of(path.and_then(|path| File::open(path).ok()))
    }

    fn of(file: Option<File>) -> Self {
        Self(Arc::new(Source {
            file: Mutex::new(file),
            data: OnceLock::new(),
        }))
    }

    /// Finds fonts that a PDF does not bring along: this one for the public collections of Chinese,
    /// Japanese and Korean, the fonts on board for everything else.
    pub(super) fn resolver(&self) -> FontResolverFn {
        let source = self.0.clone();
        Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => source
                .font_for(query)
                .or_else(|| Some(query.pick_standard_font().get_font_data())),
        })
    }
}

impl Source {
    fn font_for(&self, query: &FallbackFontQuery) -> Option<(FontData, u32)> {
        let face = face(&query.character_collection.as_ref()?.family)?;
        let font = self.data.get_or_init(|| self.read()).clone()?;
        if faces((*font).as_ref()) >= FACES {
            Some((font, face))
        } else if face == KOREAN {
            // Fonts of few faces lack Hangul, and wrong characters are worse than none.
            None
        } else {
            Some((font, 0))
        }
    }

    fn read(&self) -> Option<FontData> {
        let file = self
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()?;
        let mut bytes = Vec::new();
        file.take(MAX_FONT_BYTES).read_to_end(&mut bytes).ok()?;
        Some(Arc::new(bytes))
    }
}

/// So many faces has a font file with one for each collection.
const FACES: u32 = 4;
const KOREAN: u32 = 1;

/// The face for a collection, in the order of the files that have one for each (Noto, Source Han).
fn face(family: &CidFamily) -> Option<u32> {
    match family {
        CidFamily::AdobeJapan1 => Some(0),
        CidFamily::AdobeKorea1 => Some(KOREAN),
        CidFamily::AdobeGB1 => Some(2),
        CidFamily::AdobeCNS1 => Some(3),
        CidFamily::AdobeIdentity | CidFamily::Custom { .. } => None,
    }
}

/// How many faces a font file has.
fn faces(font: &[u8]) -> u32 {
    match font {
        [b't', b't', b'c', b'f', _, _, _, _, a, b, c, d, ..] => {
            u32::from_be_bytes([*a, *b, *c, *d])
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use hayro_interpret::hayro_cmap::CharacterCollection;

    use super::*;

    fn font(header: &[u8]) -> FallbackFont {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(header).unwrap();
        let argument = format!("{ARGUMENT}{}", file.path().display());
        FallbackFont::open([OsString::from("extract"), argument.into()].into_iter())
    }

    fn ask(font: &FallbackFont, family: Option<CidFamily>) -> (Vec<u8>, u32) {
        let character_collection = family.map(|family| CharacterCollection {
            family,
            supplement: 0,
        });
        let query = FontQuery::Fallback(FallbackFontQuery {
            character_collection,
            ..FallbackFontQuery::default()
        });
        let (data, face) = font.resolver()(&query).unwrap();
        ((*data).as_ref().to_vec(), face)
    }

    #[test]
    fn public_collections_get_their_face_and_others_the_fonts_on_board() {
        let collection = b"ttcf\0\x02\0\0\0\0\0\x05 and so on";
        let many = font(collection);
        let faces = [
            (CidFamily::AdobeJapan1, 0),
            (CidFamily::AdobeKorea1, 1),
            (CidFamily::AdobeGB1, 2),
            (CidFamily::AdobeCNS1, 3),
        ];
        for (family, face) in faces {
            assert_eq!(ask(&many, Some(family)), (collection.to_vec(), face));
        }
        let on_board = ask(&FallbackFont::default(), None);
        let single = font(b"\0\x01\0\0 one face");
        let japanese = ask(&single, Some(CidFamily::AdobeJapan1));
        assert_eq!(japanese, (b"\0\x01\0\0 one face".to_vec(), 0));
        assert_eq!(ask(&single, Some(CidFamily::AdobeKorea1)), on_board);
        assert_eq!(ask(&many, None), on_board);
        assert_eq!(ask(&many, Some(CidFamily::AdobeIdentity)), on_board);
    }

    #[test]
    fn without_the_font_there_are_the_fonts_on_board() {
        let on_board = ask(&FallbackFont::default(), None);
        let absent = OsString::from(format!("{ARGUMENT}/nonexistent"));
        let absent = FallbackFont::open([absent].into_iter());
        assert_eq!(ask(&absent, Some(CidFamily::AdobeGB1)), on_board);
    }
}
