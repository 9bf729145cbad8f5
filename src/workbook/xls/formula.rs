//! The text of formulas in an .xls, as far as a clerk needs it to recognise them.
//!
//! In: the tokens of a formula in reverse Polish order (MS-XLS 2.2.2). Out: its text without `=`; `?` where it uses what is not known here.
//! Stays true: a value is never computed; texts are cut at Excel's own limit, so that nested text cannot grow without end.

use super::globals::Globals;
use super::records::Fields;
use super::records::error_name;
use super::strings::Pieces;
use crate::workbook::{Area, CellRef};

/// Excel allows no longer formula.
const LONGEST: usize = 8192;
const UNKNOWN: &str = "?";

/// The first cell of the shared formula that this one repeats.
pub(super) fn shared_from(rgce: &[u8]) -> Option<CellRef> {
    let fields = Fields(rgce);
    (fields.u8(0)? == 0x01).then_some(())?;
    Some(CellRef::new(u32::from(fields.u16(1)?), u32::from(fields.u16(3)?)))
}

/// The choices of a validation: the words of its text, or the range it names on its own sheet.
pub(super) fn list_source(rgce: &[u8]) -> Option<Result<Vec<String>, Area>> {
    let fields = Fields(rgce);
    match fields.u8(0)? & 0x7F {
        0x17 => {
            let rest = [rgce.get(3..)?];
            let text = Pieces::new(&rest).chars(usize::from(fields.u8(1)?), fields.u8(2)? & 1 != 0)?;
            Some(Ok(text.split(['\0', ',']).map(|w| w.trim().to_string()).filter(|w| !w.is_empty()).collect()))
        }
        0x25 | 0x45 | 0x65 => {
            let (r1, r2, c1, c2) = (fields.u16(1)?, fields.u16(3)?, fields.u16(5)? & 0x3FFF, fields.u16(7)? & 0x3FFF);
            let first = CellRef::new(u32::from(r1.min(r2)), u32::from(c1.min(c2)));
            Some(Err(Area { first, last: CellRef::new(u32::from(r1.max(r2)), u32::from(c1.max(c2))) }))
        }
        _ => None,
    }
}

/// The text of a formula at a cell.
pub(super) fn text(rgce: &[u8], globals: &Globals, at: CellRef) -> String {
    if !globals.biff8 {
        return UNKNOWN.into();
    }
    let mut stack: Vec<String> = Vec::new();
    let mut place = 0;
    while place < rgce.len() {
        let Some(next) = token(rgce, place, globals, at, &mut stack) else { return UNKNOWN.into() };
        if stack.last().is_some_and(|s| s.len() > LONGEST) || stack.len() > 1024 {
            return UNKNOWN.into();
        }
        place = next;
    }
    match stack.pop() {
        Some(text) if stack.is_empty() => text,
        _ => UNKNOWN.into(),
    }
}

fn binary(stack: &mut Vec<String>, sign: &str) -> Option<()> {
    let (b, a) = (stack.pop()?, stack.pop()?);
    stack.push(format!("{a}{sign}{b}"));
    Some(())
}

fn call(stack: &mut Vec<String>, name: &str, count: usize) -> Option<()> {
    let from = stack.len().checked_sub(count)?;
    let arguments = stack.split_off(from).join(",");
    stack.push(format!("{name}({arguments})"));
    Some(())
}

