//! The summary after a run: who has answered, what is to be mended, what changed, what lies where, what to do next.

use super::listing::counts;
use super::{Ink, Look, one_line, pad, width::width, wrap};
use crate::Outcome;
use crate::finding::Lang;
use crate::output;
use crate::plan::Job;
use crate::reconcile::since::Since;
use crate::reconcile::totals::{self, Counts, DepartmentState, Group};
use crate::reconcile::{Edition, Settled};
use std::path::PathBuf;

/// The summary of one job.
pub fn summary(look: &Look, job: &Job, outcome: &Outcome) -> String {
    let settled = &outcome.settled;
    let mut departments = totals::departments(settled, &job.register);
    departments.retain(|d| !d.name.is_empty());
    let mut out = heading(look, settled);
    out.push_str(&figures(look, settled, &departments));
    out.push_str(&busy(look, &departments));
    if let Some(since) = &outcome.since {
        out.push_str(&changes(look, since));
    }
    out.push_str(&written(look, outcome));
    out.push_str(&next(look, settled, &departments, outcome.placed.is_some()));
    out
}

/// City, plan and year.
fn heading(look: &Look, settled: &Settled) -> String {
    let title = format!("{}（{}・{}）", one_line(&settled.title), one_line(&settled.job), settled.fiscal_year.key());
    format!("\n{}\n{}\n", look.paint(Ink::Bold, &title), "-".repeat(look.columns.min(width(&title).max(40))))
}

/// One line with its label.
fn line(label: &str, text: &str) -> String {
    format!("  {}  {text}\n", pad(label, 10))
}

/// Departments, initiatives, findings.
fn figures(look: &Look, settled: &Settled, departments: &[Group]) -> String {
    let asked: Vec<&Group> = departments.iter().filter(|d| d.gross > 0).collect();
    let missing: Vec<&str> = asked.iter().filter(|d| d.state == DepartmentState::Missing).map(|d| d.name.as_str()).collect();
    let (all, answered) = totals::answered(settled);
    let mut out = String::new();
    match (settled.edition, look.lang) {
        (Edition::Plan, Lang::Ja) => out.push_str(&line("提出", &format!("まだ何も届いていません。計画（{all}件）をそのまま印刷します。"))),
        (Edition::Plan, Lang::En) => out.push_str(&line("answers", &format!("none yet; the plan ({all} initiatives) is printed as published"))),
        (Edition::Report, Lang::Ja) => {
            out.push_str(&line("提出", &format!("{}課のうち{}課", asked.len(), asked.len() - missing.len())));
            out.push_str(&line("回答", &format!("取組{all}件のうち{answered}件")));
        }
        (Edition::Report, Lang::En) => {
            out.push_str(&line("answers", &format!("{} of {} departments", asked.len() - missing.len(), asked.len())));
            out.push_str(&line("initiatives", &format!("{answered} of {all}")));
        }
    }
    if !missing.is_empty() {
        let names = missing.iter().map(|n| one_line(n)).collect::<Vec<_>>().join(look.say("、", ", "));
        out.push_str(&line(look.say("未提出", "missing"), &wrap(&names, look.columns, 14)));
    }
    let all = Counts::of(&settled.findings);
    let open = counts(look, &all);
    let mut text = if all.open() == 0 { look.paint(Ink::Good, look.say("なし", "none")) } else { open };
    if all.accepted > 0 {
        text.push_str(&match look.lang {
            Lang::Ja => format!("（ほかに確認済み {}件）", all.accepted),
            Lang::En => format!(" ({} more accepted)", all.accepted),
        });
    }
    out.push_str(&line(look.say("指摘", "findings"), &text));
    out
}

