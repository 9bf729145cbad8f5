//! What comes out of mails and archives.

use super::make::{Member, b64, in_encoding, locked_zip, mail, msg, word, zip};
use torimatome::intake::Submission;
use torimatome::intake::collect::unpack;
use torimatome::workbook::Unreadable;

const WORKBOOK: &[u8] = b"a,b\n1,2\n";

fn open(name: &str, bytes: &[u8]) -> Vec<Submission> {
    unpack(Submission { file: name.into(), bytes: bytes.to_vec(), ..Default::default() }, &["r6plan".into(), "計画".into()])
}

fn names(files: &[Submission]) -> Vec<&str> {
    files.iter().map(|f| f.file.as_str()).collect()
}

fn headers() -> String {
    format!(
        "From: {} <kikaku@example.lg.jp>\r\nTo: gyokaku@example.lg.jp\r\nSubject: {}\r\nDate: Thu, 10 Apr 2025 08:54:48 +0000",
        word("企画課 山田", "iso-2022-jp"),
        word("【提出】実施計画シート", "iso-2022-jp")
    )
}

#[test]
fn an_attachment_brings_sender_subject_and_date() {
    let attachment =
        format!("Content-Type: text/csv; name=\"{0}\"\r\nContent-Disposition: attachment; filename=\"{0}\"", word("企画課①.csv", "iso-2022-jp"));
    let files = open("提出.eml", &mail(&headers(), "お世話になります。", &[(attachment, WORKBOOK.to_vec())]));
    assert_eq!(names(&files), ["提出.eml!企画課①.csv"]);
    let file = &files[0];
    assert_eq!(file.bytes, WORKBOOK);
    assert_eq!(file.sender.as_deref(), Some("企画課 山田 <kikaku@example.lg.jp>"));
    assert_eq!(file.subject.as_deref(), Some("【提出】実施計画シート"));
    assert_eq!(file.sent_at.unwrap().to_string(), "2025-04-10 17:54:48");
    assert!(file.problem.is_none());
}

