//! The page: everything is on it once, nothing of a file becomes markup, and a large town is no trouble.

mod town;

use serde_json::Value;
use torimatome::finding::{Lang, Severity};
use torimatome::reconcile::since;
use town::{HOSTILE, Town, hostile};

/// The text of the inert block with this id.
fn block(page: &str, id: &str) -> Option<Value> {
    let (_, rest) = page.split_once(&format!("<script type=\"application/json\" id=\"{id}\""))?;
    let (attributes, rest) = rest.split_once('>')?;
    let (text, _) = rest.split_once("</script>")?;
    if attributes.contains("data-packed") {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
        return Some(serde_json::from_reader(flate2::read::ZlibDecoder::new(bytes.as_slice())).unwrap());
    }
    Some(serde_json::from_str(text).unwrap())
}

fn details(page: &str) -> Vec<Value> {
    (0..).map_while(|n| block(page, &format!("detail-{n}"))).flat_map(|b| b.as_array().unwrap().clone()).collect()
}

#[test]
fn every_initiative_finding_and_file_is_on_the_page_once() {
    let town = Town::of(56);
    let page = town.page(Lang::Ja);
    let index = block(&page, "index").unwrap();
    let keys: Vec<&str> = index["initiatives"].as_array().unwrap().iter().map(|i| i["key"].as_str().unwrap()).collect();
    let expected: Vec<&str> = town.settled.initiatives.iter().map(|i| i.key.as_str()).collect();
    assert_eq!(keys, expected);
    let ids: Vec<String> = index["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, town.settled.findings.iter().map(torimatome::finding::Finding::id).collect::<Vec<_>>());
    assert_eq!(index["submissions"].as_array().unwrap().len(), town.settled.ledger.len());

    let details = details(&page);
    assert_eq!(details.iter().map(|d| d["key"].as_str().unwrap()).collect::<Vec<_>>(), expected);
    for (detail, initiative) in details.iter().zip(&town.settled.initiatives) {
        let values = detail["values"].as_array().unwrap();
        assert_eq!(values.len(), initiative.fields.len());
        for value in values {
            let field = &initiative.fields[value["key"].as_str().unwrap()];
            assert_eq!(value["text"], field.value);
            assert_eq!(value["file"].as_str(), field.origin.file.as_deref());
            assert_eq!(value["cell"].as_str(), field.origin.cell.as_deref());
        }
        assert_eq!(detail["sheets"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn the_counts_are_those_of_the_result() {
    let town = Town::of(80);
    let index = block(&town.page(Lang::Ja), "index").unwrap();
    let departments = index["departments"].as_array().unwrap();
    for (word, severity) in [("errors", Severity::Error), ("warnings", Severity::Warning)] {
        let shown: u64 = departments.iter().map(|d| d[word].as_u64().unwrap()).sum();
        let open = town.settled.findings.iter().filter(|f| f.is_open() && f.rule.severity == severity).count();
        assert_eq!(shown, open as u64, "{word}");
    }
    let answered: u64 = departments.iter().map(|d| d["answered"].as_u64().unwrap()).sum();
    assert_eq!(answered, town.settled.initiatives.iter().filter(|i| i.answered).count() as u64);
    let missing = departments.iter().filter(|d| d["state"] == "missing").count();
    assert_eq!(missing, town.settled.ledger.iter().filter(|l| l.file.is_none()).count());
    let given: u64 = index["evaluations"].as_array().unwrap().iter().map(|e| e["count"].as_u64().unwrap()).sum();
    assert_eq!(given, town.settled.initiatives.iter().filter(|i| !i.evaluation.is_empty()).count() as u64);
}

#[test]
fn no_text_becomes_markup_or_script() {
    let town = hostile();
    let page = town.page(Lang::Ja);
    let plain = Town::of(10).page(Lang::Ja);
    for tag in ["<script", "</script", "<img", "<!--", "onerror=\""] {
        assert_eq!(page.matches(tag).count(), plain.matches(tag).count(), "{tag} came out of a text");
    }
    let names: Vec<Value> = block(&page, "index").unwrap()["initiatives"].as_array().unwrap().iter().map(|i| i["name"].clone()).collect();
    for (name, evil) in names.iter().zip(HOSTILE) {
        assert_eq!(name, evil, "the text is kept to the letter");
    }
}

#[test]
fn the_page_asks_nothing_of_a_network() {
    let page = Town::of(10).page(Lang::En);
    for word in ["http://", "https://", "//cdn", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
        let namespace = page.matches("http://www.w3.org/2000/svg").count();
        let expected = if word == "http://" { namespace } else { 0 };
        assert_eq!(page.matches(word).count(), expected, "{word}");
    }
    assert!(page.contains("<html lang=\"en\">"));
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_same_town_gives_the_same_bytes() {
    assert_eq!(Town::of(30).page(Lang::Ja), Town::of(30).page(Lang::Ja));
}

#[test]
fn a_form_without_single_sheets_shows_the_packets_pages() {
    let mut town = Town::of(30);
    town.packet.pages = std::mem::take(&mut town.packet.single).into_iter().flat_map(|(_, pages)| pages).collect();
    town.sheet_files.clear();
    let page = town.page(Lang::Ja);
    assert!(details(&page).iter().all(|d| d["sheets"].as_array().unwrap().is_empty()));
    let pages: usize = (0..).map_while(|n| block(&page, &format!("pages-{n}"))).map(|b| b.as_array().unwrap().len()).sum();
    assert_eq!(pages, 30);
}

#[test]
fn what_changed_since_the_last_run_is_told() {
    let mut town = Town::of(20);
    let gone = serde_json::json!({ "id": "000000000000", "code": "N201", "severity": "error", "department": "企画課", "message": "数ではありません", "found": "x", "waived": null });
    let mut known: Vec<Value> = town
        .settled
        .findings
        .iter()
        .filter(|f| f.is_open())
        .skip(1)
        .map(|f| serde_json::json!({ "id": f.id(), "code": f.rule.code, "severity": "error", "found": f.found, "message": "", "waived": f.waived }))
        .collect();
    known.push(gone);
    let last = serde_json::json!({ "job": "town", "run": { "date": "2025-04-10" }, "records": [], "submissions": [], "diagnostics": known });
    town.since = since::compare(&serde_json::from_value(last).unwrap(), &town.settled);
    let since = block(&town.page(Lang::Ja), "index").unwrap()["since"].clone();
    assert_eq!((since["new"].as_u64(), since["mended"].as_array().map(Vec::len)), (Some(1), Some(1)));
    assert_eq!(since["mended"][0]["code"], "N201");
}

#[test]
fn a_large_town_stays_small() {
    let town = Town::of(1_500);
    let page = town.page(Lang::Ja);
    assert!(page.len() < 4 << 20, "{} bytes", page.len());
    assert_eq!(block(&page, "index").unwrap()["initiatives"].as_array().unwrap().len(), 1_500);
    assert_eq!(details(&page).len(), 1_500);
}
