//! Units and the words around figures.

use crate::value::fold::Folded;

/// Counters and units, longest first where one begins with another. The first of a line is the name under which the others are compared.
const UNITS: &[&[&str]] = &[
    &["か所", "カ所", "ヶ所", "ヵ所", "ケ所", "箇所", "個所"],
    &["か月", "カ月", "ヶ月", "ヵ月", "ケ月", "箇月"],
    &["か国", "カ国", "ヶ国", "ヵ国", "箇国"],
    &["言語", "か国語", "カ国語"],
    &["%", "パーセント"],
    &["ポイント", "pt"],
    &["事業者"],
    &["事業所"],
    &["事業"],
    &["団体"],
    &["施設"],
    &["橋梁"],
    &["公園"],
    &["世帯"],
    &["機関"],
    &["地区"],
    &["区画"],
    &["種類"],
    &["品目"],
    &["項目"],
    &["手続き", "手続"],
    &["業務"],
    &["事務"],
    &["案件"],
    &["路線"],
    &["講座"],
    &["コース"],
    &["チーム"],
    &["グループ"],
    &["組織"],
    &["店舗"],
    &["部署"],
    &["会場"],
    &["議案"],
    &["分野"],
    &["市町村"],
    &["自治体"],
    &["企業"],
    &["法人"],
    &["商店街"],
    &["アカウント"],
    &["アクセス"],
    &["回線"],
    &["ページ", "頁"],
    &["系統"],
    &["作品"],
    &["教室"],
    &["学級"],
    &["学校"],
    &["小学校"],
    &["中学校"],
    &["保育所"],
    &["保育園"],
    &["時間"],
    &["週間"],
    &["人日"],
    &["人分"],
    &["日間"],
    &["kWh", "kwh"],
    &["kg-CO2"],
    &["t-CO2"],
    &["kg"],
    &["km2"],
    &["km"],
    &["cm"],
    &["mm"],
    &["m2", "平方メートル"],
    &["m3", "立方メートル"],
    &["mL", "ml"],
    &["mg"],
    &["ha", "ヘクタール"],
    &["kL", "kl"],
    &["kW", "kw"],
    &["GB"],
    &["TB"],
    &["MB"],
    &["g", "グラム"],
    &["t", "トン"],
    &["m", "メートル"],
    &["L", "l", "リットル"],
    &["円"],
    &["ドル"],
    &["件"],
    &["人", "名"],
    &["回"],
    &["社"],
    &["台"],
    &["枚"],
    &["部"],
    &["冊"],
    &["戸"],
    &["棟"],
    &["校"],
    &["園"],
    &["店"],
    &["区"],
    &["課"],
    &["係"],
    &["室"],
    &["筆"],
    &["種"],
    &["品"],
    &["点"],
    &["本"],
    &["基"],
    &["床"],
    &["食"],
    &["票"],
    &["通"],
    &["つ", "個", "コ", "ヶ"],
    &["日"],
];

/// Units that are found after those above.
const MORE_UNITS: &[&[&str]] = &[
    &["倍"],
    &["秒"],
    &["分"],
    &["週"],
    &["組"],
    &["班"],
    &["級"],
    &["口座"],
    &["口"],
    &["頭"],
    &["匹"],
    &["羽"],
    &["株"],
    &["両"],
    &["隻"],
    &["橋"],
    &["面"],
    &["席"],
    &["枠"],
    &["市"],
    &["町"],
    &["村"],
    &["県"],
    &["者"],
    &["便"],
    &["歩"],
    &["語"],
];

/// What makes a number with this behind it no figure: ordinals, points of time, ages, years.
const NOT_FIGURES: &[&str] = &[
    "年", "月", "号", "条", "項", "期", "番", "次", "階", "丁目", "歳", "才", "位", "版", "代", "世", "時限", "限目", "か年", "カ年", "ヶ年", "ヵ年",
    "箇年", "割引", "分の", "款", "目", "章", "節", "周年",
];

/// The unit that begins at this place, under its name for comparing, and the place behind it.
pub(super) fn unit_at(folded: &Folded, at: usize) -> Option<(&'static str, usize)> {
    let mut best: Option<(&'static str, usize)> = None;
    for spellings in UNITS.iter().chain(MORE_UNITS.iter()) {
        for spelling in *spellings {
            let end = at + spelling.chars().count();
            let latin = spelling.is_ascii() && *spelling != "%";
            let goes_on = latin && folded.get(end).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            if folded.has(at, spelling) && !goes_on && best.is_none_or(|(_, b)| end > b) {
                best = Some((spellings[0], end));
            }
        }
    }
    best
}

/// Whether what stands here makes the number before it no figure.
pub(super) fn not_a_figure(folded: &Folded, at: usize) -> bool {
    if folded.has(at, "時") {
        return !folded.has(at, "時間");
    }
    NOT_FIGURES.iter().any(|w| folded.has(at, w))
}

/// Factor of 万, 億 …
pub(super) fn factor(c: char) -> Option<i64> {
    match c {
        '百' => Some(100),
        '千' => Some(1_000),
        '万' => Some(10_000),
        '億' => Some(100_000_000),
        '兆' => Some(1_000_000_000_000),
        _ => None,
    }
}
