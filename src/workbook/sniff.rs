//! What a file is, told by its content; the name only helps where the content says nothing (text).

use super::archive::Archive;
use crate::finding::Text;
use std::io::Cursor;

/// What was found.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    /// Zip with the parts of an .xlsx or .xlsm.
    Xlsx,
    /// Zip with the parts of an .xlsb.
    Xlsb,
    /// Zip with the parts of an .ods.
    Ods,
    /// OpenDocument in one XML file.
    FlatOds,
    /// OLE with a stream of records.
    Xls,
    /// OLE with an encrypted package.
    Encrypted,
    /// Text in columns.
    Csv,
    /// Something else, named.
    Other(Text),
    /// No submission at all.
    NotForUs(Text),
}

fn other(ja: &str, en: &str) -> Kind {
    Kind::Other(Text::new(format!("表計算のファイルではありません（{ja}）"), format!("this is no spreadsheet ({en})")))
}

fn not_for_us(ja: &str, en: &str) -> Kind {
    Kind::NotForUs(Text::new(ja, en))
}

/// Tells what a file is.
pub(super) fn kind(bytes: &[u8], name: &str) -> Kind {
    let file = name.rsplit(['/', '!']).next().unwrap_or(name);
    if let Some(kind) = by_name(file) {
        return kind;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return ole(bytes);
    }
    if let Some(kind) = by_signature(bytes) {
        return kind;
    }
    text(bytes, file)
}

/// Files that programs leave behind.
pub(super) fn by_name(file: &str) -> Option<Kind> {
    let lower = file.to_lowercase();
    if lower.starts_with("~$") || lower.starts_with(".~lock.") {
        return Some(not_for_us("Excelが開いている間に作る一時ファイルです", "an owner file that Excel leaves while a workbook is open"));
    }
    if matches!(lower.as_str(), "desktop.ini" | "thumbs.db" | "ehthumbs.db" | ".ds_store" | ".gitkeep" | ".gitignore") || lower.starts_with("._") {
        return Some(not_for_us("Windowsやmacが作る管理用のファイルです", "a file that the system keeps for itself"));
    }
    if lower.starts_with('.') {
        return Some(not_for_us("隠しファイルです", "a hidden file"));
    }
    None
}

fn by_signature(bytes: &[u8]) -> Option<Kind> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    // Excel 2 to 4 wrote their records without a container; so do programs that write Excel 5 badly.
    if matches!(bytes.get(..4), Some([0x09, 0x00 | 0x02 | 0x04 | 0x08, 0x04 | 0x06 | 0x08 | 0x10, 0x00])) {
        return Some(other("Excel 5以前の古い形式", "a workbook of Excel 5 or before, without its container"));
    }
    Some(match bytes {
        _ if starts(b"%PDF") => other("PDF", "PDF"),
        _ if starts(b"{\\rtf") => other("リッチテキスト（RTF）", "rich text (RTF)"),
        _ if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"GIF8") || starts(b"BM") && bytes.len() > 14 && bytes[6..10] == [0; 4] => {
            other("画像", "a picture")
        }
        _ if starts(b"II*\0") || starts(b"MM\0*") => other("画像（TIFF）", "a picture (TIFF)"),
        _ if starts(b"7z\xBC\xAF") => other("7-Zipの書庫", "a 7-Zip archive"),
        _ if starts(b"Rar!") => other("RARの書庫", "a RAR archive"),
        _ if bytes.get(2..5) == Some(b"-lh") => other("LZHの書庫", "an LZH archive"),
        _ if starts(b"MZ") => other("実行ファイル", "an executable"),
        _ if starts(&[0x1F, 0x8B]) => other("gzip圧縮", "gzip"),
        _ if starts(&[0x78, 0x9F, 0x3E, 0x22]) => other("winmail.dat（Outlook独自の添付形式）", "winmail.dat (TNEF)"),
        _ => return None,
    })
}

