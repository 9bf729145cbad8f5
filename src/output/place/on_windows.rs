//! Putting files in place on Windows: open files, files that may only be read, long paths. Run under wine by `.ci/windows`.
#![allow(clippy::unwrap_used)]

use super::*;

/// Opens a file as Excel does: others may read it, and nobody may write or remove it.
fn open_as_excel_does(file: &Path) -> std::fs::File {
    use std::os::windows::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().read(true).write(true).share_mode(1).open(file).unwrap()
}

fn run(target: &Path, text: &str) -> Placed {
    let staging = Staging::beside(target).unwrap();
    staging.write("調書/a.pdf", text.as_bytes()).unwrap();
    staging.write("進捗総括表.xlsx", text.as_bytes()).unwrap();
    staging.put_in_place().unwrap()
}

#[test]
fn an_open_file_keeps_its_folder_and_the_new_results_lie_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("job");
    let told = |text: &str| std::fs::read_to_string(target.join("調書/a.pdf")).unwrap() == text;
    run(&target, "1");

    let open = open_as_excel_does(&target.join("進捗総括表.xlsx"));
    let second = run(&target, "2");
    assert_eq!((second.aside, second.locked), (true, vec![target.join("進捗総括表.xlsx")]));
    assert_eq!(second.folder, dir.path().join("job（新しい結果）"));
    assert!(told("1"), "the last output stands untouched");

    let beside = open_as_excel_does(&second.folder.join("調書/a.pdf"));
    assert_eq!(run(&target, "3").folder, dir.path().join("job（新しい結果2）"), "that folder is in use too");
    assert_eq!(std::fs::read(second.folder.join("進捗総括表.xlsx")).unwrap(), b"2");

    drop((open, beside));
    let last = run(&target, "4");
    assert_eq!((last.aside, last.folder.as_path()), (false, target.as_path()));
    assert!(told("4"));
    assert!(!second.folder.exists() && !dir.path().join("job（新しい結果2）").exists(), "results that are out of date now are gone");
}

#[test]
fn a_file_that_may_only_be_read_is_not_open_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("job");
    run(&target, "1");
    let memo = target.join("メモ.txt");
    std::fs::write(&memo, "mine").unwrap();
    for file in [&memo, &target.join("調書/a.pdf")] {
        let mut may = std::fs::metadata(file).unwrap().permissions();
        may.set_readonly(true);
        std::fs::set_permissions(file, may).unwrap();
    }
    let second = run(&target, "2");
    assert_eq!((second.aside, second.locked), (false, vec![]));
    assert!(memo.exists());
}

#[test]
fn a_path_beyond_the_old_limit_is_written_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let deep = "長い名前のフォルダー".repeat(7);
    let target = (0..4).fold(dir.path().to_path_buf(), |folder, _| folder.join(&deep)).join("job");
    for _ in 0..2 {
        let placed = run(&target, "1");
        assert_eq!(placed.folder, target);
        assert_eq!(placed.too_long, [target.join("調書/a.pdf"), target.join("進捗総括表.xlsx")]);
        assert!(std::fs::read(target.join("調書/a.pdf")).is_ok());
    }
}
