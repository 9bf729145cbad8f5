//! The plan edition of each plan: as published, nothing has arrived.

use torimatome::form::Form;
use torimatome::layout::font::Fonts;
use torimatome::packet::{Packet, bind};
use torimatome::plan::{self, Job};
use torimatome::reconcile::{Edition, Settled, SettledField, SettledInitiative, State};

/// The job of a plan of this repository.
pub(super) fn job(id: &str) -> Job {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    Job::of_folder(root).unwrap().into_iter().find(|j| j.settings.id == id).unwrap()
}

/// The plan as it is, with nothing reported.
pub(super) fn settled(job: &Job, form: &Form, edition: Edition) -> Settled {
    let plan = plan::load(job, form).unwrap();
    let initiatives = plan
        .initiatives
        .iter()
        .map(|i| SettledInitiative {
            key: i.key.clone(),
            name: i.name.clone(),
            chapter: form.chapter(&plan.document, &i.raw),
            department: i.answers.clone().unwrap_or_default(),
            answered: false,
            fields: i
                .fields
                .iter()
                .map(|(k, v)| {
                    let field =
                        SettledField { value: v.clone(), as_written: v.clone(), reported: false, origin: Default::default(), state: State::Plan };
                    (k.clone(), field)
                })
                .collect(),
            evaluation: String::new(),
            evaluation_before: String::new(),
            achievements: Vec::new(),
            raw: i.raw.clone(),
        })
        .collect();
    Settled {
        edition,
        job: job.settings.id.clone(),
        title: job.settings.title.clone(),
        city: job.settings.city.clone(),
        fiscal_year: job.settings.fiscal_year,
        date: chrono::NaiveDate::from_ymd_opt(2026, 4, 1).unwrap(),
        document: plan.document,
        initiatives,
        ledger: Vec::new(),
        findings: Vec::new(),
        inputs: Vec::new(),
    }
}

/// The packet of a plan, with templates as they are on disk.
pub(super) fn packet(id: &str) -> (Packet, Settled, Vec<torimatome::finding::Finding>) {
    let job = job(id);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let form = Form::load(&job.settings.form, Some(root)).unwrap();
    let settled = settled(&job, &form, Edition::Plan);
    let fonts = Fonts::load(None).unwrap();
    let (packet, findings) = bind(&form, &settled, &job, &fonts).unwrap();
    (packet, settled, findings)
}

/// Whether a plan's sheets stand on the pages that its published contents print.
fn agrees_with_contents(id: &str) {
    let (packet, settled, findings) = packet(id);
    let wrong: Vec<String> = packet
        .sheets
        .iter()
        .zip(&settled.initiatives)
        .filter(|(s, i)| i.raw.get("page").and_then(serde_json::Value::as_u64) != Some(u64::from(s.first_page)))
        .map(|(s, i)| format!("{} on {} instead of {:?}", s.initiative, s.first_page, i.raw.get("page")))
        .collect();
    assert_eq!(packet.sheets.len(), settled.initiatives.len());
    assert!(wrong.is_empty(), "{id}: {wrong:?}");
    assert!(findings.is_empty(), "{id}: {findings:?}");
}

/// The printed numbers of the pages, runs shortened.
fn numbers(packet: &Packet) -> Vec<&str> {
    packet.pages.iter().map(|p| p.number.as_str()).collect()
}

#[test]
fn one_page_sheets_stand_on_their_printed_pages() {
    agrees_with_contents("honjo");
    agrees_with_contents("annaka");
}

#[test]
fn running_sheets_stand_on_their_printed_pages() {
    agrees_with_contents("oyama_joho");
    let (packet, ..) = packet("oyama_joho");
    // The published document ends on page 50; cover without number, contents on page 1.
    let numbers = numbers(&packet);
    assert_eq!((numbers.first(), numbers.get(1), numbers.last()), (Some(&""), Some(&"1"), Some(&"50")));
}

/// All strings of some JSON, in order, without those under keys that are the reader's own remarks.
fn texts(value: &serde_json::Value, skip: &[&str], out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(s) if !s.trim().is_empty() => out.push(s.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|v| texts(v, skip, out)),
        serde_json::Value::Object(map) => map.iter().filter(|(k, _)| !skip.contains(&k.as_str())).for_each(|(_, v)| texts(v, skip, out)),
        _ => {}
    }
}

