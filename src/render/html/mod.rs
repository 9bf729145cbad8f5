//! index.html: one offline file that shows who has answered, what must be mended by whom, every sheet and every origin.
//!
//! In: a [`View`]. Out: the bytes of one HTML file that asks nothing of any network.
//! Stays true: no text of a file becomes markup or script: all data stand in inert JSON blocks ([`embed`]), the script only ever sets text, and the page's own
//! policy runs nothing but the script whose digest it names. Figures on the page are counted from the settled model, never again in the script.
//! Neighbours: [`model`] is what the page opens with, [`detail`] what it opens when a sheet is asked for, [`preview`] the drawing of a laid-out page;
//! the look is in `templates/page/`.

mod detail;
mod embed;
mod model;
mod preview;

pub use model::label as field_label;

use super::xlsx::View;
use crate::finding::Lang;
use anyhow::Context;
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../../templates/page/page.html");
const STYLE: &str = include_str!("../../../templates/page/page.css");
const SCRIPT: &str = include_str!("../../../templates/page/page.js");
const WORDS: &str = include_str!("../../../templates/page/words.js");

/// Initiatives in one block of details: small enough to be opened without a pause.
const BLOCK: usize = 25;

/// Where the data stand in the template.
const DATA: &str = "<!-- data -->\n";

/// What the template sees.
#[derive(Serialize)]
struct Frame<'a> {
    lang: &'a str,
    title: String,
    style: &'a str,
    style_digest: String,
    script: &'a str,
    script_digest: String,
}

/// The page.
///
/// # Errors
/// If the template fails.
pub fn page(view: &View<'_>) -> anyhow::Result<Vec<u8>> {
    let script = format!("{WORDS}\n{SCRIPT}");
    let frame = Frame {
        lang: match view.lang {
            Lang::Ja => "ja",
            Lang::En => "en",
        },
        title: view.settled.title.clone(),
        style: STYLE,
        style_digest: embed::digest(STYLE),
        script_digest: embed::digest(&script),
        script: &script,
    };
    let mut tera = tera::Tera::default();
    tera.add_raw_template("page.html", TEMPLATE).context("templates/page/page.html")?;
    let html = tera.render("page.html", &tera::Context::from_serialize(&frame)?).context("templates/page/page.html")?;
    let (head, foot) = html.split_once(DATA).context("templates/page/page.html: <!-- data -->")?;
    let index = embed::Block::plain("index".to_owned(), embed::json(&model::index(view, BLOCK)));
    let details = embed::blocks(&detail::parts(view, BLOCK), |part| (part.id(), part.json(view)))?;
    let data = std::iter::once(index).chain(details).map(|block| block.element());
    Ok([head.to_owned()].into_iter().chain(data).chain([foot.to_owned()]).collect::<String>().into_bytes())
}
