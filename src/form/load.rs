//! Loading a form: its folder (of the job, or built in), `form.toml` read and checked.
//!
//! In: the form's name and the job's folder. Out: a [`Form`] with the sources of its templates.
//! Stays true: a file of the job's own `templates/<form>/` stands for the built-in file of the same name; what is wrong is told with file, line and column.
//! Neighbours: [`super::check`] looks at the templates themselves.

use super::nearest::{Hint, did_you_mean};
use super::{DataShape, Field, Form, Numbers, PacketPlan, Part, Shape, Years, pattern};
use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The forms inside the executable.
static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The template of the page of totals.
const SUMMARY: &str = "summary.xml";

/// `form.toml` as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    #[serde(default)]
    shape: Shape,
    data: DataShape,
    years: Years,
    #[serde(default)]
    packet: PacketPlan,
    #[serde(rename = "field")]
    fields: Vec<Field>,
}

/// Loads a form by name. See [`Form::load`].
pub(super) fn load(name: &str, job_folder: Option<&Path>) -> anyhow::Result<Form> {
    let files = files_of(name, job_folder)?;
    let Some(source) = files.get("form.toml") else {
        let known = built_in_names();
        let hint = did_you_mean(name, known.iter().map(String::as_str));
        bail!("様式「{name}」がありません（templates/{name}/form.toml）。あるのは {} です{hint} / there is no form `{name}`", known.join("、"));
    };
    parse(name, source, files.clone()).with_context(|| format!("様式「{name}」を読めません / the form `{name}` is wrong"))
}

