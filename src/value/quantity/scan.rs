//! Reading the figures of a text.

use super::units::{factor, not_a_figure, unit_at};
use super::{Comparison, Quantity, Said};
use crate::value::fiscal_year;
use crate::value::fold::Folded;
use rust_decimal::Decimal;

/// The figures of a text, in order. What cannot be read is left out, never guessed.
pub fn parse(text: &str) -> Vec<Quantity> {
    let folded = Folded::new(text);
    let years: Vec<(usize, usize)> = fiscal_year::scan(&folded).into_iter().map(|(from, to, _)| (from, to)).collect();
    let reader = Reader { text, folded, years };
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..=reader.folded.chars.len() {
        if reader.folded.get(at).is_none_or(|c| matches!(c, '\n' | '。' | '\r')) {
            reader.sentence(from, at, &mut found);
            from = at + 1;
        }
    }
    found
}

/// A text with its folded characters and the places of its years.
struct Reader<'a> {
    text: &'a str,
    folded: Folded,
    years: Vec<(usize, usize)>,
}

/// A number with what belongs to it.
struct Number {
    value: Decimal,
    /// Place of its first character, sign included.
    from: usize,
    /// Place behind its last digit or factor.
    to: usize,
    /// The unit that the number itself brings: 割 is per cent.
    unit: Option<&'static str>,
}

/// A number with its unit, and what the words around it say.
struct Figure {
    from: usize,
    to: usize,
    value: Decimal,
    upper: Option<Decimal>,
    unit: String,
    comparison: Comparison,
}

