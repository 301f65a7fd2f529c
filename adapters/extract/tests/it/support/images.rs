//! Images of our own making, and what the tests see of thumbnails that came back.

use std::io::Cursor;

use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::{Reading, TextExtractor};
use docuvault_extract::ChildExtractor;
use image::{DynamicImage, ImageFormat, Rgba};
use lopdf::{Dictionary, Stream};

use super::source;

pub(crate) const RED: [u8; 3] = [255, 0, 0];
pub(crate) const BLUE: [u8; 3] = [0, 0, 255];
pub(crate) const WHITE: [u8; 3] = [255, 255, 255];

/// The file of an image.
pub(crate) fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red with one blue quarter: the upper left one.
pub(crate) fn marked_corner(width: u32, height: u32) -> DynamicImage {
    let pixel = |x, y| {
        let [r, g, b] = if x < width / 2 && y < height / 2 {
            BLUE
        } else {
            RED
        };
        Rgba([r, g, b, 255])
    };
    let image = image::RgbaImage::from_fn(width, height, pixel);
    DynamicImage::from(image)
}

/// A JPEG that says in its Exif data how it is to be turned (1 to 8).
pub(crate) fn turned_jpeg(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = file(&image.to_rgb8().into(), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, &exif, &plain[2..]].concat()
}

/// A PNG that claims to have these pixels, eight bits of red, green and blue each, and has none.
pub(crate) fn claimed_png(width: u32, height: u32) -> Vec<u8> {
    png(width, height, [8, 2], b"")
}

/// A PNG of so many black pixels, a bit each.
pub(crate) fn grey_png(width: u32, height: u32) -> Vec<u8> {
    let row = 1 + width.div_ceil(8) as usize;
    let mut pixels = Stream::new(Dictionary::new(), vec![0; row * height as usize]);
    pixels.compress().unwrap();
    png(width, height, [1, 0], &pixels.content)
}

fn png(width: u32, height: u32, depth_and_color: [u8; 2], pixels: &[u8]) -> Vec<u8> {
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend(depth_and_color);
    head.extend([0; 3]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", &head[..]), (b"IDAT", pixels), (b"IEND", b"")] {
        let chunk = [name, content].concat();
        file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        file.extend(&chunk);
        file.extend(crc32(&chunk).to_be_bytes());
    }
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

/// Reads a document, its thumbnail included.
pub(crate) async fn extract_with_thumbnail(
    extractor: &ChildExtractor,
    mime: MimeType,
    bytes: &[u8],
) -> Reading {
    let mut source = source(mime, bytes);
    source.thumbnail = true;
    extractor.extract(source).await.unwrap()
}

/// The thumbnail that came with a reading.
#[track_caller]
pub(crate) fn decoded_thumbnail(reading: &Reading) -> Option<DecodedThumbnail> {
    let webp = &reading.thumbnail.as_ref()?.webp;
    let image = image::load_from_memory_with_format(webp, ImageFormat::WebP).unwrap();
    Some(DecodedThumbnail(image))
}

#[derive(Debug)]
pub(crate) struct DecodedThumbnail(DynamicImage);

impl DecodedThumbnail {
    /// Width and height in pixels.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.0.width(), self.0.height())
    }

    /// The colour at a point given as fractions of width and height.
    pub(crate) fn at(&self, x: f32, y: f32) -> [u8; 3] {
        let image = self.0.to_rgb8();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "thumbnails are small"
        )]
        let index = |part: f32, length: u32| (part * length as f32) as u32;
        let pixel = image.get_pixel(index(x, image.width()), index(y, image.height()));
        pixel.0
    }

    /// The colours in the middle of the quarters: upper left, upper right, lower left, lower right.
    pub(crate) fn quarters(&self) -> [[u8; 3]; 4] {
        [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)].map(|(x, y)| self.at(x, y))
    }
}

/// Whether two colours look the same: JPEG does not keep them exactly.
pub(crate) fn alike(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 24)
}
