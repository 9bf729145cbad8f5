//! Calamine and our own passes read the same: in every workbook of the samples the grid is the same with calamine, with a child process and without both.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;
use torimatome::workbook::child::{ARGUMENT, MEMORY, Readers, TIME, TRIAL};
use torimatome::workbook::{Calamine, Format, ReadOptions, Workbook, read_with};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn readers(trial: bool, time: Duration, memory: u64) -> Readers {
    let words = if trial { vec![ARGUMENT.into(), TRIAL.into()] } else { vec![ARGUMENT.into()] };
    Readers::new(PathBuf::from(env!("CARGO_BIN_EXE_torimatome")), words, time, memory)
}

static CHILDREN: LazyLock<Readers> = LazyLock::new(|| readers(false, TIME, MEMORY));

fn with<'a>(bytes: &[u8], calamine: Calamine<'a>) -> Option<Workbook> {
    read_with(bytes, "a.xlsx", &ReadOptions::default(), calamine).ok()
}

#[test]
fn calamine_reads_the_same_values_in_all_samples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    files(&root.join("input"), &mut all);
    files(&root.join("tests/samples"), &mut all);
    all.sort();
    let (mut books, mut dense, mut same, mut unread) = (0, 0, 0, Vec::new());
    let mut differences = Vec::new();
    for path in all {
        let bytes = std::fs::read(&path).unwrap();
        let Some(alone) = with(&bytes, Calamine::Nowhere) else { continue };
        if alone.format == Format::Csv {
            continue;
        }
        let both = with(&bytes, Calamine::Children(Some(&CHILDREN))).unwrap();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        assert_eq!(format!("{:?}", both.sheets), format!("{:?}", alone.sheets), "{name}");
        assert_eq!(both.broken, alone.broken, "{name}");
        books += 1;
        dense += u32::from(both.format != Format::Xlsx);
        same += both.values.same;
        differences.extend(both.values.differences.iter().map(|d| format!("{name} {d}")));
        if (both.values.sheets as usize) < both.sheets.len() {
            unread.push(format!("{name}: {} of {}", both.values.sheets, both.sheets.len()));
        }
    }
    assert!(books > 150 && dense > 10 && same > 10_000, "{books} {dense} {same}");
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(unread.is_empty(), "{unread:#?}");
    assert_eq!(CHILDREN.lost(), 0);
}

/// An .xls of one number, with a record of no meaning that holds this order.
fn ordered(order: &str) -> Vec<u8> {
    let number = super::make::record(0x203, &[&[0u8; 6][..], &1.5f64.to_le_bytes()].concat());
    super::make::xls(&[], &[super::make::record(0x1F0, order.as_bytes()), number].concat())
}

#[test]
fn a_child_that_fails_costs_only_its_reading() {
    for (order, time, memory) in
        [("TRIAL-DIE", TIME, MEMORY), ("TRIAL-HANG", Duration::from_millis(300), MEMORY), ("TRIAL-EAT", Duration::from_secs(60), 200 << 20)]
    {
        // Elsewhere than on Linux nobody sees how much memory a child takes.
        if order == "TRIAL-EAT" && !cfg!(target_os = "linux") {
            continue;
        }
        let children = readers(true, time, memory);
        let read = |bytes: &[u8]| with(bytes, Calamine::Children(Some(&children))).unwrap();
        let (good, bad) = (ordered("nothing"), ordered(order));
        // A machine under load may be slow to start the first child.
        let mut before = read(&good);
        for _ in 0..20 {
            if before.values.same == 1 {
                break;
            }
            before = read(&good);
        }
        assert_eq!(before.values.same, 1, "{order}: {:?}", before.values);
        let lost = children.lost();
        let failed = read(&bad);
        assert_eq!((failed.values.same, children.lost()), (0, lost + 1), "{order}");
        assert_eq!(failed.sheets[0].cells, before.sheets[0].cells, "{order}: the file is read all the same");
        assert!((0..20).any(|_| read(&good).values.same == 1), "{order}: the next file has a new child");
    }
}

#[test]
fn without_a_child_nothing_is_lost() {
    let nowhere = Readers::new(PathBuf::from("no/such/program"), vec![], TIME, MEMORY);
    let book = with(&ordered("nothing"), Calamine::Children(Some(&nowhere))).unwrap();
    assert_eq!((book.sheets[0].cells.len(), book.values.same), (1, 0));
    assert_eq!(nowhere.lost(), 1);
}

#[test]
fn bombs_for_calamine_are_not_given_to_it() {
    let strings = "<sst count='40000000000' uniqueCount='40000000000'><si><t>課</t></si></sst>";
    let sheet = "<sheetData><row><c t='s'><v>0</v></c></row></sheetData>";
    let book = with(&super::make::xlsx(sheet, &[("xl/sharedStrings.xml", strings)]), Calamine::Children(None)).unwrap();
    assert_eq!((book.sheets[0].cells.len(), book.values.sheets), (1, 0));
    let far = [(0u16, 0u16), (65535, 255)]
        .map(|(row, col)| super::make::record(0x203, &[&row.to_le_bytes()[..], &col.to_le_bytes(), &[0, 0], &1f64.to_le_bytes()].concat()));
    let book = with(&super::make::xls(&[], &far.concat()), Calamine::Children(Some(&CHILDREN))).unwrap();
    assert_eq!((book.sheets[0].cells.len(), book.values.sheets), (2, 0));
}

#[test]
fn one_bad_value_costs_calamine_the_rest_and_the_grid_nothing() {
    let sheet = "<sheetData><row><c><v>1</v></c><c t='e'><v>#SPILL!</v></c><c><v>2</v></c></row></sheetData>";
    let book = with(&super::make::xlsx(sheet, &[]), Calamine::Children(None)).unwrap();
    assert_eq!((book.sheets[0].cells.len(), book.values.same, book.values.sheets), (3, 1, 0));
}