impl Reader<'_> {
    /// Reads one sentence.
    fn sentence(&self, from: usize, to: usize, found: &mut Vec<Quantity>) {
        let mut at = self.behind_marker(from, to);
        let mut segment = at;
        while at < to {
            if let Some((_, end)) = self.years.iter().find(|(f, t)| *f <= at && at < *t) {
                at = *end;
            } else if !self.digit(at) {
                at += 1;
            } else if let Some(figure) = self.figure(at, to, segment) {
                at = figure.to;
                found.push(self.quantity(&figure, segment, to));
                segment = figure.to;
            } else {
                at = self.behind_digits(at, to);
            }
        }
    }

    /// A digit as typed; ① and ㎡ hold digits only after folding.
    fn digit(&self, at: usize) -> bool {
        let written = self.text.get(self.folded.bytes(at, at + 1)).and_then(|s| s.chars().next());
        matches!(written, Some('0'..='9' | '０'..='９'))
    }

    /// The place behind digits that are no figure, with the digits that hang on them (22-1111, 8:30, 1/2, 2.1.15).
    fn behind_digits(&self, mut at: usize, to: usize) -> usize {
        while at < to && (self.digit(at) || (matches!(self.folded.get(at), Some('-' | ':' | '/' | '.' | ',')) && self.digit(at + 1))) {
            at += 1;
        }
        at
    }

    /// The place behind a list marker: ・ ○ ① (1) 1. ✓.
    fn behind_marker(&self, from: usize, to: usize) -> usize {
        let f = &self.folded;
        let mut at = f.skip_blanks(from);
        while at < to {
            let c = f.chars[at];
            let numbered = |open: usize| f.digits(open).map(|(_, end)| end).filter(|end| *end <= open + 2);
            let next = match c {
                '・' | '○' | '●' | '◯' | '•' | '✓' | '※' | '■' | '□' | '◆' | '◇' | '◎' | '-' | '*' if !self.digit(at + 1) => {
                    Some(at + 1)
                }
                '(' => numbered(at + 1).filter(|end| f.get(*end) == Some(')')).map(|end| end + 1),
                '0'..='9' if !self.digit(at) => f.digits(at).map(|(_, end)| end),
                '0'..='9' => {
                    numbered(at).filter(|e| matches!(f.get(*e), Some('.' | ')')) && !f.get(e + 1).is_some_and(|c| c.is_ascii_digit())).map(|e| e + 1)
                }
                _ => None,
            };
            let Some(next) = next else { break };
            at = f.skip_blanks(next);
        }
        at.min(to)
    }

    /// The figure that begins at this digit, if it is one.
    fn figure(&self, at: usize, to: usize, segment: usize) -> Option<Figure> {
        let f = &self.folded;
        if self.is_named_number(at) {
            return None;
        }
        let first = self.number(at, to, segment)?;
        let here = f.skip_blanks(first.to);
        if not_a_figure(f, here) || matches!((f.get(here), self.digit(here + 1)), (Some('/' | ':'), true)) {
            return None;
        }
        let (mut unit, mut end) = self.unit(&first, to);
        let mut upper = None;
        if let Some(second) = self.range_end(end, to).filter(|s| s.value > first.value) {
            let (unit_of_second, behind) = self.unit(&second, to);
            if not_a_figure(f, f.skip_blanks(second.to)) || unit_of_second.is_empty() || !(unit.is_empty() || unit == unit_of_second) {
                return None;
            }
            (upper, unit, end) = (Some(second.value), unit_of_second, behind);
        } else if matches!(f.get(first.to), Some('-')) && self.digit(first.to + 1) {
            return None;
        }
        if self.hangs_on(end, &unit, first.value) || (unit.is_empty() && !self.stands_alone(first.from, end, segment, to)) {
            return None;
        }
        let (comparison, end) = self.comparison(first.from, end, segment);
        Some(Figure { from: first.from, to: end, value: first.value, upper, unit, comparison })
    }

    /// Digits that are part of a name or an ordinal: 第3次, No.8, AI-2, WPA3, (1).
    fn is_named_number(&self, at: usize) -> bool {
        let f = &self.folded;
        let before = |n: usize| at.checked_sub(n).and_then(|p| f.get(p));
        if before(1).is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '#' | '第' | '.' | ',')) {
            return true;
        }
        if before(1) == Some('-') && before(2).is_some_and(|c| c.is_ascii_alphanumeric()) {
            return true;
        }
        let mut back = at;
        while back > 0 && f.chars[back - 1].is_whitespace() {
            back -= 1;
        }
        let labelled = ["第", "No", "No.", "NO.", "no.", "NO"].iter().any(|w| back.checked_sub(w.chars().count()).is_some_and(|p| f.has(p, w)));
        let bracketed = before(1) == Some('(') && f.digits(at).is_some_and(|(_, end)| f.get(end) == Some(')'));
        labelled || bracketed
    }

    /// The number at a digit: thousands, decimals, 万 and 億, 割, a sign before it.
    fn number(&self, at: usize, to: usize, segment: usize) -> Option<Number> {
        let f = &self.folded;
        let (mut value, mut end) = self.plain_number(at, to)?;
        let mut unit = None;
        if let Some(mut scale) = f.get(end).and_then(factor) {
            value = value.checked_mul(Decimal::from(scale))?;
            end += 1;
            // 千万 and the like: a factor upon a factor.
            while let Some(next) = f.get(end).and_then(factor) {
                value = value.checked_mul(Decimal::from(next))?;
                scale = scale.checked_mul(next)?;
                end += 1;
            }
            // 1億2,000万円: a smaller part follows.
            while end < to && self.digit(end) {
                let (part, part_end) = self.plain_number(end, to)?;
                let next = f.get(part_end).and_then(factor).unwrap_or(1);
                if next >= scale {
                    return None;
                }
                value = value.checked_add(part.checked_mul(Decimal::from(next))?)?;
                end = part_end + usize::from(next > 1);
                scale = next;
                if next == 1 {
                    break;
                }
            }
        } else if f.get(end) == Some('割') && f.get(end + 1) != Some('引') {
            value = value.checked_mul(Decimal::from(10))?;
            end += 1;
            unit = Some("%");
            if let Some((part, e)) = f.digits(end).filter(|(part, e)| *part < 10 && f.get(*e) == Some('分')) {
                value = value.checked_add(Decimal::from(part))?;
                end = e + 1;
            }
        }
        let signed = at > segment
            && matches!(f.chars[at - 1], '△' | '▲' | '−' | '-')
            && !at.checked_sub(2).and_then(|p| f.get(p)).is_some_and(char::is_alphanumeric);
        Some(Number { value: if signed { -value } else { value }, from: at - usize::from(signed), to: end, unit })
    }

    /// Digits with thousands separators and decimals; `None` where commas or dots stand otherwise.
    fn plain_number(&self, at: usize, to: usize) -> Option<(Decimal, usize)> {
        let f = &self.folded;
        let mut digits = String::new();
        let mut end = at;
        let run = |from: usize| (from..to).take_while(|p| f.chars[*p].is_ascii_digit() && self.digit(*p)).count();
        let first = run(end);
        digits.extend(&f.chars[end..end + first]);
        end += first;
        while f.get(end) == Some(',') && run(end + 1) > 0 {
            if first > 3 || run(end + 1) != 3 {
                return None;
            }
            digits.extend(&f.chars[end + 1..end + 4]);
            end += 4;
        }
        if f.get(end) == Some('.') && run(end + 1) > 0 {
            let decimals = run(end + 1);
            digits.push('.');
            digits.extend(&f.chars[end + 1..end + 1 + decimals]);
            end += 1 + decimals;
            if f.get(end) == Some('.') && run(end + 1) > 0 {
                return None;
            }
        }
        (digits.len() <= 24).then(|| digits.parse().ok()).flatten().map(|value| (value, end))
    }

    /// The unit of a number, and the place behind it.
    fn unit(&self, number: &Number, to: usize) -> (String, usize) {
        if let Some(unit) = number.unit {
            return (unit.to_owned(), number.to);
        }
        let f = &self.folded;
        let at = f.skip_blanks(number.to);
        if let Some((unit, end)) = unit_at(f, at).filter(|(_, end)| *end <= to) {
            return (unit.to_owned(), end);
        }
        // A counter that is in no list: up to three characters with a clear end.
        let run = (at..to).take_while(|p| is_counter_like(f.chars[*p]) && bound_at(f, *p).is_none()).count();
        let ends = at + run >= to || bound_at(f, at + run).is_some() || matches!(f.chars[at + run], '、' | ')' | ',' | '(' | '/' | ' ' | '~' | '〜');
        if (1..=3).contains(&run) && ends {
            return (f.chars[at..at + run].iter().collect(), at + run);
        }
        (String::new(), number.to)
    }

    /// The second number of a range (1～2件, 1件から3件).
    fn range_end(&self, end: usize, to: usize) -> Option<Number> {
        let f = &self.folded;
        let at = f.skip_blanks(end);
        let behind = match f.get(at)? {
            '~' | '〜' | '－' | '―' | '–' | '—' | '-' => at + 1,
            'か' if f.has(at, "から") => at + 2,
            _ => return None,
        };
        let start = f.skip_blanks(behind);
        if start >= to || !self.digit(start) {
            return None;
        }
        self.number(start, to, start)
    }

    /// What stands behind the unit and makes the number a part of something else: 1食当たり, 3回目, 365日.
    fn hangs_on(&self, end: usize, unit: &str, value: Decimal) -> bool {
        let f = &self.folded;
        let all_day = (unit == "時間" && value == Decimal::from(24)) || (unit == "日" && value == Decimal::from(365));
        let day_of_month = unit == "日" && ["に", "から", "現在", "付", "時点", "頃", "ごろ", "開"].iter().any(|w| f.has(end, w));
        all_day || day_of_month || ["当たり", "あたり", "当り", "につき", "目", "分の"].iter().any(|w| f.has(end, w))
    }

    /// A number without a unit is a figure only at the end of a cell or behind a label.
    fn stands_alone(&self, from: usize, end: usize, segment: usize, to: usize) -> bool {
        let f = &self.folded;
        let behind = f.skip_blanks(end);
        let ends = behind >= to || bound_at(f, behind).is_some_and(|(_, e)| f.skip_blanks(e) >= to);
        let mut back = from;
        while back > segment && f.chars[back - 1].is_whitespace() {
            back -= 1;
        }
        let begins = back == segment || matches!(f.chars[back - 1], ':' | '=' | '数' | '率' | '額' | '約' | '比') || from > back;
        ends && begins
    }

    /// How the words before and behind bound the figure, and the place behind those behind.
    fn comparison(&self, from: usize, end: usize, segment: usize) -> (Comparison, usize) {
        let f = &self.folded;
        if let Some(found) = bound_at(f, f.skip_blanks(end)) {
            return found;
        }
        let before: String = f.chars[segment..from].iter().filter(|c| !c.is_whitespace()).collect();
        let said = |words: &[&str]| words.iter().any(|w| before.ends_with(w));
        let comparison = if said(&["約", "およそ", "概ね", "おおむね", "ほぼ"]) {
            Comparison::About
        } else if said(&["最低", "最低でも", "少なくとも", "少なくとも各", "最低限"]) {
            Comparison::AtLeast
        } else if said(&["最大", "最長", "最大で", "上限"]) {
            Comparison::AtMost
        } else {
            Comparison::Exactly
        };
        (comparison, end)
    }

    /// The quantity with what it counts.
    fn quantity(&self, figure: &Figure, segment: usize, to: usize) -> Quantity {
        let f = &self.folded;
        let before: String = f.chars[segment..figure.from].iter().collect();
        let behind: String = f.chars[figure.to..to].iter().collect();
        let (mut indicator, said) = label(&before);
        if indicator.is_empty() && said == Said::Plainly {
            indicator = label_behind(&behind);
        }
        Quantity {
            indicator,
            comparison: figure.comparison,
            value: figure.value.normalize(),
            upper: figure.upper.map(|u| u.normalize()),
            unit: figure.unit.clone(),
            change: is_change(&behind),
            said,
            as_written: self.text.get(f.bytes(figure.from, figure.to)).unwrap_or_default().trim().to_owned(),
        }
    }
}

