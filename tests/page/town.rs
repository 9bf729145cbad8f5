//! An invented town of any size, settled and laid out by hand: what the page is made of, without the rooms before it.

use std::collections::BTreeMap;
use std::sync::Arc;
use torimatome::finding::{Finding, Lang, Origin, Rule, Severity, StaticText, Text, Waiver};
use torimatome::form::Form;
use torimatome::intake::{LedgerEntry, Status};
use torimatome::layout::font::{FontId, Fonts};
use torimatome::layout::{Glyph, Item, Page, Symbol, TextRun};
use torimatome::packet::{Packet, SheetPages};
use torimatome::plan::{Job, Settings};
use torimatome::reconcile::since::Since;
use torimatome::reconcile::{Achievement, Edition, Settled, SettledField, SettledInitiative, State};
use torimatome::render::html;
use torimatome::render::xlsx::View;
use torimatome::value::{FiscalYear, Register};

const fn both(ja: &'static str, en: &'static str) -> StaticText {
    StaticText { ja, en }
}

static BLANK: Rule = Rule {
    code: "C401",
    slug: "blank-report",
    severity: Severity::Error,
    title: both("報告が空欄です", "the report is blank"),
    what: both("報告欄の空欄", "a blank report"),
    why: both("会議資料に空欄が残ります", "the packet would have a hole"),
    example: both("「取組状況報告」が空欄", "a blank cell"),
    fix: both("報告を記入して、もう一度お送りください。", "Fill in the report and send the file again."),
};

static DOUBTFUL: Rule = Rule {
    code: "C407",
    slug: "evaluation-contradicts-figures",
    severity: Severity::Warning,
    title: both("評価と実績の数値が合いません", "the evaluation contradicts the figures"),
    what: both("評価と達成率の食い違い", "an evaluation that the figures do not bear out"),
    why: both("議会で問われます", "the council will ask"),
    example: both("達成率18.6%でＡ", "A at 18.6 %"),
    fix: both("評価を見直すか、理由を報告に書いてください。", "Look at the evaluation again, or give the reason in the report."),
};

/// A town that can be shown.
pub(super) struct Town {
    pub(super) settled: Settled,
    pub(super) packet: Packet,
    pub(super) job: Job,
    pub(super) form: Form,
    pub(super) fonts: Fonts,
    pub(super) sheet_files: BTreeMap<String, String>,
    pub(super) since: Option<Since>,
}

const NAMES: [&str; 6] = [
    "窓口アンケートの実施",
    "証明書コンビニ交付の普及",
    "オープンデータの推進",
    "公用車の適正管理",
    "ペーパーレス会議の推進",
    "遊休地の売却・貸付け",
];
const DEPARTMENTS: [&str; 8] = ["企画課", "市民課", "情報システム課", "管財課", "総務課", "財政課", "道路課", "こども課"];
const CHAPTERS: [&str; 3] = ["1 行政サービス改革", "2 業務改善・効率化改革", "3 財政改革"];
const TEXT: &str = "○窓口等にアンケートBOXを一定の期間設置し、市民の意見を聴取しました。\n○回収したアンケートを集計し、庁内の掲示板で報告しました。満足と回答した割合は前年度を3.2ポイント上回りました。";

fn form() -> Form {
    let mut form = Form::default();
    for (key, label, yearly, role) in [
        ("name", "取組名", "false", "name"),
        ("issues", "現状と課題", "false", "plan-text"),
        ("actions", "取組内容", "false", "plan-text"),
        ("goals", "各年度達成目標", "true", "year-goal"),
        ("report", "年度末の取組状況報告", "false", "report"),
        ("evaluation", "年度末評価", "true", "evaluation"),
    ] {
        let text = format!("key = \"{key}\"\nlabels = [\"{label}\"]\nyearly = {yearly}\nrole = \"{role}\"\nchoices = []");
        form.fields.push(toml::from_str(&text).unwrap());
    }
    form
}

