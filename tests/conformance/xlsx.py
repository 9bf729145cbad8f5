"""The workbooks of a run, seen by other programs: openpyxl opens every one, LibreOffice prints them, marked workbooks differ only in their marks.

Usage: xlsx.py OUTPUT (the folder that holds one folder a job; its input is looked for in input/<job>)
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl

SHEETS = ["概要", "一覧", "所属別", "評価別", "提出状況", "変更一覧", "新旧対照", "突合結果", "出典"]
OURS = ["進捗総括表.xlsx", "突合結果.xlsx", "waivers.xlsx", "corrections.xlsx"]
failures: list[str] = []


def check(right: bool, what: str) -> None:
    if not right:
        failures.append(what)


def our_workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        formulas = [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        check(not formulas, f"{path}: {sheet.title} holds formulas: {formulas[:5]}")
        too_long = [c.coordinate for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and len(c.value.encode("utf-16-le")) // 2 > 32767]
        check(not too_long, f"{path}: {sheet.title}: longer than a cell may be: {too_long[:5]}")
        check(all((d.height or 0) <= 409.5 for d in sheet.row_dimensions.values()), f"{path}: {sheet.title}: a row is too high")
    if path.name == "進捗総括表.xlsx":
        check(book.sheetnames[:9] == SHEETS, f"{path}: its sheets are {book.sheetnames}")
        for sheet in book:
            check("&P" in (sheet.oddFooter.center.text or ""), f"{path}: {sheet.title} has no page number")
            check(sheet.page_setup.fitToWidth in (None, 1) and sheet.sheet_properties.pageSetUpPr.fitToPage, f"{path}: {sheet.title} does not fit its page")
        for title in SHEETS[1:]:
            check(book[title].freeze_panes is not None and book[title].print_title_rows is not None, f"{path}: {title}: frozen panes and print titles")


def printed(paths: list[Path]) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    check(office is not None, "LibreOffice is missing")
    if office is None or not paths:
        return
    with tempfile.TemporaryDirectory() as folder:
        for n, path in enumerate(paths):
            out = Path(folder) / str(n)
            run = subprocess.run(
                [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(out), str(path)],
                capture_output=True, timeout=600, check=False,
            )
            pdf = out / f"{path.stem}.pdf"
            check(run.returncode == 0 and pdf.is_file() and pdf.stat().st_size > 1000, f"{path}: LibreOffice cannot print it")


def marked(path: Path, original: Path) -> None:
    old, new = openpyxl.load_workbook(original, keep_vba=True), openpyxl.load_workbook(path, keep_vba=True)
    check(old.sheetnames == new.sheetnames, f"{path}: other sheets than {original}")
    notes = 0
    for a, b in zip(old, new):
        values = lambda s: {c.coordinate: c.value for row in s.iter_rows() for c in row if c.value is not None}
        check(values(a) == values(b), f"{path}: {a.title}: values differ")
        check(sorted(map(str, a.merged_cells.ranges)) == sorted(map(str, b.merged_cells.ranges)), f"{path}: {a.title}: merged cells differ")
        check(a.data_validations.count == b.data_validations.count, f"{path}: {a.title}: choices differ")
        notes += sum(1 for row in b.iter_rows() for c in row if c.comment) - sum(1 for row in a.iter_rows() for c in row if c.comment)
    check(notes > 0, f"{path}: has no new note")
    with zipfile.ZipFile(original) as o, zipfile.ZipFile(path) as n:
        for name in o.namelist():
            touched = "worksheets/" in name or name.endswith(("styles.xml", "[Content_Types].xml")) or "comments" in name or "vmlDrawing" in name
            check(name in n.namelist(), f"{path}: {name} is gone")
            check(touched or (name in n.namelist() and o.read(name) == n.read(name)), f"{path}: {name} was changed")


def draft(path: Path) -> None:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    check(not mail.defects, f"{path}: {mail.defects}")
    check(mail["X-Unsent"] == "1" and mail["Subject"] and "To" in mail and mail["Date"], f"{path}: headers")
    names = {a.get_filename() for a in mail.iter_attachments()}
    beside = {p.name for p in path.parent.iterdir()} - {path.name}
    check(names == beside, f"{path}: attached {names}, beside it {beside}")


def main(output: Path) -> int:
    jobs = sorted(p for p in output.iterdir() if p.is_dir())
    check(bool(jobs), f"{output} holds no job")
    to_print: list[Path] = []
    for job in jobs:
        for name in OURS:
            path = job / name
            check(path.is_file(), f"{path} is missing")
            if path.is_file():
                our_workbook(path)
        if (job / OURS[0]).is_file():
            to_print.append(job / OURS[0])
        for path in sorted((job / "差戻し").glob("*/*")):
            original = Path("input") / job.name / path.name
            if path.suffix == ".eml":
                draft(path)
            elif path.suffix in (".xlsx", ".xlsm") and original.is_file():
                marked(path, original)
                if len(to_print) < 12:
                    to_print.append(path)
            elif path.suffix in (".xlsx", ".xlsm"):
                openpyxl.load_workbook(path)
    printed(to_print)
    print(f"{len(jobs)} jobs, {len(to_print)} workbooks printed, {len(failures)} failures")
    for failure in failures:
        print("FAIL", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