/// Words of comparison behind a figure.
fn bound_at(folded: &Folded, at: usize) -> Option<(Comparison, usize)> {
    let words = [
        ("以上", Comparison::AtLeast),
        ("以下", Comparison::AtMost),
        ("以内", Comparison::AtMost),
        ("未満", Comparison::LessThan),
        ("を超える", Comparison::MoreThan),
        ("を超え", Comparison::MoreThan),
        ("超", Comparison::MoreThan),
        ("程度", Comparison::About),
        ("前後", Comparison::About),
        ("ほど", Comparison::About),
    ];
    words.iter().find(|(w, _)| folded.has(at, w)).map(|(w, c)| (*c, at + w.chars().count()))
}

/// Characters of which counters are made.
fn is_counter_like(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{30a1}'..='\u{30fa}' | 'ー' | '々')
}

/// What stands before a figure, cut down to what is counted.
fn label(before: &str) -> (String, Said) {
    let outside = without_brackets(before);
    let (outer, inner) = match outside.rsplit_once(['(', '[', '〔', '「']) {
        Some((outer, inner)) => (outer.to_owned(), Some(inner.to_owned())),
        None => (outside, None),
    };
    // A figure in brackets is told by the words inside them, else by those before them.
    let reference = before.contains("参考");
    let own = inner.as_deref().map(clause).filter(|i| !i.is_empty());
    let text = own.unwrap_or_else(|| if inner.is_some() { last_words(&outer) } else { clause(&outer) });
    let said = sense(&text);
    let said = if said == Said::Plainly && reference { Said::ForReference } else { said };
    if inner.is_some() && said == Said::Plainly && inner.as_deref().is_none_or(|i| clause(i).is_empty()) {
        return (String::new(), said);
    }
    (if said == Said::AsGoal { String::new() } else { text }, said)
}

