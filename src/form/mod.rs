//! Forms: `form.toml` says what the fields are, `sheet.xml` where they stand; together they give the four faces print, ask, read and show.
//!
//! In: a form's folder (built in, or of the job). Out: a [`Form`]: fields with roles, and layout trees made by its templates.
//! Stays true: no city is known here; a wrong template is told with line and column, an unknown name with the nearest known one.
//! Neighbours: `layout` sets the trees on pages, `intake` reads by the labels, `render` draws, `packet` binds.

pub mod check;
pub mod load;
mod nearest;
mod parse;
pub mod pattern;
pub mod setting;
pub mod slots;
mod source;
pub mod template;
pub mod tree;
pub mod values;

pub use check::check;
pub use source::{Place, Problem};

use crate::value::{FieldKey, FiscalYear};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a field means to the rest of the program. Checks and summaries are written against roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The printed number.
    Number,
    /// The initiative's name.
    Name,
    /// Chapter, field or goal it belongs to.
    Chapter,
    /// Lead department (実行課, 担当課, 主管課).
    Lead,
    /// Related departments (連携課, 関係課).
    Related,
    /// First fiscal year.
    StartYear,
    /// Fiscal year in which the goal is to be reached.
    TargetYear,
    /// Text of the plan that departments leave alone.
    PlanText,
    /// Goal of a year (各年度達成目標).
    YearGoal,
    /// Planned or reported state of a year (検討, 実施, 達成).
    YearStatus,
    /// Figure of a year.
    YearValue,
    /// Figure when the plan was made.
    Baseline,
    /// Figure aimed at.
    TargetValue,
    /// What is measured.
    Indicator,
    /// The year's report.
    Report,
    /// The year's reported figure.
    ReportValue,
    /// The evaluation.
    Evaluation,
    /// Reason of the evaluation.
    Reason,
    /// Problems named in the report.
    Issues,
    /// Next year's policy.
    NextPolicy,
    /// Remarks (備考), which may announce a change of the plan.
    Remarks,
    /// Kind of change (継続, 統合 …).
    ChangeType,
    /// Reason of the change.
    ChangeReason,
    /// SDG numbers.
    Sdgs,
    /// Check boxes (目標区分).
    Flags,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Running text.
    #[default]
    Text,
    /// One of the field's choices.
    Choice,
    /// A figure, with or without unit.
    Number,
    /// A fiscal year.
    FiscalYear,
    /// Department names.
    Departments,
    /// SDG numbers.
    Sdgs,
    /// Check boxes.
    Checks,
}

/// Who fills a field in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilledBy {
    /// The plan; departments leave it alone.
    #[default]
    Plan,
    /// The department, in the year reported.
    Department,
    /// The section that collects.
    Office,
}

/// One field of a form, as `form.toml` declares it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key as in the plan's data, without year (`year_goals`); for a list of groups with the list's name before a dot (`indicators.name`).
    pub key: String,
    /// The printed label first, then other spellings. Empty for a field without a label of its own (then `pattern`). `{year}` stands for the year reported,
    /// `{next}` for the one after, in the form's way of writing years.
    #[serde(default)]
    pub labels: Vec<String>,
    /// What it holds.
    #[serde(default, rename = "type")]
    pub kind: Kind,
    /// What it means.
    #[serde(default)]
    pub role: Option<Role>,
    /// Who fills it in.
    #[serde(default)]
    pub by: FilledBy,
    /// One value for each fiscal year (`year_goals.R5` …).
    #[serde(default)]
    pub yearly: bool,
    /// For a yearly field filled in by departments: only the year reported is theirs; other years are the plan's.
    #[serde(default)]
    pub report_year_only: bool,
    /// Printed once for each member of a list (Kodaira's one to three indicators): the list's name.
    #[serde(default)]
    pub list: Option<String>,
    /// How many places of its list stand on a form that is sent out; 1 if it does not say.
    #[serde(default)]
    pub places: Option<usize>,
    /// Must not be left blank by a department.
    #[serde(default)]
    pub required: bool,
    /// Allowed values of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Where the plan's data holds it, if not under its key: a path (`departments_printed`) or a pattern (`{item.marker} {item.name}`).
    #[serde(default)]
    pub from: Option<String>,
    /// How an unlabelled cell is recognised and split: `{no}. {name} ({subtitle})`. `{no}` stands for figures, `{marker}` for a circled figure, any other
    /// name for any text; a last part in brackets may be missing.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Expected length in characters: a longer text raises C408 and is printed whole all the same.
    #[serde(default)]
    pub expected: Option<usize>,
    /// Leave it out of the comparison with the plan (it is not in the plan's data, or departments may mend it).
    #[serde(default)]
    pub unchecked: bool,
    /// Not in the plan edition: only in the report edition.
    #[serde(default)]
    pub report_only: bool,
}

