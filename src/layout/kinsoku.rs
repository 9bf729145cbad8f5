//! Kinsoku: where a Japanese line may break.
//!
//! In: a paragraph as clusters. Out: for each place between two clusters a [`Break`].
//! Stays true: a line never starts with 、。」）ー or small kana and never ends with 「（ as long as any other break fits; figures with their units and
//! Latin words stay whole where they fit.
//! Source of the rules: JIS X 4051 (strict), UAX #14 through `unicode-linebreak`, and what official forms do.

/// How good a place for a break is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Break {
    /// Only if nothing else fits: it would break kinsoku.
    Forbidden,
    /// Only if the word, figure or address is longer than a line.
    Emergency,
    /// A good place.
    Allowed,
}

/// May not stand at the start of a line.
pub(crate) fn never_first(c: char) -> bool {
    matches!(c,
        '、' | '。' | '，' | '．' | '・' | '：' | '；' | '？' | '！' | '」' | '』' | '】' | '〕' | '］' | '｝' | '〉' | '》' | '）' | '〗' | '〙' | '〟' | '｠' |
        '’' | '”' | '»' | 'ー' | '～' | '〜' | '々' | '〻' | '〃' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' | '゛' | '゜' | '‐' | '–' | '゠' |
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ゕ' | 'ゖ' |
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' | '\u{31F0}'..='\u{31FF}' |
        '｡' | '｣' | '､' | '･' | 'ｧ'..='ｯ' | 'ｰ' | 'ﾞ' | 'ﾟ' | '!' | ',' | '.' | ':' | ';' | '?' | ')' | ']' | '}' | '%' |
        '％' | '‰' | '°' | '′' | '″' | '℃' | '¢' | '㎡' | '㎥' | '㎝' | '㎞' | '㎎' | '㎏' | '㏄' | '…' | '‥' | '‼' | '⁇' | '⁈' | '⁉')
}

/// May not stand at the end of a line.
pub(crate) fn never_last(c: char) -> bool {
    matches!(
        c,
        '「' | '『'
            | '【'
            | '〔'
            | '［'
            | '｛'
            | '〈'
            | '《'
            | '（'
            | '〖'
            | '〘'
            | '〝'
            | '｟'
            | '‘'
            | '“'
            | '«'
            | '｢'
            | '('
            | '['
            | '{'
            | '#'
            | '＃'
            | '№'
            | '￥'
            | '¥'
            | '＄'
            | '$'
            | '£'
            | '￡'
            | '＠'
    )
}

/// Closing punctuation of full width whose right half is blank: at a line end it may take half the room.
pub(crate) fn half_blank(c: char) -> bool {
    matches!(c, '、' | '。' | '，' | '．' | '」' | '』' | '】' | '〕' | '］' | '｝' | '〉' | '》' | '）')
}

/// Marks that end a clause or a bracket: they do not make a line of their own.
pub(crate) fn closes(c: char) -> bool {
    half_blank(c) || matches!(c, ')' | ']' | '}' | '.' | ',' | '｡' | '､' | '｣')
}

/// Blanks, which hang over the end of a line.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}')
}

/// The break before each cluster; `chars` are the clusters' characters, `starts` their places in `text` (bytes).
pub(crate) fn breaks(text: &str, chars: &[char], starts: &[u32]) -> Vec<Break> {
    let mut found = vec![Break::Emergency; chars.len()];
    let mut at = 0;
    for (place, _) in unicode_linebreak::linebreaks(text) {
        while at < starts.len() && (starts[at] as usize) < place {
            at += 1;
        }
        if at < starts.len() && starts[at] as usize == place {
            found[at] = Break::Allowed;
        }
    }
    for i in 1..chars.len() {
        let before = if i >= 2 { chars[i - 2] } else { '\0' };
        found[i] = judge(found[i], before, chars[i - 1], chars[i]);
    }
    found
}

/// The break between `a` and `b`; `before` stands before `a`.
fn judge(unicode: Break, before: char, a: char, b: char) -> Break {
    if never_first(b) || never_last(a) || (is_blank(b) && !is_blank(a)) {
        return Break::Forbidden;
    }
    if stays_whole(before, a, b) {
        return Break::Emergency;
    }
    unicode
}

/// Figures with their units, full-width words, and what introduces a figure.
fn stays_whole(before: char, a: char, b: char) -> bool {
    let word = |c: char| is_figure(c) || is_wide_letter(c);
    if word(a) && word(b) {
        return true;
    }
    if is_figure(b) && (matches!(a, '第' | '約' | '▲' | '△' | '－' | '−' | '-' | '±' | '＋' | '+') || is_era_end(before, a)) {
        return true;
    }
    if is_figure(a) && (is_unit(b) || is_scale(b)) {
        return true;
    }
    if is_scale(a) && (is_figure(before) || is_scale(before)) && (is_unit(b) || is_scale(b)) {
        return true;
    }
    // Readers of PDF files take a hyphen at a line end for one that the line break made, and drop it.
    if matches!(a, '-' | '\u{2010}') && before.is_alphanumeric() && b.is_alphanumeric() {
        return true;
    }
    // R 5, No. 3: a single letter or a dot before a blank before a figure.
    if a == ' ' && is_figure(b) && (matches!(before, '.' | '．') || before.is_ascii_uppercase()) {
        return true;
    }
    is_figure(before) && matches!((a, b), ('年', '度') | ('か' | 'ヶ' | 'ケ' | 'カ' | '箇', '所' | '月' | '年' | '国') | ('世', '帯') | ('時', '間'))
}

/// A figure, half or full width, with the separators inside it.
fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