/// Every text of the plan's fields stands on its sheet's pages, in the form's order of reading, and every text of the document in the packet.
fn says_everything(id: &str) {
    let (packet, settled, _) = packet(id);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let form = Form::load(id, Some(root)).unwrap();
    let order: Vec<String> = form.slots(settled.fiscal_year).into_iter().map(|s| s.key).collect();
    let fold = torimatome::value::fold;
    let mut missing = Vec::new();
    for initiative in &settled.initiatives {
        // A list has no sheets of its own: its rows are looked for in the whole.
        let place = packet.sheets.iter().find(|s| s.initiative == initiative.key);
        let (first, last) = place.map_or((0, packet.pages.len() - 1), |s| s.index);
        let page: String = packet.pages[first..=last].iter().map(|p| fold(&p.text())).collect();
        for (key, field) in &initiative.fields {
            for line in field.value.lines().map(fold).filter(|l| !l.is_empty()) {
                // A line that a page break or a label on the next page cuts is looked for in halves.
                let found = page.contains(&line) || halves(&line).any(|(a, b)| page.contains(a) && page.contains(b));
                if !found && initiative.raw.get("sdgs").is_none_or(|_| key != "sdgs") {
                    missing.push(format!("{} {key}: {line}", initiative.key));
                }
            }
        }
        if place.is_some_and(|s| s.first_page == s.last_page) && packet.sheets.iter().filter(|s| s.index.0 == first).count() == 1 {
            let firsts: Vec<usize> = order
                .iter()
                .filter_map(|k| initiative.fields.get(k))
                .filter_map(|f| f.value.lines().next().map(fold).filter(|l| l.chars().count() > 20))
                .filter_map(|l| page.find(&l).filter(|at| page.rfind(&l) == Some(*at)))
                .collect();
            assert!(firsts.is_sorted(), "{id} {}: texts are not in reading order", initiative.key);
        }
    }
    assert!(missing.is_empty(), "{id}: {} texts are missing: {:#?}", missing.len(), &missing[..missing.len().min(12)]);
    let whole: String = packet.pages.iter().map(|p| fold(&p.text())).collect();
    let mut document = Vec::new();
    let remarks = [
        "source",
        "printed",
        "labels",
        "kind",
        "start",
        "departments",
        "note",
        "blank_note",
        "document",
        "lines",
        "columns",
        "term",
        "definition",
        "marker",
        "name",
        "subtitle",
        "editions",
        "year_labels",
        "columns_note",
        "sdgs_printed",
        "policy_fields_printed",
        "text_note",
        "title_note",
        "groups_note",
    ];
    texts(&settled.document, &remarks, &mut document);
    let absent: Vec<&String> = document
        .iter()
        .filter(|t| {
            let t = fold(t);
            !whole.contains(&t) && !halves(&t).any(|(a, b)| whole.contains(a) && whole.contains(b))
        })
        .collect();
    assert!(absent.is_empty(), "{id}: {} texts of the document are missing: {:#?}", absent.len(), &absent[..absent.len().min(12)]);
}

/// All ways to cut a text in two.
fn halves(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.char_indices().skip(1).map(|(i, _)| text.split_at(i))
}

#[test]
fn every_text_of_the_plans_is_printed() {
    for id in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        says_everything(id);
    }
}

/// The placed items of one page, one line each: enough to see any move.
fn golden(id: &str, index: usize) -> String {
    let (packet, ..) = packet(id);
    let page = &packet.pages[index];
    let mut out = format!("{} x {} number {}\n", page.width, page.height, page.number);
    for item in &page.items {
        if let torimatome::layout::Item::Text(run) = item {
            out.push_str(&format!("{:.1} {:.1} {:.1} {}\n", run.x, run.y, run.size, run.text()));
        }
    }
    let lines = page.items.iter().filter(|i| matches!(i, torimatome::layout::Item::Line { .. })).count();
    out + &format!("{lines} lines\n")
}

#[test]
fn one_page_of_each_form() {
    for (id, index) in [("honjo", 3), ("annaka", 3), ("kodaira", 0), ("oyama_joho", 12), ("oyama_gyokaku", 1)] {
        insta::assert_snapshot!(format!("page_{id}"), golden(id, index));
    }
}

#[test]
fn cover_and_contents_are_numbered_as_in_print() {
    let (packet, ..) = packet("honjo");
    assert_eq!(numbers(&packet), (1..=59).map(|n| n.to_string()).collect::<Vec<_>>());
    let (packet, ..) = self::packet("annaka");
    assert_eq!(numbers(&packet)[..4], ["", "i", "ii", "1"]);
    // The foot prints them as the reader's page list names them.
    for (index, number) in [(1, "i"), (2, "ii"), (3, "1")] {
        let items = &packet.pages[index].items;
        let foot = items.iter().any(|i| matches!(i, torimatome::layout::Item::Text(run) if run.text() == number && run.y > 270.0));
        assert!(foot, "no {number} at the foot");
    }
    assert_eq!(packet.pages.len(), 39);
}

#[test]
fn small_forms_stand_several_to_a_page_and_whole() {
    let (packet, settled, findings) = packet("kodaira");
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(packet.sheets.len(), settled.initiatives.len());
    assert!(packet.sheets.iter().all(|s| s.first_page == s.last_page));
    assert!(packet.pages.len() <= 14, "{} pages", packet.pages.len());
}

#[test]
fn the_list_has_six_rows_a_page_under_a_repeated_heading() {
    let (packet, settled, findings) = packet("oyama_gyokaku");
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(packet.pages.len(), 18);
    let names = |page: usize| {
        let text = torimatome::value::fold(&packet.pages[page].text());
        settled.initiatives.iter().skip(page * 6).take(6).filter(|i| text.contains(&torimatome::value::fold(&i.name))).count()
    };
    assert!((0..17).all(|p| names(p) == 6));
    assert!(packet.pages.iter().all(|p| p.width > p.height && torimatome::value::fold(&p.text()).contains("変更理由")));
    assert!(packet.single.is_empty());
    // Each row is a place of its own: the page that the published list gives it, once, with a bookmark.
    let groups = settled.document["groups"].as_array().unwrap();
    let printed = |no: &serde_json::Value| groups.iter().find(|g| g["nos"].as_array().unwrap().contains(no)).map(|g| g["page"].clone());
    assert_eq!(packet.sheets.len(), settled.initiatives.len());
    for (sheet, initiative) in packet.sheets.iter().zip(&settled.initiatives) {
        assert_eq!(sheet.first_page, sheet.last_page, "{}", sheet.initiative);
        assert_eq!(Some(sheet.first_page.into()), printed(&initiative.raw["no"]), "{}", sheet.initiative);
        let anchor = format!("sheet:{}", initiative.key);
        let places = packet.pages.iter().flat_map(|p| &p.items);
        assert_eq!(places.filter(|i| matches!(i, torimatome::layout::Item::Anchor { name, .. } if *name == anchor)).count(), 1);
    }
}
