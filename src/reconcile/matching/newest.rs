//! Newest: which of two files counts when a department sent twice, and by what evidence.
//!
//! In: two submissions. Out: which is newer, with the reason in words.
//! Stays true: the mail's date decides, else a mark in the name, else the workbook's own time, else the file's; without evidence nothing is decided.

use crate::finding::Text;
use crate::intake::Intake;
use crate::value::fold;
use chrono::NaiveDateTime;
use std::cmp::Ordering;

/// Compares two submissions: `Greater` if the first is newer. `None` if nothing tells.
pub(super) fn compare(intake: &Intake, a: usize, b: usize) -> Option<(Ordering, Text)> {
    let (x, y) = (intake.submissions.get(a)?, intake.submissions.get(b)?);
    if let Some(order) = by_time(x.sent_at, y.sent_at) {
        let times = newer_first(x.sent_at, y.sent_at);
        return Some((order, Text::new(format!("メールの送信日時（{times}）"), format!("the date of the mail ({times})"))));
    }
    let (m, n) = (revision(&x.file), revision(&y.file));
    if m != n {
        let file = if m > n { &x.file } else { &y.file };
        return Some((m.cmp(&n), Text::new(format!("ファイル名の表示（{file}）"), format!("the mark in the file name ({file})"))));
    }
    if let Some(order) = by_date_in_name(&x.file, &y.file) {
        let file = if order == Ordering::Greater { &x.file } else { &y.file };
        return Some((order, Text::new(format!("ファイル名の日付（{file}）"), format!("the date in the file name ({file})"))));
    }
    let own = |i: usize| intake.modified.get(i).copied().flatten();
    if let Some(order) = by_time(own(a), own(b)) {
        let times = newer_first(own(a), own(b));
        return Some((order, Text::new(format!("ブックの最終保存日時（{times}）"), format!("when the workbook was last saved ({times})"))));
    }
    let order = by_time(x.file_time, y.file_time)?;
    let times = newer_first(x.file_time, y.file_time);
    Some((order, Text::new(format!("ファイルの更新日時（{times}）"), format!("the time of the file ({times})"))))
}

fn by_time(a: Option<NaiveDateTime>, b: Option<NaiveDateTime>) -> Option<Ordering> {
    let order = a?.cmp(&b?);
    (order != Ordering::Equal).then_some(order)
}

