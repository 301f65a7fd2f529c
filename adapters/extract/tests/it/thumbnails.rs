//! Thumbnails, made by real children; and children that misbehave after the text.

use std::io::Write;
use std::time::Duration;

use crate::support::images::{
    BLUE, RED, WHITE, alike, claimed_png, decoded_thumbnail, extract_with_thumbnail, file,
    grey_png, marked_corner, turned_jpeg,
};
use crate::support::{config, extractor, pdf, source};
use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::{ExtractError, TextExtractor};
use docuvault_extract::ChildExtractor;
use hayro_interpret::font::StandardFont;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use lopdf::Object;
use tokio::runtime::Handle;

const SQUARES: &str = "1 0 0 rg 0 0 595 842 re f 0 0 1 rg 0 421 297.5 421 re f \
                       BT /F1 12 Tf 72 100 Td (words) Tj ET";

#[tokio::test]
async fn the_first_page_is_drawn_beside_its_text() {
    let bytes = pdf::draw(&[SQUARES, "0 1 0 rg 0 0 595 842 re f"]);
    let reading = extract_with_thumbnail(&extractor("read"), MimeType::Pdf, &bytes).await;
    assert_eq!(reading.pages, ["words", ""]);
    assert!(!reading.no_reader);
    let thumbnail = decoded_thumbnail(&reading).unwrap();
    assert_eq!(thumbnail.size(), (283, 400));
    assert_eq!(thumbnail.quarters(), [BLUE, RED, RED, RED]);
    // to the very edges
    assert_eq!(thumbnail.at(0.0, 0.0), BLUE);
    assert_eq!(thumbnail.at(0.999, 0.999), RED);
}

#[tokio::test]
async fn nothing_is_drawn_unless_it_is_asked_for() {
    let bytes = pdf::draw(&[SQUARES]);
    let reading = extractor("read")
        .extract(source(MimeType::Pdf, &bytes))
        .await;
    assert_eq!(reading.unwrap().thumbnail, None);
    let text = extract_with_thumbnail(&extractor("read"), MimeType::Text, b"words").await;
    assert_eq!((text.thumbnail, text.no_reader), (None, false));
}

#[tokio::test]
async fn a_page_is_rotated_and_cropped_as_its_dictionary_says() {
    let extractor = extractor("read");
    for (rotate, expected) in [
        (90, [RED, BLUE, RED, RED]),
        (180, [RED, RED, RED, BLUE]),
        (270, [RED, RED, BLUE, RED]),
    ] {
        let bytes = pdf::with_page(SQUARES, |page| page.set("Rotate", rotate));
        let thumbnail =
            decoded_thumbnail(&extract_with_thumbnail(&extractor, MimeType::Pdf, &bytes).await)
                .unwrap();
        assert_eq!(thumbnail.quarters(), expected, "turned by {rotate}");
        let upright = rotate == 180;
        assert_eq!(
            thumbnail.size(),
            if upright { (283, 400) } else { (400, 283) }
        );
    }
    // A strip across the border of the two colours, and beyond the page, where there is nothing.
    let strip = vec![0.into(), 371.into(), 297.into(), 471.into()];
    let bytes = pdf::with_page(SQUARES, |page| page.set("CropBox", strip));
    let thumbnail =
        decoded_thumbnail(&extract_with_thumbnail(&extractor, MimeType::Pdf, &bytes).await)
            .unwrap();
    assert_eq!(thumbnail.size(), (400, 135));
    assert_eq!(thumbnail.quarters(), [BLUE, BLUE, RED, RED]);
}

#[tokio::test]
async fn an_empty_page_is_white() {
    let reading =
        extract_with_thumbnail(&extractor("read"), MimeType::Pdf, &pdf::build(&[""])).await;
    assert_eq!(decoded_thumbnail(&reading).unwrap().quarters(), [WHITE; 4]);
}

#[tokio::test]
async fn images_of_every_kind_that_can_be_decoded_are_shrunk() {
    let extractor = extractor("read");
    let image = marked_corner(800, 600);
    let opaque = DynamicImage::from(image.to_rgb8());
    let deep = DynamicImage::from(image.to_rgb16());
    for (mime, bytes) in [
        (MimeType::Png, file(&image, ImageFormat::Png)),
        (MimeType::Png, file(&deep, ImageFormat::Png)),
        (MimeType::Jpeg, file(&opaque, ImageFormat::Jpeg)),
        (MimeType::Tiff, file(&opaque, ImageFormat::Tiff)),
        (MimeType::Webp, file(&image, ImageFormat::WebP)),
        (MimeType::Gif, file(&image, ImageFormat::Gif)),
    ] {
        let reading = extract_with_thumbnail(&extractor, mime, &bytes).await;
        assert!(reading.no_reader, "no text comes of images");
        assert_eq!(reading.pages, [""; 0]);
        let thumbnail = decoded_thumbnail(&reading).unwrap();
        assert_eq!(thumbnail.size(), (400, 300), "{mime}");
        let expected = [BLUE, RED, RED, RED];
        let found = thumbnail.quarters();
        let close = found.iter().zip(expected).all(|(a, b)| alike(*a, b));
        assert!(close, "{mime}: {found:?}");
    }
}