fn job(departments: usize) -> Job {
    let mut text = String::from(
        "id = \"town\"\ntitle = \"行政改革実施計画\"\ncity = \"見本市\"\nplan = \"plan.json\"\nform = \"sheet\"\nfiscal_year = \"R6\"\n",
    );
    text.push_str("due = 2025-04-11\n[[scale]]\nmark = \"A\"\nmeaning = \"目標を上回る\"\n[[scale]]\nmark = \"B\"\nmeaning = \"おおむね目標どおり\"\n[[scale]]\nmark = \"C\"\nmeaning = \"目標を下回る\"\n");
    for at in 0..departments {
        text.push_str(&format!("[[department]]\nname = \"{}\"\n", department(at)));
    }
    let settings: Settings = toml::from_str(&text).unwrap();
    let register = Register::new(settings.departments.clone(), Vec::new());
    Job { settings, folder: "town".into(), input: "town/input".into(), output: "town/output".into(), register, last_year: Default::default() }
}

fn department(at: usize) -> String {
    let name = DEPARTMENTS[at % DEPARTMENTS.len()];
    if at < DEPARTMENTS.len() { name.to_owned() } else { format!("第{}{name}", at / DEPARTMENTS.len() + 1) }
}

fn text(x: f64, y: f64, size: f64, words: &str, bold: bool) -> Item {
    let glyphs = words.chars().map(|c| Glyph { id: 1, advance: if c.is_ascii() { 500.0 } else { 1000.0 }, bytes: c.len_utf8() as u8 }).collect();
    Item::Text(TextRun { x, y, size, font: FontId(u8::from(bold)), text: words.into(), glyphs, grey: 0.0 })
}

/// A sheet as the layout would place it: title, boxes, lines of text.
fn sheet(initiative: &SettledInitiative, number: u32) -> Page {
    let mut page = Page { width: 210.0, height: 297.0, number: number.to_string(), items: Vec::new() };
    page.items.push(text(40.0, 25.0, 14.0, "行政改革実施計画　令和6年度実施計画シート", true));
    page.items.push(Item::Symbol { shape: Symbol::CheckBox(true), area: (27.0, 31.0, 3.5, 3.5) });
    page.items.push(Item::Symbol { shape: Symbol::CheckBox(false), area: (60.0, 31.0, 3.5, 3.5) });
    page.items.push(text(32.0, 34.0, 9.0, "市民サービスの向上", false));
    page.items.push(text(65.0, 34.0, 9.0, "経費の削減", false));
    let mut y = 40.0;
    for (key, field) in &initiative.fields {
        let lines: Vec<String> = field
            .value
            .split('\n')
            .flat_map(|p| p.chars().collect::<Vec<_>>().chunks(38).map(|c| c.iter().collect()).collect::<Vec<String>>())
            .collect();
        #[allow(clippy::cast_precision_loss)]
        let height = (lines.len().max(2) as f64) * 5.6 + 4.0;
        page.items.push(Item::Fill { area: (27.0, y, 28.0, height), color: [0.92, 0.92, 0.92] });
        page.items.push(text(29.0, y + 6.0, 10.5, key, false));
        for (at, line) in lines.iter().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            page.items.push(text(57.0, y + 6.0 + at as f64 * 5.6, 9.0, line, false));
        }
        for (from, to) in
            [((27.0, y), (190.0, y)), ((27.0, y), (27.0, y + height)), ((55.0, y), (55.0, y + height)), ((190.0, y), (190.0, y + height))]
        {
            page.items.push(Item::Line { from, to, width: 0.25 });
        }
        y += height;
    }
    page.items.push(Item::Line { from: (27.0, y), to: (190.0, y), width: 0.25 });
    page.items.push(text(104.0, 287.0, 10.5, &number.to_string(), false));
    page
}

fn field(value: String, reported: bool, origin: Origin, state: State) -> SettledField {
    SettledField { as_written: value.clone(), value, reported, origin, state }
}