/// Complete brackets and what is in them taken out.
fn without_brackets(text: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<usize> = Vec::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '〔' => open.push(out.len()),
            ')' | ']' | '〕' => {
                if let Some(at) = open.pop() {
                    out.truncate(at);
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The label of a figure: what stands before a colon, else the last clause, without particles and adverbs at its ends.
fn clause(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "・○●※、,→/".contains(c));
    let labelled = text.rsplit_once(':').filter(|(l, rest)| !l.trim().is_empty() && rest.chars().count() <= 12).map(|(l, _)| l);
    let text = labelled.unwrap_or_else(|| text.rsplit('、').next().unwrap_or(text));
    strip_ends(text)
}

/// The words right before a bracket.
fn last_words(text: &str) -> String {
    strip_ends(text.rsplit(['、', ',']).next().unwrap_or(text))
}

/// Takes particles and adverbs off both ends.
fn strip_ends(text: &str) -> String {
    const TAILS: [&str; 38] = [
        "少なくとも各",
        "少なくとも",
        "最低でも",
        "おおむね",
        "およそ",
        "新たに",
        "月平均",
        "実績値",
        "延べ",
        "概ね",
        "ほぼ",
        "平均",
        "年間",
        "最低",
        "最大",
        "最長",
        "実績",
        "全課",
        "全体",
        "毎月",
        "毎年",
        "うち",
        "は",
        "が",
        "を",
        "で",
        "に",
        "も",
        "の",
        "へ",
        "と",
        ":",
        "=",
        "約",
        "各",
        "「",
        "・",
        "→",
    ];
    let mut text = text.trim();
    loop {
        let before = text;
        for tail in TAILS {
            // 「回答発送まで」 and 「5年間」 are whole words.
            let whole =
                (tail == "で" && text.ends_with("まで")) || (tail == "年間" && text.trim_end_matches(tail).ends_with(|c: char| c.is_ascii_digit()));
            if let Some(rest) = text.strip_suffix(tail).filter(|_| !whole) {
                text = rest.trim_end();
            }
        }
        if text == before {
            break;
        }
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "・○●※、,)」→でのとはがにを/".contains(c));
    // 「（年1回）」: how often, not what.
    if matches!(text, "年" | "月" | "週" | "日") { String::new() } else { text.to_owned() }
}

/// Whether a label says that the figure is the goal, or one of another year.
fn sense(label: &str) -> Said {
    let label = label.trim();
    const GOALS: [&str; 12] =
        ["目標", "目標値", "計画", "計画値", "目標件数", "目標数", "目標人数", "目標額", "目標率", "目標回数", "当初目標", "年度目標"];
    const REFERENCES: [&str; 12] =
        ["参考", "前年度", "前年", "昨年度", "昨年", "前回", "前年同期", "現状", "現状値", "前年度実績", "前年度比", "前年比"];
    if GOALS.contains(&label) {
        return Said::AsGoal;
    }
    let only_a_year = fiscal_year::years_in(label).first().is_some_and(|m| m.as_written.len() == label.len());
    if REFERENCES.contains(&label) || only_a_year { Said::ForReference } else { Said::Plainly }
}

/// What is counted, from the words behind the figure (「1筆売却」「新たに1件の改善を実施」).
fn label_behind(behind: &str) -> String {
    let part = behind.split(['、', '(', ',', '→']).next().unwrap_or("");
    if ["とな", "であ", "でし", "です", "とい"].iter().any(|w| part.starts_with(w)) {
        return String::new();
    }
    let part: String = part.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let verbs = ["を実施する", "を実施", "実施", "を行う", "を行い", "する", "した", "です", "でした", "となる"];
    let part = part.trim().trim_start_matches(|c: char| "でのをにはとがも)」".contains(c)).trim();
    verbs.iter().find_map(|v| part.strip_suffix(v)).unwrap_or(part).trim().to_owned()
}

/// Whether the words behind a figure make it a change.
fn is_change(behind: &str) -> bool {
    let clause = behind.trim_start().split(['、', '(', ')']).next().unwrap_or("");
    let near: String = clause.chars().take(9).collect();
    ["増加", "減少", "削減", "短縮", "縮減", "上昇", "低下"].iter().any(|w| near.contains(w)) || ["増", "減"].iter().any(|w| clause.starts_with(w))
}