/// The departments with errors or warnings, as a table.
fn busy(look: &Look, departments: &[Group]) -> String {
    let busy: Vec<&Group> = departments.iter().filter(|d| d.findings.errors + d.findings.warnings > 0).collect();
    if busy.is_empty() {
        return String::new();
    }
    let heads = [
        look.say("課", "department"),
        look.say("状況", "state"),
        look.say("回答", "answered"),
        look.say("エラー", "errors"),
        look.say("警告", "warnings"),
    ];
    let rows: Vec<[String; 5]> = busy
        .iter()
        .map(|d| {
            let blank = |n: usize| if n == 0 { "-".to_owned() } else { n.to_string() };
            [
                one_line(&d.name),
                state(look, d.state).to_owned(),
                format!("{}/{}", d.answered(), d.gross),
                blank(d.findings.errors),
                blank(d.findings.warnings),
            ]
        })
        .collect();
    let mut widths = heads.map(width);
    for row in &rows {
        for (at, cell) in row.iter().enumerate() {
            widths[at] = widths[at].max(width(cell));
        }
    }
    let mut out = format!("\n    {}\n", look.paint(Ink::Weak, &table_line(&heads.map(str::to_owned), &widths)));
    for row in &rows {
        out.push_str(&format!("    {}\n", table_line(row, &widths)));
    }
    out
}

/// Names and words to the left, figures to the right.
fn table_line(cells: &[String; 5], widths: &[usize; 5]) -> String {
    let parts: Vec<String> = cells
        .iter()
        .zip(widths)
        .enumerate()
        .map(|(at, (cell, columns))| if at < 2 { pad(cell, *columns) } else { format!("{}{cell}", " ".repeat(columns.saturating_sub(width(cell)))) })
        .collect();
    parts.join("  ")
}

/// The word for how far a department has come.
fn state(look: &Look, state: DepartmentState) -> &'static str {
    match state {
        DepartmentState::Plan => look.say("計画", "plan"),
        DepartmentState::Answered => look.say("提出済み", "answered"),
        DepartmentState::Partly => look.say("一部未提出", "partly missing"),
        DepartmentState::Unreadable => look.say("読み取れず", "unreadable"),
        DepartmentState::Missing => look.say("未提出", "missing"),
        DepartmentState::NotAsked => look.say("対象なし", "not asked"),
    }
}

/// What differs from the last run.
fn changes(look: &Look, since: &Since) -> String {
    let label = format!("\n  {}（{}）", look.say("前回からの変化", "since the last run "), one_line(&since.date));
    if since.is_unchanged() {
        return format!("{label}  {}\n", look.say("ありません", "nothing has changed"));
    }
    let parts: Vec<String> = [
        (since.new.len(), "新しい指摘", "new findings"),
        (since.mended.len(), "直った指摘", "findings mended"),
        (since.altered.len(), "内容の変わった指摘", "findings changed"),
        (since.accepted.len(), "確認済みになった指摘", "findings accepted"),
        (since.answered.len(), "新しく回答のあった取組", "initiatives newly answered"),
        (since.withdrawn.len(), "回答のなくなった取組", "answers withdrawn"),
        (since.values.len(), "変わった回答", "answers changed"),
        (since.arrived.len(), "新しく届いたファイル", "files arrived"),
        (since.removed.len(), "なくなったファイル", "files gone"),
    ]
    .into_iter()
    .filter(|(n, _, _)| *n > 0)
    .map(|(n, ja, en)| match look.lang {
        Lang::Ja => format!("{ja} {n}件"),
        Lang::En => format!("{n} {en}"),
    })
    .collect();
    format!("{label}\n    {}\n", wrap(&parts.join(look.say("・", ", ")), look.columns, 4))
}

