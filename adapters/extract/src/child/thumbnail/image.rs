//! An image, shrunk.

use std::io::Cursor;

use docuvault_domain::documents::MimeType;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Pixel};

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
    let mut small = resize(image, width, height)?;
    if let Some(orientation) = orientation {
        small.apply_orientation(orientation);
    }
    Some(flatten(&small))
}

/// Eight bits a channel, grey or coloured, with opacity or without: other images become one of these.
fn resize(image: DynamicImage, width: u32, height: u32) -> Option<DynamicImage> {
    Some(match image {
        DynamicImage::ImageLuma8(grey) => scale::<U8, _>(&grey, width, height)?.into(),
        image if image.color().has_alpha() => {
            scale::<U8x4, _>(&image.into_rgba8(), width, height)?.into()
        }
        image => scale::<U8x3, _>(&image.into_rgb8(), width, height)?.into(),
    })
}

/// `P` is the same pixel as `Q`, by the name that the resizer has for it.
fn scale<P: PixelTrait, Q: Pixel<Subpixel = u8>>(
    image: &ImageBuffer<Q, Vec<u8>>,
    width: u32,
    height: u32,
) -> Option<ImageBuffer<Q, Vec<u8>>> {
    let mut small = ImageBuffer::<Q, _>::new(width, height);
    let from = TypedImageRef::<P>::from_buffer(image.width(), image.height(), image).ok()?;
    let mut to = TypedImage::<P>::from_buffer(width, height, &mut small).ok()?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize_typed(&from, &mut to, &options).ok()?;
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
