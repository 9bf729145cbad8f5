//! PDF: read back from the real bytes.

mod reader;

use crate::layout::trees;
use reader::Reader;
use torimatome::form::tree::*;
use torimatome::layout::font::Fonts;
use torimatome::layout::{Context, Page, set};
use torimatome::render::pdf::{About, write};

fn about() -> About {
    About { title: "会議資料（案）".to_owned(), author: "みどり市".to_owned(), date: chrono::NaiveDate::from_ymd_opt(2024, 4, 1).unwrap() }
}

/// A small packet: contents, a sheet that runs on, another sheet.
fn packet(fonts: &Fonts) -> Vec<Page> {
    let numbers = |name: &str| Some(name.trim_start_matches("sheet:").to_owned());
    let contents = trees::contents(&[("1 窓口アンケート", "sheet:1"), ("2 𠮷田\u{E0100}葛\u{E0101}城・か\u{3099}く\u{E000}", "sheet:1")]);
    let mut pages = set(&contents, fonts, &Context { pages_of: Some(&numbers), ..Context::default() }).0;
    let fit = Fit::OnePage { min_size: 8.0 };
    for (first, length) in [(12, 300), (13, 3500), (14, 200)] {
        let mut tree = trees::sheet("窓口アンケートの実施", &trees::prose(length), fit);
        tree.blocks.insert(0, trees::anchor(&format!("chapter:{first}"), "第1章", 1));
        pages.extend(set(&tree, fonts, &Context { first: Some(first), branch: true, ..Context::default() }).0);
    }
    pages
}

fn bytes(pages: &[Page], fonts: &Fonts) -> Vec<u8> {
    write(&pages.iter().collect::<Vec<_>>(), &about(), fonts).unwrap()
}

#[test]
fn the_text_of_the_bytes_is_the_text_of_the_layout() {
    let fonts = Fonts::default();
    let pages = packet(&fonts);
    let reader = Reader::new(&bytes(&pages, &fonts));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("packet.pdf");
    std::fs::write(path, bytes(&pages, &fonts)).unwrap();
    assert_eq!(reader.pages(), pages.len());
    for (i, page) in pages.iter().enumerate() {
        assert_eq!(reader.text(i), page.text().replace('\n', ""), "page {i}");
        let (width, height) = reader.size(i);
        assert!((width - 595.28).abs() < 0.01 && (height - 841.89).abs() < 0.01);
    }
}

#[test]
fn fonts_are_embedded_subsets() {
    let fonts = Fonts::default();
    let bytes = bytes(&packet(&fonts), &fonts);
    let names = Reader::new(&bytes).fonts();
    assert!(names.iter().all(|(name, embedded)| *embedded && name.as_bytes()[6] == b'+'), "{names:?}");
    assert!(names.iter().any(|(name, _)| name.ends_with("BIZUDGothic-Regular")));
    assert!(names.iter().any(|(name, _)| name.ends_with("NotoSansCJKjp-Regular")));
    assert!(bytes.len() < 200_000, "{}", bytes.len());
}

#[test]
fn outline_labels_language_title_and_links() {
    let fonts = Fonts::default();
    let reader = Reader::new(&bytes(&packet(&fonts), &fonts));
    assert_eq!(reader.outline(), ["1 第1章", "2 窓口アンケートの実施", "1 第1章", "2 窓口アンケートの実施", "1 第1章", "2 窓口アンケートの実施"]);
    assert_eq!(reader.labels(), ["", "12", "13", "13-2", "14"]);
    assert_eq!(reader.catalog("Lang"), "ja-JP");
    assert_eq!(reader.info("Title"), "会議資料（案）");
    assert_eq!(reader.info("Author"), "みどり市");
    assert_eq!(reader.info("CreationDate"), "D:20240401000000+09'00'");
    assert_eq!(reader.links(0), 2);
}

#[test]
fn the_same_pages_give_the_same_bytes_with_one_thread_and_two() {
    let fonts = Fonts::default();
    let pages = packet(&fonts);
    let with = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| bytes(&pages, &fonts));
    let first = with(1);
    assert_eq!(first, with(2));
    assert_eq!(first, bytes(&packet(&Fonts::default()), &fonts));
}

#[test]
fn pages_without_text_are_pages_too() {
    let fonts = Fonts::default();
    let blank = Page { width: 210.0, height: 297.0, ..Page::default() };
    let reader = Reader::new(&bytes(&[blank.clone(), blank], &fonts));
    assert_eq!(reader.pages(), 2);
    assert_eq!(reader.text(1), "");
}

#[test]
fn a_document_without_pages_is_refused_or_empty_but_no_panic() {
    let _ = write(&[], &about(), &Fonts::default());
}
