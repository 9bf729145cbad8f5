//! What was reported a year ago: the `result.json` that the job settings name as `last_year`.
//!
//! In: the file. Out: a [`LastYear`], asked by initiative and field.
//! Stays true: only what departments filled in; an initiative is found by its name, else by its number.
//! Neighbours: `output::result` writes such a file; check C406 looks for texts that were copied.

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
        Ok(LastYear { by_name: Arc::new(by_name), by_key: Arc::new(by_key) })
    }

    /// What departments wrote into this field for the initiative a year ago.
    pub fn texts<'a>(&'a self, initiative: &super::Initiative, field: &str) -> impl Iterator<Item = &'a str> {
        let records = self.by_name.get(&fold(&initiative.name)).or_else(|| self.by_key.get(&initiative.key));
        let texts: Vec<&'a str> = records.into_iter().flatten().filter_map(|answers| answers.get(field).map(String::as_str)).collect();
        texts.into_iter()
    }
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
    fn a_file_that_cannot_be_last_years_is_refused() {
        for wrong in ["", "[]", "{}", r#"{"records":[]}"#, r#"{"fiscal_year":"R6","records":[]}"#, r#"{"fiscal_year":"R7","records":[]}"#] {
            assert!(load(wrong).is_err(), "{wrong}");
        }
        assert!(load(r#"{"fiscal_year":"R5","records":[]}"#).is_ok());
        assert!(LastYear::load(Path::new("nowhere.json"), FiscalYear::from_western(2024)).is_err());
    }
}
