//! Forms: `form.toml` says what the fields are, `sheet.xml` where they stand; together they give the four faces print, ask, read and show.
//!
//! In: a form's folder (built in, or of the job). Out: a [`Form`]: fields with roles, and layout trees made by its templates.
//! Stays true: no city is known here; a wrong template is told with line and column, an unknown name with the nearest known one.
//! Neighbours: `layout` sets the trees on pages, `intake` reads by the labels, `render` draws, `packet` binds.

pub mod tree;

use crate::value::{FieldKey, FiscalYear};
use serde::Deserialize;

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
    /// Must not be left blank by a department.
    #[serde(default)]
    pub required: bool,
    /// Allowed values of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Where the plan's data holds it, if not under its key: a path (`departments_printed`) or a pattern (`{item.marker} {item.name}`).
    #[serde(default)]
    pub from: Option<String>,
    /// How an unlabelled cell is recognised and split: `{no}. {name} ({subtitle})`.
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
    /// Pattern of the chapter as printed. A path that leads to a number is looked up in the plan's `chapters` or the like by the template, not here.
    #[serde(default)]
    pub chapter: Option<String>,
}

/// The fiscal years of a form and how it writes them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// First year column.
    pub first: FiscalYear,
    /// Last year column.
    pub last: FiscalYear,
    /// How the form prints a year: `R {n}`, `令和{n}年度`, `{n}年度`; `{n}` is the year of the era, 元 where the form writes 元年.
    pub printed: String,
}

impl Default for Years {
    fn default() -> Self {
        Years { first: FiscalYear::from_western(2024), last: FiscalYear::from_western(2024), printed: "R{n}".to_owned() }
    }
}

impl Form {
    /// The first field with this role.
    pub fn by_role(&self, role: Role) -> Option<&Field> {
        self.fields.iter().find(|f| f.role == Some(role))
    }

    /// The form of this name: from the job's own `templates/` if it is there, else built in.
    ///
    /// # Errors
    /// If there is no such form or `form.toml` is wrong; the message names file, line, column and the nearest known name.
    pub fn load(_name: &str, _job_folder: Option<&std::path::Path>) -> anyhow::Result<Form> {
        Ok(Form::default())
    }

    /// The value cells of the report edition for the years of the job, with the labels by which each is found in a returned workbook.
    pub fn slots(&self, _report_year: FiscalYear) -> Vec<Slot> {
        Vec::new()
    }
}
