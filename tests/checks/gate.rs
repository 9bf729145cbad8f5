//! The gate: every total of the summary workbook, the page and the packet is computed a second time from `result.json`, and the two agree.
//!
//! Nothing of `reconcile::totals` is used here: the second count is made of initiatives, records, diagnostics and submissions alone.

use crate::common::{Run, Trial, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use torimatome::form::{Form, Kind};
use torimatome::layout::Page;
use torimatome::plan::Job;
use torimatome::reconcile::totals::by_choice;
use torimatome::value::fold;
use torimatome::workbook::{CellRef, ReadOptions, Sheet, Stored, Workbook, read};

/// One initiative, as the second count sees it.
struct One<'r> {
    json: &'r Value,
    /// 0 answered, 1 to be checked, 2 missing; `None` in the plan edition.
    standing: Option<usize>,
}

impl<'r> One<'r> {
    fn text(&self, key: &str) -> &'r str {
        self.json[key].as_str().unwrap()
    }
}

/// `result.json`, counted again.
struct Second<'r> {
    written: &'r Value,
    initiatives: Vec<One<'r>>,
}

impl<'r> Second<'r> {
    fn of(written: &'r Value) -> Self {
        let plan = written["edition"] == "plan";
        let wrong = |key: &Value| {
            let about = |d: &&Value| d["initiative"] == *key && d["severity"] == "error" && d["waived"].is_null() && !d["file"].is_null();
            items(&written["diagnostics"]).any(|d| about(&d))
        };
        let one = |json: &'r Value| {
            let check = !json["in_doubt"].as_array().unwrap().is_empty() || wrong(&json["initiative"]);
            let standing = if json["answered"] == false { 2 } else { usize::from(check) };
            One { json, standing: (!plan).then_some(standing) }
        };
        Second { written, initiatives: items(&written["initiatives"]).map(one).collect() }
    }

    fn count(&self, wanted: impl Fn(&One<'_>) -> bool) -> f64 {
        self.initiatives.iter().filter(|i| wanted(i)).count() as f64
    }

    /// Findings, of a department or (with `None`) all.
    fn findings(&self, department: Option<&str>, severity: &str) -> f64 {
        let theirs = |d: &&Value| department.is_none_or(|name| !name.is_empty() && d["department"] == name);
        let all = items(&self.written["diagnostics"]).filter(theirs);
        let kind = |d: &&Value| if severity == "accepted" { !d["waived"].is_null() } else { d["waived"].is_null() && d["severity"] == severity };
        all.filter(kind).count() as f64
    }

    /// The row of a group: initiatives, states, marks, without a mark, findings; and the mean rate.
    fn row(&self, marks: &[String], findings: [f64; 3], within: impl Fn(&One<'_>) -> bool) -> (Vec<f64>, Option<f64>) {
        let mut row = vec![self.count(&within)];
        row.extend((0..3).map(|n| self.count(|i| within(i) && i.standing == Some(n))));
        row.extend(marks.iter().map(|m| self.count(|i| within(i) && fold(i.text("evaluation")) == fold(m))));
        row.push(self.count(|i| within(i) && i.text("evaluation").is_empty() && i.standing != Some(2)));
        row.extend(findings);
        let rates: Vec<f64> = self.initiatives.iter().filter(|i| within(i)).flat_map(|i| items(&i.json["rates"])).filter_map(Value::as_f64).collect();
        let mean = (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64 / 100.0);
        (row, mean)
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

/// A number as it is stored; 0 for one that is shown as 「－」 is stored too.
fn number(sheet: &Sheet, row: u32, col: u32) -> Option<f64> {
    match sheet.cells.get(&CellRef::new(row, col))?.stored {
        Stored::Number(n) => Some(n),
        _ => None,
    }
}

/// The numbers of a row from a column on, as long as there are any.
fn numbers(sheet: &Sheet, row: u32, from: u32) -> Vec<f64> {
    (from..200).map_while(|col| number(sheet, row, col)).collect()
}

/// The row in whose first column stands a text that begins so, from a row on.
fn row_of(sheet: &Sheet, from: u32, wanted: impl Fn(&str) -> bool) -> Option<u32> {
    sheet.cells.iter().find(|(at, c)| at.col == 0 && at.row >= from && wanted(c.shown.trim())).map(|(at, _)| at.row)
}

/// The rows of a table: label and numbers, from below its headings to the row 合計 inclusive.
fn table(sheet: &Sheet, head: u32) -> Vec<(String, Vec<f64>)> {
    let end = row_of(sheet, head + 1, |t| t == "合計").unwrap();
    (head + 1..=end).map(|row| (sheet.text(CellRef::new(row, 0)).trim().to_owned(), numbers(sheet, row, 1))).collect()
}

/// What does not agree.
struct Wrong(String, Vec<String>);

impl Wrong {
    fn agree<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, shown: T, computed: T) {
        if shown != computed {
            self.1.push(format!("{} {what}: shown {shown:?}, from result.json {computed:?}", self.0));
        }
    }
}

fn gate(trial: &Trial, run: &Run, name: &str) -> Vec<String> {
    let book: Workbook = read(&trial.output("進捗総括表.xlsx"), "進捗総括表.xlsx", &ReadOptions::default()).unwrap();
    let sheet = |name: &str| book.sheets.iter().find(|s| s.name == name).unwrap();
    let written: Value = serde_json::from_slice(&trial.output("result.json")).unwrap();
    let second = Second::of(&written);
    let mut wrong = Wrong(name.to_owned(), Vec::new());
    let marks = overview(&mut wrong, sheet("概要"), &second);
    by_department(&mut wrong, sheet("所属別"), &second, &marks);
    by_evaluation(&mut wrong, sheet("評価別"), &second);
    submissions(&mut wrong, sheet("提出状況"), &second);
    packet(&mut wrong, trial, run, &second);
    wrong.1
}

/// 概要; gives the marks that it lists.
fn overview(wrong: &mut Wrong, sheet: &Sheet, second: &Second<'_>) -> Vec<String> {
    let all = second.count(|_| true);
    let twice = second.count(|i| i.json["repeated"] == true);
    let counted = format!("取組 {} 件（純計）。再掲 {twice} 件を含めた延べ数は {all} 件", all - twice);
    wrong.agree("純計と延べ数", row_of(sheet, 0, |t| t.contains(&counted)).is_some(), true);
    if second.written["edition"] != "plan" {
        let head = row_of(sheet, 0, |t| t == "区分").unwrap();
        let mut computed: Vec<f64> = (0..3).map(|n| second.count(|i| i.standing == Some(n))).collect();
        computed.push(all);
        let shown = table(sheet, head);
        wrong.agree("提出の状況", shown.iter().map(|(_, n)| n[0]).collect(), computed.clone());
        wrong.agree("提出の割合", shown.iter().map(|(_, n)| n[1]).collect::<Vec<_>>(), computed.iter().map(|n| n / all).collect());
    }

    let section = row_of(sheet, 0, |t| t.starts_with("2　")).unwrap();
    let shown = if sheet.text(CellRef::new(section + 1, 1)).trim() == "件数" { table(sheet, section + 1) } else { Vec::new() };
    let given = second.count(|i| !i.text("evaluation").is_empty());
    let before_all: f64 = shown.iter().map(|(m, _)| second.count(|i| fold(i.text("last_year")) == fold(m))).sum();
    let mut marks = Vec::new();
    for (mark, row) in &shown {
        let is = |text: &str| if mark == "合計" { !text.is_empty() } else { fold(text) == fold(mark) };
        let now = second.count(|i| is(i.text("evaluation")));
        let before = if mark == "合計" { before_all } else { second.count(|i| is(i.text("last_year"))) };
        let mut computed = vec![now];
        computed.extend((given > 0.0).then_some(now / given));
        if before_all > 0.0 && given > 0.0 {
            computed.extend([before, now - before]);
        }
        wrong.agree(&format!("評価 {mark}"), row.clone(), computed);
        if mark != "合計" {
            marks.push(mark.clone());
        }
    }
    let listed: f64 = marks.iter().map(|m| second.count(|i| fold(i.text("evaluation")) == fold(m))).sum();
    wrong.agree("どの評価も数えている", listed, given);
    if !shown.is_empty() {
        let missing = second.count(|i| i.text("evaluation").is_empty() && i.standing == Some(2));
        let said = row_of(sheet, section, |t| t.contains(&format!("未提出 {missing} 件"))).is_some();
        wrong.agree("評価に含めていない未提出", said, true);
        let left = all - given - missing;
        let sentence = row_of(sheet, section, |t| t.contains("件数に含めていないもの")).unwrap();
        let sentence = sheet.text(CellRef::new(sentence, 0));
        let figures: Vec<f64> = sentence.split(" 件").filter_map(|part| part.rsplit(' ').next()?.parse().ok()).collect();
        wrong.agree("評価に含めていない空欄と要確認", figures.get(1..3).map(|f| f.iter().sum()), Some(left));
    }

    let section = row_of(sheet, 0, |t| t.starts_with("3　")).unwrap();
    let kinds = ["error", "warning", "note", "accepted"].map(|s| second.findings(None, s));
    wrong.agree("指摘", numbers(sheet, section + 2, 1), kinds.to_vec());
    for (title, key) in [("章・分野別", "chapter"), ("所属別", "department")] {
        let Some(section) = row_of(sheet, 0, |t| t.ends_with(&format!("　{title}"))) else { continue };
        for (label, row) in table(sheet, section + 1) {
            let name = if label == "（定めなし）" { "" } else { label.as_str() };
            let within = |i: &One<'_>| label == "合計" || i.text(key).trim() == name;
            let findings = if label == "合計" { of_departments(second) } else { of_department(second, name) };
            let (mut computed, _) = second.row(&marks, findings, within);
            if key == "chapter" {
                computed.truncate(computed.len() - 3);
            }
            wrong.agree(&format!("{title} {label}"), row, computed);
        }
    }
    marks
}

fn of_department(second: &Second<'_>, name: &str) -> [f64; 3] {
    ["error", "warning", "accepted"].map(|s| second.findings(Some(name), s))
}

/// The findings that some department must act on.
fn of_departments(second: &Second<'_>) -> [f64; 3] {
    let nobody = |severity: &str| {
        let none = items(&second.written["diagnostics"]).filter(|d| d["department"].as_str().unwrap_or_default().is_empty());
        none.filter(|d| if severity == "accepted" { !d["waived"].is_null() } else { d["waived"].is_null() && d["severity"] == severity }).count()
            as f64
    };
    ["error", "warning", "accepted"].map(|s| second.findings(None, s) - nobody(s))
}

/// 所属別: every row, the mean rates too, and every department has one.
fn by_department(wrong: &mut Wrong, sheet: &Sheet, second: &Second<'_>, marks: &[String]) {
    let head = row_of(sheet, 0, |t| t == "所属").unwrap();
    let rows = table(sheet, head);
    let total = rows.last().unwrap().1[0];
    wrong.agree("所属別の合計", rows.iter().take(rows.len() - 1).map(|(_, n)| n[0]).sum(), total);
    for (label, row) in rows {
        let name = if label == "（所属の定めなし）" { "" } else { label.as_str() };
        let findings = if label == "合計" { of_departments(second) } else { of_department(second, name) };
        let (mut computed, mean) = second.row(marks, findings, |i| label == "合計" || i.text("department").trim() == name);
        let counts = computed.len();
        computed.extend(mean.map(|m| (m * 1e9).round()));
        let shown = row.iter().enumerate().map(|(n, x)| if n == counts { (x * 1e9).round() } else { *x }).collect();
        wrong.agree(&format!("所属別 {label}"), shown, computed);
    }
}

/// 評価別: so many rows of each mark as there are initiatives with it.
fn by_evaluation(wrong: &mut Wrong, sheet: &Sheet, second: &Second<'_>) {
    let head = row_of(sheet, 0, |t| t == "評価").unwrap();
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for row in head + 1..=head + second.initiatives.len() as u32 {
        *shown.entry(fold(sheet.text(CellRef::new(row, 0)).trim())).or_default() += 1;
    }
    let mut computed: BTreeMap<String, usize> = BTreeMap::new();
    for one in &second.initiatives {
        let mark = one.text("evaluation");
        *computed.entry(fold(if mark.is_empty() { "（評価なし）" } else { mark })).or_default() += 1;
    }
    wrong.agree("評価別", shown, computed);
}

/// 提出状況: so many rows of each state, and the figures of each row.
fn submissions(wrong: &mut Wrong, sheet: &Sheet, second: &Second<'_>) {
    let words =
        [("accepted", "○ 受理"), ("superseded", "－ 差替え済"), ("unreadable", "× 読取不可"), ("ignored", "－ 対象外"), ("missing", "× 未提出")];
    let head = row_of(sheet, 0, |t| t == "所属").unwrap();
    let files = items(&second.written["submissions"]).count() as u32;
    let lead = sheet.cells.iter().filter(|(at, _)| at.row < head).map(|(_, c)| c.shown.as_str()).collect::<String>();
    for (status, word) in words {
        let computed = items(&second.written["submissions"]).filter(|s| s["status"] == status).count();
        let rows = (head + 1..=head + files).filter(|row| sheet.text(CellRef::new(*row, 1)).trim() == word).count();
        wrong.agree(&format!("提出状況 {word}"), rows, computed);
        wrong.agree(&format!("提出状況の見出し {word}"), lead.contains(&format!("{word} {computed}")), computed > 0);
    }
    for row in head + 1..=head + files {
        let name = sheet.text(CellRef::new(row, 0)).trim().to_owned();
        let shown: Vec<f64> = (6..9).filter_map(|col| number(sheet, row, col)).collect();
        if !shown.is_empty() {
            let findings = of_department(second, &name);
            let computed = vec![second.count(|i| i.text("department").trim() == name), findings[0], findings[1]];
            wrong.agree(&format!("提出状況 {name}"), shown, computed);
        }
    }
}

/// The counts that templates of the packet are given.
fn packet(wrong: &mut Wrong, trial: &Trial, run: &Run, second: &Second<'_>) {
    let form = Form::load(&trial.job.settings.form, Some(&trial.job.folder)).unwrap();
    let settled = &run.outcome.settled;
    let result = torimatome::reconcile::totals::result_field(&form).map(|f| f.key.clone());
    for field in form.fields.iter().filter(|f| f.kind == Kind::Choice && Some(&f.key) == result.as_ref()) {
        let count = by_choice(settled, field);
        for (choice, n) in &count.choices {
            let computed = second.count(|i| fold(i.text("evaluation")) == fold(choice));
            wrong.agree(&format!("冊子の {} {choice}", field.key), *n as f64, computed);
        }
        let sum = count.choices.iter().map(|(_, n)| n).sum::<usize>() + count.other + count.blank + count.doubtful + count.missing;
        wrong.agree(&format!("冊子の {} の合計", field.key), sum as f64, second.count(|_| true));
    }
    let fonts = torimatome::layout::font::Fonts::load(None).unwrap();
    let (packet, _) = torimatome::packet::bind(&form, settled, &trial.job, &fonts).unwrap();
    summary(wrong, &packet.pages, second);
}

/// The page of totals: behind the cover, without a number of its own; in the plan edition there is none.
fn summary(wrong: &mut Wrong, pages: &[std::sync::Arc<Page>], second: &Second<'_>) {
    let found: Vec<usize> = (0..pages.len()).filter(|n| pages[*n].text().contains("の概況")).collect();
    if second.written["edition"] == "plan" {
        return wrong.agree("概況のページ", found, Vec::new());
    }
    wrong.agree("概況のページ", found.iter().all(|n| *n < 2) && !found.is_empty(), true);
    let text: String = found.iter().map(|n| pages[*n].text()).collect::<String>().split_whitespace().collect();
    let mut says = |words: String| wrong.agree(&format!("概況の「{words}」"), text.contains(&words), true);
    let all = second.count(|_| true);
    for (n, word) in ["提出済", "要確認", "未提出"].into_iter().enumerate() {
        let count = second.count(|i| i.standing == Some(n));
        says(format!("{word}{count}{:.1}%", count * 100.0 / all));
    }
    let given = second.count(|i| !i.text("evaluation").is_empty());
    let marks: BTreeSet<String> = second.initiatives.iter().map(|i| i.text("evaluation").to_owned()).filter(|m| !m.is_empty()).collect();
    for mark in marks {
        let count = second.count(|i| i.text("evaluation") == mark);
        says(format!("{mark}{count}{:.1}%", count * 100.0 / given));
    }
}

/// The ten mailboxes and the five plans as published.
#[test]
fn the_workbook_and_the_result_agree_on_every_total() {
    let jobs: Vec<String> = Job::of_folder(&root()).unwrap().into_iter().map(|j| j.settings.id).collect();
    assert_eq!(jobs.len(), 5);
    let mut wrong = Vec::new();
    for id in &jobs {
        for kind in ["typical", "hostile", "plan"] {
            let trial = if kind == "plan" { Trial::empty(id) } else { Trial::sample(id, kind) };
            let run = trial.run();
            wrong.extend(gate(&trial, &run, &format!("{id}/{kind}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn last_years_evaluations_stand_beside_this_years_with_the_change() {
    // Honjo's plan holds last year's marks itself, and they count first.
    for id in ["oyama_joho", "oyama_gyokaku"] {
        let mut trial = Trial::sample(id, "typical");
        let first = trial.run();
        // Last year the first mark was given to nobody: whoever has it today had the second one.
        let marks: Vec<String> = by_choice_words(&first);
        let mut last = first.result().clone();
        last["fiscal_year"] = "H30".into();
        for initiative in last["initiatives"].as_array_mut().unwrap() {
            if initiative["evaluation"].as_str() == Some(&marks[0]) {
                initiative["evaluation"] = marks[1].as_str().into();
            }
        }
        trial.put("last.json", serde_json::to_string(&last).unwrap().as_bytes());
        let settings = trial.job.folder.join("job.toml");
        let own = std::fs::read_to_string(&settings).unwrap();
        std::fs::write(&settings, format!("last_year = \"last.json\"\n{own}")).unwrap();
        trial.job = Job::of_folder(trial.folder.path()).unwrap().remove(0);
        std::fs::remove_dir_all(&trial.job.output).unwrap();
        let second = trial.run();
        assert_eq!(gate(&trial, &second, id), Vec::<String>::new(), "{id}");

        let given = |run: &Run, mark: &str| items(&run.result()["initiatives"]).filter(|i| i["evaluation"] == mark).count();
        let (now, moved) = (given(&second, &marks[0]), given(&second, &marks[1]));
        assert!(now > 0, "{id}: the sample gives the first mark");
        let book = read(&trial.output("進捗総括表.xlsx"), "進捗総括表.xlsx", &ReadOptions::default()).unwrap();
        let total = |name: &str| {
            let sheet = book.sheets.iter().find(|s| s.name == name).unwrap();
            let row = row_of(sheet, 1, |t| t == "合計").unwrap();
            (0..30).map(|col| sheet.text(CellRef::new(row, col)).trim().to_owned()).collect::<Vec<_>>()
        };
        let row = total("所属別");
        assert!(row.contains(&format!("{now}（+{now}）")) && row.contains(&format!("{moved}（▲{now}）")), "{id}: {row:?}");
    }
}

/// The marks of a run, the most frequent first.
fn by_choice_words(run: &Run) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for initiative in items(&run.result()["initiatives"]) {
        *counts.entry(initiative["evaluation"].as_str().unwrap()).or_default() += 1;
    }
    counts.remove("");
    let mut words: Vec<(usize, &str)> = counts.into_iter().map(|(word, n)| (n, word)).collect();
    words.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    words.into_iter().map(|(_, word)| word.to_owned()).collect()
}
