//! Fonts for Chinese, Japanese and Korean that carry no table of characters, but say which of the
//! public collections their glyphs are numbered in.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use hayro_interpret::font::OutlineGlyph;
use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::hayro_syntax::object::dict::keys::{
    BASE_FONT, CIDSYSTEMINFO, DESCENDANT_FONTS, ENCODING, ORDERING, REGISTRY,
};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, String as PdfString};

/// The tables of the public collections that one document needs.
#[derive(Default)]
pub(super) struct Collections {
    tables: RefCell<HashMap<Vec<u8>, Option<Rc<CMap>>>>,
}

impl Collections {
    fn table(&self, name: CMapName<'_>) -> Option<Rc<CMap>> {
        let mut tables = self.tables.borrow_mut();
        let table = tables.entry(name.to_bytes().to_vec());
        let load = || CMap::parse(load_embedded(name)?, load_embedded).map(Rc::new);
        table.or_insert_with(load).clone()
    }
}

/// The fonts of one page that are numbered in a public collection, looked up when first asked for.
pub(super) struct CollectionFonts<'a> {
    collections: &'a Collections,
    fonts: &'a Dict<'a>,
    by_name: OnceCell<HashMap<String, CollectionFont>>,
}

struct CollectionFont {
    /// From codes to numbers, where they differ.
    encoding: Option<Rc<CMap>>,
    /// From numbers to characters.
    characters: Rc<CMap>,
}

impl<'a> CollectionFonts<'a> {
    pub(super) fn new(collections: &'a Collections, fonts: &'a Dict<'a>) -> Self {
        Self {
            collections,
            fonts,
            by_name: OnceCell::new(),
        }
    }

    /// What `glyph` says, if its font is numbered in a public collection.
    pub(super) fn text(&self, glyph: &OutlineGlyph) -> Option<BfString> {
        let name = glyph.font_data()?.postscript_name?;
        let font = self.by_name.get_or_init(|| self.look_up()).get(&name)?;
        let code = glyph.char_code();
        let number = match &font.encoding {
            None => code,
            Some(encoding) => (1..=4).find_map(|length| encoding.lookup_cid_code(code, length))?,
        };
        font.characters.lookup_bf_string(number)
    }

    fn look_up(&self) -> HashMap<String, CollectionFont> {
        let fonts = self.fonts.keys().filter_map(|key| {
            let font = self.fonts.get::<Dict<'_>>(key)?;
            let name = font.get::<Name<'_>>(BASE_FONT)?;
            Some((plain_name(name.as_str()).to_owned(), self.font(&font)?))
        });
        fonts.collect()
    }

    fn font(&self, font: &Dict<'_>) -> Option<CollectionFont> {
        let descendants = font.get::<Array<'_>>(DESCENDANT_FONTS)?;
        let descendant = descendants.iter::<Dict<'_>>().next()?;
        let info = descendant.get::<Dict<'_>>(CIDSYSTEMINFO)?;
        let registry = info.get::<PdfString<'_>>(REGISTRY)?;
        let ordering = info.get::<PdfString<'_>>(ORDERING)?;
        let family = CidFamily::from_registry_ordering(&registry, &ordering);
        let characters = self.collections.table(family.ucs2_cmap()?)?;
        let encoding = font.get::<Name<'_>>(ENCODING)?;
        let encoding = match CMapName::from_bytes(&encoding) {
            CMapName::IdentityH | CMapName::IdentityV => None,
            name => Some(self.collections.table(name)?),
        };
        Some(CollectionFont {
            encoding,
            characters,
        })
    }
}

/// The name of a font without the tag that marks it as a part of one: `ABCDEF+Name`.
fn plain_name(name: &str) -> &str {
    match name.split_once('+') {
        Some((tag, name)) if tag.len() == 6 => name,
        _ => name,
    }
}
