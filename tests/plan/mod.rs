//! The five plans load as their job settings and data shapes say.

mod findings;
mod xlsx;

use std::path::Path;
use torimatome::form::{DataShape, Form};
use torimatome::plan::{Job, load};

/// Where each plan's data holds its initiatives; the same as the forms say.
fn shape(list: &str, key: &str, name: &str) -> DataShape {
    DataShape { list: list.into(), key: key.into(), name: name.into(), leads: Some("departments".into()), ..Default::default() }
}

#[test]
fn all_five_plans_load() {
    let jobs = Job::of_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(jobs.len(), 5);
    let expected = [
        ("honjo", shape("sheets", "{field}-{no:02}", "plan_name"), 56, "1-01"),
        ("annaka", shape("sheets", "{chapter.no}-{section.marker}-{item.marker}", "item.name"), 36, "1-(1)-①"),
        ("kodaira", shape("sheets", "{no}", "name"), 33, "1"),
        ("oyama_joho", shape("sheets", "{no}", "name"), 24, "1"),
        ("oyama_gyokaku", shape("initiatives", "{no}", "name"), 107, "1"),
    ];
    for (id, data, count, first) in expected {
        let job = jobs.iter().find(|j| j.settings.id == id).unwrap();
        let plan = load(job, &Form { data, ..Form::default() }).unwrap();
        assert_eq!(plan.initiatives.len(), count, "{id}");
        assert_eq!(plan.initiatives[0].key, first);
        assert!(plan.initiatives.iter().all(|i| !i.name.is_empty() && i.answers.is_some()), "{id}");
    }
}

/// The printed cell of departments splits into the names that careful readers took out of it.
#[test]
fn printed_departments_split_as_people_read_them() {
    for job in Job::of_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let text = std::fs::read_to_string(job.folder.join(&job.settings.plan)).unwrap();
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        let list = data.get("sheets").or_else(|| data.get("initiatives")).unwrap().as_array().unwrap();
        for member in list {
            for key in ["departments", "related_departments"] {
                let Some(printed) = member[format!("{key}_printed")].as_str() else { continue };
                let read: Vec<&str> = member[key].as_array().unwrap().iter().map(|d| d.as_str().unwrap()).collect();
                assert_eq!(torimatome::value::split_departments(printed, &job.register), read, "{} {}", job.settings.id, member["no"]);
            }
        }
    }
}

/// The lineage that the change list tells: who was merged into whom, who has a new name, how many of each kind.
#[test]
fn lineage_of_the_change_list() {
    let jobs = Job::of_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let job = jobs.iter().find(|j| j.settings.id == "oyama_gyokaku").unwrap();
    let form = Form::load(&job.settings.form, None).unwrap();
    let plan = load(job, &form).unwrap();
    let lineage = torimatome::plan::lineage::read(&plan, &form);
    let no = |at: &usize| plan.initiatives[*at].key.clone();
    let mut lines: Vec<String> = lineage.counts.iter().map(|(k, n)| format!("{k} {n}")).collect();
    for change in &lineage.changes {
        let list = |of: &[usize]| of.iter().map(&no).collect::<Vec<_>>().join(",");
        if !change.successors.is_empty() || !change.predecessors.is_empty() || change.new_name.is_some() {
            let name = change.new_name.clone().unwrap_or_default();
            lines.push(format!("{} -> [{}] <- [{}] {name}", no(&change.initiative), list(&change.successors), list(&change.predecessors)));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    継続 38
    取組完了 15
    名称変更 5
    統合 8
    経常業務 19
    個別計画あり 19
    削除 1
    新規 2
    7 -> [] <- [] 市民課窓口業務のBPR
    8 -> [] <- [37] 
    10 -> [] <- [] ～利活用
    12 -> [22] <- [] 
    22 -> [] <- [12,23] おーバスの利用促進
    23 -> [22] <- [] 
    35 -> [] <- [45] 
    37 -> [8] <- [] 
    40 -> [38,39] <- [] 
    41 -> [] <- [42] 財政の健全化
    42 -> [41] <- [] 
    45 -> [35] <- [] 
    66 -> [65] <- [] 
    69 -> [68] <- []
    ");
}

/// Thousands of initiatives with tables, texts and figures of their own: every contradiction is told. How time grows is measured by `benches/city.rs`.
#[test]
fn thousands_of_initiatives_are_checked() {
    use serde_json::json;
    use torimatome::intake::Intake;
    use torimatome::reconcile::checks::OF_THE_PLAN;
    use torimatome::reconcile::{Case, Edition, Matched};
    let jobs = Job::of_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let job = jobs.iter().find(|j| j.settings.id == "oyama_gyokaku").unwrap();
    let form = Form::load(&job.settings.form, None).unwrap();
    let row = |n: u32| {
        json!({"no": n, "name": format!("第{n}地区の見守り活動の推進"), "departments": ["市民課"], "departments_printed": "市民課", "change_type": "継続",
        "change_reason": [format!("「No.{} 第{}地区の見守り活動の推進」を統合し、参加者を{n}人から{}人に増やすため記述を変更した。", n + 1, n + 1, n + 5)]})
    };
    let check = |count: u32| {
        let rows: Vec<_> = (1..=count).map(row).collect();
        let data = json!({"contents": rows, "initiatives": rows});
        let plan = torimatome::plan::data::plan_of(data, job, &form).unwrap();
        let (intake, matched) = (Intake::default(), Matched::default());
        let case = Case::new(job, &form, &plan, &intake, &matched, Edition::Plan, "2025-04-01".parse().unwrap());
        let found: usize = OF_THE_PLAN.iter().map(|check| check(&case).len()).sum();
        assert!(found >= count as usize / 2, "each one-sided merger is told");
    };
    check(500);
    check(5_000);
}
