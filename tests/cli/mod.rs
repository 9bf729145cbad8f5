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
        for command in ["run", "check", "explain", "completions", "man"] {
            assert!(script.contains(command), "{shell}: {command}");
            assert!(man.contains(command), "man: {command}");
        }
    }
    assert_eq!(status(&here(&["--help"])), 0);
    assert_eq!(status(&here(&["--version"])), 0);
}