/// Which package a zip is.
fn zip(bytes: &[u8]) -> Kind {
    let Ok(archive) = Archive::open(bytes) else {
        // The reader will say what is wrong with it.
        return Kind::Xlsx;
    };
    let has_prefix = |prefix: &str| archive.names().any(|n| n.starts_with(prefix));
    if archive.has("xl/workbook.bin") {
        Kind::Xlsb
    } else if archive.has("xl/workbook.xml") || has_prefix("xl/") {
        Kind::Xlsx
    } else if archive.has("content.xml") {
        match stored_mimetype(bytes) {
            Some(t) if t.contains("opendocument.text") => other("OpenDocumentの文書", "an OpenDocument text"),
            Some(t) if t.contains("opendocument.presentation") => other("OpenDocumentのプレゼンテーション", "an OpenDocument presentation"),
            _ => Kind::Ods,
        }
    } else if has_prefix("word/") {
        other("Wordの文書", "a Word document")
    } else if has_prefix("ppt/") {
        other("PowerPointのファイル", "a PowerPoint file")
    } else if has_prefix("index/") && has_prefix("metadata/") {
        other("Numbers（Apple）のファイル", "an Apple Numbers file")
    } else if archive.has("[content_types].xml") || archive.has("_rels/.rels") {
        // An unusual place for the workbook part; the relations lead to it.
        Kind::Xlsx
    } else {
        other("zipの書庫", "a zip archive")
    }
}

/// OpenDocument stores its type first and uncompressed.
fn stored_mimetype(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(30..bytes.len().min(130))?).into_owned();
    head.starts_with("mimetype").then_some(head)
}

/// What an OLE file holds.
fn ole(bytes: &[u8]) -> Kind {
    let Ok(ole) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        // The reader will say what is wrong with it.
        return Kind::Xls;
    };
    let has = |path: &str| ole.exists(path);
    if has("/EncryptedPackage") {
        Kind::Encrypted
    } else if has("/Workbook") || has("/Book") {
        Kind::Xls
    } else if has("/WordDocument") {
        other("Wordの文書", "a Word document")
    } else if has("/PowerPoint Document") {
        other("PowerPointのファイル", "a PowerPoint file")
    } else if has("/__properties_version1.0") {
        other("Outlookのメール", "an Outlook message")
    } else if has("/FileHeader") && has("/BodyText") {
        other("一太郎・アレアハングルなどの文書", "a Hangul document")
    } else if has("/DocumentText") || has("/DocumentViewStyles") {
        other("一太郎の文書", "an Ichitaro document")
    } else {
        other("Officeの別の形式", "another OLE file")
    }
}

/// Text: markup by its first words, the rest by the name and the look of its lines.
fn text(bytes: &[u8], file: &str) -> Kind {
    let head = super::csv::decode(bytes.get(..bytes.len().min(4096)).unwrap_or(bytes));
    let start = head.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let is_markup = start.starts_with('<');
    if is_markup && start.contains("urn:schemas-microsoft-com:office:spreadsheet") && !start.contains("<html") {
        return other("Excel 2003のXML形式", "XML of Excel 2003");
    }
    if is_markup && start.contains("opendocument.spreadsheet") {
        return Kind::FlatOds;
    }
    if is_markup && ["<!doctype html", "<html", "<table", "<head", "<meta", "<body", "<style", "<div"].iter().any(|m| start.contains(m)) {
        return other("HTMLの表", "an HTML table");
    }
    if start.starts_with("mime-version:") || start.contains("content-type: multipart/related") {
        return other("MHTML（ウェブページ）", "MHTML (a web page)");
    }
    if is_markup {
        return other("XML", "XML");
    }
    if start.starts_with("id;p") {
        return other("SYLK形式", "SYLK");
    }
    if head.contains('\0') || head.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')).count() > head.len() / 50 {
        return other("種類がわからないファイル", "a file of unknown kind");
    }
    let lower = file.to_lowercase();
    let separated = head.lines().take(20).filter(|l| l.contains([',', '\t', ';'])).count();
    let text_name = [".csv", ".tsv", ".tab"].iter().any(|e| lower.ends_with(e));
    let sheet_name = [".xls", ".xlsx", ".xlsm"].iter().any(|e| lower.ends_with(e));
    let lines = head.lines().take(20).filter(|l| !l.trim().is_empty()).count();
    if text_name || (sheet_name || lower.ends_with(".txt")) && separated * 2 > lines && separated > 0 {
        return Kind::Csv;
    }
    other("文章のファイル", "a text file")
}
