//! Values: what a template's value cells show.
//!
//! In: whatever holds the texts (the settled model, a blank initiative, samples). Out: [`Content`] pieces.
//! Stays true: every character of a value stands in its pieces, in order.
//! Neighbours: [`super::parse`] asks; `packet` answers from the settled model.

use super::tree::{Content, Mark, Piece};
use super::{Field, Kind};

/// A value as it is to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown<'a> {
    /// Its text; line breaks part paragraphs.
    pub text: &'a str,
    /// The mark of its cell.
    pub mark: Option<Mark>,
}

/// Where value cells get their texts.
pub trait Values {
    /// The value of a field by its full key: of the initiative that the template is set for, or of the one named.
    fn get(&self, of: Option<&str>, key: &str) -> Option<Shown<'_>>;
}

/// No values: a blank form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blank;

impl Values for Blank {
    fn get(&self, _of: Option<&str>, _key: &str) -> Option<Shown<'_>> {
        None
    }
}

/// The pieces of a value, as its kind is shown: check boxes and SDG chips are drawn, everything else is text.
pub(super) fn content(field: &Field, text: &str, mark: Option<Mark>) -> Content {
    let pieces = match field.kind {
        Kind::Checks => checks(text),
        Kind::Sdgs => sdgs(text).unwrap_or_else(|| plain(text)),
        _ => plain(text),
    };
    Content { pieces, mark }
}

/// A text as one piece.
pub(super) fn plain(text: &str) -> Vec<Piece> {
    if text.is_empty() { Vec::new() } else { vec![Piece::Text { text: text.to_owned(), bold: false, underline: false }] }
}

/// ■ and □ as drawn boxes, the rest as text.
fn checks(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut run = String::new();
    for c in text.chars() {
        let on = match c {
            '■' | '☑' | '☒' => true,
            '□' | '☐' => false,
            _ => {
                run.push(c);
                continue;
            }
        };
        pieces.extend(plain(&std::mem::take(&mut run)));
        pieces.push(Piece::CheckBox(on));
    }
    pieces.extend(plain(&run));
    pieces
}

/// A list of nothing but goal numbers (1, ⑨, 17) as chips; `None` if there is anything else in it.
fn sdgs(text: &str) -> Option<Vec<Piece>> {
    let folded = crate::value::fold_blanks(text);
    let parts: Vec<&str> = folded.split([' ', ',', '、', '・', '，']).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        return None;
    }
    parts.iter().map(|p| p.parse::<u8>().ok().filter(|n| (1..=17).contains(n)).map(Piece::Sdg)).collect()
}

/// The names of the seventeen goals, as the United Nations Information Centre gives them in Japanese.
const SDG_NAMES: [&str; 17] = [
    "貧困をなくそう",
    "飢餓をゼロに",
    "すべての人に健康と福祉を",
    "質の高い教育をみんなに",
    "ジェンダー平等を実現しよう",
    "安全な水とトイレを世界中に",
    "エネルギーをみんなに　そしてクリーンに",
    "働きがいも　経済成長も",
    "産業と技術革新の基盤をつくろう",
    "人や国の不平等をなくそう",
    "住み続けられるまちづくりを",
    "つくる責任　つかう責任",
    "気候変動に具体的な対策を",
    "海の豊かさを守ろう",
    "陸の豊かさも守ろう",
    "平和と公正をすべての人に",
    "パートナーシップで目標を達成しよう",
];

/// The name of an SDG; nothing for a number that is no goal.
pub(super) fn sdg_name(goal: u8) -> &'static str {
    usize::from(goal).checked_sub(1).and_then(|i| SDG_NAMES.get(i)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_have_their_names() {
        assert_eq!([1, 9, 17].map(sdg_name), ["貧困をなくそう", "産業と技術革新の基盤をつくろう", "パートナーシップで目標を達成しよう"]);
        assert_eq!([0, 18].map(sdg_name), ["", ""]);
    }

    #[test]
    fn boxes_and_chips_keep_every_character_in_order() {
        assert_eq!(checks("■ A □B").len(), 4);
        assert_eq!(sdgs("① ⑩ 17"), Some(vec![Piece::Sdg(1), Piece::Sdg(10), Piece::Sdg(17)]));
        assert_eq!(sdgs("⑱"), None);
        assert_eq!(sdgs("全部"), None);
    }
}
