//! Pixels in memory.

/// Opaque pixels, row by row from the top, three bytes each: red, green, blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bitmap {
    /// In pixels, at least 1.
    pub(super) width: u32,
    /// In pixels, at least 1.
    pub(super) height: u32,
    /// `3 * width * height` bytes.
    pub(super) rgb: Vec<u8>,
}

impl Bitmap {
    /// Whether red, green and blue are the same everywhere.
    pub(super) fn is_grey(&self) -> bool {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        pixels.iter().all(|[r, g, b]| r == g && g == b)
    }
}

/// One byte of a pixel with the opacity `alpha`, laid on white.
pub(super) fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    // at most 255 * 255, so that the quotient is a byte
    let laid = (value * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(laid).unwrap_or(u8::MAX)
}

/// `width` and `height` shrunk, or grown by `most` at most, until the longer one is `edge`. Whole
/// pixels, at least one each way. `None` for what is no size.
pub(super) fn fit(width: f64, height: f64, edge: u32, most: f64) -> Option<(u32, u32)> {
    let long = width.max(height);
    if !(width > 0.0 && height > 0.0 && long.is_finite()) {
        return None;
    }
    let scale = (f64::from(edge) / long).min(most);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let pixels = |length: f64| (length * scale).round().clamp(1.0, f64::from(edge)) as u32;
    Some((pixels(width), pixels(height)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_their_shape_and_never_vanish() {
        assert_eq!(fit(595.0, 842.0, 400, 4.0), Some((283, 400)));
        assert_eq!(fit(842.0, 595.0, 400, 4.0), Some((400, 283)));
        assert_eq!(fit(10.0, 10.0, 400, 4.0), Some((40, 40)), "grown by four");
        assert_eq!(fit(100.0, 50.0, 400, 1.0), Some((100, 50)), "never grown");
        assert_eq!(fit(1e9, 1.0, 400, 1.0), Some((400, 1)));
        for (width, height) in [
            (0.0, 1.0),
            (f64::NAN, 1.0),
            (1.0, f64::INFINITY),
            (-1.0, 2.0),
        ] {
            assert_eq!(fit(width, height, 400, 1.0), None);
        }
    }

    #[test]
    fn what_is_see_through_becomes_white() {
        assert_eq!(on_white(0, 255), 0);
        assert_eq!(on_white(0, 0), 255);
        assert_eq!(on_white(200, 0), 255);
        assert_eq!(on_white(0, 128), 127);
        assert_eq!(on_white(255, 77), 255);
    }
}