impl Town {
    /// A town with so many initiatives. One department in eight has not answered; some answers are wrong.
    pub(super) fn of(initiatives: usize) -> Town {
        let departments = (initiatives / 8).clamp(8, 600);
        let mut settled = Settled {
            edition: Edition::Report,
            job: "town".into(),
            title: "行政改革実施計画　令和6年度実施計画シート".into(),
            city: "見本市".into(),
            fiscal_year: FiscalYear::from_western(2024),
            date: chrono::NaiveDate::from_ymd_opt(2025, 4, 14).unwrap(),
            document: serde_json::Value::Null,
            initiatives: Vec::new(),
            ledger: Vec::new(),
            findings: Vec::new(),
            inputs: Vec::new(),
        };
        for at in 0..initiatives {
            settled.initiatives.push(initiative(at, initiatives, departments));
        }
        for at in 0..departments {
            let missing = at % 8 == 7;
            settled.ledger.push(LedgerEntry {
                file: (!missing).then(|| format!("【{}】R6実施計画シート.xlsx", department(at))),
                department: Some(department(at)),
                sent_at: (!missing).then(|| settled.date.and_hms_opt(9, 30, 0).unwrap()),
                status: if missing { Status::Missing } else { Status::Accepted },
                reason: if missing {
                    Text::new("提出がありません。", "Nothing has arrived.")
                } else {
                    Text::new("採用しました。", "Accepted.")
                },
            });
        }
        settled.findings = settled.initiatives.iter().enumerate().filter_map(|(at, i)| finding(at, i)).collect();
        torimatome::finding::sort(&mut settled.findings);
        let mut packet = Packet::default();
        for (at, i) in settled.initiatives.iter().enumerate() {
            let number = u32::try_from(at).unwrap() + 4;
            packet.sheets.push(SheetPages { initiative: i.key.clone(), first_page: number, last_page: number, index: (at + 2, at + 2) });
            packet.single.push((i.key.clone(), vec![Arc::new(sheet(i, number))]));
        }
        let sheet_files = settled.initiatives.iter().map(|i| (i.key.clone(), format!("{}_{}.pdf", i.key, i.name))).collect();
        Town { settled, packet, job: job(departments), form: form(), fonts: Fonts::load(None).unwrap(), sheet_files, since: None }
    }

    /// The page of the town.
    pub(super) fn page(&self, lang: Lang) -> String {
        let view = View {
            settled: &self.settled,
            form: &self.form,
            job: &self.job,
            packet: &self.packet,
            fonts: &self.fonts,
            lang,
            since: self.since.as_ref(),
            sheet_files: &self.sheet_files,
        };
        String::from_utf8(html::page(&view).unwrap()).unwrap()
    }
}

