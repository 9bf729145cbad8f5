//! Shared formulas: the first cell of a group holds the text, the others mean it shifted.

use crate::workbook::CellRef;

/// The formula as it reads `rows` further down and `cols` further right: relative references move, `$` ones stay.
pub(super) fn shift(formula: &str, rows: i64, cols: i64) -> String {
    let chars: Vec<char> = formula.chars().collect();
    let mut out = String::with_capacity(formula.len());
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c == '"' || c == '\'' {
            let end = chars[at + 1..].iter().position(|d| *d == c).map_or(chars.len(), |n| at + n + 2);
            out.extend(&chars[at..end]);
            at = end;
        } else if c.is_alphanumeric() || matches!(c, '$' | '_' | '.') {
            let end = chars[at..].iter().position(|d| !(d.is_alphanumeric() || matches!(d, '$' | '_' | '.'))).map_or(chars.len(), |n| at + n);
            let word: String = chars[at..end].iter().collect();
            // A word before `(` or `!` is a function or a sheet and no cell.
            let other = matches!(chars.get(end), Some('(' | '!'));
            out.push_str(&if other { word } else { shifted(&word, rows, cols).unwrap_or(word) });
            at = end;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

fn shifted(word: &str, rows: i64, cols: i64) -> Option<String> {
    let at = CellRef::parse(word)?;
    let fixed_col = word.starts_with('$');
    let fixed_row = word.get(1..)?.contains('$');
    let row = if fixed_row { i64::from(at.row) } else { i64::from(at.row) + rows };
    let col = if fixed_col { i64::from(at.col) } else { i64::from(at.col) + cols };
    let moved = CellRef::new(u32::try_from(row).ok()?, u32::try_from(col).ok()?).a1();
    let split = moved.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = moved.split_at(split);
    let sign = |fixed: bool| if fixed { "$" } else { "" };
    Some(format!("{}{letters}{}{digits}", sign(fixed_col), sign(fixed_row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_references_move() {
        assert_eq!(shift("SUM(A1:$B$2)+C$3*$D4", 1, 1), "SUM(B2:$B$2)+D$3*$D5");
        assert_eq!(shift("IF(A1=\"A1\",'A1 表'!B2,LOG10(C3))", 2, 0), "IF(A3=\"A1\",'A1 表'!B4,LOG10(C5))");
        assert_eq!(shift("A1", -5, 0), "A1");
        assert_eq!(shift("\"", 1, 1), "\"");
    }
}
