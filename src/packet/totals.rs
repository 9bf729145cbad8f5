//! What the summary page says: the totals of a run, as templates see them.
//!
//! In: the settled model. Out: counts, shares and changes, ready to be printed (`83.9%`, `▲3`).
//! Stays true: nothing is counted here: every figure is one of [`Totals`], the same as in the workbook and on the page.

use crate::form::{Form, slots};
use crate::plan::Job;
use crate::reconcile::Settled;
use crate::reconcile::totals::{Totals, result_field};
use serde_json::{Value, json};

/// The totals of a run.
pub(super) fn of(form: &Form, settled: &Settled, job: &Job) -> Value {
    let totals = Totals::of(settled, form, job);
    let all = &totals.all;
    let (evaluated, before) = (all.evaluated(), all.evaluated_before());
    let word = result_field(form).and_then(|f| form.labels(f, settled.fiscal_year).into_iter().next()).unwrap_or_else(|| "評価".to_owned());
    let marks: Vec<Value> = totals
        .marks
        .iter()
        .enumerate()
        .map(|(n, mark)| {
            json!({
                "mark": mark.mark, "meaning": mark.meaning, "count": all.marks[n], "share": share(all.marks[n], evaluated),
                "before": all.before[n], "change": change(all.marks[n], all.before[n]),
            })
        })
        .collect();
    let meanings: Vec<String> = job.settings.scale.iter().filter(|b| !b.meaning.is_empty()).map(|b| format!("{}：{}", b.mark, b.meaning)).collect();
    json!({
        "year": settled.fiscal_year.name(),
        "landscape": slots::blank_tree(form, settled.fiscal_year, true).is_some_and(|t| t.page.width > t.page.height),
        "net": all.net(), "gross": all.gross, "repeated": all.repeated,
        "standings": all.standings.map(|n| json!({"count": n, "share": share(n, all.gross)})),
        "mark_word": word, "marks": marks, "meanings": meanings.join("　"),
        "evaluated": evaluated, "evaluated_share": share(evaluated, evaluated),
        "knows_last_year": totals.knows_last_year(), "evaluated_before": before, "evaluated_change": change(evaluated, before),
        "missing": all.missing, "blank": all.blank, "doubtful": all.doubtful,
        "groups": totals.chapters.iter().map(|c| json!({"name": c.name, "gross": c.gross, "standings": c.standings, "marks": c.marks})).collect::<Vec<_>>(),
    })
}

/// A share in per cent, with one decimal; 「―」 of nothing.
fn share(part: usize, whole: usize) -> String {
    if whole == 0 { "―".to_owned() } else { format!("{:.1}%", part as f64 * 100.0 / whole as f64) }
}

/// A change as offices write it.
fn change(now: usize, before: usize) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("+{}", now - before),
        std::cmp::Ordering::Less => format!("▲{}", before - now),
        std::cmp::Ordering::Equal => "±0".to_owned(),
    }
}
