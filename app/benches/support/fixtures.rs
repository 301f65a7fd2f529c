use docuvault_testkit::builders::pdf;

const PARAGRAPH: &str = "Dear Sir or Madam,\nthank you for your letter of last week. We are glad to \
    confirm the agreement\nabout the delivery of goods, and will send the invoice within thirty \
    days.\nYours sincerely\n";

/// About 2 KB of text, different for each `n`.
pub(crate) fn text(n: usize) -> Vec<u8> {
    format!("Letter number {n}\n\n{}", PARAGRAPH.repeat(9)).into_bytes()
}

/// Three pages of about 2 KB each.
pub(crate) fn three_pages(n: usize) -> Vec<u8> {
    let page = |page: usize| format!("Letter {n}, page {page}\n{}", PARAGRAPH.repeat(9));
    let pages = [page(1), page(2), page(3)];
    pdf(&pages.each_ref().map(String::as_str))
}

/// Text of this size.
pub(crate) fn text_of(bytes: usize) -> Vec<u8> {
    PARAGRAPH.bytes().cycle().take(bytes).collect()
}
