use std::collections::HashSet;
use std::time::Duration;

use docuvault_crypto::TotpFactor;
use docuvault_domain::Timestamp;
use docuvault_domain::accounts::RecoveryCode;
use docuvault_domain::ports::SecondFactor;

/// The secret of RFC 6238, appendix B.
const SECRET: &[u8] = b"12345678901234567890";

/// Times and codes of RFC 6238, appendix B for SHA-1: the last six of eight digits.
const VECTORS: [(i64, &str); 6] = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
];

fn factor() -> TotpFactor {
    TotpFactor::new("DocuVault")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

#[test]
fn the_vectors_of_the_standard() {
    for (seconds, code) in VECTORS {
        let step = u64::try_from(seconds / 30).unwrap();
        assert_eq!(factor().matches(SECRET, code, at(seconds)), Some(step));
    }
}

#[test]
fn one_step_early_or_late() {
    // The code of step 41,152,263, which begins at 1,234,567,890.
    let (begins, code) = VECTORS[3];
    let matched = |seconds| factor().matches(SECRET, code, at(seconds));
    let step = Some(41_152_263);
    assert_eq!(matched(begins - 31), None);
    assert_eq!(matched(begins - 30), step);
    assert_eq!(matched(begins), step);
    assert_eq!(matched(begins + 29), step);
    assert_eq!(matched(begins + 59), step);
    assert_eq!(matched(begins + 60), None);
    let last = at(begins + 60).minus(Duration::from_micros(1));
    assert_eq!(factor().matches(SECRET, code, last), step);
}

#[test]
fn what_is_no_code() {
    for wrong in [
        "",
        "0",
        "28708",
        "2870820",
        "94287082",
        " 287082",
        "287 082",
        "28708x",
        "+28708",
        "-28708",
        "287083",
        "٢٨٧٠٨٢",
    ] {
        assert_eq!(factor().matches(SECRET, wrong, at(59)), None, "{wrong}");
    }
    for secret in [b"".as_slice(), b"short", b"12345678901234567891"] {
        assert_eq!(factor().matches(secret, "287082", at(59)), None);
    }
    assert_eq!(factor().matches(SECRET, "287082", at(-59)), None);
}

#[test]
fn setting_up() {
    let enrolment = factor().enrolment(SECRET, "ada@example.org").unwrap();
    assert_eq!(enrolment.secret_base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(
        enrolment.otpauth_url,
        "otpauth://totp/DocuVault:ada%40example.org\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=DocuVault"
    );
    assert_eq!(format!("{enrolment:?}"), "***");
    assert!(factor().enrolment(SECRET, "").is_err());
    assert!(factor().enrolment(SECRET, "ada:example").is_err());
    assert!(factor().enrolment(b"short", "ada").is_err());
    // The longest address that there is.
    let longest = "a".repeat(254);
    assert!(factor().enrolment(SECRET, &longest).is_ok());
}

#[test]
fn the_picture_is_safe_to_show() {
    // Nothing of a name reaches the picture but as black and white.
    for account in ["ada@example.org", "<script>alert(1)</script>", "\"onload=x"] {
        let svg = factor().enrolment(SECRET, account).unwrap().qr_svg;
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        assert!(svg.ends_with("</svg>"));
        let elements: Vec<_> = svg
            .split('<')
            .skip(1)
            .map(|it| it.split([' ', '>']).next().unwrap())
            .collect();
        assert_eq!(elements, ["svg", "rect", "path", "/svg"]);
        let names: HashSet<_> = svg
            .split("=\"")
            .map(|it| it.rsplit(' ').next().unwrap())
            .filter(|it| !it.contains('>'))
            .collect();
        let allowed = [
            "xmlns",
            "version",
            "width",
            "height",
            "viewBox",
            "shape-rendering",
            "x",
            "y",
            "fill",
            "d",
        ];
        assert_eq!(names, HashSet::from(allowed));
    }
}

#[test]
fn a_camera_reads_the_picture() {
    for account in ["ada", "ada@example.org", &"a".repeat(254)] {
        let enrolment = factor().enrolment(SECRET, account).unwrap();
        let (size, pixels) = painted(&enrolment.qr_svg);
        let grey = |x, y| if pixels[y * size + x] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(size, size, grey);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        let (meta, text) = grids[0].decode().unwrap();
        assert_eq!(text, enrolment.otpauth_url);

        // ISO/IEC 18004, 9.1: four modules of quiet on each side.
        let modules = meta.version.to_size();
        let module = size / (modules + 8);
        assert_eq!(size, module * (modules + 8));
        let dark: Vec<_> = (0..size * size).filter(|&at| pixels[at]).collect();
        let quiet = |place: usize| (4 * module..size - 4 * module).contains(&place);
        assert!(dark.iter().all(|at| quiet(at / size) && quiet(at % size)));
    }
}

/// The width of the picture, and where it is black. Reads rectangles as `qrcode` writes them.
fn painted(svg: &str) -> (usize, Vec<bool>) {
    let attribute = |name: &str| {
        let (_, rest) = svg.rsplit_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0
    };
    let size: usize = attribute("width").parse().unwrap();
    let mut pixels = vec![false; size * size];
    for rectangle in attribute("d").split('M').skip(1) {
        let numbers: Vec<usize> = rectangle
            .split([' ', 'h', 'v', 'H', 'V'])
            .map(|it| it.parse().unwrap())
            .collect();
        let [x, y, width, height, ..] = numbers[..] else {
            panic!("{rectangle}");
        };
        for row in y..y + height {
            pixels[row * size + x..row * size + x + width].fill(true);
        }
    }
    (size, pixels)
}

#[test]
fn secrets_and_recovery_codes_are_new_each_time() {
    let secrets: HashSet<_> = (0..100).map(|_| factor().new_secret()).collect();
    assert_eq!(secrets.len(), 100);
    assert!(secrets.iter().all(|secret| secret.len() == 20));

    let codes: HashSet<_> = (0..100).flat_map(|_| factor().recovery_codes()).collect();
    assert_eq!(codes.len(), 1_000);
    for code in codes {
        assert_eq!(RecoveryCode::parse(&code.display()), Some(code));
    }
}
