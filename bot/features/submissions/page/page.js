"use strict";
// What Telegram gives stands in the fragment, which no server sees.
const given = new URLSearchParams(location.hash.slice(1));
const draft = new URLSearchParams(location.search).get("d") || "";
const $ = (id) => document.getElementById(id);
const touched = new Map();
const reasons = new Map();
// The version last agreed on; how often somebody else moved it on, and whether that waits for the officer to save on purpose.
let mine = 0, moves = 0, moved = false;
// How often it had moved when a finger went down on a button: a warning that came while it was down was not read yet.
let down = null;
let report = null, wrong = {}, understood = {}, unexplained = {}, timer = 0, saving = Promise.resolve(), over = false;

function paint() {
  let theme = {};
  try { theme = JSON.parse(given.get("tgWebAppThemeParams") || "{}"); } catch { return; }
  const root = document.documentElement, colour = /^#[0-9a-f]{6}$/i;
  const names = { bg_color: "--bg", text_color: "--text", hint_color: "--hint", button_color: "--accent", button_text_color: "--on-accent", destructive_text_color: "--wrong" };
  for (const [name, property] of Object.entries(names)) if (colour.test(theme[name] || "")) root.style.setProperty(property, theme[name]);
  if (colour.test(theme.bg_color || "")) root.classList.add(parseInt(theme.bg_color.slice(1, 3), 16) < 128 ? "dark" : "light");
}

function el(tag, attributes, ...inner) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...inner);
  return node;
}

