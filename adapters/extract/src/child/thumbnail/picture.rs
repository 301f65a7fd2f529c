//! An image, shrunk.

use std::io::Cursor;

use docuvault_domain::documents::MimeType;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::EDGE;
use super::bitmap::{Bitmap, fit, on_white};

/// Larger images are not decoded. A page of A3 scanned at 600 dots an inch has 70 million pixels.
const MAX_PIXELS: u64 = 100_000_000;
/// Images that take more memory once decoded are not.
const MAX_DECODED_BYTES: u64 = 400 * 1024 * 1024;

/// The format that decodes this kind of file, `None` where nothing does.
pub(super) const fn format(mime: MimeType) -> Option<ImageFormat> {
    match mime {
        MimeType::Png => Some(ImageFormat::Png),
        MimeType::Jpeg => Some(ImageFormat::Jpeg),
        MimeType::Tiff => Some(ImageFormat::Tiff),
        MimeType::Webp => Some(ImageFormat::WebP),
        MimeType::Gif => Some(ImageFormat::Gif),
        _ => None,
    }
}

/// The image (of several the first) on white, upright as its Exif data say, its longer edge at most
/// [`EDGE`] pixels. `None` for what cannot be decoded, or takes too much to decode.
pub(super) fn shrink(bytes: &[u8], mime: MimeType) -> Option<Bitmap> {
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format(mime)?)
        .into_decoder()
        .ok()?;
    // asked of the header, before there is memory for any pixel
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS
        || decoder.total_bytes() > MAX_DECODED_BYTES
    {
        return None;
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    decoder.set_limits(limits).ok()?;
    let orientation = decoder.orientation().ok();
    let image = DynamicImage::from_decoder(decoder).ok()?;
    let (width, height) = fit(width.into(), height.into(), EDGE, 1.0)?;
    let mut small = resize(&image, width, height)?;
    drop(image);
    if let Some(orientation) = orientation {
        small.apply_orientation(orientation);
    }
    Some(flatten(&small))
}

fn resize(image: &DynamicImage, width: u32, height: u32) -> Option<DynamicImage> {
    let mut small = DynamicImage::new(width, height, image.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize(image, &mut small, &options).ok()?;
    Some(small)
}

fn flatten(image: &DynamicImage) -> Bitmap {
    let pixels = image.to_rgba8();
    let laid = pixels.pixels().flat_map(|pixel| {
        let [r, g, b, alpha] = pixel.0;
        [r, g, b].map(|value| on_white(value, alpha))
    });
    Bitmap {
        width: pixels.width(),
        height: pixels.height(),
        rgb: laid.collect(),
    }
}
