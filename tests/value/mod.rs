//! Tables of what people write and what it means: open to readers who do not write Rust.

use proptest::prelude::*;
use std::path::Path;
use torimatome::value::{FiscalYear, era_mismatches, years_in};

/// The rows of a table below this folder.
fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/value").join(name);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn years_alone_in_a_cell() {
    for row in rows("years.csv") {
        let got = FiscalYear::parse(&row[0]).map_or(String::new(), |y| y.western().to_string());
        assert_eq!(got, row[1], "{row:?}");
    }
}

#[test]
fn years_with_a_year_near_by() {
    for row in rows("years_near.csv") {
        let near = FiscalYear::parse(&row[1]).unwrap();
        let got = FiscalYear::parse_near(&row[0], near).map_or(String::new(), |y| y.western().to_string());
        assert_eq!(got, row[2], "{row:?}");
    }
}

#[test]
fn years_as_forms_print_them() {
    for row in rows("years_printed.csv") {
        assert_eq!(FiscalYear::parse(&row[0]).unwrap().printed(&row[1]), row[2], "{row:?}");
    }
}

#[test]
fn years_named_in_texts() {
    for row in rows("mentions.csv") {
        let got: Vec<String> = years_in(&row[0]).iter().map(|m| m.fiscal_year().map_or("-".to_owned(), |y| y.western().to_string())).collect();
        assert_eq!(got.join(" "), row[1], "{row:?}");
    }
}

#[test]
fn two_names_of_different_years() {
    for row in rows("mismatches.csv") {
        let got: Vec<String> = era_mismatches(&row[0]).into_iter().map(|m| m.as_written).collect();
        assert_eq!(got.join(" "), row[1], "{row:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_year_survives_every_way_of_writing_it(western in 1873i32..2090) {
        let year = FiscalYear::from_western(western);
        for pattern in ["R{n}", "R {n}", "令和{n}年度", "令和 {n} 年度", "{western}年度", "FY{western}"] {
            prop_assert_eq!(FiscalYear::parse(&year.printed(pattern)), Some(year));
        }
        prop_assert_eq!(FiscalYear::parse(&year.key()), Some(year));
    }

    #[test]
    fn no_text_makes_the_reader_of_years_stumble(text in "[\\PC\n]{0,40}|[RHS令和平成年度月日0-9０-９().（） ]{0,20}") {
        for mention in years_in(&text) {
            prop_assert_eq!(&text[mention.at.clone()], mention.as_written.as_str());
        }
        let _ = (FiscalYear::parse(&text), era_mismatches(&text));
    }
}
