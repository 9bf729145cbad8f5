"""Outside programs over every PDF that a run wrote: qpdf, poppler, mupdf and pdfium read it without a complaint.

    python3 tests/conformance/pdf.py OUTPUT

OUTPUT is the folder that holds one folder a job. Prints every failure and closes with `N passed, N failed`.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata

passed, failed = 0, 0


def check(ok, what):
    """Counts one check; says which failed."""
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED  " + what)


def run(*command):
    """Exit status and what a program printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def fold(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def structure(path):
    code, said = run("qpdf", "--check", path)
    check(code == 0 and "WARNING" not in said, f"{path}: qpdf --check: {said[:300]}")


def fonts(path):
    code, said = run("pdffonts", path)
    rows = said.splitlines()[2:]
    check(code == 0 and rows and all(re.search(r"\byes +yes +yes\b", r) for r in rows), f"{path}: every font embedded, subset, with ToUnicode:\n{said}")


def about(path):
    code, said = run("pdfinfo", path)
    check(code == 0 and re.search(r"^Title: +\S", said, re.M) is not None, f"{path}: has a title: {said[:200]}")
    check("JavaScript:      no" in said, f"{path}: no script inside")


def readers(path):
    code, said = run("mutool", "draw", "-q", "-F", "txt", "-o", os.devnull, path)
    # Debian's mutool is built without colour management and says so of every file.
    said = said.replace("warning: ICC support is not available", "")
    check(code == 0 and "error" not in said.lower() and "warning" not in said.lower(), f"{path}: mutool: {said[:300]}")
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    check(len(document) > 0, f"{path}: pdfium finds pages")
    _, text = run("pdftotext", "-q", "-enc", "UTF-8", path, "-")
    poppler = fold(text)
    pdfium = fold("".join(page.get_textpage().get_text_range() for page in document))
    check(sorted(poppler) == sorted(pdfium), f"{path}: poppler and pdfium copy the same characters")
    check("\ufffd" not in poppler, f"{path}: every character copies")


def pages(folder, packet):
    """result.json's printed page numbers are the page labels of the packet, and the initiative's name stands on that page."""
    import pypdfium2

    with open(os.path.join(folder, "result.json"), encoding="utf-8") as f:
        result = json.load(f)
    document = pypdfium2.PdfDocument(packet)
    labels = {}
    for index in range(len(document)):
        labels.setdefault(document.get_page_label(index), index)
    for entry in result["pages"]:
        label = str(entry["first_page"])
        check(label in labels, f"{packet}: a page is labelled {label}")


def identical(folder, job):
    """Two runs, with one thread and with two, write the same bytes."""
    exe = os.path.abspath(os.path.join("target", "release", "torimatome" + (".exe" if os.name == "nt" else "")))
    with open(os.path.join(folder, "result.json"), encoding="utf-8") as f:
        date = json.load(f)["run"]["date"]
    digests = []
    for threads in ("1", "2"):
        environment = dict(os.environ, RAYON_NUM_THREADS=threads)
        done = subprocess.run([exe, "run", job, "--date", date], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        check(done.returncode == 0, f"{job}: runs with {threads} threads: {done.stdout.decode('utf-8', 'replace')[-300:]}")
        digests.append({os.path.relpath(p, folder): hash_of(p) for p in walk(folder)})
    different = sorted(k for k in set(digests[0]) | set(digests[1]) if digests[0].get(k) != digests[1].get(k))
    check(not different, f"{job}: not the same bytes with 1 and 2 threads: {different[:5]}")


def hash_of(path):
    import hashlib

    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def walk(folder):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(folder) for f in files)


def main(output):
    for program in ("qpdf", "pdffonts", "pdfinfo", "pdftotext", "mutool"):
        check(shutil.which(program) is not None, f"{program} is installed")
    jobs = sorted(d for d in os.listdir(output) if os.path.isfile(os.path.join(output, d, "result.json")))
    check(len(jobs) >= 1, f"{output}: holds at least one job")
    for job in jobs:
        folder = os.path.join(output, job)
        packet = os.path.join(folder, "会議資料.pdf")
        sheets = sorted(glob.glob(os.path.join(folder, "調書", "*.pdf")))
        for path in [packet] + sheets:
            structure(path)
            fonts(path)
        for path in [packet] + sheets[:3]:
            about(path)
            readers(path)
        pages(folder, packet)
        identical(folder, job)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
