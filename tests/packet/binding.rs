//! Binding: numbers of sheets that run on, both sides of the paper, the box of the meeting, templates of the job's own.

use super::plan_edition::{job, settled};
use torimatome::form::Form;
use torimatome::layout::{Item, font::Fonts};
use torimatome::packet::bind;
use torimatome::reconcile::Edition;
use torimatome::value::fold;

#[test]
fn a_sheet_that_runs_on_is_a_branch_and_later_numbers_stand() {
    let job = job("honjo");
    let form = Form::load("honjo", None).unwrap();
    let mut settled = settled(&job, &form, Edition::Report);
    let long = "○各課等において、市民にとってより分かりやすく手続きをご案内できるよう、窓口対応の向上に努めています。\n".repeat(90);
    settled.initiatives[8].fields.get_mut("current_issues").unwrap().value = long.clone();
    let (packet, findings) = bind(&form, &settled, &job, &Fonts::load(None).unwrap()).unwrap();
    let place = &packet.sheets[8];
    assert_eq!((place.first_page, place.last_page), (12, 12));
    assert!(place.index.1 > place.index.0);
    let numbers: Vec<&str> = packet.pages[place.index.0..place.index.1 + 2].iter().map(|p| p.number.as_str()).collect();
    assert_eq!((numbers[0], numbers[1], *numbers.last().unwrap()), ("12", "12-2", "13"));
    // Its further pages say whose they are.
    assert!(packet.pages[place.index.0 + 1].text().starts_with("コンビニ交付の普及推進（続き）"));
    assert_eq!(packet.sheets[55].first_page, 59);
    let found: Vec<_> = findings.iter().map(|f| (f.rule.code, f.initiative.as_deref())).collect();
    assert_eq!(found, [("C408", Some("1-09"))]);
    let text: String = packet.pages[place.index.0..=place.index.1].iter().map(|p| fold(&p.text())).collect();
    assert!(text.matches('努').count() >= long.matches('努').count(), "nothing is cut");
    assert_eq!(packet.single[8].1.len(), place.index.1 - place.index.0 + 1);
}

#[test]
fn both_sides_of_the_paper_mirror_the_margins() {
    let mut job = job("annaka");
    job.settings.packet.duplex = true;
    let form = Form::load("annaka", None).unwrap();
    let settled = settled(&job, &form, Edition::Plan);
    let (packet, _) = bind(&form, &settled, &job, &Fonts::load(None).unwrap()).unwrap();
    // Cover, an empty back, two pages of contents: the sheets begin on a front page.
    let numbers: Vec<&str> = packet.pages.iter().take(6).map(|p| p.number.as_str()).collect();
    assert_eq!(numbers, ["", "", "i", "ii", "1", "2"]);
    assert!(packet.pages[1].items.is_empty());
    let left = |index: usize| {
        let edges = packet.pages[index].items.iter().filter_map(|i| match i {
            Item::Line { from, .. } => Some(from.0),
            _ => None,
        });
        edges.fold(f64::INFINITY, f64::min)
    };
    assert!(left(4) > left(5) + 5.0, "inner margins: {} and {}", left(4), left(5));
}

#[test]
fn odd_numbers_stand_on_front_pages() {
    for id in ["honjo", "annaka", "oyama_joho", "oyama_gyokaku"] {
        let mut job = job(id);
        job.settings.packet.duplex = true;
        let form = Form::load(id, None).unwrap();
        let (packet, _) = bind(&form, &settled(&job, &form, Edition::Plan), &job, &Fonts::load(None).unwrap()).unwrap();
        let odd = |number: &str| number.parse::<u32>().ok().map(|n| n % 2 == 1);
        let wrong = packet.pages.iter().enumerate().find(|(i, p)| odd(&p.number).is_some_and(|odd| odd != i.is_multiple_of(2)));
        assert_eq!(wrong.map(|(i, p)| (i, p.number.as_str())), None, "{id}");
    }
}

#[test]
fn the_box_of_the_meeting_stands_on_the_first_page() {
    let mut job = job("honjo");
    job.settings.packet.number = "資料1-2".to_owned();
    job.settings.packet.committee = "第3回行政改革推進委員会".to_owned();
    job.settings.packet.date = "令和7年7月10日".to_owned();
    job.settings.packet.draft = "（案）".to_owned();
    let form = Form::load("honjo", None).unwrap();
    let settled = settled(&job, &form, Edition::Plan);
    let (packet, _) = bind(&form, &settled, &job, &Fonts::load(None).unwrap()).unwrap();
    let text = fold(&packet.pages[0].text());
    assert!(["資料1-2", "第3回行政改革推進委員会", "令和7年7月10日"].iter().all(|t| text.contains(t)), "{text}");
    assert_eq!(packet.pages.len(), 59);
    assert!(!fold(&packet.pages[1].text()).contains("資料1-2"));
    assert!(packet.pages.iter().all(|p| p.text().contains("（案）")), "a draft says so on every page");
}

#[test]
fn a_file_of_the_jobs_own_stands_for_the_built_in_one() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("templates/honjo");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("cover.xml"), "<sheet><text>別の表紙</text></sheet>").unwrap();
    let form = Form::load("honjo", Some(folder.path())).unwrap();
    let job = job("honjo");
    let settled = settled(&job, &form, Edition::Plan);
    let (packet, _) = bind(&form, &settled, &job, &Fonts::load(None).unwrap()).unwrap();
    assert_eq!(packet.pages[0].text().trim(), "別の表紙");
    assert_eq!(packet.pages.len(), 59);
    std::fs::write(own.join("cover.xml"), "<sheet>\n  <txt>別の表紙</txt></sheet>").unwrap();
    let form = Form::load("honjo", Some(folder.path())).unwrap();
    let fault = bind(&form, &settled, &job, &Fonts::load(None).unwrap()).unwrap_err().to_string();
    assert!(fault.contains("cover.xml 2行3字目"), "{fault}");
}

#[test]
fn a_finding_in_a_list_names_its_row() {
    let job = job("oyama_gyokaku");
    let form = Form::load("oyama_gyokaku", None).unwrap();
    let mut settled = settled(&job, &form, Edition::Report);
    settled.initiatives[4].fields.get_mut("change_reason").unwrap().value = "所管課で日常業務として実施している。".repeat(60);
    settled.initiatives[9].fields.get_mut("change_reason").unwrap().value = "外字\u{e000}を使った。".to_owned();
    let (_, findings) = bind(&form, &settled, &job, &Fonts::load(None).unwrap()).unwrap();
    let found: Vec<_> = findings.iter().map(|f| (f.rule.code, f.initiative.as_deref())).collect();
    assert_eq!(found, [("C408", Some("5")), ("N208", Some("10"))]);
}