fn newer_first(a: Option<NaiveDateTime>, b: Option<NaiveDateTime>) -> String {
    let show = |t: Option<NaiveDateTime>| t.map(|t| t.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let (new, old) = if a > b { (a, b) } else { (b, a) };
    format!("{} > {}", show(new), show(old))
}

/// How strongly a file name says that it replaces another: 0 for a plain name, less for an old copy.
pub(super) fn revision(file: &str) -> i64 {
    let base = file.rsplit(['/', '!']).next().unwrap_or(file);
    let stem = base.rsplit_once('.').map_or(base, |(s, _)| s);
    let folded = fold(stem).to_lowercase();
    let mut rank = 0;
    for (words, weight) in [
        (&["修正", "訂正", "差替", "差し替", "さしかえ", "再提出", "再送", "改訂", "更新版", "正誤"][..], 1_000_000),
        (&["再修正", "再訂正", "再差替", "再改訂", "再再提出", "再々"][..], 100_000),
        (&["再再修正", "再々修正", "再再訂正", "再々訂正", "再再提出", "再々提出"][..], 100_000),
        (&["最終", "確定", "final", "最新", "完成"][..], 2_000_000),
        (&["修正前", "訂正前", "旧版", "_旧", "(旧)", "【旧】", "_old", "(old)", "差替前", "取消"][..], -9_000_000),
    ] {
        if words.iter().any(|w| folded.contains(w)) {
            rank += weight;
        }
    }
    rank + counted(&folded)
}

/// Two names that are the same but for one date (`_0415`, `20250415`): the later one is newer.
fn by_date_in_name(a: &str, b: &str) -> Option<Ordering> {
    let parts = |file: &str| -> (String, Vec<String>) {
        let base = fold(file.rsplit(['/', '!']).next().unwrap_or(file));
        let digits = |c: char| c.is_ascii_digit();
        let numbers = base.split(|c| !digits(c)).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        (base.split(digits).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\u{0}"), numbers)
    };
    let ((words_a, numbers_a), (words_b, numbers_b)) = (parts(a), parts(b));
    if words_a != words_b || numbers_a.len() != numbers_b.len() {
        return None;
    }
    let mut differ = numbers_a.iter().zip(&numbers_b).filter(|(x, y)| x != y);
    let (x, y) = differ.next()?;
    let day = |n: &str| match n.len() {
        4 | 6 | 8 => {
            let (month, day) = n[n.len() - 4..].split_at(2);
            matches!((month.parse(), day.parse()), (Ok(1u32..=12), Ok(1u32..=31)))
        }
        _ => false,
    };
    (differ.next().is_none() && x.len() == y.len() && day(x) && day(y)).then(|| x.cmp(y))
}

/// The number of a version: `(2)`, `v2`, `v1.10`, `ver.3`, `第2版`, `修正版2`, `再提出3`.
fn counted(folded: &str) -> i64 {
    let chars: Vec<char> = folded.chars().collect();
    let mut best = 0;
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let read =
            |from: usize, to: usize| -> i64 { if to - from <= 2 { chars[from..to].iter().collect::<String>().parse().unwrap_or(0) } else { 0 } };
        let number = read(at, end) * 100;
        let head: String = chars[..at].iter().collect();
        let bracketed = head.ends_with('(') && chars.get(end) == Some(&')') && end + 1 == chars.len();
        let version = ["ver.", "ver", "rev.", "rev"].iter().any(|p| head.ends_with(p)) || short_v(&head);
        let edition = head.ends_with('第') && matches!(chars.get(end), Some('版' | '稿' | '回' | '報'));
        let repeated =
            ["修正版", "修正", "訂正版", "訂正", "再提出", "差替", "再送", "改訂版", "最終版", "最終", "final"].iter().any(|p| head.ends_with(p));
        let minor = if version && chars.get(end) == Some(&'.') { end + 1 } else { end };
        let minor_end = minor + chars[minor..].iter().take_while(|c| minor > end && c.is_ascii_digit()).count();
        if bracketed || version || edition || repeated {
            best = best.max(number + read(minor, minor_end));
        }
        at = end.max(minor_end);
    }
    best
}

/// A `v` that begins a word: `_v2`, ` v2`, not `tv2`.
fn short_v(head: &str) -> bool {
    head.strip_suffix("v.").or_else(|| head.strip_suffix('v')).is_some_and(|h| h.chars().last().is_none_or(|c| !c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Submission;

    #[test]
    fn marks_in_names_rank() {
        let plain = revision("R6実施計画シート_保険課.xlsx");
        for newer in [
            "【修正版】R6実施計画シート_保険課.xlsx",
            "R6実施計画シート_保険課_final.xlsx",
            "R6実施計画シート_保険課 (2).xlsx",
            "R6実施計画シート_保険課（差替）.xlsx",
            "R6実施計画シート_保険課_再提出.xlsx",
            "R6実施計画シート_保険課_v2.xlsx",
            "最終_R6実施計画シート_保険課.xlsx",
            "R6実施計画シート_保険課_訂正.xlsx",
            "R6実施計画シート_保険課 第2版.xlsx",
        ] {
            assert!(revision(newer) > plain, "{newer}");
        }
        assert_eq!(revision("03_保険課(R3実績).xlsx"), 0);
        assert!(revision("保険課_修正版2.xlsx") > revision("保険課_修正版.xlsx"));
        assert!(revision("保険課（再修正）.xlsx") > revision("保険課（修正）.xlsx"));
        assert!(revision("保険課（再々修正）.xlsx") > revision("保険課（再修正）.xlsx"));
        assert!(revision("保険課_修正.xlsx") > revision("保険課 (20).xlsx"));
        assert!(revision("保険課_v1.10.xlsx") > revision("保険課_v1.9.xlsx"));
        assert!(revision("保険課_v2.xlsx") > revision("保険課_v1.10.xlsx"));
        assert!(revision("保険課_修正前.xlsx") < plain);
    }

    #[test]
    fn a_date_in_the_name_tells_where_nothing_else_differs() {
        let newer = |a: &str, b: &str| by_date_in_name(a, b);
        assert_eq!(newer("R6調書_保険課_0415.xlsx", "R6調書_保険課_0401.xlsx"), Some(Ordering::Greater));
        assert_eq!(newer("20250401保険課.xlsx", "20250415保険課.xlsx"), Some(Ordering::Less));
        for (a, b) in [("保険課_0415.xlsx", "介護課_0401.xlsx"), ("保険課_1.xlsx", "保険課_2.xlsx"), ("保険課_9901.xlsx", "保険課_9902.xlsx")]
        {
            assert_eq!(newer(a, b), None, "{a}");
        }
    }

    #[test]
    fn the_mail_decides_before_the_name() {
        let time = |d: &str| format!("{d}T09:00:00").parse().ok();
        let file = |name: &str, sent: Option<&str>| Submission { file: name.into(), sent_at: sent.and_then(time), ..Submission::default() };
        let intake = Intake {
            submissions: vec![file("a_final.xlsx", Some("2025-04-01")), file("a.xlsx", Some("2025-04-02")), file("b.xlsx", None)],
            modified: vec![None, time("2025-04-05"), time("2025-04-04")],
            ..Intake::default()
        };
        assert_eq!(compare(&intake, 0, 1).map(|(o, _)| o), Some(Ordering::Less));
        assert_eq!(compare(&intake, 0, 2).map(|(o, _)| o), Some(Ordering::Greater));
        assert_eq!(
            compare(&intake, 1, 2).map(|(o, t)| (o, t.ja)),
            Some((Ordering::Greater, "ブックの最終保存日時（2025-04-05 09:00 > 2025-04-04 09:00）".into()))
        );
        assert_eq!(compare(&intake, 2, 2), None);
    }
}