#[tokio::test]
async fn images_are_turned_upright_and_never_enlarged() {
    let extractor = extractor("read");
    let image = marked_corner(80, 40);
    for (orientation, corner) in [
        (1, 0),
        (2, 1),
        (3, 3),
        (4, 2),
        (5, 0),
        (6, 1),
        (7, 3),
        (8, 2),
    ] {
        let bytes = turned_jpeg(&image, orientation);
        let thumbnail =
            decoded_thumbnail(&extract_with_thumbnail(&extractor, MimeType::Jpeg, &bytes).await)
                .unwrap();
        let lies = orientation < 5;
        assert_eq!(thumbnail.size(), if lies { (80, 40) } else { (40, 80) });
        let found = thumbnail.quarters();
        for (index, color) in found.into_iter().enumerate() {
            let expected = if index == corner { BLUE } else { RED };
            assert!(alike(color, expected), "{orientation}: {found:?}");
        }
    }
}

#[tokio::test]
async fn transparent_pixels_are_laid_on_white() {
    let extractor = extractor("read");
    // Nothing of a colour that cannot be seen may shine through, at the borders neither.
    let pixel = |x, _| {
        if x < 400 {
            Rgba([0, 0, 0, 0])
        } else {
            Rgba([255, 0, 0, 255])
        }
    };
    let image = DynamicImage::from(RgbaImage::from_fn(800, 800, pixel));
    for (mime, format) in [
        (MimeType::Png, ImageFormat::Png),
        (MimeType::Webp, ImageFormat::WebP),
        (MimeType::Gif, ImageFormat::Gif),
    ] {
        let reading = extract_with_thumbnail(&extractor, mime, &file(&image, format)).await;
        let thumbnail = decoded_thumbnail(&reading).unwrap();
        assert_eq!(thumbnail.quarters(), [WHITE, RED, WHITE, RED], "{mime}");
        for step in 0_u8..100 {
            let [red, _, _] = thumbnail.at(f32::from(step) / 100.0, 0.5);
            assert!(red > 250, "{mime}: dark at {step}");
        }
    }
}

#[tokio::test]
async fn kinds_without_a_thumbnail_start_no_child() {
    let config = docuvault_extract::ExtractConfig::new("/nonexistent", ["x"]);
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    for mime in [MimeType::Heic, MimeType::Docx, MimeType::Zip] {
        let mut source = source(mime, b"x");
        source.thumbnail = true;
        let outcome = extractor.extract(source).await;
        assert!(matches!(outcome, Err(ExtractError::Unsupported)), "{mime}");
    }
}

#[tokio::test]
async fn images_that_are_damaged_or_too_large_have_no_thumbnail() {
    let whole = file(&marked_corner(800, 600), ImageFormat::Png);
    let mut jpeg = file(&DynamicImage::new_rgb8(16, 16), ImageFormat::Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == b"\xff\xc0")
        .unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let mut gif = file(&DynamicImage::new_rgb8(16, 16), ImageFormat::Gif);
    gif[6..10].fill(0xff);
    let extractor = extractor("read");
    for (mime, bytes) in [
        (MimeType::Png, claimed_png(60_000, 60_000)),
        (MimeType::Png, claimed_png(u32::MAX >> 1, u32::MAX >> 1)),
        (MimeType::Png, grey_png(10_001, 10_000)),
        (MimeType::Png, whole[..40].to_vec()),
        (MimeType::Png, b"\x89PNG\r\n\x1a\n".to_vec()),
        (MimeType::Jpeg, jpeg),
        (MimeType::Jpeg, b"\xff\xd8\xff\xe0".to_vec()),
        (MimeType::Gif, gif),
        (MimeType::Webp, b"RIFF\x20\0\0\0WEBPVP8X".to_vec()),
        (MimeType::Tiff, b"II*\0\x08\0\0\0\xff\xff".to_vec()),
        (MimeType::Tiff, Vec::new()),
    ] {
        let reading = extract_with_thumbnail(&extractor, mime, &bytes).await;
        assert_eq!(reading.thumbnail, None, "{mime}");
        assert!(reading.no_reader);
    }
}