#[test]
fn names_as_programs_write_them() {
    let raw = in_encoding("予算表ソ.csv", "shift_jis");
    let mut bytes = b"From: a@b\r\nSubject: ".to_vec();
    bytes.extend(in_encoding("件名㈱髙", "shift_jis"));
    bytes.extend(b"\r\nContent-Type: application/octet-stream; name=\"");
    bytes.extend(&raw);
    bytes.extend(b"\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    bytes.extend(b64(WORKBOOK).bytes());
    let files = open("a.eml", &bytes);
    assert_eq!(names(&files), ["a.eml!予算表ソ.csv"]);
    assert_eq!(files[0].subject.as_deref(), Some("件名㈱髙"));

    let pieces = "Content-Type: text/csv\r\nContent-Disposition: attachment;\r\n filename*0*=iso-2022-jp''%1B%24%42%34%6B;\r\n filename*1*=%32%68%32%5D%1B%28%42;\r\n filename*2=.csv";
    let files = open("b.eml", &mail(&headers(), "", &[(pieces.into(), WORKBOOK.to_vec())]));
    assert_eq!(names(&files), ["b.eml!企画課.csv"]);
}

#[test]
fn broken_base64_gives_what_is_whole() {
    let mut text = b64(WORKBOOK);
    text.insert_str(3, "\r\n*!");
    let body = format!("{}\r\nContent-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}", headers());
    assert_eq!(open("a.eml", body.as_bytes())[0].bytes, WORKBOOK);
}

#[test]
fn a_mail_without_attachment_is_kept_for_its_words() {
    let files = open("返事.eml", &mail(&headers(), "該当なしです。", &[]));
    assert_eq!(names(&files), ["返事.eml"]);
    assert!(matches!(&files[0].problem, Some(Unreadable::NotForUs(t)) if t.ja.contains("該当なしです。") && t.en.contains("該当なしです。")));
    assert!(files[0].sender.is_some());
}

#[test]
fn pictures_in_the_text_are_no_submissions() {
    let logo = "Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Disposition: inline".to_string();
    let sheet = "Content-Type: text/csv; name=a.csv".to_string();
    let files = open("a.eml", &mail(&headers(), "", &[(logo, b"\x89PNG".to_vec()), (sheet, WORKBOOK.to_vec())]));
    assert!(matches!(files[0].problem, Some(Unreadable::NotForUs(_))));
    assert!(files[1].problem.is_none());
}

#[test]
fn forwarded_mails_name_the_first_sender() {
    let inner = mail(&headers(), "", &[("Content-Type: text/csv; name=a.csv".into(), WORKBOOK.to_vec())]);
    let mut outer = b"From: boss@example.lg.jp\r\nSubject: Fwd\r\nDate: Fri, 11 Apr 2025 00:00:00 +0900\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n".to_vec();
    outer.extend(inner);
    outer.extend(b"\r\n--x--\r\n");
    let files = open("fwd.eml", &outer);
    assert_eq!(names(&files), ["fwd.eml!【提出】実施計画シート.eml!a.csv"]);
    assert_eq!(files[0].sender.as_deref(), Some("企画課 山田 <kikaku@example.lg.jp>"));
}

#[test]
fn a_mailbox_holds_many_mails() {
    let one = mail(&headers(), "", &[("Content-Type: text/csv; name=a.csv".into(), WORKBOOK.to_vec())]);
    let mut mbox = Vec::new();
    for _ in 0..3 {
        mbox.extend(b"From kikaku@example.lg.jp Thu Apr 10 08:54:48 2025\r\n");
        mbox.extend(&one);
        mbox.extend(b"\r\n\r\n");
    }
    assert_eq!(names(&open("受信.mbox", &mbox)), ["受信.mbox!1.eml!a.csv", "受信.mbox!2.eml!a.csv", "受信.mbox!3.eml!a.csv"]);
}

#[test]
fn outlook_messages_in_the_code_page_of_japan() {
    let files = open("提出.msg", &msg("令和6年度①", "企画課", "様式㈱.csv", WORKBOOK));
    assert_eq!(names(&files), ["提出.msg!様式㈱.csv"]);
    assert_eq!(files[0].subject.as_deref(), Some("令和6年度①"));
    assert_eq!(files[0].sender.as_deref(), Some("企画課"));
    assert_eq!(files[0].sent_at.unwrap().to_string(), "2025-04-10 09:00:00");
    assert_eq!(files[0].bytes, WORKBOOK);
}

#[test]
fn zip_names_of_windows_and_of_the_mac() {
    let sjis = in_encoding("表/予算ソ.csv", "shift_jis");
    let files = open("a.zip", &zip(&[Member::new(&sjis, WORKBOOK), Member::new("か\u{3099}.csv".as_bytes(), WORKBOOK)]));
    assert_eq!(names(&files), ["a.zip!表/予算ソ.csv", "a.zip!が.csv"]);
    assert_eq!(files[0].file_time.unwrap().to_string(), "2025-04-10 17:54:48");
}

#[test]
fn passwords_of_the_job_open_zips() {
    for aes in [true, false] {
        assert_eq!(names(&open("a.zip", &locked_zip("a.csv", WORKBOOK, "r6plan", aes))), ["a.zip!a.csv"]);
        assert_eq!(open("a.zip", &locked_zip("a.csv", WORKBOOK, "計画", aes))[0].bytes, WORKBOOK);
        let files = open("a.zip", &locked_zip("a.csv", WORKBOOK, "other", aes));
        assert_eq!((names(&files), files[0].problem.clone()), (vec!["a.zip"], Some(Unreadable::Password)));
    }
}

#[test]
fn names_lead_nowhere() {
    let members = [Member::new(b"../../../evil.csv", WORKBOOK), Member::new(b"C:\\x\\evil.csv", WORKBOOK), Member::new(b"/abs/a.csv", WORKBOOK)];
    assert_eq!(names(&open("a.zip", &zip(&members))), ["a.zip!evil.csv", "a.zip!x/evil.csv", "a.zip!abs/a.csv"]);
}

#[test]
fn containers_in_containers_end_somewhere() {
    let mut bytes = zip(&[Member::new(b"a.csv", WORKBOOK)]);
    for _ in 0..100 {
        bytes = zip(&[Member::new(b"in.zip", &bytes)]);
    }
    let files = open("a.zip", &bytes);
    assert_eq!(files.len(), 1);
    assert!(matches!(files[0].problem, Some(Unreadable::OverLimit(_))));

    let mut nested = "Content-Type: text/plain\r\n\r\nx".to_string();
    for n in 0..3000 {
        nested = format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n{nested}\r\n--b{n}--\r\n");
    }
    let files = open("a.eml", format!("From: a@b\r\nSubject: x\r\n{nested}").as_bytes());
    assert!(matches!(files[0].problem, Some(Unreadable::OverLimit(_))), "{:?}", files[0].problem);
}

#[test]
fn bombs_and_lies_are_refused() {
    let zeros = vec![0u8; 97 << 20];
    let bomb = Member { deflate: true, ..Member::new(b"a.csv", &zeros) };
    assert!(matches!(open("a.zip", &zip(&[bomb]))[0].problem, Some(Unreadable::OverLimit(_))));
    let three = [b"a", b"b", b"c"].map(|n| Member { deflate: true, ..Member::new(n, &zeros[..90 << 20]) });
    assert!(matches!(open("a.zip", &zip(&three))[0].problem, Some(Unreadable::OverLimit(_))));
    let twice = [Member::new(b"a.csv", WORKBOOK), Member::new(b"a.csv", b"other")];
    assert!(matches!(open("a.zip", &zip(&twice))[0].problem, Some(Unreadable::Damaged(_))));
    let mut cut = zip(&[Member::new(b"a.csv", WORKBOOK)]);
    cut.truncate(cut.len() / 2);
    assert!(matches!(open("a.zip", &cut)[0].problem, Some(Unreadable::Damaged(_))));
    let mut flipped = zip(&[Member::new(b"a.csv", WORKBOOK)]);
    let at = flipped.windows(4).position(|w| w == b"a,b\n").unwrap();
    flipped[at] ^= 1;
    let files = open("a.zip", &flipped);
    assert_eq!(names(&files), ["a.zip!a.csv"]);
    assert!(matches!(files[0].problem, Some(Unreadable::Damaged(_))));
    assert!(matches!(open("a.zip", &zip(&[]))[0].problem, Some(Unreadable::Damaged(_))));
}

#[test]
fn equal_names_are_both_kept() {
    let attachment = || ("Content-Type: text/csv; name=a.csv".to_string(), WORKBOOK.to_vec());
    let files = open("a.eml", &mail(&headers(), "", &[attachment(), attachment()]));
    assert_eq!(names(&files), ["a.eml!a.csv", "a.eml!2/a.csv"]);
}

#[test]
fn a_workbook_is_no_archive() {
    let book = zip(&[Member::new(b"[Content_Types].xml", b"<Types/>"), Member::new(b"xl/workbook.xml", b"<workbook/>")]);
    assert_eq!(names(&open("a.xlsx", &book)), ["a.xlsx"]);
    assert_eq!(names(&open("a.zip", &book)), ["a.zip"]);
}

#[test]
fn nothing_panics_on_bent_bytes() {
    let attachment = ("Content-Type: text/csv; name=a.csv".to_string(), WORKBOOK.to_vec());
    let seeds = [
        mail(&headers(), "本文", &[attachment]),
        zip(&[Member::new(b"a.csv", WORKBOOK), Member::new(b"b/c.csv", WORKBOOK)]),
        msg("件名", "差出人", "a.csv", WORKBOOK),
        locked_zip("a.csv", WORKBOOK, "r6plan", true),
    ];
    let mut state = 7u64;
    for seed in &seeds {
        for _ in 0..300 {
            let mut bytes = seed.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % bytes.len();
                bytes[at] = (state >> 20) as u8;
            }
            for name in ["a.eml", "a.zip", "a.msg"] {
                assert!(!open(name, &bytes).is_empty());
            }
        }
    }
}