fn initiative(at: usize, of: usize, departments: usize) -> SettledInitiative {
    let place = at * departments / of.max(1);
    let department = department(place);
    let chapter = at * CHAPTERS.len() / of.max(1);
    let key = format!("{}-{:02}", chapter + 1, at + 1);
    let name = NAMES[at % NAMES.len()].to_owned();
    let answered = place % 8 != 7;
    let evaluation = if answered && at % 11 != 5 { ["A", "B", "B", "C"][at % 4] } else { "" };
    let report = if at % 13 == 4 { String::new() } else { format!("{TEXT}（{}件）", at * 37 % 1000) };
    let origin = |cell: &str| {
        if answered { Origin::cell(format!("【{department}】R6実施計画シート.xlsx"), key.clone(), cell) } else { Origin::default() }
    };
    let state = |s: State| if answered { s } else { State::Missing };
    let mut fields = BTreeMap::new();
    fields.insert("name".into(), field(name.clone(), false, origin("C4"), State::Plan));
    fields.insert("issues".into(), field(TEXT.into(), false, origin("C9"), State::Plan));
    fields.insert("actions".into(), field(TEXT.into(), false, Origin::default(), State::Plan));
    for year in ["R5", "R6", "R7"] {
        fields.insert(format!("goals.{year}"), field("コンビニ交付件数：4,300件".into(), false, origin("E12"), State::Plan));
    }
    let blank = report.is_empty();
    fields.insert(
        "report".into(),
        field(if answered { report } else { String::new() }, true, origin("C14"), state(if blank { State::Check } else { State::Reported })),
    );
    let mut mark = field(evaluation.into(), true, origin("C15"), state(State::Reported));
    mark.as_written = match evaluation {
        "A" => "Ａ".into(),
        other => other.into(),
    };
    fields.insert("evaluation.R6".into(), mark);
    #[allow(clippy::cast_precision_loss)]
    let rate = 40.0 + (at * 7 % 90) as f64;
    let achievements = if answered && at.is_multiple_of(3) {
        vec![Achievement { indicator: "コンビニ交付件数".into(), goal: "4,300件".into(), actual: "3,120件".into(), rate: Some(rate) }]
    } else {
        Vec::new()
    };
    SettledInitiative {
        key,
        name,
        chapter: CHAPTERS[chapter].into(),
        department,
        answered,
        fields,
        evaluation: evaluation.into(),
        evaluation_before: String::new(),
        achievements,
        raw: serde_json::Value::Null,
    }
}

fn finding(at: usize, i: &SettledInitiative) -> Option<Finding> {
    if !i.answered {
        return None;
    }
    let file = format!("【{}】R6実施計画シート.xlsx", i.department);
    if at % 13 == 4 {
        return Some(Finding::new(&BLANK).department(&i.department).initiative(&i.key).field("report").at(Origin::cell(file, &i.key, "C14")));
    }
    let mut doubtful = Finding::new(&DOUBTFUL)
        .department(&i.department)
        .initiative(&i.key)
        .field("evaluation.R6")
        .at(Origin::cell(file.clone(), &i.key, "C15"))
        .found("Ａ")
        .expected("C（達成率 72.6 %）")
        .related("目標", "goal", "4,300件（R6）", Origin::cell(file, &i.key, "E12"));
    if at % 22 == 3 {
        doubtful.waived =
            Some(Waiver { reason: "工事の遅れによる".into(), by: "企画課 見本".into(), date: "2025-04-12".into(), until: None });
    }
    (at % 11 == 3).then_some(doubtful)
}

pub(crate) const HOSTILE: [&str; 5] = [
    "</script><script>document.body.dataset.hit='1'</script>",
    "<img src=x onerror=\"document.body.dataset.hit='1'\">",
    "<!--<script>",
    "\u{2028}'\"`${document.body.dataset.hit='1'}",
    "{{ title }}{% raw %}&lt;b&gt;",
];

/// Texts of files in every place where a text of a file can stand.
pub(crate) fn hostile() -> Town {
    let mut town = Town::of(10);
    for (at, evil) in HOSTILE.iter().enumerate() {
        let evil = (*evil).to_owned();
        let i = &mut town.settled.initiatives[at];
        town.sheet_files.insert(i.key.clone(), format!("{evil}.pdf"));
        i.name.clone_from(&evil);
        i.chapter.clone_from(&evil);
        i.department.clone_from(&evil);
        i.evaluation.clone_from(&evil);
        let field = i.fields.get_mut("report").unwrap();
        field.value.clone_from(&evil);
        field.as_written = format!("{evil} ");
        field.origin.file = Some(evil.clone());
        field.origin.sheet = Some(evil.clone());
        town.settled.ledger[at].file = Some(format!("javascript:{evil}"));
        town.settled.title.push_str(&evil);
        if let Some(f) = town.settled.findings.get_mut(at) {
            f.found.clone_from(&evil);
            f.message = torimatome::finding::Text::new(evil.clone(), evil.clone());
            f.origin.file = Some(evil);
        }
    }
    town
}
