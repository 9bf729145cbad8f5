"""Mailboxes bent in ways that the samples do not have: every answer must still be read, at its new cell.

    python3 tests/conformance/bent.py [OUTPUT] [--keep FOLDER] [--only BEND,…] [--jobs JOB,…]

Takes the workbooks of `input/<job>`, bends them with openpyxl (rows and columns put in, cells unmerged, labels decorated, sheets renamed, forms stacked
on one sheet, everything sent by mail or in an archive), runs `torimatome run` and compares every asked field of every record with the truth in
`tests/samples/<job>/typical/expected.json`, moved along with the bend. Closes with `N passed, N failed`.
"""
import argparse
import email.message
import email.policy
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string, column_index_from_string

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JOBS = ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"]


def fold(value):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", "" if value is None else str(value)))


def move(ws, target, row, col, unmerge=False):
    """Copies the cells of `ws` into `target`, each to row(r), col(c); merged areas keep their corners."""
    for line in ws.iter_rows():
        for cell in line:
            if cell.value is None and not cell.has_style:
                continue
            new = target.cell(row(cell.row), col(cell.column))
            if cell.value is not None:
                new.value = cell.value
            if cell.has_style:
                new.number_format = cell.number_format
    if not unmerge:
        for m in ws.merged_cells.ranges:
            target.merge_cells(start_row=row(m.min_row), start_column=col(m.min_col), end_row=row(m.max_row), end_column=col(m.max_col))
    for r, d in ws.row_dimensions.items():
        if d.hidden:
            target.row_dimensions[row(r)].hidden = True


def moved(cell, row, col):
    letters, number = coordinate_from_string(cell)
    return "%s%d" % (get_column_letter(col(column_index_from_string(letters))), row(number))


def rebuild(book, row, col, unmerge=False, title=None):
    """A new workbook with every sheet moved; returns it and a map (old sheet, cell) -> (new sheet, cell)."""
    new = openpyxl.Workbook()
    new.remove(new.active)
    names = {}
    for index, ws in enumerate(book.worksheets):
        name = title(index, ws.title) if title else ws.title
        target = new.create_sheet(name)
        target.sheet_state = ws.sheet_state
        names[ws.title] = name
        move(ws, target, row, col, unmerge)
    new.properties.modified = book.properties.modified
    return new, lambda sheet, cell: (names.get(sheet, sheet), moved(cell, row, col))


# ---------------------------------------------------------------- bends of one workbook: book -> (book, map)
def columns_put_in(book):
    return rebuild(book, lambda r: r + 3, lambda c: c + 2)


def rows_put_in_everywhere(book):
    return rebuild(book, lambda r: r * 2, lambda c: c)


def columns_put_in_everywhere(book):
    return rebuild(book, lambda r: r, lambda c: c * 2 - 1)


def unmerged(book):
    return rebuild(book, lambda r: r, lambda c: c, unmerge=True)


def sheets_renamed(book):
    return rebuild(book, lambda r: r, lambda c: c, title=lambda i, t: t if "例" in t or "旧" in t else "Sheet%d" % (i + 1))


LABEL = re.compile(r"^[^0-9０-９○・■□①-⑳(（]{2,24}$")


