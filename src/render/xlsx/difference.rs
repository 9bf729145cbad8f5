//! 新旧対照: what differs between an old and a new text, as underlined runs.
//!
//! In: two texts. Out: the runs of both, changed ones marked; unchanged paragraphs of a longer text become （略）.
//! Stays true: put together, the runs of a side are that side's text (but for （略）, （新設） and （削る）).
//! Neighbours: [`super::comparison`] draws them.

/// A text in runs; the flag marks a changed one.
pub(super) type Runs = Vec<(bool, String)>;

/// Most cells of the table of common parts; longer texts are compared by their ends only.
const MOST_CELLS: usize = 4_000_000;

/// New and old text with what differs marked. An empty old text is a 新設, an empty new one a 削る.
pub(super) fn compare(new: &str, old: &str) -> (Runs, Runs) {
    if old.trim().is_empty() {
        return (vec![(true, new.to_owned())], vec![(false, "（新設）".to_owned())]);
    }
    if new.trim().is_empty() {
        return (vec![(false, "（削る）".to_owned())], vec![(true, old.to_owned())]);
    }
    let (new, old) = leave_out(new, old);
    let (a, b) = (words(&new), words(&old));
    let common = common(&a, &b);
    (runs(&a, &common.0), runs(&b, &common.1))
}

/// Paragraphs at the beginning and end that both texts share become （略）, if something is left between.
fn leave_out(new: &str, old: &str) -> (String, String) {
    let (new, old): (Vec<&str>, Vec<&str>) = (new.lines().collect(), old.lines().collect());
    let shortest = new.len().min(old.len());
    let before = new.iter().zip(&old).take_while(|(a, b)| a == b).count();
    if before >= shortest && new.len() == old.len() {
        return (new.join("\n"), old.join("\n"));
    }
    let after = new.iter().rev().zip(old.iter().rev()).take_while(|(a, b)| a == b).count().min(shortest - before);
    let cut = |lines: &[&str]| {
        let mut kept: Vec<&str> = Vec::new();
        if before > 0 {
            kept.push("（略）");
        }
        kept.extend(&lines[before..lines.len() - after]);
        if after > 0 {
            kept.push("（略）");
        }
        kept.join("\n")
    };
    (cut(&new), cut(&old))
}

/// A text in the smallest parts that are marked: figures and Latin words whole, other characters one by one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let joins = c.is_alphanumeric() && (c.is_ascii() || c.is_numeric()) || (open && matches!(c, ',' | '.' | '，' | '．'));
        match words.last_mut() {
            Some(last) if joins && open => last.push(c),
            _ => words.push(c.to_string()),
        }
        open = joins;
    }
    words
}

/// Which words of each side are common to both: the longest common row of words, lone ones between changes given up.
fn common(a: &[String], b: &[String]) -> (Vec<bool>, Vec<bool>) {
    let mut kept = (vec![false; a.len()], vec![false; b.len()]);
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    kept.0[..head].fill(true);
    kept.1[..head].fill(true);
    let (na, nb) = (a.len() - tail, b.len() - tail);
    kept.0[na..].fill(true);
    kept.1[nb..].fill(true);
    let (x, y) = (&a[head..na], &b[head..nb]);
    if x.len().saturating_mul(y.len()) <= MOST_CELLS {
        longest(x, y, &mut kept.0[head..na], &mut kept.1[head..nb]);
    }
    kept
}

/// Marks the longest common row of words of both sides; a single common word between two changes stays unmarked, for it reads as noise.
fn longest(a: &[String], b: &[String], keep_a: &mut [bool], keep_b: &mut [bool]) {
    let width = b.len() + 1;
    let mut table = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] =
                if a[i] == b[j] { table[(i + 1) * width + j + 1] + 1 } else { table[(i + 1) * width + j].max(table[i * width + j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut stretch: Vec<(usize, usize)> = Vec::new();
    let mut flush = |stretch: &mut Vec<(usize, usize)>| {
        if stretch.len() > 1 || stretch.iter().any(|(i, _)| a[*i].chars().count() > 1 || a[*i] == "\n") {
            for (i, j) in stretch.iter() {
                keep_a[*i] = true;
                keep_b[*j] = true;
            }
        }
        stretch.clear();
    };
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            stretch.push((i, j));
            i += 1;
            j += 1;
        } else {
            flush(&mut stretch);
            if table[(i + 1) * width + j] >= table[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    flush(&mut stretch);
}

/// Words joined to runs of the same kind.
fn runs(words: &[String], kept: &[bool]) -> Runs {
    let mut runs: Runs = Vec::new();
    for (word, kept) in words.iter().zip(kept) {
        match runs.last_mut() {
            Some((changed, text)) if *changed != *kept => text.push_str(word),
            _ => runs.push((!*kept, word.clone())),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(runs: &Runs) -> String {
        runs.iter().map(|(changed, text)| if *changed { format!("<{text}>") } else { text.clone() }).collect()
    }

    #[test]
    fn changed_words_are_marked_on_both_sides() {
        for (new, old, new_marked, old_marked) in [
            ("交付件数：5,000件", "交付件数：4,300件", "交付件数：<5,000>件", "交付件数：<4,300>件"),
            ("窓口を改善する", "窓口を廃止する", "窓口を<改善>する", "窓口を<廃止>する"),
            ("新しい", "", "<新しい>", "（新設）"),
            ("", "古い", "（削る）", "<古い>"),
            ("同じ\n新\n同じ２", "同じ\n旧\n同じ２", "（略）\n<新>\n（略）", "（略）\n<旧>\n（略）"),
            ("一\n二\n三", "一\n三", "（略）\n<二\n>（略）", "（略）\n（略）"),
        ] {
            let (n, o) = compare(new, old);
            assert_eq!((shown(&n), shown(&o)), (new_marked.to_owned(), old_marked.to_owned()));
        }
    }

    #[test]
    fn no_character_is_lost() {
        let (new, old) = ("市民満足度80%以上を目指し、研修を年3回行う。", "市民満足度70%以上を目指して研修を行う。");
        let (n, o) = compare(new, old);
        assert_eq!(n.iter().map(|(_, t)| t.as_str()).collect::<String>(), new);
        assert_eq!(o.iter().map(|(_, t)| t.as_str()).collect::<String>(), old);
    }
}
