//! What the checks of the plan itself find in the five published plans: `docs/plan-findings.md` is made from it and kept current.

use std::fmt::Write as _;
use std::path::Path;
use torimatome::finding::Finding;
use torimatome::form::Form;
use torimatome::intake::Intake;
use torimatome::plan::{Job, load};
use torimatome::reconcile::checks::OF_THE_PLAN;
use torimatome::reconcile::{Case, Edition, Matched};

/// The findings of a job's plan, in the order of their rules.
fn findings_of(job: &Job) -> Vec<Finding> {
    let form = Form::load(&job.settings.form, None).unwrap();
    let plan = load(job, &form).unwrap();
    let (intake, matched) = (Intake::default(), Matched::default());
    let date = "2025-04-01".parse().unwrap();
    let case = Case::new(job, &form, &plan, &intake, &matched, Edition::Plan, date);
    OF_THE_PLAN.iter().flat_map(|check| check(&case)).collect()
}

/// One line of a table: no line breaks, no bars.
fn cell(text: &str) -> String {
    let line: String = text.replace('\n', " ").replace('|', "／");
    if line.chars().count() > 160 { line.chars().take(159).chain(['…']).collect() } else { line }
}

#[test]
fn what_is_found_in_the_five_plans() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let judged = include_str!("judged.tsv");
    let mut lines = String::new();
    for job in Job::of_folder(root).unwrap() {
        let found = findings_of(&job);
        assert!(found.iter().all(|f| f.origin.file.is_none() && f.initiative.is_some() && f.department.is_none()), "{}", job.settings.id);
        assert!(found.iter().all(|f| !f.related.is_empty()), "every finding quotes its places");
        writeln!(lines, "\n## {} ({} findings)\n\n| id | code | no. | what | judged |\n|---|---|---|---|---|", job.settings.title, found.len())
            .unwrap();
        for finding in found {
            let id = finding.id();
            let verdict = judged.lines().find_map(|l| l.strip_prefix(&format!("{id}\t"))).unwrap_or("right");
            let no = finding.initiative.clone().unwrap_or_default();
            writeln!(lines, "| `{id}` | {} | {no} | {} | {} |", finding.rule.code, cell(&finding.message.ja), cell(verdict)).unwrap();
        }
    }
    let page = format!("{}{lines}{}", include_str!("findings_head.md"), include_str!("findings_tail.md"));
    let path = root.join("docs/plan-findings.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(root.join("docs")).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), page, "run with UPDATE_DOCS=1 and review docs/plan-findings.md");
}
