//! Notes, text boxes, marks and check boxes of an .xls.
//!
//! A drawing is spread over records: `MSODRAWING` (place and geometry), `OBJ` (what it is), `TXO` (its text); a `NOTE` names the object that holds its text.

use super::records::{Fields, Record, kind};
use super::strings::Pieces;
use crate::workbook::limits::{Fault, Meter};
use crate::workbook::{Area, CellRef, Shape, Sheet};

#[derive(Default)]
struct Object {
    id: u16,
    kind: u16,
    checked: bool,
    geometry: String,
    over: Option<Area>,
    text: String,
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Drawings {
    objects: Vec<Object>,
    notes: Vec<(CellRef, u16)>,
    geometry: String,
    over: Option<Area>,
}

impl Drawings {
    /// Takes one record.
    pub(super) fn record(&mut self, record: &Record<'_>, biff8: bool, meter: &mut Meter) -> Result<(), Fault> {
        if !biff8 {
            return Ok(());
        }
        let fields = Fields(record.data());
        match record.kind {
            kind::MSO_DRAWING => self.atoms(&record.pieces.concat()),
            kind::OBJ => {
                meter.extra(0)?;
                self.object(&fields);
            }
            kind::TXO => {
                // The text stands in the continuations, so that the pieces behind the first are read alone.
                let count = usize::from(fields.u16(10).unwrap_or(0));
                let rest = record.pieces.get(1..).unwrap_or(&[]);
                let mut pieces = Pieces::new(rest);
                let text = pieces.u8().and_then(|flags| pieces.chars(count, flags & 1 != 0));
                if let (Some(object), Some(text)) = (self.objects.last_mut(), text) {
                    meter.text(text.len())?;
                    object.text = text.replace("\r\n", "\n").replace('\r', "\n");
                }
            }
            kind::NOTE => {
                if let (Some(row), Some(col), Some(id)) = (fields.u16(0), fields.u16(2), fields.u16(6)) {
                    self.notes.push((CellRef::new(u32::from(row), u32::from(col)), id));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Walks over the atoms of a drawing, containers flat; remembers the last geometry and anchor.
    fn atoms(&mut self, data: &[u8]) {
        let fields = Fields(data);
        let mut at = 0;
        while let (Some(head), Some(kind), Some(length)) = (fields.u16(at), fields.u16(at + 2), fields.u32(at + 4)) {
            match kind {
                0xF00A => self.geometry = geometry(head >> 4),
                0xF010 => self.over = anchor(&fields, at + 8),
                _ => {}
            }
            let container = head & 0xF == 0xF;
            let Some(next) = (at + 8).checked_add(if container { 0 } else { length as usize }) else { return };
            at = next;
        }
    }

    /// The sub-records of an object: what it is (0x15), whether it is ticked (0x12).
    fn object(&mut self, fields: &Fields<'_>) {
        let mut object = Object { geometry: std::mem::take(&mut self.geometry), over: self.over.take(), ..Default::default() };
        let mut at = 0;
        while let (Some(kind), Some(length)) = (fields.u16(at), fields.u16(at + 2)) {
            match kind {
                0x15 => {
                    object.kind = fields.u16(at + 4).unwrap_or(0);
                    object.id = fields.u16(at + 6).unwrap_or(0);
                }
                0x0A | 0x12 => object.checked |= fields.u16(at + 4) == Some(1),
                0 => break,
                _ => {}
            }
            at += 4 + usize::from(length);
        }
        self.objects.push(object);
    }

    /// Puts notes and shapes onto the sheet.
    pub(super) fn settle(&mut self, sheet: &mut Sheet) {
        for (at, id) in std::mem::take(&mut self.notes) {
            if let Some(object) = self.objects.iter().find(|o| o.id == id && o.kind == 0x19 && !o.text.trim().is_empty()) {
                sheet.comments.push((at, object.text.clone()));
            }
        }
        sheet.comments.sort_by_key(|(at, _)| *at);
        for object in std::mem::take(&mut self.objects) {
            let Some(over) = object.over else { continue };
            let geometry = match (object.kind, object.checked) {
                // A note's own frame, and the arrows of filters and lists.
                (0x19 | 0x14, _) => continue,
                (0x0B, true) => "checkbox checked".to_string(),
                (0x0B, false) => "checkbox".to_string(),
                (0x0C, true) => "radio checked".to_string(),
                (0x0C, false) => "radio".to_string(),
                (0x08, _) => "picture".to_string(),
                _ => object.geometry,
            };
            sheet.shapes.push(Shape { over, geometry, text: object.text });
        }
    }
}

/// The preset name of a shape type (MS-ODRAW 2.4.24); the common ones.
fn geometry(kind: u16) -> String {
    match kind {
        1 | 202 => "rect",
        2 => "roundRect",
        3 => "ellipse",
        4 => "diamond",
        5 => "triangle",
        20 | 32 => "line",
        75 => "picture",
        185 => "bracketPair",
        _ => "",
    }
    .to_string()
}

fn anchor(fields: &Fields<'_>, at: usize) -> Option<Area> {
    let (c1, r1) = (fields.u16(at + 2)?, fields.u16(at + 6)?);
    let (mut c2, dx2, mut r2, dy2) = (fields.u16(at + 10)?, fields.u16(at + 12)?, fields.u16(at + 14)?, fields.u16(at + 16)?);
    if dx2 == 0 && c2 > c1 {
        c2 -= 1;
    }
    if dy2 == 0 && r2 > r1 {
        r2 -= 1;
    }
    let first = CellRef::new(u32::from(r1), u32::from(c1));
    Some(Area { first, last: CellRef::new(u32::from(r2.max(r1)), u32::from(c2.max(c1))) })
}