def labels_decorated(book):
    """A colon, a remark and a line break in every bold or short cell of a column that holds labels."""
    labels = {fold(x) for x in ["改革分野", "計画名", "実行課", "連携課", "開始年度", "達成目標年度", "改革の視点", "現状と課題", "取組内容", "取組の効果", "各年度達成目標", "年度末評価", "備考",
                                "担当課", "関係課", "目標の状態", "現状の数値", "目標の数値", "進捗状況", "年度目標", "数値", "取組実績", "実績値", "実施項目", "推進担当課", "目的・ねらい",
                                "指標", "令和6年度目標値", "年度計画", "目標区分", "施策分野", "関連計画", "現状・課題", "施策内容", "期待される効果", "実施計画", "進捗実績", "実績", "課題", "進捗評価",
                                "理由", "取組名", "所属", "変更種別", "変更理由"]}
    turns = ["%s：", "■%s", "%s※", "%s（必須）", " %s "]
    n = 0
    for ws in book.worksheets:
        for line in ws.iter_rows():
            for cell in line:
                if isinstance(cell.value, str) and fold(cell.value) in labels:
                    text = cell.value.strip()
                    cell.value = turns[n % len(turns)] % (text[: len(text) // 2] + "\n" + text[len(text) // 2:] if n % 3 == 0 else text)
                    n += 1
    return book, lambda sheet, cell: (sheet, cell)


def stacked(book):
    """All visible forms below each other on one sheet."""
    new = openpyxl.Workbook()
    target = new.active
    target.title = "まとめ"
    where, top = {}, 0
    for ws in book.worksheets:
        if ws.sheet_state != "visible" or "例" in ws.title:
            continue
        where[ws.title] = top
        move(ws, target, lambda r, t=top: r + t, lambda c: c)
        top += ws.max_row + 2
    new.properties.modified = book.properties.modified
    return new, lambda sheet, cell: ("まとめ", moved(cell, lambda r: r + where.get(sheet, 0), lambda c: c))


def side_by_side(book):
    """All visible forms beside each other on one sheet."""
    new = openpyxl.Workbook()
    target = new.active
    target.title = "まとめ"
    where, left = {}, 0
    for ws in book.worksheets:
        if ws.sheet_state != "visible" or "例" in ws.title:
            continue
        where[ws.title] = left
        move(ws, target, lambda r: r, lambda c, t=left: c + t)
        left += ws.max_column + 1
    new.properties.modified = book.properties.modified
    return new, lambda sheet, cell: ("まとめ", moved(cell, lambda r: r, lambda c: c + where.get(sheet, 0)))


KANJI = "〇一二三四五六七八九十"


def years_in_kanji(book):
    """令和六年度 for R6, 令和6年度 and 6年度, wherever a cell says a year and nothing else."""
    for ws in book.worksheets:
        for line in ws.iter_rows():
            for cell in line:
                year = re.match(r"^(?:R|令和)?(\d)(?:年度)?$", fold(cell.value)) if isinstance(cell.value, str) else None
                if year and not fold(cell.value).isdigit():
                    cell.value = ("令和%s年度" if re.match("[R令]", fold(cell.value)) else "%s年度") % KANJI[int(year.group(1))]
    return book, lambda sheet, cell: (sheet, cell)


def departments_decorated(book):
    """The division before, the team, a person and a telephone number behind the lead, where the form prints it (not where departments answer it)."""
    turns = ["総務部 %s", "%s庶務係", "%s\n山田太郎（内線2345）", "%s（代理）", "総務部%s　担当:山田"]
    n = 0
    for ws in book.worksheets:
        heads = {}
        for line in ws.iter_rows():
            for cell in line:
                if not isinstance(cell.value, str):
                    continue
                label = fold(cell.value)
                if label in ("実行課", "担当課", "主管課(関係課)"):
                    lead = next((c for c in line if c.column > cell.column and c.value), None)
                elif label == "所属":
                    heads[cell.column] = cell.row
                    continue
                else:
                    lead = cell if cell.row > heads.get(cell.column, 1 << 30) else None
                if lead is not None and isinstance(lead.value, str) and "、" not in lead.value and "・" not in lead.value and "\n" not in lead.value:
                    lead.value = turns[n % len(turns)] % lead.value.strip()
                    n += 1
    return book, lambda sheet, cell: (sheet, cell)


SPLITS = ["年度", "令和3年度実績", "年度計画", "実施計画"]


def over_two_sheets(book):
    """The lower part of every form on a sheet of its own, behind the first."""
    cuts = {}
    for ws in list(book.worksheets):
        if ws.sheet_state != "visible" or "例" in ws.title:
            continue
        rows = [c.row for line in ws.iter_rows(max_col=1) for c in line if fold(c.value) in SPLITS]
        if not rows:
            continue
        cut = rows[-1]
        back = book.create_sheet(ws.title[:26] + "_裏", book.worksheets.index(ws) + 1)
        part = openpyxl.Workbook().active
        move(ws, part, lambda r: r, lambda c: c)
        for line in part.iter_rows(min_row=cut):
            for cell in line:
                if cell.value is not None:
                    new = back.cell(cell.row - cut + 1, cell.column)
                    new.value, new.number_format = cell.value, cell.number_format
        for m in list(ws.merged_cells.ranges):
            if m.min_row >= cut:
                back.merge_cells(start_row=m.min_row - cut + 1, start_column=m.min_col, end_row=m.max_row - cut + 1, end_column=m.max_col)
                ws.unmerge_cells(m.coord)
        ws.delete_rows(cut, ws.max_row)
        cuts[ws.title] = (cut, back.title)

    def where(sheet, cell):
        cut, back = cuts.get(sheet, (1 << 30, None))
        row = coordinate_from_string(cell)[1]
        return (sheet, cell) if row < cut else (back, moved(cell, lambda r: r - cut + 1, lambda c: c))
    return book, where


def lists_side_by_side(book):
    """The second half of a list beside the first, under headings of its own."""
    places = {}
    for ws in book.worksheets:
        head = next((c.row for line in ws.iter_rows(max_row=12) for c in line if fold(c.value) == "取組名"), None)
        last, width = ws.max_row, ws.max_column
        if head is None or last - head < 2 or "例" in ws.title:
            continue
        cut = head + 1 + (last - head) // 2
        for col in range(1, width + 1):
            ws.cell(head, col + width + 1).value = ws.cell(head, col).value
            for row in range(cut, last + 1):
                ws.cell(row - cut + head + 1, col + width + 1).value = ws.cell(row, col).value
                ws.cell(row, col).value = None
        places[ws.title] = (cut, head, width)

    def where(sheet, cell):
        cut, head, width = places.get(sheet, (1 << 30, 0, 0))
        row = coordinate_from_string(cell)[1]
        return (sheet, cell) if row < cut else (sheet, moved(cell, lambda r: r - cut + head + 1, lambda c: c + width + 1))
    return book, where


BENDS = {f.__name__: f for f in [columns_put_in, rows_put_in_everywhere, columns_put_in_everywhere, unmerged, sheets_renamed, labels_decorated, stacked, side_by_side,
                                 years_in_kanji, departments_decorated, over_two_sheets, lists_side_by_side]}


# ---------------------------------------------------------------- bends of the way: files -> files
def received(job):
    """Sort key: when each file arrived."""
    times = {}
    with open(os.path.join(ROOT, "tests", "samples", job, "typical", "received.tsv"), encoding="utf-8") as f:
        for line in f.read().splitlines()[1:]:
            time, name = line.split("\t")[:2]
            times[unicodedata.normalize("NFC", name)] = time
    return lambda name: (times[unicodedata.normalize("NFC", name)], name)


def by_mail(folder, mailbox):
    """Every file as an attachment of its own mail, names in ISO-2022-JP or RFC 2231, dates an hour apart."""
    for n, name in enumerate(sorted(os.listdir(folder), key=received(os.path.basename(folder)))):
        message = email.message.EmailMessage(policy=email.policy.SMTP)
        message["From"] = "someone@example.lg.jp"
        message["To"] = "office@example.lg.jp"
        message["Subject"] = "調書の提出について"
        message["Date"] = "Tue, %02d Apr 2025 %02d:00:00 +0900" % (1 + n // 20, n % 20)
        message.set_content("お疲れさまです。調書を提出します。")
        with open(os.path.join(folder, name), "rb") as f:
            message.add_attachment(f.read(), maintype="application", subtype="octet-stream", filename=name)
        with open(os.path.join(mailbox, "mail%03d.eml" % n), "wb") as f:
            f.write(bytes(message))


def in_archives(folder, mailbox):
    """Files in zips of ten with CP932 names, as Windows writes them."""
    names = sorted(os.listdir(folder))
    for n in range(0, len(names), 10):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z:
            for i, name in enumerate(names[n:n + 10]):
                with open(os.path.join(folder, name), "rb") as f:
                    z.writestr("N%04d" % i, f.read())
        data = buffer.getvalue()
        for i, name in enumerate(names[n:n + 10]):
            data = rename_member(data, b"N%04d" % i, unicodedata.normalize("NFC", name).encode("cp932"))
        with open(os.path.join(mailbox, "提出%d.zip" % (n // 10)), "wb") as f:
            f.write(data)


def rename_member(data, old, new):
    """Gives one member a raw name without the UTF-8 flag."""
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(data))
    marker = old.decode()

    class Raw(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):
            return self.raw, self.flag_bits & ~0x800

    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for info in source.infolist():
            raw = Raw(info.filename, info.date_time)
            raw.compress_type = zipfile.ZIP_DEFLATED
            raw.raw = new if info.filename == marker else (info.filename.encode("cp437") if not info.flag_bits & 0x800 else info.filename.encode("utf-8"))
            raw.flag_bits = 0
            z.writestr(raw, source.read(info.filename))
    return out.getvalue()


WAYS = {"by_mail": by_mail, "in_archives": in_archives}


# ---------------------------------------------------------------- running and comparing
def run(folder, job):
    exe = os.path.join(ROOT, "target", os.environ.get("TORIMATOME_PROFILE", "release"), "torimatome")
    done = subprocess.run([exe, "run", job, "--date", "2026-04-01"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    path = os.path.join(folder, "output", job, "result.json")
    if done.returncode != 0 or not os.path.isfile(path):
        raise RuntimeError("%s: %s" % (job, done.stdout.decode("utf-8", "replace")[-400:]))
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def base(path):
    return unicodedata.normalize("NFC", re.split(r"[/!]", path or "")[-1])


def compare(job, bend, result, expected, maps, places):
    """Misses of one run: (text of each), and the number of fields compared."""
    misses, count = [], 0
    records = {}
    for r in result["records"]:
        records.setdefault((r["initiative"], r["department"]), r)
        records.setdefault(r["initiative"], r)
    for e in expected["records"]:
        if e.get("optional"):
            continue
        r = records.get((e["initiative"], e["department"])) or records.get(e["initiative"])
        if r is None:
            count += 1
            misses.append("%s %s: no record (%s)" % (bend, e["initiative"], e["file"]))
            continue
        for key, f in e["fields"].items():
            if f["role"] != "report":
                continue
            count += 1
            got = r["fields"].get(key) or {}
            wanted = [f["value"]] + f.get("accept", [])
            if fold(got.get("value")) not in [fold(w) for w in wanted]:
                misses.append("%s %s %s: %r instead of %r" % (bend, e["initiative"], key, fold(got.get("value"))[:40], fold(f["value"])[:40]))
            elif f["value"] and places and e["file"] in maps:
                sheet, cell = maps[e["file"]](e["sheet"], f["cell"])
                if (fold(got.get("sheet")), got.get("cell")) != (fold(sheet), cell) and got.get("cell") not in f.get("cell_accept", []):
                    misses.append("%s %s %s: at %s %s instead of %s %s" % (bend, e["initiative"], key, got.get("sheet"), got.get("cell"), sheet, cell))
    clean = {fold(d) for d in expected["clean_departments"]}
    excused = {(fold(t["department"]), t["initiative"]) for t in expected["tolerated"]}
    for d in result["diagnostics"]:
        if d["severity"] == "note" or d["code"].startswith("P") or (fold(d["department"]), d["initiative"]) in excused:
            continue
        if fold(d["department"]) in clean:
            misses.append("%s false alarm %s %s %s %s" % (bend, d["code"], d["department"], d["initiative"], d["message"][:60]))
    return misses, count


def bent_mailbox(job, bend, folder):
    """Writes the bent mailbox of a job; returns the maps by file name."""
    source, target = os.path.join(ROOT, "input", job), os.path.join(folder, "input", job)
    os.makedirs(target)
    if bend in WAYS:
        WAYS[bend](source, target)
        return {}
    maps = {}
    for name in sorted(os.listdir(source)):
        path = os.path.join(source, name)
        try:
            if not name.endswith((".xlsx", ".xlsm")):
                raise ValueError("left as it is")
            book = openpyxl.load_workbook(path)
            book, where = BENDS[bend](book)
        except Exception:
            shutil.copyfile(path, os.path.join(target, name))
            continue
        book.save(os.path.join(target, re.sub(r"\.xlsm$", ".xlsx", name)))
        maps[name] = where
    return maps


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("output", nargs="?")
    arguments.add_argument("--keep")
    arguments.add_argument("--only")
    arguments.add_argument("--jobs")
    a = arguments.parse_args()
    total, all_misses = 0, []
    bends = a.only.split(",") if a.only else list(BENDS) + list(WAYS)
    for job in a.jobs.split(",") if a.jobs else JOBS:
        with open(os.path.join(ROOT, "tests", "samples", job, "typical", "expected.json"), encoding="utf-8") as f:
            expected = json.load(f)
        for bend in bends:
            lists = job == "oyama_gyokaku"
            if lists and bend in ("side_by_side", "stacked", "over_two_sheets", "years_in_kanji") or not lists and bend == "lists_side_by_side":
                continue                                    # a list has one sheet a workbook and no years; a form is no list
            folder = os.path.join(a.keep, job + "-" + bend) if a.keep else tempfile.mkdtemp()
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            shutil.copyfile(os.path.join(ROOT, "torimatome.toml"), os.path.join(folder, "torimatome.toml"))
            shutil.copytree(os.path.join(ROOT, "seeds"), os.path.join(folder, "seeds"))
            maps = bent_mailbox(job, bend, folder)
            misses, count = compare(job, bend, run(folder, job), expected, maps, bend in BENDS)
            print("%-14s %-28s %3d workbooks bent, %4d fields, %d misses" % (job, bend, len(maps), count, len(misses)))
            for m in misses[:12]:
                print("    " + m)
            total += count
            all_misses += misses
            if not a.keep:
                shutil.rmtree(folder, ignore_errors=True)
    print("\n%d passed, %d failed" % (total - len(all_misses), len(all_misses)))
    return 1 if all_misses else 0


if __name__ == "__main__":
    sys.exit(main())