/// Reads one token; gives the place of the next.
fn token(rgce: &[u8], place: usize, globals: &Globals, at: CellRef, stack: &mut Vec<String>) -> Option<usize> {
    let fields = Fields(rgce.get(place + 1..)?);
    let raw = *rgce.get(place)?;
    let id = if raw >= 0x20 { raw & 0x1F | 0x20 } else { raw };
    let length = match id {
        0x03..=0x11 => {
            let signs = ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"];
            binary(stack, signs[usize::from(id) - 3])?;
            0
        }
        0x12 | 0x13 => {
            let a = stack.pop()?;
            stack.push(format!("{}{a}", if id == 0x12 { '+' } else { '-' }));
            0
        }
        0x14 => {
            let a = stack.pop()?;
            stack.push(format!("{a}%"));
            0
        }
        0x15 => {
            let a = stack.pop()?;
            stack.push(format!("({a})"));
            0
        }
        0x16 => {
            stack.push(String::new());
            0
        }
        0x17 => {
            let (count, wide) = (usize::from(fields.u8(0)?), fields.u8(1)? & 1 != 0);
            let rest = [fields.0.get(2..)?];
            let text = Pieces::new(&rest).chars(count, wide)?;
            stack.push(format!("\"{}\"", text.replace('"', "\"\"")));
            2 + count * if wide { 2 } else { 1 }
        }
        0x19 => attribute(&fields, stack)?,
        0x1C => {
            stack.push(error_name(fields.u8(0)?).to_string());
            1
        }
        0x1D => {
            stack.push(if fields.u8(0)? != 0 { "TRUE" } else { "FALSE" }.to_string());
            1
        }
        0x1E => {
            stack.push(fields.u16(0)?.to_string());
            2
        }
        0x1F => {
            stack.push(crate::workbook::decimal::general(fields.f64(0)?));
            8
        }
        0x21 => {
            let (name, count) = function(fields.u16(0)?)?;
            call(stack, name, count?)?;
            2
        }
        0x22 => {
            let (name, _) = function(fields.u16(1)?)?;
            call(stack, name, usize::from(fields.u8(0)? & 0x7F))?;
            3
        }
        0x23 => {
            let index = fields.u16(0)?.checked_sub(1)?;
            stack.push(globals.names.get(usize::from(index))?.clone());
            4
        }
        0x24 | 0x2C => {
            stack.push(reference(fields.u16(0)?, fields.u16(2)?, id == 0x2C, at));
            4
        }
        0x25 | 0x2D => {
            stack.push(range(&fields, 0, id == 0x2D, at)?);
            8
        }
        0x26..=0x28 => 6,
        0x29 => 2,
        0x2A => {
            stack.push("#REF!".into());
            4
        }
        0x2B => {
            stack.push("#REF!".into());
            8
        }
        0x3A => {
            stack.push(format!("{}{}", sheet(globals, fields.u16(0)?), reference(fields.u16(2)?, fields.u16(4)?, false, at)));
            6
        }
        0x3B => {
            stack.push(format!("{}{}", sheet(globals, fields.u16(0)?), range(&fields, 2, false, at)?));
            10
        }
        0x3C => {
            stack.push("#REF!".into());
            6
        }
        0x3D => {
            stack.push("#REF!".into());
            10
        }
        _ => return None,
    };
    Some(place + 1 + length)
}

/// Attributes: blanks and jumps are passed over, a sum of one argument is a call.
fn attribute(fields: &Fields<'_>, stack: &mut Vec<String>) -> Option<usize> {
    let kind = fields.u8(0)?;
    if kind & 0x10 != 0 {
        call(stack, "SUM", 1)?;
    }
    Some(if kind & 0x04 != 0 { 3 + (usize::from(fields.u16(1)?) + 1) * 2 } else { 3 })
}

