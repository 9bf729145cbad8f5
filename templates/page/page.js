/*
 * The page: shows the data that stand in the inert JSON blocks of this file.
 * What must stay true: a text is only ever set as text (textContent), never as markup; addresses are built from encoded parts only.
 */
(() => {
  const $ = (id) => document.getElementById(id);
  const D = JSON.parse($("index").textContent);
  const CHUNK = 100;
  const VIEWS = ["overview", "departments", "findings", "initiatives", "files"];
  const SVG = "http://www.w3.org/2000/svg";
  const byKey = new Map(D.initiatives.map((i, at) => [i.key, at]));
  let lang = remembered() || (D.lang === "en" ? "en" : "ja");
  let view = "overview";
  let opened = -1;
  let openedBy = null;

  /* ---- words ---- */
  function t(key, vars) {
    const text = WORDS[lang][key] ?? key;
    return vars ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in vars ? String(vars[name]) : whole)) : text;
  }
  /* What the form calls the evaluation (年度末評価, 変更種別). */
  const evaluationWord = () => (lang === "ja" && D.evaluation_label) || t("evaluation");
  const breakdown = () => (lang === "ja" && D.evaluation_label ? `${D.evaluation_label}の内訳` : t("evaluations"));
  const both = (text) => (text ? (lang === "en" ? text.en : text.ja) : "");
  const number = (n) => n.toLocaleString(lang === "en" ? "en" : "ja-JP");
  const percent = (n, of) => (of ? `${((n / of) * 100).toFixed(1)}%` : "–");
  const rate = (r) => (r === null || r === undefined ? "" : `${r.toFixed(1)}%`);
  function remembered() {
    try { return ["ja", "en"].find((l) => l === localStorage.getItem("torimatome-lang")); } catch { return null; }
  }
  function day(iso) {
    const m = /^(\d+)-(\d+)-(\d+)(.*)$/.exec(iso || "");
    if (!m) return iso || "";
    return lang === "en" ? iso : `${+m[1]}年${+m[2]}月${+m[3]}日${m[4]}`;
  }
  /* Two texts that a person would call the same to search for: width, case, kind of kana and blanks do not matter. */
  function fold(text) {
    return text.normalize("NFKC").toLowerCase()
      .replace(/[\u30a1-\u30f6]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60))
      .replace(/\s+/g, "");
  }

  /* ---- making elements ---- */
  function h(tag, props, ...children) {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(props || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, act] of Object.entries(value)) el.addEventListener(event, act);
      else if (name === "width") el.style.width = value;
      else el.setAttribute(name, value === true ? "" : value);
    }
    add(el, children);
    return el;
  }
  function add(el, children) {
    for (const child of children.flat(9)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      el.append(child instanceof Node ? child : String(child));
    }
    return el;
  }
  function svg(tag, props, ...children) {
    const el = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(props || {})) el.setAttribute(name, value);
    for (const child of children.flat()) el.append(child);
    return el;
  }
  /* Text of the plan or of a file: Japanese whatever the language of the page. */
  const ja = (text, cls) => h("span", { lang: "ja", class: cls }, text);
  const path = (text) => text.split("/").map(encodeURIComponent).join("/");

  const ICONS = {
    error: ["M8 .8 15.2 8 8 15.2.8 8Z", "M7.2 4h1.6v5H7.2ZM7.2 10.2h1.6v1.6H7.2Z"],
    warning: ["M8 1.2 15.6 14.6H.4Z", "M7.2 6h1.6v4.4H7.2ZM7.2 11.4h1.6V13H7.2Z"],
    note: ["M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8Z", "M7.2 7h1.6v5H7.2ZM7.2 4h1.6v1.8H7.2Z"],
    ok: ["M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8Z", "m4.2 8.2 1.2-1.2 1.8 1.8 3.6-3.8 1.2 1.2-4.8 5Z"],
  };
  function icon(kind) {
    const [shape, sign] = ICONS[kind];
    return svg("svg", { viewBox: "0 0 16 16", width: "16", height: "16", "aria-hidden": "true", class: `icon ${kind}` },
      svg("path", { d: shape, class: "shape" }), svg("path", { d: sign, class: "sign" }));
  }
  const missingIcon = () => svg("svg", { viewBox: "0 0 16 16", width: "16", height: "16", "aria-hidden": "true", class: "icon missing" },
    svg("circle", { cx: "8", cy: "8", r: "6.4", class: "ring" }), svg("path", { d: "M5 7.2h6v1.6H5Z", class: "bar" }));

  const DEPARTMENT_ICON = { answered: "ok", partly: "warning", unreadable: "error" };
  const INITIATIVE_ICON = { answered: "ok", check: "error" };
  const SUBMISSION_ICON = { accepted: "ok", superseded: "note", unreadable: "error", ignored: "note" };
  const badge = (kind, words, cls) => h("span", { class: `badge ${cls || kind || "missing"}` }, kind ? icon(kind) : missingIcon(), words);
  const severityBadge = (severity) => badge(severity, t(severity));
  function counts(errors, warnings, notes) {
    if (!errors && !warnings && !notes) return h("span", { class: "weak" }, t("nothingToMend"));
    return h("span", { class: "counts" },
      errors ? h("span", { class: "badge error" }, icon("error"), `${t("error")} ${number(errors)}`) : null,
      warnings ? h("span", { class: "badge warning" }, icon("warning"), `${t("warning")} ${number(warnings)}`) : null,
      notes ? h("span", { class: "badge note" }, icon("note"), `${t("note")} ${number(notes)}`) : null);
  }

  /* A table that is a list of cards on a narrow screen. `columns`: [words, class]; `rows`: arrays of cell contents. */
  function table(caption, columns, rows, id) {
    const head = h("tr", { role: "row" }, columns.map(([words, cls]) => h("th", { scope: "col", role: "columnheader", class: cls }, words)));
    return h("table", { role: "table", class: "grid", id },
      h("caption", { class: "quiet" }, caption), h("thead", { role: "rowgroup" }, head), h("tbody", { role: "rowgroup" }, rows.map((r) => row(columns, r))));
  }
  function row(columns, cells) {
    return h("tr", { role: "row" }, cells.map((cell, at) => {
      const [words, cls, header] = columns[at];
      return h(header ? "th" : "td", { role: header ? "rowheader" : "cell", scope: header ? "row" : null, class: cls, "data-label": words }, h("span", { class: "in" }, cell));
    }));
  }
  function place(file, sheet, cell) {
    if (!file) return null;
    return h("span", { class: "place", lang: "ja" }, fileLink(file), sheet ? ` » ${sheet}` : "", cell ? [" » ", h("b", {}, cell)] : "");
  }
  function fileLink(file) {
    if (!D.input) return file;
    return h("a", { href: D.input.split("/").map((p) => (p === ".." ? p : encodeURIComponent(p))).join("/") + path(file.split("!")[0]) }, file);
  }
  const initiativeLink = (at, cls) => {
    const i = D.initiatives[at];
    return h("a", { href: `#initiative=${encodeURIComponent(i.key)}`, lang: "ja", class: cls }, `${i.key}　${i.name}`);
  };
  function heading(name) {
    return h("h2", { id: `h-${name}`, tabindex: "-1" }, t(name));
  }

  /* ---- overview ---- */
  const open = D.findings.filter((f) => !f.waived);
  const openErrors = open.filter((f) => f.severity === "error");
  const openWarnings = open.filter((f) => f.severity === "warning");
  const asked = D.departments.filter((d) => d.asked > 0);
  const missing = asked.filter((d) => d.state === "missing");

  function overview() {
    const answered = asked.length - missing.length;
    const headline = D.edition === "plan" ? t("headlinePlan", { n: number(D.initiatives.length) })
      : missing.length === 0 ? t("headlineAll", { n: number(asked.length) })
      : t("headlineSome", { n: number(asked.length), a: number(answered), m: number(missing.length) });
    return [
      heading("overview"),
      h("p", { class: "lead" }, headline),
      D.due && D.edition !== "plan" ? h("p", { class: "weak" }, t("due", { d: day(D.due) })) : null,
      D.edition === "plan" ? null : figures(answered),
      h("div", { class: "two" },
        D.edition === "plan" ? null : next(),
        made()),
      D.edition === "plan" ? null : [h("h3", {}, t("progressInitiatives")), stacked(D.initiatives), legend(D.initiatives)],
      sinceBlock(),
      D.edition === "plan" ? null : byChapter(),
      D.evaluations.some((e) => e.count) ? evaluations() : null,
      words(),
    ];
  }
  function figures(answered) {
    const reported = D.initiatives.filter((i) => i.state !== "missing").length;
    const figure = (label, value, rest, hint, target) => h("div", { class: "figure" },
      h("dt", {}, label), h("dd", {}, h("a", { href: target }, h("b", {}, number(value)), rest ? h("span", {}, rest) : null), hint ? h("span", { class: "hint" }, hint) : null));
    return h("dl", { class: "figures" },
      figure(t("answeredDepartments"), answered, t("ofTotal", { n: number(asked.length) }), percent(answered, asked.length), "#departments"),
      figure(t("answeredInitiatives"), reported, t("ofTotal", { n: number(D.initiatives.length) }), percent(reported, D.initiatives.length), "#initiatives"),
      figure(t("openErrors"), openErrors.length, "", t("errorsHint"), "#findings"),
      figure(t("openWarnings"), openWarnings.length, "", t("warningsHint"), "#findings"));
  }
  function next() {
    const steps = [];
    const names = (list) => h("p", { class: "names", lang: "ja" }, list.map((d, at) => [at ? "、" : "", d.name]));
    if (missing.length) steps.push(h("li", {}, h("b", {}, t("nextMissing", { n: number(missing.length) })), names(missing), h("p", { class: "weak" }, t("nextMissingNote"))));
    const wrong = D.departments.filter((d) => d.errors > 0 && d.state !== "missing");
    if (wrong.length) steps.push(h("li", {}, h("b", {}, t("nextErrors", { n: number(wrong.length) })), names(wrong), h("p", { class: "weak" }, t("nextErrorsNote"))));
    const nobody = openErrors.filter((f) => !f.department).length;
    if (nobody) steps.push(h("li", {}, h("b", {}, t("nextNobody", { n: number(nobody) }))));
    if (openWarnings.length) steps.push(h("li", {}, h("b", {}, t("nextWarnings", { n: number(openWarnings.length) })), h("p", { class: "weak" }, t("nextWarningsNote"))));
    return h("div", { class: "card" }, h("h3", {}, t("next")), steps.length ? h("ol", { class: "steps" }, steps) : h("p", { class: "good" }, icon("ok"), t("nextNone")));
  }
  function made() {
    const link = (file, words) => h("li", {}, h("a", { href: path(file) }, words));
    return h("div", { class: "card" }, h("h3", {}, t("made")), h("ul", { class: "plainlist" },
      link("会議資料.pdf", t("madePacket")), link("進捗総括表.xlsx", t("madeSummary")), link("突合結果.xlsx", t("madeFindings")),
      D.initiatives.some((i) => i.pdf) ? link("調書/", t("madeSheets")) : null,
      openErrors.some((f) => f.department) || missing.length ? link("差戻し/", t("madeReturns")) : null));
  }
  const STATES = ["answered", "check", "missing"];
  function stacked(list) {
    const n = (s) => list.filter((i) => i.state === s).length;
    const says = STATES.map((s) => `${t(`i_${s}`)} ${n(s)}`).join(lang === "en" ? ", " : "、");
    return h("div", { class: "stack", role: "img", "aria-label": says },
      STATES.map((s) => (n(s) ? h("span", { class: `part ${s}`, width: `${(n(s) / list.length) * 100}%` }) : null)));
  }
  function legend(list) {
    return h("ul", { class: "legend" }, STATES.map((s) => {
      const n = list.filter((i) => i.state === s).length;
      return h("li", {}, h("span", { class: `swatch ${s}`, "aria-hidden": "true" }), t(`i_${s}`), h("b", {}, ` ${number(n)}`), h("span", { class: "weak" }, `（${percent(n, list.length)}）`));
    }));
  }
  function byChapter() {
    const groups = D.chapters.map((name, at) => [name || t("noChapter"), D.initiatives.filter((i) => i.chapter === at)]);
    if (groups.length < 2) return null;
    const columns = [[t("chapter"), "", true], [t("count"), "num"], [t("i_answered"), "num"], [t("i_check"), "num"], [t("i_missing"), "num"], [t("graph"), "bar"]];
    const rows = groups.map(([name, list]) => [ja(name), number(list.length), ...STATES.map((s) => number(list.filter((i) => i.state === s).length)), stacked(list)]);
    return [h("h3", {}, t("progressByChapter")), table(t("progressByChapter"), columns, rows)];
  }
  function evaluations() {
    const total = D.initiatives.length;
    const given = D.evaluations.reduce((sum, e) => sum + e.count, 0);
    const most = Math.max(total - given, ...D.evaluations.map((e) => e.count), 1);
    const columns = [[evaluationWord(), "", true], [t("count"), "num"], [t("share"), "num"], [t("graph"), "bar"]];
    const line = (mark, meaning, n) => [[ja(mark, "mark"), meaning ? ja(meaning, "weak") : null], number(n), percent(n, total), h("span", { class: "meter", "aria-hidden": "true" }, h("span", { width: `${(n / most) * 100}%` }))];
    const rows = D.evaluations.map((e) => line(e.mark, e.meaning, e.count));
    rows.push(line(t("blankEvaluation"), "", total - given));
    return [h("h3", {}, breakdown()), table(breakdown(), columns, rows)];
  }
  function sinceBlock() {
    const s = D.since;
    if (!s) return h("p", { class: "weak since-none" }, t("sinceFirst"));
    const pairs = [["sinceNew", s.new], ["sinceMended", s.mended.length], ["sinceAltered", s.altered], ["sinceAccepted", s.accepted], ["sinceDepartments", s.departments.length],
      ["sinceAnswered", s.answered.length], ["sinceWithdrawn", s.withdrawn.length], ["sinceValues", s.values.length], ["sinceArrived", s.arrived.length], ["sinceRemoved", s.removed.length]].filter(([, n]) => n > 0);
    if (!pairs.length) return [h("h3", {}, t("since", { d: day(s.date) })), h("p", {}, t("sinceNone", { d: day(s.date) }))];
    const fold = (words, content) => h("details", {}, h("summary", {}, words), content);
    const valueColumns = [[t("initiative"), "", true], [t("field")], [t("before"), "long"], [t("after"), "long"]];
    return [
      h("h3", {}, t("since", { d: day(s.date) })),
      h("dl", { class: "changes" }, pairs.map(([key, n]) => h("div", {}, h("dt", {}, t(key)), h("dd", {}, h("b", {}, number(n)))))),
      s.mended.length ? fold(t("showMended"), h("ul", {}, s.mended.map((m) => h("li", {}, h("code", {}, m.code), " ", m.department ? ja(m.department) : null, m.initiative ? ja(` ${m.initiative}`) : null, "　", both(m.message))))) : null,
      s.answered.length ? fold(t("showAnswered"), h("ul", {}, s.answered.map((at) => h("li", {}, initiativeLink(at))))) : null,
      s.values.length ? fold(t("showValues"), table(t("sinceValues"), valueColumns, s.values.map((v) => [v.initiative === null ? ja(v.key) : initiativeLink(v.initiative), ja(v.label), text(v.before), text(v.after)]))) : null,
      s.arrived.length ? fold(t("showArrived"), h("ul", { lang: "ja" }, s.arrived.map((f) => h("li", {}, f)))) : null,
    ];
  }
  const text = (value) => (value ? h("span", { class: "text", lang: "ja" }, value) : h("span", { class: "weak" }, t("blank")));
  function words() {
    const word = (mark, key) => h("div", {}, h("dt", {}, mark), h("dd", {}, t(key)));
    return h("details", { class: "words" }, h("summary", {}, t("words")), h("dl", {},
      word(severityBadge("error"), "wordError"), word(severityBadge("warning"), "wordWarning"), word(severityBadge("note"), "wordNote"),
      D.edition === "plan" ? null : [word(badge("ok", t("i_answered")), "wordAnswered"), word(badge("error", t("i_check")), "wordCheck"), word(badge(null, t("i_missing")), "wordMissing")]));
  }

  /* ---- departments ---- */
  function departments() {
    const columns = [[t("department"), "", true], [t("state")], [t("filesCount"), "num"], [t("asked"), "num"], [t("answered"), "num"], [t("toMend")]];
    const rows = D.departments.map((d) => [
      d.asked ? h("a", { href: "#initiatives", lang: "ja", "aria-label": t("showInitiatives", { d: d.name }), on: { click: () => preset(listFilter, { department: d.name }) } }, d.name) : ja(d.name),
      badge(DEPARTMENT_ICON[d.state], t(`d_${d.state}`), d.state === "answered" ? "ok" : null),
      number(d.files), number(d.asked), number(d.answered),
      d.errors + d.warnings + d.notes
        ? h("a", { href: "#findings", class: "counts-link", "aria-label": `${t("showFindings", { d: d.name })}: ${t("error")} ${d.errors}, ${t("warning")} ${d.warnings}`, on: { click: () => preset(findingFilter, { department: d.name }) } }, counts(d.errors, d.warnings, d.notes))
        : counts(0, 0, 0),
    ]);
    return [heading("departments"), h("p", { class: "count" }, t("shown", { n: number(D.departments.length) })), table(t("departments"), columns, rows)];
  }
  function preset(filter, values) {
    for (const key of Object.keys(filter)) filter[key] = "";
    Object.assign(filter, values);
    stale.add("initiatives").add("findings");
  }

  /* ---- filters ---- */
  const NONE = "\u0000none";
  const listFilter = { words: "", department: "", chapter: "", evaluation: "", finding: "", state: "", order: "" };
  const findingFilter = { words: "", department: "", severity: "", code: "", status: "", since: "" };
  function choice(filter, name, label, options, changed) {
    const id = `f-${filter === listFilter ? "l" : "f"}-${name}`;
    const select = h("select", { id, on: { change: (e) => { filter[name] = e.target.value; changed(); } } },
      options.map(([value, words, language]) => h("option", { value, selected: filter[name] === value, lang: language }, words)));
    return h("div", { class: "control" }, h("label", { for: id }, label), select);
  }
  function searchBox(filter, id, label, hint, changed) {
    let wait = 0;
    const input = h("input", { type: "search", id, value: filter.words, autocomplete: "off", spellcheck: "false", "aria-describedby": hint ? `${id}-hint` : null,
      on: { input: (e) => { filter.words = e.target.value; clearTimeout(wait); wait = setTimeout(changed, 150); } } });
    return h("div", { class: "control search" }, h("label", { for: id }, label), input, hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null);
  }
  function tools(filter, controls, changed, redraw) {
    return h("form", { class: "tools", role: "search", on: { submit: (e) => e.preventDefault() } }, controls,
      h("div", { class: "control" }, h("button", { type: "button", class: "plain", on: { click: () => { for (const k of Object.keys(filter)) filter[k] = ""; redraw(); } } }, t("reset"))));
  }
  const departmentOptions = () => [["", t("all")], ...D.departments.map((d) => [d.name, d.name, "ja"])];

  /* A list that shows its rows a hundred at a time, so that ten thousand cost no more than a hundred. */
  function chunks(total, draw, into, foot) {
    let shown = 0;
    function more(upTo) {
      const from = shown;
      shown = Math.min(total, upTo);
      draw(from, shown, into);
      foot.replaceChildren();
      if (shown < total) {
        const left = Math.min(CHUNK, total - shown);
        add(foot, [h("p", { class: "weak" }, t("showing", { n: number(total), m: number(shown) })),
          h("button", { type: "button", class: "main", on: { click: () => {
            const first = shown;
            more(shown + CHUNK);
            const target = into.children[first] && into.children[first].querySelector("a, button");
            if (target) target.focus();
          } } }, t("more", { n: number(left) }))]);
      }
    }
    more(CHUNK);
    return () => more(total);
  }
  let everyInitiative = () => {};
  let everyFinding = () => {};

  /* ---- initiatives ---- */
  const quickText = D.initiatives.map((i) => fold([i.key, i.name, D.chapters[i.chapter], i.department, i.evaluation].join("\u0001")));
  const wholeText = new Array(D.initiatives.length);
  let reading = null;
  /* Reads every block once, a few at a time, when somebody searches for the first time. */
  function readAll(done) {
    if (!reading) {
      reading = (async () => {
        for (let at = 0; at * D.block < D.initiatives.length; at++) {
          const some = await block("detail", at, true);
          if (!some) return;
          some.forEach((d, n) => { wholeText[at * D.block + n] = fold(d.values.map((v) => v.text).join("\u0001")); });
          if (at % 4 === 3) await new Promise((go) => setTimeout(go));
        }
      })();
    }
    reading.then(done);
  }
  function matches(i, at, terms) {
    const f = listFilter;
    if (f.department && i.department !== f.department) return false;
    if (f.chapter && String(i.chapter) !== f.chapter) return false;
    if (f.evaluation && (f.evaluation === NONE ? i.evaluation !== "" : i.evaluation !== f.evaluation)) return false;
    if (f.state && i.state !== f.state) return false;
    if (f.finding && !hasFinding(i, f.finding)) return false;
    return terms.every((term) => quickText[at].includes(term) || (wholeText[at] && wholeText[at].includes(term)));
  }
  function hasFinding(i, wanted) {
    const here = (i.findings || []).map((at) => D.findings[at]).filter((f) => !f.waived);
    if (wanted === "any") return here.length > 0;
    if (wanted === NONE) return here.length === 0;
    if (wanted === "error" || wanted === "warning") return here.some((f) => f.severity === wanted);
    return here.some((f) => f.code === wanted);
  }
  const severe = (i, severity) => (i.findings || []).reduce((n, at) => n + (!D.findings[at].waived && D.findings[at].severity === severity ? 1 : 0), 0);
  function ordered(list) {
    if (listFilter.order === "findings") return list.slice().sort((a, b) => severe(D.initiatives[b], "error") - severe(D.initiatives[a], "error") || severe(D.initiatives[b], "warning") - severe(D.initiatives[a], "warning") || a - b);
    if (listFilter.order === "rate") return list.slice().sort((a, b) => (D.initiatives[a].rate ?? Infinity) - (D.initiatives[b].rate ?? Infinity) || a - b);
    return list;
  }
  const withRates = D.initiatives.some((i) => i.rate !== null);
  const withEvaluations = D.evaluations.length > 0;
  function initiatives() {
    const codes = [...new Set(open.filter((f) => f.initiative !== null).map((f) => f.code))].sort();
    const f = listFilter;
    const result = h("div", {});
    const count = h("p", { class: "count", id: "count-initiatives" });
    const changed = () => drawList(result, count);
    const controls = [
      searchBox(f, "q-initiatives", t("searchInitiatives"), t("searchHint"), () => { changed(); if (f.words.trim()) readAll(changed); }),
      choice(f, "department", t("filterDepartment"), departmentOptions(), changed),
      D.chapters.length > 1 ? choice(f, "chapter", t("filterChapter"), [["", t("all")], ...D.chapters.map((c, at) => [String(at), c || t("noChapter"), "ja"])], changed) : null,
      D.edition === "plan" ? null : choice(f, "state", t("filterState"), [["", t("all")], ...STATES.map((s) => [s, t(`i_${s}`)])], changed),
      withEvaluations ? choice(f, "evaluation", evaluationWord(), [["", t("all")], ...D.evaluations.map((e) => [e.mark, e.mark, "ja"]), [NONE, t("blankEvaluation")]], changed) : null,
      choice(f, "finding", t("filterFinding"), [["", t("all")], ["any", t("withAny")], ["error", t("withError")], ["warning", t("withWarning")], [NONE, t("withNone")], ...codes.map((c) => [c, `${c} ${both(D.rules[c].title)}`])], changed),
      choice(f, "order", t("order"), [["", t("orderPlan")], ["findings", t("orderFindings")], ...(withRates ? [["rate", t("orderRate")]] : [])], changed),
    ];
    const shell = [heading("initiatives"), tools(f, controls, changed, () => { draw("initiatives"); $("q-initiatives").focus(); }), count, result];
    changed();
    return shell;
  }
  function listColumns() {
    return [[t("number"), "key"], [t("name"), "name", true], [t("department")], ...(D.edition === "plan" ? [] : [[t("state")]]), ...(withEvaluations ? [[evaluationWord(), "mid"]] : []),
      ...(withRates ? [[t("rate"), "num"]] : []), [t("findingsShort")], [t("page"), "num"]];
  }
  function listRow(i) {
    const errors = severe(i, "error");
    const warnings = severe(i, "warning");
    return [ja(i.key), [h("a", { href: `#initiative=${encodeURIComponent(i.key)}`, lang: "ja", class: "strong" }, i.name || i.key), D.chapters[i.chapter] ? h("span", { class: "sub", lang: "ja" }, D.chapters[i.chapter]) : null],
      ja(i.department), ...(D.edition === "plan" ? [] : [badge(INITIATIVE_ICON[i.state], t(`i_${i.state}`), i.state === "answered" ? "ok" : null)]),
      ...(withEvaluations ? [i.evaluation ? ja(i.evaluation, "mark") : h("span", { class: "weak" }, "–")] : []), ...(withRates ? [rate(i.rate) || h("span", { class: "weak" }, "–")] : []),
      counts(errors, warnings, 0), i.pages ? pages(i.pages) : ""];
  }
  const pages = ([a, b]) => (a === b ? String(a) : t("pageRange", { a, b }));
  function drawList(result, count) {
    const terms = listFilter.words.split(/\s+/).map(fold).filter(Boolean);
    const hits = ordered(D.initiatives.map((_, at) => at).filter((at) => matches(D.initiatives[at], at, terms)));
    current = hits;
    const says = hits.length === D.initiatives.length ? t("shown", { n: number(hits.length) }) : t("shownOf", { n: number(hits.length), t: number(D.initiatives.length) });
    count.textContent = says;
    say(says);
    if (!hits.length) {
      everyInitiative = () => {};
      return result.replaceChildren(h("p", { class: "notice" }, t("noHit")));
    }
    const columns = listColumns();
    const shell = table(t("initiatives"), columns, []);
    const foot = h("div", { class: "more" });
    result.replaceChildren(shell, foot);
    everyInitiative = chunks(hits.length, (from, to, into) => into.append(...hits.slice(from, to).map((at) => row(columns, listRow(D.initiatives[at])))), shell.tBodies[0], foot);
  }
  let current = D.initiatives.map((_, at) => at);

  /* ---- findings ---- */
  function findings() {
    const f = findingFilter;
    const result = h("div", {});
    const count = h("p", { class: "count", id: "count-findings" });
    const changed = () => drawFindings(result, count);
    const codes = Object.keys(D.rules).sort();
    const controls = [
      searchBox(f, "q-findings", t("searchFindings"), "", changed),
      choice(f, "department", t("filterDepartment"), [...departmentOptions(), [NONE, t("nobody")]], changed),
      choice(f, "severity", t("filterSeverity"), [["", t("all")], ["error", t("error")], ["warning", t("warning")], ["note", t("note")]], changed),
      choice(f, "code", t("filterCode"), [["", t("all")], ...codes.map((c) => [c, `${c} ${both(D.rules[c].title)}`])], changed),
      D.findings.some((x) => x.waived) ? choice(f, "status", t("filterState"), [["", t("openOnly")], ["waived", t("waivedOnly")], ["all", t("all")]], changed) : null,
      D.since ? choice(f, "since", t("filterSince"), [["", t("all")], ["new", t("newOnly")]], changed) : null,
    ];
    const shell = [heading("findings"), tools(f, controls, changed, () => { draw("findings"); $("q-findings").focus(); }), count, result];
    changed();
    return shell;
  }
  const departmentAt = new Map(D.departments.map((d, at) => [d.name, at]));
  const SEVERITIES = { error: 0, warning: 1, note: 2 };
  const findingOrder = D.findings.map((_, at) => at).sort((a, b) => {
    const at = (f) => (f.department === null ? Infinity : departmentAt.get(f.department) ?? 1e9);
    const [x, y] = [D.findings[a], D.findings[b]];
    const [p, q] = [at(x), at(y)];
    return (p === q ? 0 : p < q ? -1 : 1) || SEVERITIES[x.severity] - SEVERITIES[y.severity] || a - b;
  });
  let findingText = null;
  function findingMatches(f, at, terms) {
    const w = findingFilter;
    if (w.status !== "all" && Boolean(f.waived) !== (w.status === "waived")) return false;
    if (w.department && (w.department === NONE ? f.department !== null : f.department !== w.department)) return false;
    if (w.severity && f.severity !== w.severity) return false;
    if (w.code && f.code !== w.code) return false;
    if (w.since && !f.since) return false;
    return terms.every((term) => findingText[at].includes(term));
  }
  function drawFindings(result, count) {
    const terms = findingFilter.words.split(/\s+/).map(fold).filter(Boolean);
    if (terms.length && !findingText) {
      findingText = D.findings.map((f) => fold([f.code, f.department, f.initiative === null ? "" : `${D.initiatives[f.initiative].key}\u0001${D.initiatives[f.initiative].name}`, f.field, f.file, f.sheet, f.cell, f.found, f.expected, f.message.ja, f.message.en, f.help.ja, f.help.en].join("\u0001")));
    }
    const hits = findingOrder.filter((at) => findingMatches(D.findings[at], at, terms));
    const says = hits.length === D.findings.length ? t("shown", { n: number(hits.length) }) : t("shownOf", { n: number(hits.length), t: number(D.findings.length) });
    count.textContent = says;
    say(says);
    if (!hits.length) {
      everyFinding = () => {};
      return result.replaceChildren(h("p", { class: "notice" }, D.findings.length ? t("noHit") : t("nextNone")));
    }
    const into = h("div", {});
    const foot = h("div", { class: "more" });
    result.replaceChildren(into, foot);
    let last = null;
    let list = null;
    everyFinding = chunks(hits.length, (from, to) => {
      for (const at of hits.slice(from, to)) {
        const f = D.findings[at];
        const name = f.department || "";
        if (name !== last || !list) {
          const here = hits.map((x) => D.findings[x]).filter((x) => (x.department || "") === name);
          const n = (s) => here.filter((x) => x.severity === s).length;
          list = h("ul", { class: "findings" });
          into.append(h("section", { class: "group" }, h("h3", {}, name ? ja(name) : t("nobody"), " ", counts(n("error"), n("warning"), n("note"))), list));
          last = name;
        }
        list.append(h("li", {}, finding(f, true)));
      }
    }, into, foot);
  }
  function finding(f, withInitiative) {
    const pair = (label, content) => (content ? [h("dt", {}, label), h("dd", {}, content)] : null);
    const extra = f.waived ? badge("ok", t("waived")) : f.since ? h("span", { class: "badge fresh" }, t(f.since === "new" ? "newBadge" : "alteredBadge")) : null;
    return h("article", { class: `finding ${f.severity}` },
      h("p", { class: "finding-head" }, severityBadge(f.severity), h("code", { title: D.rules[f.code] ? D.rules[f.code].slug : null }, f.code), extra),
      h("p", { class: "finding-message" }, both(f.message)),
      h("dl", { class: "pairs" },
        withInitiative && f.initiative !== null ? pair(t("initiative"), initiativeLink(f.initiative)) : null,
        pair(t("field"), f.field ? ja(f.field) : null),
        pair(t("place"), place(f.file, f.sheet, f.cell)),
        pair(t("found"), f.found ? ja(f.found, "text") : null),
        pair(t("expected"), f.expected ? ja(f.expected, "text") : null),
        (f.related || []).length ? pair(t("related"), h("ul", { class: "plainlist" }, f.related.map((r) => h("li", {}, `${both(r.label)}: `, ja(r.quote, "text"), r.place ? [" ", h("span", { class: "place", lang: "ja" }, r.place)] : null)))) : null,
        pair(t("help"), both(f.help))),
      f.waived ? h("p", { class: "weak" }, t("waivedBy", { by: f.waived.by, date: f.waived.date, reason: f.waived.reason })) : null);
  }

  /* ---- files ---- */
  function files() {
    const columns = [[t("file"), "file", true], [t("department")], [t("sent")], [t("state")], [t("reason"), "long"]];
    const rows = D.submissions.map((s) => [s.file ? h("span", { class: "place", lang: "ja" }, fileLink(s.file)) : h("span", { class: "weak" }, t("nothingArrived")), s.department ? ja(s.department) : "", day(s.sent), badge(SUBMISSION_ICON[s.status], t(`s_${s.status}`), s.status === "accepted" ? "ok" : null), both(s.reason)]);
    return [heading("files"), h("p", { class: "count" }, t("shown", { n: number(D.submissions.length) })), rows.length ? table(t("files"), columns, rows) : h("p", { class: "notice" }, t("nothingArrived"))];
  }

  /* ---- one initiative ---- */
  const cache = new Map();
  async function block(kind, at, once) {
    const name = `${kind}-${at}`;
    if (cache.has(name)) return cache.get(name);
    const el = $(name);
    if (!el) return null;
    let data = null;
    try {
      if (el.dataset.packed) {
        const bytes = Uint8Array.from(atob(el.textContent), (c) => c.charCodeAt(0));
        data = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
      } else data = JSON.parse(el.textContent);
    } catch { return null; }
    if (!once) {
      cache.set(name, data);
      if (cache.size > 8) cache.delete(cache.keys().next().value);
    }
    return data;
  }
  function drawing(page, at, total) {
    const mm = 25.4 / 72;
    const root = svg("svg", { viewBox: `0 0 ${page.size[0]} ${page.size[1]}`, class: "paper", role: "img", "aria-label": t("sheetPage", { n: at + 1 }), lang: "ja" });
    root.append(svg("rect", { width: page.size[0], height: page.size[1], fill: "#fff" }));
    for (const [x, y, w, hh, color] of page.fills) root.append(svg("rect", { x, y, width: w, height: hh, fill: color }));
    for (const [x1, y1, x2, y2, w] of page.lines) root.append(svg("line", { x1, y1, x2, y2, stroke: "#000", "stroke-width": w }));
    for (const [kind, x, y, w, hh] of page.symbols) root.append(...shape(kind, x, y, w, hh));
    for (const [x, y, size, bold, width, grey, chars] of page.texts) {
      const v = Math.round(grey * 2.55);
      const el = svg("text", { x, y, "font-size": (size * mm).toFixed(3), fill: `rgb(${v},${v},${v})` });
      if (bold) el.setAttribute("font-weight", "700");
      if (width > 0) { el.setAttribute("textLength", width); el.setAttribute("lengthAdjust", "spacingAndGlyphs"); }
      el.textContent = chars;
      root.append(el);
    }
    return h("figure", { class: "page" }, root, h("figcaption", { class: "weak" }, `${at + 1} / ${total}`));
  }
  function shape(kind, x, y, w, hh) {
    const line = { fill: "none", stroke: "#000", "stroke-width": Math.max(w * 0.07, 0.15) };
    const box = svg("rect", { x, y, width: w, height: hh, ...line, ...(kind === "full" ? { fill: "#000" } : {}) });
    const tick = svg("path", { d: `M${x + w * 0.2} ${y + hh * 0.55}L${x + w * 0.42} ${y + hh * 0.78}L${x + w * 0.82} ${y + hh * 0.22}`, ...line, "stroke-width": w * 0.12 });
    if (kind === "tick") return [tick];
    return kind === "ticked" ? [box, tick] : [box];
  }
  async function openInitiative(at) {
    const i = D.initiatives[at];
    const dialog = $("sheet");
    opened = at;
    const before = current.indexOf(at);
    const step = (to, words, cls) => {
      const there = before >= 0 ? current[before + to] : undefined;
      return h("button", { type: "button", class: `plain ${cls}`, disabled: there === undefined, on: { click: () => go(`initiative=${encodeURIComponent(D.initiatives[there].key)}`) } }, words);
    };
    const body = h("div", { class: "sheet-body" }, h("p", { class: "weak" }, t("loading")));
    dialog.replaceChildren(h("div", { class: "sheet-frame" },
      h("div", { class: "sheet-head" },
        h("div", { class: "sheet-tools" }, step(-1, t("previous"), "back"), step(1, t("nextOne"), "forth"), h("button", { type: "button", class: "main", id: "sheet-close", on: { click: () => dialog.close() } }, t("close"))),
        h("p", { class: "weak", lang: "ja" }, D.chapters[i.chapter]),
        h("h2", { id: "sheet-title", tabindex: "-1", lang: "ja" }, `${i.key}　${i.name}`),
        h("p", { class: "chips" }, ja(i.department, "chip"), D.edition === "plan" ? null : badge(INITIATIVE_ICON[i.state], t(`i_${i.state}`), i.state === "answered" ? "ok" : null),
          i.evaluation ? h("span", { class: "chip" }, `${evaluationWord()} `, ja(i.evaluation, "mark")) : null, i.rate !== null ? h("span", { class: "chip" }, `${t("rate")} ${rate(i.rate)}`) : null),
        h("p", { class: "links" }, i.pdf ? h("a", { href: path(`調書/${i.pdf}`) }, t("openPdf")) : null, h("a", { href: path("会議資料.pdf") + (i.packet ? `#page=${i.packet[0] + 1}` : "") }, i.packet ? t("openPacket", { p: pages(i.pages) }) : t("madePacket")))),
      body));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    $("sheet-title").focus();
    const details = await block("detail", Math.floor(at / D.block));
    const detail = details && details[at % D.block];
    if (opened !== at) return;
    let sheets = detail ? detail.sheets : [];
    if (detail && !sheets.length && i.packet) {
      for (let n = i.packet[0]; n <= i.packet[1]; n++) {
        const some = await block("pages", Math.floor(n / D.block));
        if (some && some[n % D.block]) sheets = sheets.concat(some[n % D.block]);
      }
      if (opened !== at) return;
    }
    body.replaceChildren();
    add(body, detail ? [sheetFindings(i), h("h3", {}, t("sheetPreview")), sheets.length ? h("div", { class: "pages" }, sheets.map((p, n) => drawing(p, n, sheets.length))) : h("p", { class: "weak" }, t("noSheet")),
      achievements(detail), values(detail)] : [h("p", { class: "notice" }, t("cannotUnpack"))]);
  }
  function sheetFindings(i) {
    const here = (i.findings || []).map((at) => D.findings[at]);
    return [h("h3", {}, t("findingsHere")), here.length ? h("ul", { class: "findings" }, here.map((f) => h("li", {}, finding(f, false)))) : h("p", { class: "weak" }, t("noFindingsHere"))];
  }
  function achievements(detail) {
    if (!detail.achievements.length) return null;
    const columns = [[t("indicator"), "", true], [t("goal")], [t("actual")], [t("rate"), "num"]];
    return [h("h3", {}, t("achievements")), table(t("achievements"), columns, detail.achievements.map((a) => [ja(a.indicator), text(a.goal), text(a.actual), rate(a.rate) || h("span", { class: "weak" }, t("unknownRate"))]))];
  }
  function values(detail) {
    const columns = [[t("field"), "field", true], [t("value"), "long"], [t("origin"), "origin"]];
    const origin = (v) => [
      v.state === "plan" && !v.file ? h("span", { class: "weak" }, t("fromPlan")) : null,
      v.state !== "plan" ? badge(v.state === "missing" ? null : v.state === "check" ? "error" : v.state === "corrected" ? "note" : "ok", t(`v_${v.state}`), v.state === "reported" ? "ok" : null) : null,
      v.file ? h("span", { class: "sub" }, place(v.file, v.sheet, v.cell)) : null,
      v.written !== undefined ? h("span", { class: "sub" }, `${t("written")}: `, text(v.written)) : null,
      v.correction ? h("span", { class: "sub" }, t("correctedBy", v.correction), v.correction.instead !== null ? [h("br"), t("instead", { text: v.correction.instead })] : null) : null,
    ];
    return [h("h3", {}, t("values")), table(t("values"), columns, detail.values.map((v) => [ja(v.label), text(v.text), origin(v)]))];
  }

  /* ---- frame ---- */
  let quietUntil = 0;
  function say(words) {
    if (performance.now() < quietUntil) return;
    const live = $("live");
    live.textContent = "";
    setTimeout(() => { live.textContent = words; }, 30);
  }
  const DRAW = { overview, departments, findings, initiatives, files };
  const stale = new Set(VIEWS);
  function draw(name) {
    quietUntil = performance.now() + 60;
    const section = $(`view-${name}`);
    section.replaceChildren();
    add(section, [DRAW[name]()]);
    stale.delete(name);
  }
  function show(name, focus) {
    view = name;
    if (stale.has(name)) draw(name);
    for (const other of VIEWS) $(`view-${other}`).hidden = other !== name;
    for (const link of $("tabs").querySelectorAll("a")) {
      if (link.dataset.view === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    document.title = `${t(name)}｜${D.title}`;
    if (focus) { window.scrollTo(0, 0); $(`h-${name}`).focus({ preventScroll: true }); }
  }
  function frame() {
    document.documentElement.lang = lang;
    for (const el of document.querySelectorAll("[data-t]")) el.textContent = t(el.dataset.t);
    for (const el of document.querySelectorAll("[data-aria]")) el.setAttribute("aria-label", t(el.dataset.aria));
    for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    $("city").textContent = D.city ? `${D.city}　` : "";
    $("head-year").textContent = D.year;
    const todo = openErrors.length + openWarnings.length;
    const amounts = { departments: D.departments.length, findings: todo, initiatives: D.initiatives.length, files: D.submissions.filter((s) => s.file).length };
    $("tabs").replaceChildren(...VIEWS.map((name) => h("li", {}, h("a", { href: `#${name}`, "data-view": name }, t(name), name in amounts ? h("span", { class: "amount" }, number(amounts[name])) : null))));
    $("foot").replaceChildren(h("p", {}, t("madeBy", { v: D.version, d: day(D.date) })));
  }
  function go(hash) {
    if (location.hash === `#${hash}`) route(true); else location.hash = hash;
  }
  function route(focus) {
    let hash = location.hash.slice(1);
    if (hash.startsWith("initiative=")) {
      let key = hash.slice("initiative=".length);
      try { key = decodeURIComponent(key); } catch { /* as written */ }
      const at = byKey.get(key);
      if (stale.has(view)) show(view, false);
      if (at !== undefined) return void openInitiative(at);
      say(t("noInitiative", { k: key }));
      hash = "initiatives";
    }
    if (hash === "main") return;
    closeQuietly();
    show(VIEWS.includes(hash) ? hash : "overview", focus);
  }
  function closeQuietly() {
    const dialog = $("sheet");
    opened = -1;
    if (dialog.open) { dialog.dataset.quiet = "1"; dialog.close(); }
  }
  $("sheet").addEventListener("close", () => {
    const dialog = $("sheet");
    opened = -1;
    dialog.replaceChildren();
    if (dialog.dataset.quiet) { delete dialog.dataset.quiet; return; }
    history.replaceState(null, "", `#${view}`);
    if (openedBy && openedBy.isConnected) openedBy.focus();
    openedBy = null;
  });
  $("sheet").addEventListener("click", (e) => { if (e.target === $("sheet")) $("sheet").close(); });
  document.addEventListener("click", (e) => {
    const link = e.target.closest && e.target.closest('a[href^="#initiative="]');
    if (link && !$("sheet").open) openedBy = link;
  });
  $("skip").addEventListener("click", (e) => { e.preventDefault(); $("main").focus(); });
  $("print").addEventListener("click", () => window.print());
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => {
      lang = button.dataset.lang;
      try { localStorage.setItem("torimatome-lang", lang); } catch { /* not kept */ }
      for (const name of VIEWS) stale.add(name);
      frame();
      show(view, false);
    });
  }
  window.addEventListener("beforeprint", () => {
    if ($("sheet").open) { document.documentElement.classList.add("print-sheet"); return; }
    for (const name of VIEWS) if (stale.has(name)) draw(name);
    everyInitiative();
    everyFinding();
  });
  window.addEventListener("afterprint", () => document.documentElement.classList.remove("print-sheet"));
  window.addEventListener("hashchange", () => route(true));
  frame();
  route(false);
})();
