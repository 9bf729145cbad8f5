//! The walk of docs/forms.md: an invented city's form, from a folder of text files to the packet, reading included.

use rust_xlsxwriter::{Format, Workbook};
use std::path::{Path, PathBuf};
use torimatome::finding::Lang;
use torimatome::plan::Job;
use torimatome::{Options, Quiet, run};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/form/sixth-city")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

/// A department's answer, laid out like the form, with a row put in above.
fn answer(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let merged = Format::new().set_text_wrap();
    sheet.write(0, 0, "提出日：令和7年4月20日").unwrap();
    for (row, label, text) in [
        (4, "事業名", "窓口の待ち時間の短縮"),
        (5, "事業の目的", "窓口の混雑を和らげ、来庁者の負担を減らす。"),
        (8, "令和6年度の取組実績", "予約制を始め、平均待ち時間は14分となりました。"),
        (9, "達　成　度", "◎"),
        (10, "令和7年度の方針", "予約できる手続を増やします。"),
    ] {
        sheet.write(row, 0, label).unwrap();
        sheet.merge_range(row, 1, row, 3, text, &merged).unwrap();
    }
    for (row, column, text) in [(3, 0, "番号"), (3, 1, "1"), (3, 2, "担当課"), (3, 3, "企画課"), (6, 0, "年度"), (7, 0, "年度目標")] {
        sheet.write(row, column, text).unwrap();
    }
    for (n, (year, goal)) in
        [("令和6年度", "平均待ち時間：15分以下"), ("令和7年度", "平均待ち時間：12分以下"), ("令和8年度", "平均待ち時間：10分以下")]
            .into_iter()
            .enumerate()
    {
        let column = u16::try_from(n).unwrap() + 1;
        sheet.write(6, column, year).unwrap();
        sheet.write(7, column, goal).unwrap();
    }
    book.save(path).unwrap();
}

#[test]
fn the_walk_in_the_documentation_is_this_very_form() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/forms.md")).unwrap();
    for file in ["torimatome.toml", "plan.json", "templates/shinko/form.toml", "templates/shinko/sheet.xml", "templates/shinko/contents.xml"] {
        let text = std::fs::read_to_string(source().join(file)).unwrap();
        assert!(docs.contains(text.trim_end()), "docs/forms.md does not show {file} as it is");
    }
    assert_eq!(torimatome::form::check(&source().join("templates/shinko")), []);
}

#[test]
fn a_sixth_city_runs_from_workbook_to_packet() {
    let folder = tempfile::tempdir().unwrap();
    copy(&source(), folder.path());
    std::fs::create_dir_all(folder.path().join("input")).unwrap();
    answer(&folder.path().join("input").join("企画課.xlsx"));
    let job = Job::of_folder(folder.path()).unwrap().remove(0);
    let options = Options { date: chrono::NaiveDate::from_ymd_opt(2025, 5, 1).unwrap(), lang: Lang::Ja, write: false };
    let outcome = run(&job, &options, &Quiet).unwrap();
    let value = |key: &str| outcome.settled.initiatives[0].fields.get(key).map(|f| f.value.clone());
    assert_eq!(value("report").as_deref(), Some("予約制を始め、平均待ち時間は14分となりました。"));
    assert_eq!(value("grade").as_deref(), Some("◎"));
    assert_eq!(value("policy").as_deref(), Some("予約できる手続を増やします。"));
    let missing: Vec<_> = outcome.settled.findings.iter().filter(|f| f.rule.code == "R301").map(|f| f.department.as_deref()).collect();
    assert_eq!(missing, [Some("子育て支援課")]);
    let result = outcome.result();
    let pages = result["pages"].as_array().unwrap();
    assert_eq!((pages.len(), pages[0]["first_page"].as_u64()), (2, Some(2)));
}
