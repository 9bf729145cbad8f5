//! The mail draft, read again as a mail program reads it.

use chrono::NaiveDate;
use mailparse::MailHeaderMap;
use torimatome::render::letters::Draft;

#[test]
fn a_draft_is_a_mail_that_another_reader_understands() {
    let name = "【要修正】実施計画シート（市民課・とても長い名前のファイルでも切れない）.xlsx";
    let draft = Draft {
        to: Some("shimin@example.lg.jp\r\nBcc: x@example.com"),
        from: None,
        subject: "【依頼】行政改革実施計画の報告内容の確認について（市民活動推進課）",
        date: NaiveDate::from_ymd_opt(2025, 4, 8).expect("a day"),
        text: "こんにちは。\n髙﨑𠮷",
        attachments: vec![(name, "application/octet-stream", b"abc")],
    };
    let bytes = draft.bytes();
    assert_eq!(bytes, draft.bytes());
    let text = String::from_utf8(bytes.clone()).expect("only ASCII");
    assert!(text.is_ascii() && text.lines().all(|l| l.len() <= 110), "{text}");
    assert!(!text.contains("\r\nBcc:"));
    assert!(text.contains("Date: Tue, 8 Apr 2025 09:00:00 +0900"));
    let mail = mailparse::parse_mail(&bytes).expect("a mail");
    assert_eq!(mail.headers.get_first_value("Subject").as_deref(), Some(draft.subject));
    assert_eq!(mail.subparts[0].get_body().expect("a text"), "こんにちは。\r\n髙﨑𠮷");
    assert_eq!(mail.subparts[1].get_content_disposition().params.get("filename").map(String::as_str), Some(name));
    assert_eq!(mail.subparts[1].get_body_raw().expect("bytes"), b"abc");
}