async function ask(what, body) {
  try {
    const answer = await fetch(`/form/${what}`, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json", Authorization: `tma ${given.get("tgWebAppData") || ""}` }, body: JSON.stringify({ draft, ...body }) });
    return { status: answer.status, ...(await answer.json()) };
  } catch { return { status: 0, said: "Chưa kết nối được với trợ lý. Số đã gõ vẫn ở trên trang; có mạng lại, anh/chị bấm Lưu giúp." }; }
}

function rowOf(row) {
  if (row.heading) return el("div", { class: "row heading" }, `${row.no}. ${row.name}`);
  const beside = [row.unit, row.before && `kỳ trước ${row.before}`, !row.asked && "tự tính từ các mục khác"].filter(Boolean).join(" · ");
  const words = el("div", {}, `${row.no}. ${row.name}`, el("p", { class: "unit" }, beside));
  if (!row.asked) return el("div", { class: `row${row.sub ? " sub" : ""}` }, words, el("output", { "data-total": row.key, "aria-label": `${row.name}, tự tính` }));
  const field = el("input", { id: `f-${row.key}`, name: row.key, inputmode: row.decimal ? "decimal" : "numeric", autocomplete: "off", maxlength: "60", "aria-label": `${row.no}. ${row.name}`, "aria-describedby": `w-${row.key}` });
  field.value = touched.get(row.key) ?? (row.typed || row.value);
  field.addEventListener("input", () => { touched.set(row.key, field.value); delete understood[row.key]; later(); });
  field.addEventListener("change", saveAlone);
  return el("div", { class: `row${row.sub ? " sub" : ""}` }, words, field, el("p", { class: "told", role: "status", id: `w-${row.key}`, hidden: true }));
}

function draw() {
  $("title").textContent = report.title;
  $("about").textContent = report.about;
  // What was typed before and is no number comes back as it was, to be mended.
  for (const part of report.parts) for (const row of part.rows) if (row.typed) wrong[row.key] = row.wrong;
  $("parts").replaceChildren(...report.parts.map((part, number) => el("details", { open: number === 0 }, el("summary", {}), ...part.rows.map(rowOf))));
  refresh();
}

// A new version of the form has other rows: they are drawn, and what was typed stays.
function take(answered) {
  const rowsOf = (each) => JSON.stringify(each.parts.map((part) => [part.title, part.rows.map((row) => [row.key, row.name, row.asked])]));
  const isOther = rowsOf(answered) !== rowsOf(report);
  report = answered;
  if (!isOther) return;
  const asked = new Set(report.parts.flatMap((part) => part.rows).filter((row) => row.asked).map((row) => row.key));
  for (const key of [...touched.keys()]) if (!asked.has(key)) touched.delete(key);
  for (const key of Object.keys(wrong)) if (!asked.has(key)) delete wrong[key];
  draw();
}

function refresh() {
  report.parts.forEach((part, number) => {
    const asked = part.rows.filter((row) => row.asked), filled = asked.filter((row) => row.value !== "").length;
    $("parts").children[number].firstChild.textContent = `${part.title} ${filled}/${asked.length}${filled === asked.length ? " ✓" : ""}`;
    for (const row of asked) {
      const field = $(`f-${row.key}`), told = $(`w-${row.key}`);
      if (!touched.has(row.key) && !(row.key in wrong)) field.value = row.value;
      told.textContent = wrong[row.key] || understood[row.key] || ""; told.hidden = !told.textContent;
      told.classList.toggle("wrong", row.key in wrong);
      if (row.key in wrong) $("parts").children[number].open = true;
      field.setAttribute("aria-invalid", String(row.key in wrong));
    }
  });
  for (const output of document.querySelectorAll("[data-total]")) output.textContent = report.totals[output.dataset.total] || "–";
  if (!$("verdicts").contains(document.activeElement)) $("verdicts").replaceChildren(...report.verdicts.flatMap(verdictOf));
  for (const told of document.querySelectorAll("[data-rule]")) { told.textContent = unexplained[told.dataset.rule] || ""; told.hidden = !told.textContent; }
  $("empty").hidden = report.missing === 0;
  $("empty").lastElementChild.textContent = `Để trống ${report.missing} mục chưa điền`;
  $("save").disabled = $("send").disabled = over;
}

function verdictOf(verdict) {
  const shown = [el("p", {}, `⚠ ${verdict.sentence}`)];
  if (verdict.needs_reason) {
    const field = el("textarea", { maxlength: "500", placeholder: "Nếu số vẫn đúng, ghi lý do", "aria-label": verdict.sentence });
    field.value = reasons.get(verdict.rule) ?? verdict.reason;
    field.addEventListener("input", () => { reasons.set(verdict.rule, field.value); later(); });
    field.addEventListener("blur", saveAlone);
    shown.push(field, el("p", { class: "told wrong", role: "status", "data-rule": verdict.rule, hidden: true }));
  }
  return shown;
}

function later() { clearTimeout(timer); timer = setTimeout(saveAlone, 600); }
function saveAlone() { if (!moved) save(); }
function save() {
  clearTimeout(timer);
  moved = false;
  const seen = moves;
  saving = saving.then(() => seen === moves && saveNow());
  return saving;
}

function onPress(button, act) {
  button.addEventListener("pointerdown", () => { down = moves; });
  button.addEventListener("click", () => {
    const seen = down ?? moves;
    down = null;
    if (seen === moves) act();
  });
}

function isWrong() { return Object.keys(wrong).length + Object.keys(unexplained).length > 0; }

// The frame is closed at once: what no answer has confirmed goes along once more, and nobody waits.
function close() {
  clearTimeout(timer);
  if (!over && report && (touched.size || reasons.size)) ask("save", { version: mine, rows: Object.fromEntries(touched), reasons: Object.fromEntries(reasons), closing: true });
}

async function saveNow() {
  const leave = $("leave").checked;
  if (over || !report || (!touched.size && !reasons.size && !leave)) return true;
  const rows = Object.fromEntries(touched), said = Object.fromEntries(reasons);
  const answer = await ask("save", { version: report.version, rows, reasons: said, leave_empty: leave });
  if (answer.report) take(answer.report);
  if (answer.status === 409) { moved = true; moves += 1; }
  if (answer.status === 200) {
    mine = report.version;
    for (const [key, value] of Object.entries(rows)) if (touched.get(key) === value) { touched.delete(key); delete wrong[key]; }
    for (const rule of Object.keys(said)) delete unexplained[rule];
    for (const [rule, value] of Object.entries(said)) if (reasons.get(rule) === value && !(rule in answer.unexplained)) reasons.delete(rule);
    Object.assign(wrong, answer.wrong); Object.assign(understood, answer.understood); Object.assign(unexplained, answer.unexplained);
    if (leave) $("leave").checked = false;
  }
  if (answer.status === 401 || answer.status === 404) over = true;
  $("state").textContent = answer.status === 200 ? (isWrong() ? "Có chỗ chưa ghi được: xem dòng chữ đỏ." : "Đã lưu.") : answer.said;
  refresh();
  return answer.status === 200 && !isWrong();
}

async function send() {
  if (!(await save())) return;
  if (!report.ready) {
    $("state").textContent = report.missing ? "Còn mục chưa điền: điền nốt, hoặc đánh dấu để trống." : report.doubts ? "Có số trong cuộc trò chuyện còn chờ anh/chị chọn." : "Có số liệu cần ghi lý do.";
    return;
  }
  if (!confirm("Gửi báo cáo này?")) return;
  const answer = await ask("send", { version: report.version });
  if (answer.report) take(answer.report);
  over = answer.status === 200 || answer.status === 401 || answer.status === 404;
  $("state").textContent = answer.sent || answer.said;
  refresh();
}

async function begin() {
  paint();
  onPress($("save"), save);
  onPress($("send"), send);
  addEventListener("pagehide", close);
  document.addEventListener("visibilitychange", () => { if (document.hidden) saveAlone(); });
  const answer = await ask("open", {});
  if (!answer.report) { $("title").textContent = "Chưa mở được báo cáo"; $("state").textContent = answer.said; return; }
  report = answer.report;
  mine = report.version;
  draw();
}
begin();