/// The names of the built-in forms.
pub fn built_in_names() -> Vec<String> {
    let mut names: Vec<String> = BUILT_IN
        .dirs()
        .filter(|d| d.get_file(d.path().join("form.toml")).is_some())
        .filter_map(|d| d.path().file_name().map(|n| n.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}

/// The files of a form by name: built-in ones, replaced by those of the job's folder.
///
/// # Errors
/// If the name is none, or a file of the job's folder cannot be read.
pub fn files_of(name: &str, job_folder: Option<&Path>) -> anyhow::Result<BTreeMap<String, String>> {
    if name.is_empty() || name.contains(['/', '\\', ':']) || name.starts_with('.') {
        bail!("「{name}」は様式の名前として使えません / not a name of a form");
    }
    let mut files = BTreeMap::new();
    if let Some(dir) = BUILT_IN.get_dir(name) {
        for file in dir.files() {
            if let (Some(n), Some(text)) = (file.path().file_name(), file.contents_utf8()) {
                files.insert(n.to_string_lossy().into_owned(), text.to_owned());
            }
        }
    }
    if let Some(folder) = job_folder.map(|f| f.join("templates").join(name)).filter(|f| f.is_dir()) {
        read_folder(&folder, &mut files)?;
    }
    Ok(files)
}

/// Adds the templates of a folder on disk.
fn read_folder(folder: &Path, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let list = std::fs::read_dir(folder).with_context(|| format!("{} を開けません / cannot be listed", folder.display()))?;
    for entry in list {
        let path = entry.with_context(|| format!("{} を開けません / cannot be listed", folder.display()))?.path();
        let wanted = path.extension().is_some_and(|e| e == "toml" || e == "xml");
        if let (true, Some(name)) = (wanted && path.is_file(), path.file_name()) {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{} を読めません（UTF-8の文字で保存してください） / cannot be read as UTF-8", path.display()))?;
            files.insert(name.to_string_lossy().into_owned(), text.trim_start_matches('\u{feff}').to_owned());
        }
    }
    Ok(())
}

/// Loads a form from a folder of its own, outside a job: for `form check DIR`.
///
/// # Errors
/// As [`Form::load`].
pub fn load_folder(folder: &Path) -> anyhow::Result<Form> {
    let mut files = BTreeMap::new();
    read_folder(folder, &mut files)?;
    let name = folder.file_name().map_or_else(|| "form".to_owned(), |n| n.to_string_lossy().into_owned());
    let Some(source) = files.get("form.toml").cloned() else {
        bail!("{} に form.toml がありません / there is no form.toml", folder.display());
    };
    parse(&name, &source, files)
}

/// Reads `form.toml`.
fn parse(name: &str, source: &str, mut templates: BTreeMap<String, String>) -> anyhow::Result<Form> {
    let file: FormFile = toml::from_str(source).map_err(|e| anyhow::anyhow!("{}", explain(source, &e)))?;
    templates.remove("form.toml");
    let mut packet = file.packet;
    if packet.parts.is_empty() {
        let each = file.shape == Shape::Sheet;
        packet.single |= each;
        packet.parts.push(Part { each, ..Part::of("sheet.xml") });
    }
    add_summary(&mut packet, &mut templates);
    let form = Form { id: name.to_owned(), shape: file.shape, fields: file.fields, data: file.data, years: file.years, packet, templates };
    validate(&form, source)?;
    Ok(form)
}

/// The page of totals: the form's own `summary.xml` or the built-in one, behind the cover, where the form does not place it itself.
fn add_summary(packet: &mut PacketPlan, templates: &mut BTreeMap<String, String>) {
    if !packet.summary || packet.parts.iter().any(|p| p.template == SUMMARY) {
        return;
    }
    let built_in = BUILT_IN.get_file(format!("packet/{SUMMARY}")).and_then(|f| f.contents_utf8()).unwrap_or_default();
    templates.entry(SUMMARY.to_owned()).or_insert_with(|| built_in.to_owned());
    let has_cover = packet.parts.len() > 1 && packet.parts.first().is_some_and(|p| !p.each);
    let page = Part { numbers: Numbers::None, bookmark: Some("概況".to_owned()), report_only: true, ..Part::of(SUMMARY) };
    packet.parts.insert(usize::from(has_cover), page);
}

/// What is wrong with a TOML file, with line and column and the nearest known name.
fn explain(source: &str, error: &toml::de::Error) -> String {
    let message = error.message();
    let (line, column) = line_column(source, error.span().map_or(0, |s| s.start));
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let hint = match names.split_first() {
        Some((wrong, known)) if message.starts_with("unknown") => did_you_mean(wrong, known.iter().copied()),
        _ => Hint::default(),
    };
    format!("form.toml {line}行{column}字目: {message}{hint}{}", hint.en)
}

/// Line and column of a byte offset, from 1, in characters.
pub(super) fn line_column(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// The place of the `n`th field in `form.toml`, for messages.
fn place_of_field(source: &str, key: &str, nth: usize) -> (usize, usize) {
    let mut seen = 0;
    for (i, line) in source.lines().enumerate() {
        let is_key = line.trim_start().strip_prefix("key").is_some_and(|r| r.trim_start().starts_with('='));
        if is_key && line.contains(&format!("\"{key}\"")) {
            if seen == nth {
                return (i + 1, line.find('"').map_or(1, |c| line[..c].chars().count() + 1));
            }
            seen += 1;
        }
    }
    (1, 1)
}

/// What serde cannot see: fields named twice, choices without choices, templates that are not there.
fn validate(form: &Form, source: &str) -> anyhow::Result<()> {
    if form.years.last < form.years.first {
        bail!("form.toml: [years] の last が first より前です / the last year is before the first");
    }
    if form.years.last.western() - form.years.first.western() > 100 {
        bail!("form.toml: [years] が長すぎます / the years span more than a century");
    }
    for (i, field) in form.fields.iter().enumerate() {
        let wrong = |text: String, nth: usize| {
            let (line, column) = place_of_field(source, &field.key, nth);
            anyhow::anyhow!("form.toml {line}行{column}字目: {text}")
        };
        if field.key.is_empty() || field.key.contains(char::is_whitespace) {
            return Err(wrong(format!("項目名「{}」は使えません / not a field key", field.key), 0));
        }
        if form.fields[..i].iter().any(|f| f.key == field.key) {
            return Err(wrong(format!("項目「{}」が二つあります / the field is declared twice", field.key), 1));
        }
        if field.kind == super::Kind::Choice && field.choices.is_empty() {
            return Err(wrong(format!("項目「{}」は choice ですが choices がありません / a choice needs choices", field.key), 0));
        }
        if let Some(list) = &field.list
            && !field.key.starts_with(&format!("{list}."))
        {
            return Err(wrong(
                format!("項目「{}」は list = \"{list}\" ですから「{list}.…」と書きます / the key must begin with the list's name", field.key),
                0,
            ));
        }
        if let Some(p) = &field.pattern
            && pattern::names(p).is_empty()
        {
            return Err(wrong(format!("項目「{}」の pattern に {{…}} がありません / the pattern names nothing", field.key), 0));
        }
    }
    for part in &form.packet.parts {
        for template in [Some(&part.template), part.divider.as_ref()].into_iter().flatten() {
            if !form.templates.contains_key(template) {
                let hint = did_you_mean(template, form.templates.keys().map(String::as_str));
                bail!("form.toml: テンプレート「{template}」がありません{hint} / there is no template of this name{}", hint.en);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn error(source: &str) -> String {
        format!("{:#}", parse("x", source, BTreeMap::new()).unwrap_err())
    }

    const HEAD: &str = "[data]\nlist = \"a\"\nkey = \"{no}\"\nname = \"n\"\n[years]\nfirst = \"R5\"\nlast = \"R9\"\nprinted = \"R{n}\"\n";

    #[test]
    fn an_unknown_word_is_told_with_its_place_and_the_nearest_known_one() {
        let text = error(&format!("{HEAD}[[field]]\nkey = \"a\"\nrole = \"evaluatoin\"\n"));
        assert!(text.contains("11行") && text.contains("`evaluation`"), "{text}");
        let text = error(&format!("{HEAD}[[field]]\nkey = \"a\"\nlables = [\"x\"]\n"));
        assert!(text.contains("11行1字目") && text.contains("did you mean `labels`"), "{text}");
    }

    #[test]
    fn what_toml_cannot_see_is_told_too() {
        assert!(error(&format!("{HEAD}[[field]]\nkey = \"a\"\n[[field]]\nkey = \"a\"\n")).contains("12行"));
        assert!(error(&format!("{HEAD}[[field]]\nkey = \"a\"\ntype = \"choice\"\n")).contains("choices"));
    }

    #[test]
    fn an_unknown_form_is_answered_by_the_known_ones() {
        let name = built_in_names().into_iter().next().unwrap();
        let text = format!("{:#}", load(&format!("{name}x"), None).unwrap_err());
        assert!(text.contains(&name), "{text}");
        assert!(load("../x", None).is_err());
    }

    #[test]
    fn every_built_in_form_loads() {
        for name in built_in_names() {
            let form = load(&name, None).unwrap();
            assert!(!form.fields.is_empty());
            let years = form.years();
            assert_eq!(years.first(), Some(&form.years.first));
        }
    }
}