fn sheet(globals: &Globals, index: u16) -> String {
    match globals.extern_sheet(index) {
        Some(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => format!("{name}!"),
        Some(name) => format!("'{}'!", name.replace('\'', "''")),
        None => "[?]!".into(),
    }
}

/// A reference; with `offset`, rows and columns are counted from the cell itself.
fn reference(row: u16, col: u16, offset: bool, at: CellRef) -> String {
    let (row_relative, col_relative) = (col & 0x8000 != 0, col & 0x4000 != 0);
    let col = col & 0x3FFF;
    let (mut r, mut c) = (u32::from(row), u32::from(col & 0xFF));
    if offset && row_relative {
        r = (at.row + u32::from(row)) & 0xFFFF;
    }
    if offset && col_relative {
        c = (at.col + u32::from(col)) & 0xFF;
    }
    let a1 = CellRef::new(r, c).a1();
    let split = a1.find(|d: char| d.is_ascii_digit()).unwrap_or(a1.len());
    let (letters, digits) = a1.split_at(split);
    format!("{}{letters}{}{digits}", if col_relative { "" } else { "$" }, if row_relative { "" } else { "$" })
}

fn range(fields: &Fields<'_>, from: usize, offset: bool, at: CellRef) -> Option<String> {
    let first = reference(fields.u16(from)?, fields.u16(from + 4)?, offset, at);
    Some(format!("{first}:{}", reference(fields.u16(from + 2)?, fields.u16(from + 6)?, offset, at)))
}

/// Name of a function and, where it is fixed, the number of its arguments (MS-XLS 2.5.198.17). The usual ones.
fn function(index: u16) -> Option<(&'static str, Option<usize>)> {
    Some(match index {
        0 => ("COUNT", None),
        1 => ("IF", None),
        2 => ("ISNA", Some(1)),
        3 => ("ISERROR", Some(1)),
        4 => ("SUM", None),
        5 => ("AVERAGE", None),
        6 => ("MIN", None),
        7 => ("MAX", None),
        8 => ("ROW", None),
        9 => ("COLUMN", None),
        10 => ("NA", Some(0)),
        13 => ("DOLLAR", None),
        14 => ("FIXED", None),
        20 => ("SQRT", Some(1)),
        24 => ("ABS", Some(1)),
        25 => ("INT", Some(1)),
        26 => ("SIGN", Some(1)),
        27 => ("ROUND", Some(2)),
        28 => ("LOOKUP", None),
        29 => ("INDEX", None),
        30 => ("REPT", Some(2)),
        31 => ("MID", Some(3)),
        32 => ("LEN", Some(1)),
        33 => ("VALUE", Some(1)),
        34 => ("TRUE", Some(0)),
        35 => ("FALSE", Some(0)),
        36 => ("AND", None),
        37 => ("OR", None),
        38 => ("NOT", Some(1)),
        39 => ("MOD", Some(2)),
        48 => ("TEXT", Some(2)),
        64 => ("MATCH", None),
        65 => ("DATE", Some(3)),
        66 => ("TIME", Some(3)),
        67 => ("DAY", Some(1)),
        68 => ("MONTH", Some(1)),
        69 => ("YEAR", Some(1)),
        70 => ("WEEKDAY", None),
        71 => ("HOUR", Some(1)),
        72 => ("MINUTE", Some(1)),
        74 => ("NOW", Some(0)),
        76 => ("ROWS", Some(1)),
        77 => ("COLUMNS", Some(1)),
        78 => ("OFFSET", None),
        82 => ("SEARCH", None),
        86 => ("TYPE", Some(1)),
        100 => ("CHOOSE", None),
        101 => ("HLOOKUP", None),
        102 => ("VLOOKUP", None),
        105 => ("ISREF", Some(1)),
        111 => ("CHAR", Some(1)),
        112 => ("LOWER", Some(1)),
        113 => ("UPPER", Some(1)),
        114 => ("PROPER", Some(1)),
        115 => ("LEFT", None),
        116 => ("RIGHT", None),
        117 => ("EXACT", Some(2)),
        118 => ("TRIM", Some(1)),
        119 => ("REPLACE", Some(4)),
        120 => ("SUBSTITUTE", None),
        121 => ("CODE", Some(1)),
        124 => ("FIND", None),
        125 => ("CELL", None),
        126 => ("ISERR", Some(1)),
        127 => ("ISTEXT", Some(1)),
        128 => ("ISNUMBER", Some(1)),
        129 => ("ISBLANK", Some(1)),
        130 => ("T", Some(1)),
        131 => ("N", Some(1)),
        140 => ("DATEVALUE", Some(1)),
        148 => ("INDIRECT", None),
        169 => ("COUNTA", None),
        183 => ("PRODUCT", None),
        190 => ("ISNONTEXT", Some(1)),
        197 => ("TRUNC", None),
        198 => ("ISLOGICAL", Some(1)),
        205 => ("FINDB", None),
        206 => ("SEARCHB", None),
        211 => ("LENB", Some(1)),
        212 => ("ROUNDUP", Some(2)),
        213 => ("ROUNDDOWN", Some(2)),
        214 => ("ASC", Some(1)),
        215 => ("JIS", Some(1)),
        216 => ("RANK", None),
        219 => ("ADDRESS", None),
        220 => ("DAYS360", None),
        221 => ("TODAY", Some(0)),
        227 => ("MEDIAN", None),
        228 => ("SUMPRODUCT", None),
        325 => ("LARGE", Some(2)),
        326 => ("SMALL", Some(2)),
        336 => ("CONCATENATE", None),
        337 => ("POWER", Some(2)),
        344 => ("SUBTOTAL", None),
        345 => ("SUMIF", None),
        346 => ("COUNTIF", Some(2)),
        347 => ("COUNTBLANK", Some(1)),
        351 => ("DATEDIF", Some(3)),
        354 => ("ROMAN", None),
        359 => ("HYPERLINK", None),
        360 => ("PHONETIC", Some(1)),
        _ => return None,
    })
}
