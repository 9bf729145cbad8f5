"""The page in a browser: search, filter, open a sheet, keyboard alone, print, both languages, hostile texts, ten thousand initiatives, and axe without a violation.

usage: page.py OUTPUT      (OUTPUT: the folder with one folder a job, as `torimatome` wrote it)

Needs chromium, and from pip: playwright, axe-playwright-python. The invented towns are made by
`cargo bench --bench page`. Pictures come to lie in target/conformance/page/.
"""

import os
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
TOWNS = ROOT / "target" / "tmp" / "page"
PICTURES = ROOT / "target" / "conformance" / "page"
VIEWS = ["overview", "departments", "findings", "initiatives", "files"]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

failures = []


def check(right, what):
    print(("ok   " if right else "WRONG ") + what)
    if not right:
        failures.append(what)


def open_page(browser, file, viewport=DESK, hash=""):
    """A page in a window of its own. Whatever it complains of or asks of a network is a failure."""
    page = browser.new_context(viewport=viewport, locale="ja-JP").new_page()
    page.on("pageerror", lambda e: check(False, f"{file}: {e}"))
    page.on("console", lambda m: m.type in ("error", "warning") and check(False, f"{file}: {m.text}"))
    page.on("dialog", lambda d: check(False, f"{file}: a dialog opened"))
    page.on("request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or check(False, f"{file}: asked for {r.url}"))
    page.goto(f"file://{file}{hash}")
    return page


def accessible(page, what):
    found = Axe().run(page, options=AXE).response["violations"]
    check(not found, f"axe: {what}" + "".join(f"\n       {v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found))


def show(page, view):
    page.evaluate("view => { location.hash = view }", view)
    page.wait_for_selector(f"#view-{view}:not([hidden])")


def count(page, list="initiatives"):
    page.wait_for_timeout(250)
    return page.locator(f"#view-{list} tbody tr").count()


def every_view(browser, file, name, views=VIEWS):
    """These views and an opened sheet, on a desk and on a phone, with axe and a picture."""
    for size, viewport in (("desk", DESK), ("phone", PHONE)):
        page = open_page(browser, file, viewport)
        for view in views:
            show(page, view)
            accessible(page, f"{name}, {view}, {size}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            check(wide <= 0, f"{name}, {view}, {size}: nothing sticks out ({wide} px)")
            page.screenshot(path=PICTURES / f"{name}-{view}-{size}.png", full_page=size == "desk" and view == "overview")
        show(page, "initiatives")
        page.locator("#view-initiatives tbody a").first.click()
        page.wait_for_selector("#sheet table")
        accessible(page, f"{name}, a sheet, {size}")
        page.screenshot(path=PICTURES / f"{name}-sheet-{size}.png")
        page.context.close()


def search_and_filter(browser, file):
    page = open_page(browser, file, hash="#initiatives")
    total = count(page)
    search = page.get_by_label("取組を検索")
    hits = {}
    for words in ("コンビニ", "ｺﾝﾋﾞﾆ", "こんびに"):
        search.fill(words)
        hits[words] = count(page)
    check(len(set(hits.values())) == 1 and 0 < hits["コンビニ"], f"width and kind of kana do not matter: {hits}")
    search.fill("証明書コンビニ")
    narrow = count(page)
    check(0 < narrow < total, f"a name is found ({narrow} of {total})")
    check(f"{total}件のうち{narrow}件" == page.locator("#live").text_content(), "the count is told to a screen reader")
    search.fill("3.2ポイント")
    page.wait_for_timeout(500)
    check(count(page) > narrow, "the text of the answers is searched")
    search.fill("そのような取組はない")
    check(count(page) == 0 and page.locator("#view-initiatives .notice").is_visible(), "nothing found is said")
    page.get_by_role("button", name="条件をすべて解除").click()
    check(count(page) == total, "all conditions are cleared")
    page.locator("#f-l-department").select_option("市民課")
    by_department = count(page)
    texts = set(page.locator("#view-initiatives tbody td:nth-child(3) .in").all_text_contents())
    check(0 < by_department < total and texts == {"市民課"}, "filter by department")
    page.locator("#f-l-department").select_option("")
    for name, value in (("state", "missing"), ("evaluation", "C"), ("finding", "error"), ("finding", "C407"), ("chapter", "1")):
        page.locator(f"#f-l-{name}").select_option(value)
        check(0 < count(page) < total, f"filter by {name} {value}")
        page.locator(f"#f-l-{name}").select_option("")
    page.locator("#f-l-order").select_option("findings")
    check("エラー" in page.locator("#view-initiatives tbody tr").first.inner_text(), "most errors first")
    show(page, "departments")
    page.locator("#view-departments .counts-link").first.click()
    page.wait_for_selector("#view-findings:not([hidden])")
    check(page.locator("#view-findings .group").count() == 1, "from a department to its findings")
    page.context.close()


def a_sheet(browser, file):
    page = open_page(browser, file, hash="#initiatives")
    link = page.locator("#view-initiatives tbody a").nth(3)
    key = page.locator("#view-initiatives tbody tr").nth(3).locator("td").first.inner_text()
    link.click()
    page.wait_for_selector("#sheet svg.paper text")
    check(page.evaluate("decodeURIComponent(location.hash)") == f"#initiative={key}", "an opened sheet has an address")
    check(page.locator("#sheet").get_by_text("C14").count() > 0, "the origin of a value is shown with its cell")
    check("%E8%AA%BF%E6%9B%B8/" in (page.get_by_role("link", name="調書のPDFを開く").get_attribute("href") or ""), "link to the PDF")
    page.get_by_role("button", name="次の取組").click()
    page.wait_for_function("k => decodeURIComponent(location.hash) !== k", arg=f"#initiative={key}")
    page.get_by_role("button", name="閉じる").click()
    check(page.locator("#sheet[open]").count() == 0, "a sheet is closed")
    page.context.close()
    page = open_page(browser, file, hash=f"#initiative={quote(key)}")
    page.wait_for_selector("#sheet[open] svg.paper text")
    check(page.locator("#sheet-title").inner_text().startswith(key), "a link leads straight to a sheet")
    page.emulate_media(media="print")
    page.context.close()


def keyboard_alone(browser, file):
    page = open_page(browser, file)
    page.keyboard.press("Tab")
    check(page.evaluate("document.activeElement.id") == "skip", "the first stop skips to the contents")
    page.keyboard.press("Enter")
    check(page.evaluate("document.activeElement.id") == "main", "and does")
    page.evaluate("document.querySelector('#tabs a[data-view=initiatives]').focus()")
    page.keyboard.press("Enter")
    page.wait_for_selector("#view-initiatives:not([hidden])")
    check(page.evaluate("document.activeElement.id") == "h-initiatives", "the new view's heading has the focus")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tbody a')"):
            break
    check(page.evaluate("document.activeElement.matches('tbody a')"), "the list is reached with Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    check(ring == "solid", "the focus can be seen")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] table")
    check(page.evaluate("document.activeElement.id") == "sheet-title", "the sheet's heading has the focus")
    for _ in range(40):
        page.keyboard.press("Tab")
    check(page.evaluate("document.activeElement === document.body || document.querySelector('#sheet').contains(document.activeElement)"), "the focus stays in the sheet")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sheet:not([open])", state="attached")
    check(page.evaluate("document.activeElement.matches('tbody a')"), "Escape closes it and goes back to the link")
    page.context.close()


def english(browser, file):
    page = open_page(browser, file)
    page.get_by_role("button", name="English").click()
    check(page.evaluate("document.documentElement.lang") == "en", "the page says that it is English")
    for view in VIEWS:
        show(page, view)
        accessible(page, f"{view}, English")
        left = page.evaluate("""view => {
            const japanese = /[\\u3040-\\u30ff\\u4e00-\\u9fff]/;
            const allowed = /差戻し|進捗総括表|突合結果|会議資料|調書/;
            const walk = document.createTreeWalker(document.getElementById('view-' + view), NodeFilter.SHOW_TEXT);
            const found = [];
            while (walk.nextNode()) {
              const at = walk.currentNode;
              if (japanese.test(at.data) && !at.parentElement.closest('[lang=ja]') && !allowed.test(at.data)) found.push(at.data);
            }
            return found;
        }""", view)
        check(not left, f"no fixed word of {view} is left in Japanese {left[:3]}")
    page.context.close()


def on_paper(browser, file):
    page = open_page(browser, file, hash="#overview")
    pdf = PICTURES / "town-print.pdf"
    page.pdf(path=pdf, format="A4")
    text = os.popen(f"pdftotext -layout '{pdf}' -").read()
    check("取組の一覧" in text and "届いたファイル" in text, "everything is printed")
    check("条件をすべて解除" not in text, "and nothing that needs a screen")
    page.context.close()


def hostile(browser):
    file = TOWNS / "hostile.html"
    page = open_page(browser, file)
    for view in VIEWS:
        show(page, view)
    page.keyboard.press("End")
    for at in range(5):
        show(page, "initiatives")
        page.locator("#view-initiatives tbody a").nth(at).click()
        page.wait_for_selector("#sheet[open] table")
        page.keyboard.press("Escape")
    check(page.evaluate("document.body.dataset.hit === undefined"), "no text was run")
    check(page.locator("main img, dialog img, main script, dialog script").count() == 0, "no text became an element")
    outside = page.evaluate("[...document.links].map(a => a.protocol).filter(p => p !== 'file:')")
    check(not outside, f"no link leads elsewhere {outside[:3]}")
    page.context.close()


def large(browser):
    file = TOWNS / "large.html"
    start = time.monotonic()
    page = open_page(browser, file, hash="#initiatives")
    page.wait_for_selector("#view-initiatives tbody tr:nth-child(100)")
    load = time.monotonic() - start
    page.get_by_label("取組を検索").fill("9999")
    search = page.evaluate("""async () => {
        const input = document.querySelector('#q-initiatives'), start = performance.now();
        input.value = '5000'; input.dispatchEvent(new Event('input'));
        while (!document.querySelector('#count-initiatives').textContent.includes('のうち')) await new Promise(requestAnimationFrame);
        return performance.now() - start;
    }""")
    page.wait_for_timeout(3000)
    start = time.monotonic()
    page.goto(f"file://{file}#initiative=3-9999")
    page.wait_for_selector("#sheet[open] svg.paper text")
    opened = time.monotonic() - start
    nodes = page.evaluate("document.querySelectorAll('*').length")
    size = file.stat().st_size / 1e6
    print(f"     10,000 initiatives: {size:.1f} MB, first rows after {load * 1000:.0f} ms, a search after {search:.0f} ms, a sheet after {opened * 1000:.0f} ms, {nodes} elements")
    check(load < 5, "ten thousand initiatives: the list is there within 5 s")
    check(search < 1500, "a search is answered within 1.5 s")
    check(opened < 5, "a sheet opens within 5 s")
    page.context.close()


def main():
    output = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "output").resolve()
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("chromium is missing")
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        town = TOWNS / "town.html"
        search_and_filter(browser, town)
        a_sheet(browser, town)
        keyboard_alone(browser, town)
        english(browser, town)
        on_paper(browser, town)
        hostile(browser)
        large(browser)
        every_view(browser, town, "town")
        jobs = sorted(output.glob("*/index.html"))
        check(bool(jobs), f"{output} holds pages")
        for file in jobs:
            every_view(browser, file, file.parent.name, ["overview", "findings", "initiatives"])
        browser.close()
    print(f"{len(failures)} wrong")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
