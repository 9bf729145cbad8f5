//! New job folders and previews.

use chrono::NaiveDate;
use torimatome::authoring::{preview, scaffold};
use torimatome::finding::Lang;
use torimatome::form::{Form, load::built_in_names};
use torimatome::layout::font::Fonts;
use torimatome::plan::{self, Job};
use torimatome::{Options, Quiet, run};

#[test]
fn a_new_job_folder_loads_with_every_form() {
    for name in built_in_names() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("新しい業務");
        let files = scaffold(&own, &name, name == "annaka").unwrap();
        assert!(files.iter().any(|f| f.ends_with("torimatome.toml")));
        assert!(files.iter().any(|f| f.ends_with("plan.xlsx")) && !own.join("plan.json").exists());
        assert!(own.join("input").is_dir());
        assert_eq!(files.iter().any(|f| f.ends_with("templates/annaka/form.toml")), name == "annaka");
        let job = Job::of_folder(&own).unwrap().remove(0);
        let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
        let plan = plan::load(&job, &form).unwrap();
        assert_eq!(plan.initiatives.len(), 2, "{name}");
        assert_ne!(plan.initiatives[0].key, plan.initiatives[1].key, "{name}");
        let options = Options { date: NaiveDate::from_ymd_opt(2026, 4, 1).unwrap(), lang: Lang::Ja, write: false };
        let outcome = run(&job, &options, &Quiet).unwrap_or_else(|e| panic!("{name}: {e:#}"));
        assert_eq!(outcome.settled.initiatives.len(), 2, "{name}");
        assert!(scaffold(&own, &name, false).is_err(), "a job must not be overwritten");
    }
}

/// The names of the settings' fields: what serde says it expected, asked for each table with a name that is none.
fn settings_keys() -> Vec<String> {
    const BASE: &str = "id = \"x\"\ntitle = \"x\"\nplan = \"p\"\nform = \"f\"\nfiscal_year = \"R6\"\n";
    let tables = [
        "",
        "[office]\n",
        "[packet]\n",
        "[[department]]\n",
        "[[scale]]\n",
        "[[decision]]\n",
        "[[department]]\nname = \"x\"\n[[department.former]]\n",
    ];
    let mut keys = Vec::new();
    for table in tables {
        let text = if table.is_empty() { format!("zz = 1\n{BASE}") } else { format!("{BASE}{table}zz = 1\n") };
        let error = toml::from_str::<plan::Settings>(&text).unwrap_err().message().to_owned();
        assert!(error.starts_with("unknown field `zz`"), "{error}");
        keys.extend(error.split('`').skip(3).step_by(2).map(str::to_owned));
    }
    keys
}

#[test]
fn every_setting_is_documented_and_stands_in_a_new_folder() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/settings.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    scaffold(folder.path(), "honjo", false).unwrap();
    let new = std::fs::read_to_string(folder.path().join("torimatome.toml")).unwrap();
    let keys = settings_keys();
    assert!(keys.len() > 25, "{keys:?}");
    for key in keys {
        assert!(page.contains(&format!("`{key}`")), "docs/settings.md says nothing of `{key}`");
        assert!(new.contains(&key), "a new folder's settings say nothing of `{key}`");
    }
}

#[test]
fn every_form_can_be_previewed() {
    let fonts = Fonts::load(None).unwrap();
    let date = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    for name in built_in_names() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(&name);
        let shown = preview(&folder, &fonts, date).unwrap_or_else(|e| panic!("{name}: {e:#}"));
        assert!(shown.pdf.starts_with(b"%PDF"), "{name}");
        assert!(shown.html.contains("class=\"asked\""), "{name}");
    }
}
