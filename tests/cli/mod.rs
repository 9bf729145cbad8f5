//! The command as a person or a script uses it: exit statuses, languages, JSON, and answers to slips.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn torimatome(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_torimatome")).args(arguments).current_dir(folder).env_remove("NO_COLOR").output().unwrap()
}

fn here(arguments: &[&str]) -> Output {
    torimatome(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_wrong_command_line_is_told_with_status_2() {
    for wrong in [&["runn"][..], &["run", "--no-such-option"], &["--lang", "fr"], &["explain"], &["--date", "tomorrow"]] {
        let output = here(wrong);
        assert_eq!(status(&output), 2, "{wrong:?}");
        assert!(out(&output).is_empty(), "{wrong:?}");
        assert!(err(&output).contains("--help"), "{wrong:?}: {}", err(&output));
    }
}

#[test]
fn an_unknown_job_is_told_with_the_nearest() {
    let output = here(&["run", "honj"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("「honjo」のことですか"), "{}", err(&output));
    let english = here(&["check", "honj", "--lang", "en"]);
    assert!(err(&english).contains("did you mean \"honjo\"?"), "{}", err(&english));
}

#[test]
fn a_folder_without_a_job_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let output = torimatome(folder.path(), &[]);
    assert_eq!(status(&output), 3);
    assert!(err(&output).contains("torimatome.toml"), "{}", err(&output));
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is written");
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    for rule in torimatome::catalog::rules() {
        let japanese = here(&["explain", rule.code]);
        assert_eq!(status(&japanese), 0, "{}", rule.code);
        assert!(out(&japanese).contains(rule.title.ja), "{}", rule.code);
        let english = here(&["explain", rule.slug, "--lang", "en"]);
        assert!(out(&english).contains("How to fix it"), "{}", rule.code);
    }
}

#[test]
fn an_unknown_code_is_answered_with_the_nearest() {
    let output = here(&["explain", "too-long-for-from"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("C408"), "{}", err(&output));
}

#[test]
fn check_says_with_its_status_whether_errors_are_open() {
    let output = here(&["check", "honjo", "--json", "--date", "2025-04-14"]);
    let told: Value = serde_json::from_str(&out(&output)).unwrap();
    let job = &told["jobs"][0];
    assert_eq!(job["job"], "honjo");
    let errors = job["errors"].as_u64().unwrap();
    assert_eq!(status(&output), i32::from(errors > 0));
    assert_eq!(told["status"], status(&output));
    let listed = job["result"]["diagnostics"].as_array().unwrap().iter().filter(|d| d["severity"] == "error" && d["waived"].is_null()).count();
    assert_eq!(errors, listed as u64);
    assert!(job["output"].is_null(), "check writes nothing");
}

#[test]
fn colours_are_for_terminals() {
    let plain = here(&["explain", "C408"]);
    assert!(!out(&plain).contains('\u{1b}'));
    let coloured = here(&["explain", "C408", "--color", "always"]);
    assert!(out(&coloured).contains('\u{1b}'));
}

#[test]
fn completions_and_man_page_know_every_command() {
    let man = out(&here(&["man"]));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&here(&["completions", shell]));
        for command in ["run", "check", "explain", "new", "form", "completions", "man"] {
            assert!(script.contains(command), "{shell}: {command}");
            assert!(man.contains(command), "man: {command}");
        }
    }
    assert_eq!(status(&here(&["--help"])), 0);
    assert_eq!(status(&here(&["--version"])), 0);
}

/// A folder with one job of the samples, as an office would have it.
fn office(job: &str) -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for from in [format!("seeds/{job}"), format!("input/{job}")] {
        std::fs::create_dir_all(folder.path().join(&from)).unwrap();
        for entry in std::fs::read_dir(root.join(&from)).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(&from).join(entry.file_name())).unwrap();
        }
    }
    let list = format!("[[job]]\nid = \"{job}\"\nsettings = \"seeds/{job}/job.toml\"\ninput = \"input/{job}\"\noutput = \"output/{job}\"\n");
    std::fs::write(folder.path().join("torimatome.toml"), list).unwrap();
    folder
}