#[tokio::test]
async fn the_largest_images_have_a_thumbnail() {
    let mut config = config("read");
    config.limits.cpu_seconds = 20;
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    let reading =
        extract_with_thumbnail(&extractor, MimeType::Png, &grey_png(10_000, 10_000)).await;
    assert_eq!(decoded_thumbnail(&reading).unwrap().size(), (400, 400));
}

#[tokio::test]
async fn what_takes_more_memory_than_a_child_has_loses_only_the_thumbnail() {
    let extractor = extractor("read");
    // 243 MB once decoded, in a child that may have 256
    let large = file(&DynamicImage::new_rgb8(9_000, 9_000), ImageFormat::Png);
    let reading = extract_with_thumbnail(&extractor, MimeType::Png, &large).await;
    assert_eq!(reading.thumbnail, None);

    let flood = pdf::with_image(30_000, 30_000, "BT /F1 12 Tf 72 700 Td (words) Tj ET");
    let reading = extract_with_thumbnail(&extractor, MimeType::Pdf, &flood).await;
    assert_eq!(reading.pages, ["words"]);
}

#[tokio::test]
async fn pages_without_measure_are_drawn_small_or_not_at_all() {
    let extractor = extractor("read");
    for (width, height) in [
        ("1000000000", "1000000000"),
        ("1000000000", "1"),
        ("0.0001", "1000000"),
        ("0", "0"),
        ("-500", "-300"),
        ("99999999999999999999999999999999999999999999999", "1"),
    ] {
        let bytes = pdf::with_page(SQUARES, |page| {
            let number = |text: &str| Object::Real(text.parse().unwrap());
            let corner = [Object::from(0), 0.into(), number(width), number(height)];
            page.set("MediaBox", corner.to_vec());
        });
        let reading = extract_with_thumbnail(&extractor, MimeType::Pdf, &bytes).await;
        assert_eq!(reading.pages.len(), 1);
        if let Some(thumbnail) = decoded_thumbnail(&reading) {
            let (width, height) = thumbnail.size();
            assert!(width <= 400 && height <= 400, "{width} x {height}");
        }
    }
}

#[tokio::test]
async fn drawing_without_end_loses_only_the_thumbnail() {
    // Forms that draw each other ten times over: quickly gone through, but each of the ten thousand
    // fills a page with a shade of its own on a group of its own.
    let bytes = pdf::costly_drawing();
    let mut config = config("read");
    config.thumbnail_wall_clock = Duration::from_millis(200);
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    let reading = extract_with_thumbnail(&extractor, MimeType::Pdf, &bytes).await;
    assert_eq!(reading.pages, ["words"]);
    assert_eq!(reading.thumbnail, None);
}

#[tokio::test]
async fn children_that_misbehave_after_the_text_lose_only_the_thumbnail() {
    for mode in [
        "thumbnail-none",
        "thumbnail-spin",
        "thumbnail-panic",
        "thumbnail-memory",
        "thumbnail-another-page",
        "thumbnail-too-large",
        "thumbnail-half",
        "thumbnail-html",
        "thumbnail-empty",
        "thumbnail-and-more",
    ] {
        let reading = extract_with_thumbnail(&extractor(mode), MimeType::Pdf, b"x").await;
        assert_eq!(reading.pages, ["the text"], "{mode}");
        assert_eq!(reading.thumbnail, None, "{mode}");
    }
}

#[tokio::test]
async fn a_font_of_the_system_stands_in_for_chinese_and_japanese() {
    // Any font will do to see that a confined child gets at it.
    let mut font = tempfile::NamedTempFile::new().unwrap();
    let (data, _) = StandardFont::CourierBold.get_font_data();
    font.write_all((*data).as_ref()).unwrap();
    let bytes = pdf::without_its_font("STSong-Light", "UniGB-UCS2-H", "GB1", "HAMBURG");
    let plain = extract_with_thumbnail(&extractor("read"), MimeType::Pdf, &bytes).await;
    let mut config = config("read");
    config.fallback_font = Some(font.path().to_owned());
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    let reading = extract_with_thumbnail(&extractor, MimeType::Pdf, &bytes).await;
    assert_eq!(reading.pages, plain.pages);
    assert!(reading.thumbnail.is_some());
    assert_ne!(reading.thumbnail, plain.thumbnail);
}
