//! The plan edition of each plan: as published, nothing has arrived.

use torimatome::form::Form;
use torimatome::layout::font::Fonts;
use torimatome::packet::{Packet, bind};
use torimatome::plan::{self, Job};
use torimatome::reconcile::{Edition, Settled, SettledField, SettledInitiative, State};

/// The job of a plan of this repository.
fn job(id: &str) -> Job {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    Job::of_folder(root).unwrap().into_iter().find(|j| j.settings.id == id).unwrap()
}

/// The plan as it is, with nothing reported.
fn settled(job: &Job, form: &Form, edition: Edition) -> Settled {
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
fn packet(id: &str) -> (Packet, Settled, Vec<torimatome::finding::Finding>) {
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
fn cover_and_contents_are_numbered_as_in_print() {
    let (packet, ..) = packet("honjo");
    assert_eq!(numbers(&packet), (1..=59).map(|n| n.to_string()).collect::<Vec<_>>());
    let (packet, ..) = self::packet("annaka");
    assert_eq!(numbers(&packet)[..4], ["", "i", "ii", "1"]);
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
}
