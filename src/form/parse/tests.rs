//! Tests of the layout language: what is right is read, what is wrong is told with its place.

use crate::form::setting::Setting;
use crate::form::template::Templates;
use crate::form::tree::{Block, CellRole, Piece};
use crate::form::values::{Shown, Values};
use crate::form::{Field, Form};
use crate::value::FiscalYear;

struct Fixed;

impl Values for Fixed {
    fn get(&self, _of: Option<&str>, key: &str) -> Option<Shown<'_>> {
        (key == "goal.R6").then_some(Shown { text: "一\n<二>", mark: None })
    }
}

fn form(sheet: &str) -> Form {
    let fields: Vec<Field> = ["plan_name", "goal"]
        .iter()
        .map(|k| toml::from_str(&format!("key = \"{k}\"\nlabels = [\"欄{k}\"]\nyearly = {}", *k == "goal")).unwrap())
        .collect();
    Form { fields, templates: [("sheet.xml".to_owned(), sheet.to_owned())].into(), ..Form::default() }
}

fn read(sheet: &str) -> Result<crate::form::tree::Tree, Vec<String>> {
    let form = form(sheet);
    let setting = Setting { form: &form, values: &Fixed, report_year: FiscalYear::from_western(2024), report: true };
    let mut context = setting.context();
    context.insert("name", "窓口 <b>&\n二行目");
    let show = |p: Vec<crate::form::Problem>| p.iter().map(ToString::to_string).collect::<Vec<_>>();
    Templates::new(&form).map_err(show)?.tree("sheet.xml", &context, &setting).map_err(show)
}

#[test]
fn values_and_data_are_text_whatever_they_hold() {
    let tree = read("<sheet>\n<text>{{ name }}</text>\n<grid columns=\"20 *\">\n<row><label field=\"plan_name\"/><value field=\"goal\" year=\"R6\"/></row></grid></sheet>").unwrap();
    let Block::Text(text) = &tree.blocks[0] else { panic!() };
    assert_eq!(text.content.pieces, [Piece::Text { text: "窓口 <b>&\n二行目".to_owned(), bold: false, underline: false }]);
    let Block::Grid(grid) = &tree.blocks[1] else { panic!() };
    assert_eq!(grid.columns, [20.0, 150.0]);
    assert_eq!(super::super::slots::text(&grid.rows[0].cells[0].content), "欄plan_name");
    assert_eq!(grid.rows[0].cells[1].role, CellRole::Value { key: "goal.R6".to_owned(), year: Some(FiscalYear::from_western(2024)) });
    assert_eq!(super::super::slots::text(&grid.rows[0].cells[1].content), "一\n<二>");
}

#[test]
fn layout_of_the_template_is_no_text() {
    let tree = read("<sheet>\n  <text>\n    一行目の\n    つづき<br/>\n    {% if report %}<b>太字</b>{% endif %}\n  </text>\n</sheet>").unwrap();
    let Block::Text(text) = &tree.blocks[0] else { panic!() };
    assert_eq!(super::super::slots::text(&text.content), "一行目のつづき\n太字");
}

#[test]
fn a_goal_is_a_chip_with_its_name_where_asked_for() {
    let tree = read("<sheet><text><sdg n=\"4\"/><sdg n=\"9\" name=\"true\"/></text></sheet>").unwrap();
    let Block::Text(text) = &tree.blocks[0] else { panic!() };
    let name = Piece::Text { text: "産業と技術革新の基盤をつくろう".to_owned(), bold: false, underline: false };
    assert_eq!(text.content.pieces, [Piece::Sdg(4), Piece::Sdg(9), name]);
}

#[test]
fn every_slip_is_told_with_line_column_and_nearest_name() {
    let cases = [
        ("<sheet>\n  <grid columns=\"*\">\n    <row><value field=\"plan_nmae\"/></row></grid></sheet>", "sheet.xml 3行17字目", "「plan_name」"),
        ("<sheet>\n  <txet>a</txet></sheet>", "sheet.xml 2行3字目", "「text」"),
        ("<sheet>\n  <text aling=\"left\">a</text></sheet>", "sheet.xml 2行9字目", "「align」"),
        ("<sheet>\n  <text align=\"centre\">a</text></sheet>", "2行9字目", "「center」"),
        ("<sheet>\n\n<text>a</sheet>", "3行", "XML"),
        ("<sheet>\n{% fr x in years %}</sheet>", "2行", "テンプレート"),
        ("<sheet>\n<text>\n{{ nmae }}</text></sheet>", "3行4字目", "「name」"),
        ("<sheet><grid columns=\"10 10\"><row><cell/></row></grid></sheet>", "1行", "2列のうち1列"),
        ("<sheet><grid columns=\"10 10\"><row><cell span=\"3\"/></row></grid></sheet>", "1行", "はみ出す"),
        ("<sheet><grid columns=\"10 900\"><row><cell/><cell/></row></grid></sheet>", "1行", "910 mm"),
        ("<sheet><grid columns=\"*\"><row><value field=\"goal\"/></row></grid></sheet>", "1行", "year が要ります"),
        ("<sheet><grid columns=\"*\"><row><cell rows=\"2\"/></row></grid></sheet>", "1行", "最後の行"),
        ("<sheet>{% for y in years %}\n<text sise=\"9\">{{ y.key }}</text>{% endfor %}</sheet>", "2行7字目", "「size」"),
        ("<paper/>", "1行", "<sheet>"),
    ];
    for (sheet, place, what) in cases {
        let problems = read(sheet).unwrap_err();
        assert_eq!(problems.len(), 1, "{sheet}: {problems:?}");
        assert!(problems[0].contains(place) && problems[0].contains(what), "{sheet}: {problems:?}");
    }
}

#[test]
fn all_slips_are_told_at_once() {
    assert_eq!(read("<sheet>\n<text a=\"1\"/>\n<text b=\"1\"/>\n<foo/></sheet>").unwrap_err().len(), 3);
}

#[test]
fn depth_is_bounded() {
    let deep = format!("<sheet>{}{}</sheet>", "<keep>".repeat(500), "</keep>".repeat(500));
    assert!(read(&deep).is_err());
}