/// What was written where.
fn written(look: &Look, outcome: &Outcome) -> String {
    let Some(placed) = &outcome.placed else { return String::new() };
    let folder = placed.folder.display().to_string();
    let mut out = format!("\n  {}  {}\n", look.say("書き出し先", "written to"), look.paint(Ink::Bold, &folder));
    let files = [
        (output::PAGE, look.say("一覧ページ（まずここをご覧ください）", "the page: begin here")),
        (output::PACKET, look.say("会議資料（冊子）", "the packet")),
        (output::SUMMARY, look.say("進捗の集計", "the summary workbook")),
        (output::FINDINGS, look.say("指摘の一覧", "the findings")),
        (output::SHEETS, look.say("取組ごとの調書", "one sheet an initiative")),
        (output::RETURNS, look.say("各課へ返すファイルと依頼文", "what goes back to the departments")),
    ];
    for (file, words) in files {
        if placed.folder.join(file).exists() {
            out.push_str(&format!("    {}  {words}\n", pad(file, 18)));
        }
    }
    if placed.aside {
        let words = look.say(
            "前回の結果がほかのソフトで開かれているため、新しい結果は上のフォルダに置きました。閉じてからもう一度実行すると、元のフォルダに入ります。",
            "the last results are open elsewhere, so the new ones lie in the folder above; close them and run again",
        );
        out.push_str(&remark(look, words, &placed.locked));
    }
    if !placed.too_long.is_empty() {
        let words = look.say(
            "フォルダとファイルの名前を合わせた長さがExcelやエクスプローラーの上限を超えるため、次のファイルは開けないことがあります。業務フォルダを浅い場所（C:\\torimatome など）へ移して、もう一度実行してください。",
            "Excel and Explorer may be unable to open these files, because their paths are too long; move the job folder to a shorter path and run again",
        );
        out.push_str(&remark(look, words, &placed.too_long));
    }
    out
}

/// A warning with the files that it is about; of many the first.
fn remark(look: &Look, words: &str, files: &[PathBuf]) -> String {
    const SHOWN: usize = 5;
    let mut out = format!("\n  {}\n", look.paint(Ink::Warning, &wrap(words, look.columns, 2)));
    for file in files.iter().take(SHOWN) {
        out.push_str(&format!("    {}\n", file.display()));
    }
    if files.len() > SHOWN {
        let more = files.len() - SHOWN;
        out.push_str(&match look.lang {
            Lang::Ja => format!("    ほか{more}件\n"),
            Lang::En => format!("    and {more} more\n"),
        });
    }
    out
}

/// What to do next, most urgent first.
fn next(look: &Look, settled: &Settled, departments: &[Group], wrote: bool) -> String {
    if settled.edition == Edition::Plan {
        return String::new();
    }
    let missing = departments.iter().filter(|d| d.state == DepartmentState::Missing).count();
    let wrong = departments.iter().filter(|d| d.findings.errors > 0 && d.state != DepartmentState::Missing).count();
    let all = Counts::of(&settled.findings);
    let returns = if wrote {
        look.say("文面は「差戻し」フォルダにあります", "see the folder 差戻し")
    } else {
        look.say("run で文面を作れます", "`run` writes the letters")
    };
    let mut steps = Vec::new();
    match look.lang {
        Lang::Ja => {
            if missing > 0 {
                steps.push(format!("未提出の{missing}課に督促してください（{returns}）。"));
            }
            if wrong > 0 {
                steps.push(format!("エラーのある{wrong}課に差し戻してください（{returns}）。"));
            }
            if all.warnings > 0 {
                steps.push(format!("警告{}件を確かめてください。問題がなければ waivers.xlsx に理由とお名前を書いてください。", all.warnings));
            }
        }
        Lang::En => {
            if missing > 0 {
                steps.push(format!("Remind the missing departments: {missing} ({returns})."));
            }
            if wrong > 0 {
                steps.push(format!("Send the errors back to their departments: {wrong} ({returns})."));
            }
            if all.warnings > 0 {
                steps.push(format!("Look at the warnings: {}. If one is all right, write the reason and your name into waivers.xlsx.", all.warnings));
            }
        }
    }
    if steps.is_empty() {
        let good = if all.errors == 0 {
            look.say("直すことはありません。", "Nothing is left to be mended.")
        } else {
            look.say("エラーを確かめてください。", "Please look at the errors.")
        };
        return format!("\n  {}\n", if all.errors == 0 { look.paint(Ink::Good, good) } else { good.to_owned() });
    }
    let mut out = format!("\n  {}\n", look.paint(Ink::Bold, look.say("次にすること", "What to do next")));
    for (at, step) in steps.iter().enumerate() {
        out.push_str(&format!("    {}. {}\n", at + 1, wrap(step, look.columns, 7)));
    }
    out
}
