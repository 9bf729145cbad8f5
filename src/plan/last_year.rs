//! What was reported a year ago: the `result.json` that the job settings name as `last_year`.
//!
//! In: the file. Out: a [`LastYear`], asked by initiative and field.
//! Stays true: only what departments filled in; an initiative is found by its name, else by its number.
//! Neighbours: `output::result` writes such a file; check C406 looks for texts that were copied; `settle` puts last year's evaluation beside this year's.

use crate::value::{FiscalYear, fold};
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Field key → what was reported.
type Answers = BTreeMap<String, String>;

/// The reports of the year before; empty if the settings name none.
#[derive(Debug, Clone, Default)]
pub struct LastYear {
    /// By the folded name of the initiative.
    by_name: Arc<BTreeMap<String, Vec<Answers>>>,
    /// By its key.
    by_key: Arc<BTreeMap<String, Vec<Answers>>>,
    /// What each initiative was evaluated as, by folded name and by key; a name that stands twice is not among the names.
    evaluations: Arc<Evaluations>,
}

/// The evaluations of a result.
#[derive(Debug, Default)]
struct Evaluations {
    by_name: BTreeMap<String, Option<String>>,
    by_key: BTreeMap<String, String>,
}

impl LastYear {
    /// Reads a `result.json` of an earlier year than `year`.
    ///
    /// # Errors
    /// If it cannot be opened, is no `result.json`, or is of the same year or a later one: comparing with it would say something wrong.
    pub fn load(file: &Path, year: FiscalYear) -> anyhow::Result<Self> {
        let shown = file.display();
        let bytes =
            std::fs::read(file).with_context(|| format!("{shown}: 前年度の結果（last_year）を開けません / last year's result cannot be opened"))?;
        let result: Value = serde_json::from_slice(&bytes)
            .with_context(|| format!("{shown}: 前年度の結果（last_year）として読めません / cannot be read as a result.json"))?;
        let Some(records) = result["records"].as_array() else {
            bail!("{shown}: 前年度の結果（last_year）は result.json を指定してください / last_year must name a result.json");
        };
        if result["fiscal_year"].as_str().and_then(FiscalYear::parse).is_none_or(|of| of >= year) {
            bail!("{shown}: last_year には{}より前の年度の結果を指定してください / must be of an earlier year than {}", year.name(), year.key());
        }
        let (mut by_name, mut by_key) = (BTreeMap::<String, Vec<Answers>>::new(), BTreeMap::<String, Vec<Answers>>::new());
        for record in records {
            let answers: Answers = record["fields"].as_object().into_iter().flatten().filter_map(|(key, field)| answer(key, field)).collect();
            by_name.entry(fold(record["name"].as_str().unwrap_or_default())).or_default().push(answers.clone());
            by_key.entry(record["initiative"].as_str().unwrap_or_default().to_owned()).or_default().push(answers);
        }
        Ok(LastYear { by_name: Arc::new(by_name), by_key: Arc::new(by_key), evaluations: Arc::new(evaluations(&result)) })
    }

    /// What the initiative was evaluated as a year ago; `None` if that is not known.
    pub fn evaluation(&self, initiative: &super::Initiative) -> Option<&str> {
        let by_name = self.evaluations.by_name.get(&fold(&initiative.name)).and_then(Option::as_ref);
        let found = by_name.or_else(|| self.evaluations.by_key.get(&initiative.key))?;
        Some(found.as_str()).filter(|mark| !mark.trim().is_empty())
    }

    /// What departments wrote into this field for the initiative a year ago.
    pub fn texts<'a>(&'a self, initiative: &super::Initiative, field: &str) -> impl Iterator<Item = &'a str> {
        let records = self.by_name.get(&fold(&initiative.name)).or_else(|| self.by_key.get(&initiative.key));
        let texts: Vec<&'a str> = records.into_iter().flatten().filter_map(|answers| answers.get(field).map(String::as_str)).collect();
        texts.into_iter()
    }
}

/// The evaluations of a result's initiatives. Two of the same name are told apart by their numbers alone.
fn evaluations(result: &Value) -> Evaluations {
    let mut found = Evaluations::default();
    for initiative in result["initiatives"].as_array().into_iter().flatten() {
        let text = |key: &str| initiative[key].as_str().unwrap_or_default().to_owned();
        found.by_name.entry(fold(&text("name"))).and_modify(|twice| *twice = None).or_insert_with(|| Some(text("evaluation")));
        found.by_key.insert(text("initiative"), text("evaluation"));
    }
    found
}

/// Key and text of a field that a department filled in.
fn answer(key: &str, field: &Value) -> Option<(String, String)> {
    let text = field["value"].as_str().filter(|_| field["role"] == "report")?;
    Some((key.to_owned(), text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Initiative;

    fn load(text: &str) -> anyhow::Result<LastYear> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("result.json");
        std::fs::write(&file, text).expect("written");
        LastYear::load(&file, FiscalYear::from_western(2024))
    }

    fn initiative(key: &str, name: &str) -> Initiative {
        Initiative {
            key: key.to_owned(),
            name: name.to_owned(),
            page: None,
            leads: Vec::new(),
            related: Vec::new(),
            answers: None,
            fields: BTreeMap::new(),
            raw: Value::Null,
        }
    }

    #[test]
    fn answers_are_found_by_name_then_by_number() {
        let last = load(
            r#"{"fiscal_year":"R5","records":[{"initiative":"1","name":"窓口 の改善","fields":{"report":{"value":"開きました。","role":"report"},"name":{"value":"窓口の改善","role":"plan"}}}]}"#,
        )
        .expect("a result");
        assert_eq!(last.texts(&initiative("7", "窓口の改善"), "report").collect::<Vec<_>>(), ["開きました。"]);
        assert_eq!(last.texts(&initiative("1", "窓口の充実"), "report").collect::<Vec<_>>(), ["開きました。"]);
        assert_eq!(last.texts(&initiative("1", "窓口の改善"), "name").count(), 0, "the plan's own text is nobody's report");
        assert_eq!(last.texts(&initiative("2", "広報"), "report").count(), 0);
        assert_eq!(LastYear::default().texts(&initiative("1", "窓口の改善"), "report").count(), 0);
    }

    #[test]
    fn evaluations_are_found_by_name_then_by_number() {
        let last = load(
            r#"{"fiscal_year":"R5","records":[],"initiatives":[
                {"initiative":"1","name":"窓口 の改善","evaluation":"B"},{"initiative":"2","name":"広報","evaluation":"A"},
                {"initiative":"3","name":"広報","evaluation":"C"},{"initiative":"4","name":"防災","evaluation":""}]}"#,
        )
        .expect("a result");
        assert_eq!(last.evaluation(&initiative("7", "窓口の改善")), Some("B"));
        assert_eq!(last.evaluation(&initiative("3", "広報")), Some("C"), "a name that stands twice says nothing");
        assert_eq!(last.evaluation(&initiative("9", "広報")), None);
        assert_eq!(last.evaluation(&initiative("4", "防災")), None, "blank is not known");
    }

    #[test]
    fn a_file_that_cannot_be_last_years_is_refused() {
        for wrong in ["", "[]", "{}", r#"{"records":[]}"#, r#"{"fiscal_year":"R6","records":[]}"#, r#"{"fiscal_year":"R7","records":[]}"#] {
            assert!(load(wrong).is_err(), "{wrong}");
        }
        assert!(load(r#"{"fiscal_year":"R5","records":[]}"#).is_ok());
        assert!(LastYear::load(Path::new("nowhere.json"), FiscalYear::from_western(2024)).is_err());
    }
}