#[test]
fn a_run_writes_everything_and_the_next_one_finds_no_change() {
    let office = office("annaka");
    let first = torimatome(office.path(), &["--date", "2022-04-20"]);
    assert_eq!(status(&first), 0, "findings are no fault: {}", err(&first));
    for file in ["result.json", "index.html", "会議資料.pdf", "進捗総括表.xlsx", "突合結果.xlsx", "調書"] {
        assert!(office.path().join("output/annaka").join(file).exists(), "{file}");
    }
    assert!(out(&first).contains("次にすること"), "{}", out(&first));
    assert!(!out(&first).contains("前回からの変化"), "there was no run before");

    let second = torimatome(office.path(), &["run", "--strict", "--date", "2022-04-21"]);
    assert_eq!(status(&second), 1, "errors are open");
    assert!(out(&second).contains("前回からの変化（2022-04-20）  ありません"), "{}", out(&second));

    let english = torimatome(office.path(), &["check", "--lang", "en", "--date", "2022-04-21"]);
    assert_eq!(status(&english), 1);
    assert!(out(&english).contains("What to do next") && out(&english).contains("error"), "{}", out(&english));
}

#[test]
fn the_page_of_a_run_agrees_with_its_result() {
    let office = office("annaka");
    assert_eq!(status(&torimatome(office.path(), &["--date", "2022-04-20"])), 0);
    let folder = office.path().join("output/annaka");
    let result: Value = serde_json::from_slice(&std::fs::read(folder.join("result.json")).unwrap()).unwrap();
    let page = std::fs::read_to_string(folder.join("index.html")).unwrap();
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"index\">").unwrap();
    let index: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&index["findings"]), ids(&result["diagnostics"]));
    assert_eq!(index["submissions"].as_array().unwrap().len(), result["submissions"].as_array().unwrap().len());
    let answered = index["initiatives"].as_array().unwrap().iter().filter(|i| i["state"] != "missing").count();
    let mut recorded: Vec<&str> = result["records"].as_array().unwrap().iter().map(|r| r["initiative"].as_str().unwrap()).collect();
    recorded.dedup();
    assert_eq!(answered, recorded.len());
    for initiative in index["initiatives"].as_array().unwrap() {
        let pdf = initiative["pdf"].as_str().unwrap();
        assert!(folder.join("調書").join(pdf).is_file(), "{pdf}");
    }
}

#[test]
fn forms_are_checked_shown_and_made_into_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let form = root.join("templates/annaka");
    let form = form.to_str().unwrap();
    let whole = torimatome(folder.path(), &["form", "check", form]);
    assert_eq!(status(&whole), 0, "{}", out(&whole));
    assert_eq!(status(&torimatome(folder.path(), &["form", "preview", form, "--to", "shown", "--date", "2025-04-01"])), 0);
    assert!(std::fs::read(folder.path().join("shown/preview.pdf")).unwrap().starts_with(b"%PDF"));

    assert_eq!(status(&torimatome(folder.path(), &["new", "業務", "--form", "annaka", "--templates"])), 0);
    assert!(folder.path().join("業務/torimatome.toml").is_file());
    assert_eq!(status(&torimatome(folder.path(), &["new", "業務", "--form", "annaka"])), 3, "a job is never overwritten");
    let wrong = torimatome(folder.path(), &["new", "b", "--form", "anaka"]);
    assert_eq!(status(&wrong), 3);
    assert!(err(&wrong).contains("annaka"), "the nearest form is named: {}", err(&wrong));

    let broken = folder.path().join("broken");
    std::fs::create_dir(&broken).unwrap();
    for entry in std::fs::read_dir(form).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), broken.join(entry.file_name())).unwrap();
    }
    std::fs::write(broken.join("sheet.xml"), "<sheet>\n<value field=\"nmae\"/></sheet>").unwrap();
    let told = torimatome(folder.path(), &["form", "check", "broken", "--lang", "en"]);
    assert_eq!(status(&told), 1);
    assert!(out(&told).contains("sheet.xml:"), "{}", out(&told));
}

#[test]
fn a_run_tells_the_time_of_every_stage_beside_its_results() {
    let trial = crate::common::Trial::sample("oyama_joho", "typical");
    for (arguments, stages) in [
        (&["run", "--date", "2025-04-14"][..], &["準備", "読み取り", "突き合わせ", "組版", "調書", "冊子・一覧", "集計・差戻し", "計 "][..]),
        (&["check", "--lang", "en"], &["preparing", "reading", "reconciling", "laying out", "in all"]),
    ] {
        let output = torimatome(trial.folder.path(), arguments);
        let line = err(&output).lines().rev().find(|l| l.contains("計 ") || l.contains("in all")).unwrap_or_default().to_owned();
        let mut from = 0;
        for stage in stages {
            from = line[from..].find(stage).map(|at| from + at).unwrap_or_else(|| panic!("{stage} in its place: {line}"));
        }
        assert!(!out(&output).contains(&line), "times differ from run to run, results do not");
    }
}
