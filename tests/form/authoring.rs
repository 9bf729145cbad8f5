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