fn is_wide_letter(c: char) -> bool {
    matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

fn is_scale(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万' | '億' | '兆')
}

fn is_era_end(before: char, a: char) -> bool {
    matches!((before, a), ('令', '和') | ('平', '成') | ('昭', '和')) || matches!(a, 'R' | 'H' | 'Ｒ' | 'Ｈ')
}

/// Units and counters as plans use them.
fn is_unit(c: char) -> bool {
    matches!(
        c,
        '年' | '月'
            | '日'
            | '時'
            | '分'
            | '秒'
            | '週'
            | '歳'
            | '件'
            | '人'
            | '名'
            | '円'
            | '個'
            | '回'
            | '台'
            | '校'
            | '園'
            | '館'
            | '戸'
            | '割'
            | '倍'
            | '点'
            | '位'
            | '枚'
            | '本'
            | '冊'
            | '号'
            | '条'
            | '項'
            | '次'
            | '期'
            | '度'
            | '世'
            | '箇'
            | 'か'
            | 'ヶ'
            | 'ケ'
            | 'カ'
            | '団'
            | '施'
            | '課'
            | '部'
            | '室'
            | '社'
            | '店'
            | '組'
            | '班'
            | '級'
            | '段'
            | '階'
            | '棟'
            | '基'
            | '機'
            | '種'
            | '路'
            | '区'
            | '町'
            | '村'
            | '市'
            | '県'
            | '者'
            | '票'
            | '品'
            | 'ｍ'
            | '㌔'
            | '㌧'
            | 'ｔ'
    )
}

/// How many clusters at the start of a paragraph are its marker with the blanks around it (○, ・, ①, (1), 1.), so that further lines hang behind it.
/// One full-width blank alone begins a paragraph of prose: its further lines stand at the left edge. Other blanks indent the whole paragraph.
pub(crate) fn marker(chars: &[char]) -> usize {
    let blanks = chars.iter().take_while(|c| is_blank(**c)).count();
    let rest = &chars[blanks..];
    let Some(first) = rest.first().copied() else { return 0 };
    let length = if is_bullet(first) { 1 } else { numbered(rest) };
    if length == 0 {
        let prose = blanks == 1 && chars.first() == Some(&'\u{3000}');
        return if prose { 0 } else { blanks };
    }
    let after = rest[length..].iter().take_while(|c| is_blank(**c)).count();
    blanks + length + after
}

/// Signs that mark a paragraph alone.
fn is_bullet(c: char) -> bool {
    matches!(c,
        '○' | '●' | '◎' | '〇' | '・' | '•' | '･' | '※' | '*' | '＊' | '✓' | '✔' | '☑' | '☐' | '■' | '□' | '◆' | '◇' | '▲' | '△' | '▼' | '▽' | '▶' | '▷' |
        '→' | '⇒' | '➡' | '★' | '☆' | '①'..='⓿' | '㈠'..='㊿' | '❶'..='➓' | 'ⅰ'..='ⅿ' | 'Ⅰ'..='Ⅿ')
}

/// The length of (1), （ア）, 1., １．, 2）, ア． or 0.
fn numbered(chars: &[char]) -> usize {
    let sign = |c: &char| {
        is_figure(*c)
            || matches!(c, 'ァ'..='ヶ' | 'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
    };
    let open = matches!(chars.first(), Some('(' | '（'));
    let inside = &chars[usize::from(open)..];
    let signs = inside.iter().take_while(|c| sign(c)).count();
    let limit = if inside.first().is_some_and(|c| is_figure(*c)) { 3 } else { 1 };
    if signs == 0 || signs > limit {
        return 0;
    }
    let close = inside.get(signs).copied();
    let after = inside.get(signs + 1).copied();
    match close {
        Some(')' | '）') => usize::from(open) + signs + 1,
        // 1.5倍 is no marker.
        Some('.' | '．') if !open && !after.is_some_and(is_figure) => signs + 1,
        Some(c) if !open && is_blank(c) => signs,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let starts: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).collect();
        let mut shown = String::new();
        for (c, b) in chars.iter().zip(breaks(text, &chars, &starts)) {
            match b {
                Break::Allowed => shown.push('|'),
                Break::Emergency => shown.push(' '),
                Break::Forbidden => shown.push('×'),
            }
            shown.push(*c);
        }
        shown.trim_start().to_owned()
    }

    #[test]
    fn lines_break_as_japanese_offices_do() {
        assert_eq!(judged("約4,300件の「申請」、"), "約 4×, 3 0 0 件|の|「×申|請×」×、");
        assert_eq!(judged("令和6年度末"), "令|和 6 年 度|末");
        assert_eq!(judged("ＤＸ化～センター"), "Ｄ Ｘ|化×～|セ|ン|タ×ー");
        assert_eq!(judged("Web申請"), "W e b|申|請");
        assert_eq!(judged("庁Wi-Fi化"), "庁|W i - F i|化");
        assert_eq!(judged("１２か所"), "１ ２ か 所");
    }

    #[test]
    fn markers() {
        let length = |t: &str| marker(&t.chars().collect::<Vec<_>>());
        assert_eq!(length("○市民"), 1);
        assert_eq!(length("(1) 市民"), 4);
        assert_eq!(length("（ア）市民"), 3);
        assert_eq!(length("1.5倍"), 0);
        assert_eq!(length("1. 市民"), 3);
        assert_eq!(length("　・市民"), 2);
        assert_eq!(length("　市民"), 0);
        assert_eq!(length("　　市民"), 2);
        assert_eq!(length("  市民"), 2);
        assert_eq!(length("（新規）市民"), 0);
        assert_eq!(length("市民"), 0);
        assert_eq!(length("DX の推進"), 0);
    }
}