/// One field in one year or at one place of a list: what a value cell of the form holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The full key: `year_goals.R6`, `indicators.0.name`, `plan_name`.
    pub key: FieldKey,
    /// Index into [`Form::fields`].
    pub field: usize,
    /// The year it stands for.
    pub year: Option<FiscalYear>,
    /// Its place in a list, zero-based.
    pub index: Option<usize>,
    /// Whether the department fills it in, in the year reported.
    pub asked: bool,
    /// The labels on its left in its row, nearest first, with all spellings of each.
    pub left: Vec<Vec<String>>,
    /// The headings above it, nearest first, with all spellings of each.
    pub above: Vec<Vec<String>>,
    /// Whether the next cell on its right is another one that is no label: an answer in this slot ends at its own cell.
    pub followed: bool,
    /// Top left and span in the form's own grid, zero-based (row, column, rows, columns), with the number of the grid on the sheet: for telling cells with
    /// the same labels apart by order.
    pub place: (usize, u32, u32, u32, u32),
}

/// How the form lies in a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A sheet an initiative.
    #[default]
    Sheet,
    /// A list, one row an initiative.
    List,
}

/// A form: its fields and its templates.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Folder name below `templates/`.
    pub id: String,
    /// How it lies in a workbook.
    pub shape: Shape,
    /// Its fields, in the order of `form.toml`.
    pub fields: Vec<Field>,
    /// Where the plan's data holds what the program needs to know of an initiative.
    pub data: DataShape,
    /// The fiscal years of the form's year columns.
    pub years: Years,
    /// What is bound into the packet, in order.
    pub packet: PacketPlan,
    /// The templates of the form by file name (`sheet.xml`), as they are on disk.
    pub templates: BTreeMap<String, String>,
}

/// What is bound into the packet, as `form.toml` says it under `[packet]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PacketPlan {
    /// The initiatives are also printed one by one, for 調書/.
    #[serde(default)]
    pub single: bool,
    /// Pattern of an initiative's bookmark over its fields and the plan's data; its name if there is none.
    #[serde(default)]
    pub bookmark: Option<String>,
    /// The report edition has a page of totals behind its cover, or first if there is no cover.
    #[serde(default = "yes")]
    pub summary: bool,
    /// The parts in order.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
}

fn yes() -> bool {
    true
}

impl Default for PacketPlan {
    fn default() -> Self {
        PacketPlan { single: false, bookmark: None, summary: true, parts: Vec::new() }
    }
}

/// A part of the packet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The template: a file of the form's folder.
    pub template: String,
    /// The template is set once for every initiative.
    #[serde(default)]
    pub each: bool,
    /// The sheets follow one another on the page instead of each starting a new one.
    #[serde(default)]
    pub running: bool,
    /// A template set before the first initiative of every chapter.
    #[serde(default)]
    pub divider: Option<String>,
    /// Printed number of its first page; without it the numbers go on from the part before.
    #[serde(default)]
    pub first: Option<u32>,
    /// How its pages are numbered.
    #[serde(default)]
    pub numbers: Numbers,
    /// Title of its bookmark, if it has one of its own.
    #[serde(default)]
    pub bookmark: Option<String>,
    /// Only in the report edition.
    #[serde(default)]
    pub report_only: bool,
    /// Starts on a front page: where the packet is printed on both sides, an empty page is put in before it if needed.
    #[serde(default)]
    pub front: bool,
}

impl Part {
    /// A part that is one template and nothing more.
    pub fn of(template: &str) -> Self {
        Part {
            template: template.to_owned(),
            each: false,
            running: false,
            divider: None,
            first: None,
            numbers: Numbers::Arabic,
            bookmark: None,
            report_only: false,
            front: false,
        }
    }
}

/// How the pages of a part are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Numbers {
    /// 1, 2, 3.
    #[default]
    Arabic,
    /// i, ii, iii.
    Roman,
    /// Not numbered; the numbers of the next part are not moved.
    None,
}

