//! 一覧: one row an initiative: goal, result, achievement, evaluation, findings, page and links.

use super::View;
use super::book::{Book, Look, say};
use super::facts::{self, Findings};
use super::table::{Cell, Column, Table};
use crate::finding::Origin;
use crate::form::Role;
use crate::reconcile::totals::{Counts, Standing};
use crate::reconcile::{Achievement, Edition, SettledInitiative};
use crate::value::quantity::{self, Comparison, Quantity};

/// Roles whose texts are the year's goal.
pub(super) const GOAL: &[Role] = &[Role::YearGoal, Role::YearValue, Role::TargetValue];
/// Roles whose texts are the year's result.
pub(super) const RESULT: &[Role] = &[Role::Report, Role::ReportValue];

/// The sheet.
pub(super) fn table(view: &View<'_>, book: &Book<'_>, findings: &Findings<'_>) -> Table<'static> {
    let pages = facts::pages(view);
    let year = view.settled.fiscal_year.name();
    let rows = view.settled.initiatives.iter().map(|i| row(view, i, findings, pages.get(i.key.as_str()).copied())).collect();
    let mut lead = vec![format!("{}　{year}　{}", view.settled.title, book.say("取組ごとに1行", "one row an initiative"))];
    if view.settled.edition == Edition::Plan {
        lead.push(book.say("報告は届いていません。計画の内容だけを載せています。", "Nothing has arrived: this is the plan alone.").to_owned());
    }
    Table {
        sheet: "一覧".to_owned(),
        defined: "一覧表".to_owned(),
        title: book.say("取組一覧", "Initiatives").to_owned(),
        lead,
        columns: columns(view),
        rows,
        total: None,
        below: None,
        notes: vec![
            book.say("「調書」から取組ごとのPDFが、「原本の位置」から提出ファイルの該当するセルが開きます。", "Sheet opens the PDF, place opens the file at its cell.")
                .to_owned(),
            book.say(
                "達成率は、目標と実績の両方から数値が読み取れたものだけです。目標の向き（増やす・減らす）に合わせて計算し、指標が複数あるときは最も低いものを示します。",
                "Achievement is given only where goal and result are figures; it minds whether more or less is better, and shows the lowest of several indicators.",
            )
            .to_owned(),
            book.say(
                "【要確認】は未対応のエラーがある値、【未提出】は報告が届いていない値です。古い値で埋めることはしていません。",
                "[to be checked] marks a value with an open error, [missing] one that never arrived. Neither is filled with an old value.",
            )
            .to_owned(),
        ],
        frozen: 3,
        marks: vec![
            (12, Standing::Missing.word(view).to_owned(), Look::Alarm),
            (12, Standing::Check.word(view).to_owned(), Look::Notice),
            (5, say(view.lang, "【要確認】", "[to be checked]").to_owned(), Look::Notice),
            (6, say(view.lang, "【要確認】", "[to be checked]").to_owned(), Look::Notice),
        ],
        empty: book.say("取組がありません。", "There is no initiative.").to_owned(),
    }
}

/// The columns.
fn columns(view: &View<'_>) -> Vec<Column> {
    let say = |ja, en| say(view.lang, ja, en);
    vec![
        Column::new(say("番号", "No."), 12.0, 24.0).centre(),
        Column::new(say("章・分野", "Chapter"), 22.0, 36.0),
        Column::new(say("取組名", "Initiative"), 40.0, 58.0),
        Column::new(say("所属", "Department"), 22.0, 32.0),
        Column::new(say("関係課", "Related"), 18.0, 28.0),
        Column::new(say("目標", "Goal"), 40.0, 78.0),
        Column::new(say("実績", "Result"), 40.0, 88.0),
        Column::new(say("指標", "Indicator"), 22.0, 36.0),
        Column::new(say("目標値", "Target"), 18.0, 28.0).right(),
        Column::new(say("実績値", "Actual"), 18.0, 28.0).right(),
        Column::new(say("達成率", "Achieved"), 17.0, 20.0).right(),
        Column::new(say("評価", "Mark"), 15.0, 26.0).centre(),
        Column::new(say("状況", "State"), 20.0, 26.0).centre(),
        Column::new(say("未対応\nエラー", "Open\nerrors"), 16.0, 18.0).right(),
        Column::new(say("未対応\n警告", "Open\nwarnings"), 16.0, 18.0).right(),
        Column::new(say("確認\n済み", "Accep-\nted"), 14.0, 18.0).right(),
        Column::new(say("頁", "Page"), 13.0, 18.0).centre(),
        Column::new(say("調書", "Sheet"), 13.0, 16.0).centre(),
        Column::new(say("原本", "Source"), 30.0, 52.0),
        Column::new(say("原本の\n位置", "Place"), 17.0, 24.0).centre(),
    ]
}

/// One initiative.
fn row(view: &View<'_>, initiative: &SettledInitiative, findings: &Findings<'_>, pages: Option<(u32, u32)>) -> Vec<Cell> {
    let counts = Counts::of(findings.about(&initiative.key).iter().copied());
    let (indicator, goal, actual, rate) = figures(&initiative.achievements);
    vec![
        Cell::number_or_text(&facts::number(view, initiative)),
        Cell::text(&initiative.chapter),
        Cell::text(&initiative.name),
        Cell::text(&initiative.department),
        Cell::text(facts::text(view, initiative, &[Role::Related])),
        Cell::text(facts::text(view, initiative, GOAL)),
        Cell::text(result(view, initiative)),
        Cell::text(indicator),
        goal,
        actual,
        rate,
        Cell::text(&initiative.evaluation),
        Cell::text(findings.standing(initiative).word(view)),
        Cell::count(counts.errors),
        Cell::count(counts.warnings),
        Cell::count(counts.accepted),
        page_cell(pages),
        facts::pdf_link(view, &initiative.key).map_or(Cell::Blank, |url| Cell::link("PDF", Some(url))),
        source_file(initiative),
        source_cell(view, initiative),
    ]
}

/// The year's result; where the form asks for none, the reason of the change.
fn result(view: &View<'_>, initiative: &SettledInitiative) -> String {
    let asks = view.form.fields.iter().any(|f| f.role.is_some_and(|r| RESULT.contains(&r)));
    facts::text(view, initiative, if asks { RESULT } else { &[Role::ChangeReason] })
}

/// The printed page, or the first and last one.
fn page_cell(pages: Option<(u32, u32)>) -> Cell {
    match pages {
        Some((first, last)) if first != last => Cell::text(format!("{first}～{last}")),
        Some((first, _)) => Cell::Number(f64::from(first), "0".to_owned()),
        None => Cell::Blank,
    }
}

/// Name of the file that counts.
fn source_file(initiative: &SettledInitiative) -> Cell {
    let file = source(initiative).and_then(|o| o.file.as_deref()).unwrap_or_default();
    Cell::text(file.rsplit(['/', '!']).next().unwrap_or(file))
}

/// The cell of the first reported value, leading to it. Links are short: LibreOffice does not break them.
fn source_cell(view: &View<'_>, initiative: &SettledInitiative) -> Cell {
    match source(initiative) {
        Some(origin) => Cell::link(facts::place_word(view, origin), facts::source_link(view, origin)),
        None => Cell::Blank,
    }
}

/// The place of the first reported value of an initiative.
pub(super) fn source(initiative: &SettledInitiative) -> Option<&Origin> {
    let origins = || initiative.fields.values().filter(|f| f.origin.file.is_some());
    origins().find(|f| f.reported).or_else(|| origins().next()).map(|f| &f.origin)
}

/// Indicator, goal, result and rate: as figures if there is one indicator, as lines if there are several.
fn figures(achievements: &[Achievement]) -> (String, Cell, Cell, Cell) {
    let rate = achievements
        .iter()
        .filter_map(|a| a.rate)
        .filter(|r| r.is_finite())
        .fold(None, |least: Option<f64>, r| Some(least.map_or(r, |least| least.min(r))));
    let rate = rate.map_or(Cell::Blank, |r| Cell::Number(r / 100.0, "0.0%".to_owned()));
    match achievements {
        [] => (String::new(), Cell::Blank, Cell::Blank, rate),
        [one] => (one.indicator.clone(), figure(&one.goal), figure(&one.actual), rate),
        several => {
            let lines = |part: fn(&Achievement) -> &str| several.iter().map(part).collect::<Vec<_>>().join("\n");
            (lines(|a| &a.indicator), Cell::text(lines(|a| &a.goal)), Cell::text(lines(|a| &a.actual)), rate)
        }
    }
}

/// A figure with its unit as a number that Excel can calculate with (`#,##0"件以上"`); the text itself if it is not one figure that a format can show.
pub(super) fn figure(text: &str) -> Cell {
    let quantities = quantity::parse(text);
    let [one] = quantities.as_slice() else { return Cell::text(text) };
    let Some(bound) = bound(one) else { return Cell::text(text) };
    let Ok(value) = one.value.normalize().to_string().parse::<f64>() else { return Cell::text(text) };
    if one.upper.is_some() || !value.is_finite() || value.abs() >= 1e15 {
        return Cell::text(text);
    }
    let decimals = one.value.scale().min(9) as usize;
    let digits = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) };
    match one.unit.as_str() {
        "%" | "％" => Cell::Number(value / 100.0, format!("{}%{}", digits.replace("#,##0", "0"), quoted(bound))),
        unit => Cell::Number(value, format!("{digits}{}", quoted(&format!("{unit}{bound}")))),
    }
}

/// The word behind a figure that bounds it, as a number format can show it; `None` if it is written another way (約10件).
fn bound(one: &Quantity) -> Option<&'static str> {
    let words: &[&'static str] = match one.comparison {
        Comparison::Exactly => return Some(""),
        Comparison::AtLeast => &["以上"],
        Comparison::AtMost => &["以下", "以内"],
        Comparison::MoreThan => &["超"],
        Comparison::LessThan => &["未満"],
        Comparison::About => &["程度"],
    };
    words.iter().copied().find(|word| one.as_written.trim_end().ends_with(word))
}

/// A unit inside a number format.
fn quoted(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!("\"{}\"", unit.replace('"', "”")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_unit_and_bound_in_their_format() {
        for (text, value, format) in
            [("4,300件", 4300.0, "#,##0\"件\""), ("80%以上", 0.8, "0%\"以上\""), ("99.5%", 0.995, "0.0%"), ("18日以内", 18.0, "#,##0\"日以内\"")]
        {
            assert_eq!(figure(text), Cell::Number(value, format.to_owned()), "{text}");
        }
        assert_eq!(figure("1～2件"), Cell::Text("1～2件".to_owned()));
        assert_eq!(figure("検討"), Cell::Text("検討".to_owned()));
    }
}
