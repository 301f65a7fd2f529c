//! WebP, without loss: what writes it with loss in Rust alone is either young or not free to use.

use image_webp::{ColorType, WebPEncoder};

use super::bitmap::Bitmap;
use crate::limits::MAX_THUMBNAIL_BYTES;

/// `bitmap` as a WebP file of at most [`MAX_THUMBNAIL_BYTES`].
pub(super) fn encode(bitmap: &Bitmap) -> Option<Vec<u8>> {
    let grey: Vec<u8>;
    let (pixels, color) = if bitmap.is_grey() {
        grey = bitmap.rgb.iter().copied().step_by(3).collect();
        (&grey, ColorType::L8)
    } else {
        (&bitmap.rgb, ColorType::Rgb8)
    };
    let mut file = Vec::new();
    let encoder = WebPEncoder::new(&mut file);
    let written = encoder.encode(pixels, bitmap.width, bitmap.height, color);
    (written.is_ok() && file.len() <= MAX_THUMBNAIL_BYTES).then_some(file)
}