/// Where the plan's data holds what the program needs to know of an initiative. Paths go into the JSON of one initiative (`item.name`); patterns put
/// paths in braces (`{field}-{no:02}`, `{chapter.no}-{section.marker}-{item.marker}`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataShape {
    /// The list that holds the initiatives (`sheets`).
    pub list: String,
    /// Pattern of the key.
    pub key: String,
    /// Path of the name without number or marker.
    pub name: String,
    /// Path of the printed page number, if there is one.
    #[serde(default)]
    pub page: Option<String>,
    /// Path of the list of lead departments.
    #[serde(default)]
    pub leads: Option<String>,
    /// Path of the list of related departments.
    #[serde(default)]
    pub related: Option<String>,
    /// Pattern of the chapter as printed, or of its number if `chapters` says where the numbers are explained.
    #[serde(default)]
    pub chapter: Option<String>,
    /// The list of the plan's document that holds the chapters: each with `no` and `printed` (or `name`).
    #[serde(default)]
    pub chapters: Option<String>,
}

/// The fiscal years of a form and how it writes them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// First year column.
    pub first: FiscalYear,
    /// Last year column.
    pub last: FiscalYear,
    /// How the form prints a year: `R {n}`, `令和{n}年度`, `{n}年度`; `{n}` is the year of the era, 元 where the form writes 元年; `{era}`
    /// is the era's name, `{e}` its letter, `{western}` the western year.
    pub printed: String,
}

impl Default for Years {
    fn default() -> Self {
        Years { first: FiscalYear::from_western(2024), last: FiscalYear::from_western(2024), printed: "R{n}".to_owned() }
    }
}

impl Field {
    /// Whether a department fills the field in, for a value of `year` (if it has one) when `report_year` is reported.
    pub fn is_asked(&self, year: Option<FiscalYear>, report_year: FiscalYear) -> bool {
        self.by == FilledBy::Department && (!self.report_year_only || year.is_none_or(|y| y == report_year))
    }
}

impl Form {
    /// The first field with this role.
    pub fn by_role(&self, role: Role) -> Option<&Field> {
        self.fields.iter().find(|f| f.role == Some(role))
    }

    /// The form of this name: from the job's own `templates/` if it is there, else built in. A file of the job's folder stands for the built-in one of the
    /// same name.
    ///
    /// # Errors
    /// If there is no such form or `form.toml` is wrong; the message names file, line, column and the nearest known name.
    pub fn load(name: &str, job_folder: Option<&std::path::Path>) -> anyhow::Result<Form> {
        load::load(name, job_folder)
    }

    /// The years of the form's year columns.
    pub fn years(&self) -> Vec<FiscalYear> {
        (self.years.first.western()..=self.years.last.western()).map(FiscalYear::from_western).collect()
    }

    /// A year as the form prints it (`R 6`, `令和6年度`).
    pub fn printed_year(&self, year: FiscalYear) -> String {
        let key = year.key();
        let (letter, number) = key.split_at(key.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
        let era = match letter {
            "R" => "令和",
            "H" => "平成",
            "S" => "昭和",
            "T" => "大正",
            "M" => "明治",
            other => other,
        };
        let number = if number == "1" && self.years.printed.contains("年") { "元" } else { number };
        self.years.printed.replace("{n}", number).replace("{era}", era).replace("{e}", letter).replace("{western}", &year.western().to_string())
    }

    /// The labels of a field with the years put in: the printed one first.
    pub fn labels(&self, field: &Field, report_year: FiscalYear) -> Vec<String> {
        let (year, next) = (self.printed_year(report_year), self.printed_year(report_year.plus(1)));
        field.labels.iter().map(|l| labels_with_years(l, &year, &next)).collect()
    }

    /// The chapter an initiative belongs to, as printed; empty if the plan has none. `document` is the plan's data, `raw` that of the initiative.
    pub fn chapter(&self, document: &serde_json::Value, raw: &serde_json::Value) -> String {
        let Some(pattern) = &self.data.chapter else { return String::new() };
        let text = pattern::expand(pattern, raw);
        let Some(list) = &self.data.chapters else { return text };
        let found = pattern::at(document, list)
            .and_then(|l| l.as_array())
            .and_then(|l| l.iter().find(|c| pattern::at(c, "no").is_some_and(|no| pattern::text_of(no) == text)));
        found.and_then(|c| pattern::at(c, "printed").or_else(|| pattern::at(c, "name"))).map_or(text, pattern::text_of)
    }

    /// The value cells of the report edition for the years of the job, with the labels by which each is found in a returned workbook.
    ///
    /// A field of a list has one slot, with index 0: further members stand in the rows below it. A form whose template is wrong has no slots
    /// ([`check::check`] says why).
    pub fn slots(&self, report_year: FiscalYear) -> Vec<Slot> {
        slots::slots(self, report_year)
    }
}

/// Puts the reported year and the next into a label.
fn labels_with_years(label: &str, year: &str, next: &str) -> String {
    label.replace("{year}", year).replace("{next}", next)
}
