//! Fonts of the system for scripts that the fonts on board lack.

use std::path::{Path, PathBuf};

/// Where distributions put fonts that have Chinese, Japanese and Korean, the best first.
const CJK_FONT_PATHS: &[&str] = &[
    // Debian, Ubuntu: fonts-noto-cjk
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    // Arch, Alpine
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
    // Fedora, openSUSE
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/NotoSansCJK-Regular.ttc",
    // smaller ones without Korean: fonts-droid-fallback, fonts-wqy-microhei
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc",
];

/// The first font for Chinese, Japanese and Korean that this system has.
pub fn system_fallback_font() -> Option<PathBuf> {
    let mut paths = CJK_FONT_PATHS.iter().map(Path::new);
    paths.find(|path| path.is_file()).map(Path::to_owned)
}
