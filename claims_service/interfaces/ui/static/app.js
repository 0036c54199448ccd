// Quicker ways to do what every page does without JavaScript. Pages opt in with data attributes:
// data-theme-button, data-opens="dialog id", data-closes, data-key="c", data-go="t", data-look-up="address",
// data-adds (a code of a superbill), data-list (rows for j k x), data-lines (rows of services), data-date, data-drop, data-focus, data-toast, data-paper (sums while typing). POST forms are sent once.
"use strict";

const page = document;
const all = (selector, root = page) => [...root.querySelectorAll(selector)];
const remembered = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* storage is off */ } };

// ---- light and dark, dialogs ----

const dark = matchMedia("(prefers-color-scheme: dark)");
page.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-button]")) {
    const root = page.documentElement;
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    remember("theme", root.dataset.theme);
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) page.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});

// ---- where one is: the current place of a row or menu that scrolls is in sight ----

for (const current of all("nav [aria-current]")) {
  for (let around = current.parentElement; around && around.tagName !== "BODY"; around = around.parentElement) {
    const [left, top] = [current.offsetLeft - around.offsetLeft, current.offsetTop - around.offsetTop];
    if (around.scrollWidth > around.clientWidth && left + current.offsetWidth > around.clientWidth) around.scrollLeft = left - 16;
    else if (around.scrollHeight > around.clientHeight + 8 && top + current.offsetHeight > around.clientHeight) around.scrollTop = top - around.clientHeight / 2;
    else continue;
    break;
  }
}

// ---- forms: once is enough ----

page.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
// Back must find a form that works.
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}));
page.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
});

// ---- dates: 1118, 11/18/26, t, t-1 become 11/18/2026 ----

const twoDigits = (number) => String(number).padStart(2, "0");
const written = (date) => `${twoDigits(date.getMonth() + 1)}/${twoDigits(date.getDate())}/${date.getFullYear()}`;
function dateFrom(typed, today = new Date()) {
  const relative = /^t(?:([+-])(\d{1,3}))?$/i.exec(typed);
  if (relative) {
    const days = relative[2] ? Number(relative[1] + relative[2]) : 0;
    return written(new Date(today.getFullYear(), today.getMonth(), today.getDate() + days));
  }
  const parts = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?$/.exec(typed) || /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(typed);
  if (!parts) return typed;
  const year = !parts[3] ? today.getFullYear() : Number(parts[3]) + (parts[3].length === 2 ? 2000 : 0);
  const date = new Date(year, Number(parts[1]) - 1, Number(parts[2]));
  return date.getMonth() === Number(parts[1]) - 1 ? written(date) : typed;
}
page.addEventListener("change", (event) => {
  if (event.target.matches("input[data-date]")) event.target.value = dateFrom(event.target.value.trim());
});

// ---- codes: a list of hits under a text field ----

let asked = 0;
let waiting;
const hitsOf = (input) => page.getElementById(`${input.id}-hits`);
function closeHits(input) {
  hitsOf(input)?.remove();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  input.removeAttribute("aria-controls");
}
function showHits(input, hits) {
  closeHits(input);
  if (!hits.length) return;
  const list = page.createElement("ul");
  list.className = "hits";
  list.id = `${input.id}-hits`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "What fits");
  hits.forEach((hit, index) => {
    const item = page.createElement("li");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === 0));
    item.dataset.code = hit.code;
    item.dataset.words = hit.words;
    const code = page.createElement("b");
    code.className = "code";
    code.textContent = hit.code;
    const words = page.createElement("span");
    words.textContent = hit.words;
    const more = page.createElement("span");
    more.textContent = hit.more || "";
    item.append(code, words, more);
    list.append(item);
  });
  input.after(list);
  place(list, input);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-activedescendant", `${list.id}-0`);
}
// Fixed to the window, so that a table that scrolls sideways does not cut the list off.
function place(list, input) {
  const field = input.getBoundingClientRect();
  const [over, below] = [field.top - 11, innerHeight - field.bottom - 11];
  const above = below < list.offsetHeight && over > below;
  list.style.maxHeight = `${Math.min(Math.max(above ? over : below, 120), innerHeight * 0.6)}px`;
  list.style.left = `${Math.max(8, Math.min(field.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = above ? `${Math.max(8, field.top - list.offsetHeight - 3)}px` : `${field.bottom + 3}px`;
}
addEventListener("scroll", (event) => {
  if (!event.target.closest?.(".hits")) all('input[data-look-up][aria-expanded="true"]').forEach(closeHits);
}, { capture: true, passive: true });
function take(input, item) {
  input.value = item.dataset.code;
  const words = page.querySelector(`[data-words-of="${CSS.escape(input.name)}"]`);
  if (words) words.textContent = item.dataset.words;
  closeHits(input);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
async function lookUp(input, favorites = false) {
  const typed = input.value.trim();
  if (typed.length < 2 && !(favorites && !typed)) { closeHits(input); return; }
  const mine = ++asked;
  const address = new URL(input.dataset.lookUp, location.href);
  address.searchParams.set("q", typed);
  const day = input.form?.elements.served_on?.value;
  if (day) address.searchParams.set("on", day);
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const hits = answer.ok ? await answer.json() : [];
    if (mine === asked && page.activeElement === input) showHits(input, Array.isArray(hits) ? hits : hits.hits || []);
  } catch { closeHits(input); }
}
function dress(input) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
}
page.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.("input[data-look-up]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => lookUp(input), 180);
});
page.addEventListener("focusout", (event) => {
  if (event.target.matches?.("input[data-look-up]")) setTimeout(() => closeHits(event.target), 150);
});
page.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.(".hits > li");
  if (!item) return;
  event.preventDefault();
  take(page.getElementById(item.parentElement.id.replace(/-hits$/, "")), item);
});
function comboKey(event, input) {
  const items = all("li", hitsOf(input));
  const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !event.altKey) {
    const next = (at + step + items.length) % items.length;
    items[at]?.setAttribute("aria-selected", "false");
    items[next].setAttribute("aria-selected", "true");
    items[next].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[next].id);
  } else if (event.key === "Enter") take(input, items[at]);
  else if (event.key === "Tab") { take(input, items[at]); return; }
  else if (event.key === "Escape") closeHits(input);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
page.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("input[data-look-up]")) return;
  if (hitsOf(event.target)) comboKey(event, event.target);
  else if (event.key === "ArrowDown" && !event.altKey && !event.target.value) { event.preventDefault(); lookUp(event.target, true); }
}, true);

// What only works with scripts is hidden until now.
function offer(root) {
  all("[data-theme-button], [data-opens], [data-add-line], [data-remove-line]", root).forEach((control) => { control.hidden = false; });
  all("input[data-look-up]", root).forEach(dress);
}
page.addEventListener("htmx:load", (event) => offer(event.target));

// ---- service lines: add, remove, copy from above ----
// Field names are "lines-<n>-<field>"; a hidden <template data-line> holds an empty line with n written as __n__.

const rowsOf = (table) => all("tbody > tr", table);
function addLine(table) {
  const rows = rowsOf(table);
  const next = Math.max(-1, ...rows.map((row) => Number(row.dataset.line))) + 1;
  const holder = page.createElement("tbody");
  holder.innerHTML = page.querySelector("template[data-line]").innerHTML.replaceAll("__n__", next).replaceAll("__line__", rows.length + 1);
  const row = holder.querySelector("tr");
  row.dataset.line = next;
  const last = rows.at(-1);
  for (const field of ["service_on", "place"]) {
    const from = last?.querySelector(`[name$="-${field}"]`);
    const to = row.querySelector(`[name$="-${field}"]`);
    if (from && to) to.value = from.value;
  }
  table.tBodies[0].append(row);
  offer(row);
  window.htmx?.process(row);
  (all("input", row).find((input) => !input.value && input.type === "text") || row.querySelector("input"))?.focus();
}
function removeLine(row) {
  const table = row.closest("table");
  const rows = rowsOf(table);
  if (rows.length === 1) { all("input", row).forEach((input) => { input.value = ""; }); row.querySelector("input").focus(); return; }
  const at = rows.indexOf(row);
  row.remove();
  (rows[at + 1] || rows[at - 1]).querySelector("input").focus();
  table.dispatchEvent(new Event("change", { bubbles: true }));
}
function copyFromAbove(input) {
  const row = input.closest("tr");
  const above = row.previousElementSibling;
  const from = above && all("input, select", above)[all("input, select", row).indexOf(input)];
  if (from) { input.value = from.value; input.dispatchEvent(new Event("change", { bubbles: true })); }
}
page.addEventListener("click", (event) => {
  const adds = event.target.closest("[data-add-line]");
  if (adds) { event.preventDefault(); addLine(page.querySelector("table[data-lines]")); }
  const removes = event.target.closest("[data-remove-line]");
  if (removes) { event.preventDefault(); removeLine(removes.closest("tr")); }
});
function lineKey(event, input) {
  const row = input.closest("table[data-lines] > tbody > tr");
  if (!row) return false;
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) addLine(row.closest("table"));
  else if (event.altKey && event.key === "ArrowUp") copyFromAbove(input);
  else if (event.altKey && (event.key === "Delete" || event.key === "Backspace")) removeLine(row);
  else return false;
  event.preventDefault();
  return true;
}
// 99214.25 splits off its modifier.
page.addEventListener("change", (event) => {
  const split = /^([0-9A-Z]{5})\.([0-9A-Z]{2})$/i.exec(event.target.value || "");
  const modifier = split && event.target.closest("tr")?.querySelector('[name$="-modifiers"]');
  if (!modifier || !event.target.matches("[data-look-up]")) return;
  event.target.value = split[1].toUpperCase();
  modifier.value = [modifier.value, split[2].toUpperCase()].filter(Boolean).join(" ");
});

// ---- superbill: one press puts a code at the first free place; where there is none left, the server makes one ----

function putCode(button) {
  const form = button.form;
  const { adds, code, modifiers, words } = button.dataset;
  const same = (text) => text.trim().toUpperCase().replace(".", "") === code.replace(".", "");
  const slots = adds === "icd10" ? all('[name^="diagnosis-"]', form) : all('tbody [name^="lines-"][name$="-code"]', form);
  const besides = (slot) => slot.name.startsWith("lines-") && slot.closest("tr").querySelector('[name$="-modifiers"]');
  let slot = slots.find((one) => same(one.value) && (!besides(one) || besides(one).value.trim().toUpperCase() === modifiers));
  const there = Boolean(slot);
  slot ||= slots.find((one) => !one.value.trim());
  if (!slot && adds === "procedure") { addLine(page.querySelector("table[data-lines]")); slot = all('tbody [name$="-code"]', form).at(-1); }
  if (!slot) return false;
  const spot = adds === "icd10" ? `diagnosis ${"ABCDEFGHIJKLMNOPQRSTUVWXY"[Number(slot.name.split("-")[1])]}` : `line ${rowsOf(slot.closest("table")).indexOf(slot.closest("tr")) + 1}`;
  if (!there) {
    slot.value = code;
    if (besides(slot)) besides(slot).value = modifiers;
    const label = page.querySelector(`[data-words-of="${CSS.escape(slot.name)}"]`);
    if (label) label.textContent = words;
    slot.dispatchEvent(new Event("change", { bubbles: true }));
  }
  button.classList.add("on");
  button.focus();
  const told = form.querySelector("[data-added]");
  if (told) told.textContent = there ? `${code} is ${spot} already.` : `${code} is ${spot} now.`;
  return true;
}
page.addEventListener("click", (event) => {
  const button = event.target.closest("[data-adds]");
  if (button && putCode(button)) event.preventDefault();
});

// ---- rows: j k x Enter, select all ----

const listRows = () => all("table[data-list] > tbody > tr");
function moveTo(row) {
  listRows().forEach((other) => other.classList.toggle("here", other === row));
  row?.querySelector("a, input")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}
function listKey(key) {
  const rows = listRows();
  const at = rows.findIndex((row) => row.classList.contains("here"));
  if (key === "j" || key === "k") {
    const link = page.querySelector(`a[rel="${key === "j" ? "next" : "prev"}"]`);
    if (rows.length) moveTo(rows[Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))]);
    else link?.click();
    return rows.length > 0 || Boolean(link);
  }
  if (key === "x" && at >= 0) { rows[at].querySelector('.pick input[type="checkbox"]')?.click(); return true; }
  return false;
}
page.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-all]")) return;
  all('tbody .pick input[type="checkbox"]', event.target.closest("table")).forEach((box) => { box.checked = event.target.checked; });
});

// ---- keys ----

const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
const lettersOn = () => remembered("single-keys") !== "off";
let afterG = 0;
function problem(step) {
  const fields = all('[aria-invalid="true"]').filter((field) => field.matches("input, select, textarea"));
  const at = fields.indexOf(page.activeElement);
  if (fields.length) fields[(at + step + fields.length) % fields.length].focus();
}
function letterKey(key) {
  if (afterG && Date.now() - afterG < 1500) {
    afterG = 0;
    const link = page.querySelector(`[data-go="${CSS.escape(key)}"]`);
    link?.click();
    return Boolean(link);
  }
  if (key === "g" && page.querySelector("[data-go]")) { afterG = Date.now(); return true; }
  if (key === "/") { page.getElementById("find")?.focus(); return true; }
  if (key === "?") { page.getElementById("keys")?.showModal(); return true; }
  if (listKey(key)) return true;
  const control = page.querySelector(`main [data-key="${CSS.escape(key)}"]`) || page.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (control && typing(control)) control.focus();
  else control?.click();
  return Boolean(control);
}
page.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest?.("form") || page.querySelector("form[data-main]");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector('[type="submit"]')); }
  } else if (event.key === "F8") { event.preventDefault(); problem(event.shiftKey ? -1 : 1); }
  else if (typing(target)) lineKey(event, target);
  else if (event.key === "Escape") {
    listRows().forEach((row) => row.classList.remove("here"));
    all('tbody .pick input:checked').forEach((box) => { box.checked = false; });
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !page.querySelector("dialog[open]") && lettersOn()) {
    if (letterKey(event.key)) event.preventDefault();
  }
});

// ---- files dropped on a file field ----

page.addEventListener("dragover", (event) => { if (event.target.closest?.("[data-drop]")) event.preventDefault(); });
page.addEventListener("drop", (event) => {
  const input = event.target.closest?.("[data-drop]")?.querySelector('input[type="file"]');
  if (!input || !event.dataTransfer.files.length) return;
  event.preventDefault();
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// ---- a remittance on paper: what is missing, while it is typed ----

const inCents = (field) => Math.round(Number((field?.value || "").replace(/[$,\s]/g, "") || 0) * 100);
const asMoney = (cents) => (cents < 0 ? "\u2212" : "") + (Math.abs(cents) / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
page.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-paper]");
  if (!form || !form.querySelector("[data-charge]")) return;
  const lines = all("[data-charge]", form).map((row) => {
    const [paid, ...cuts] = all("input[inputmode]", row).map(inCents);
    const off = Number(row.dataset.charge) - cuts.reduce((sum, cents) => sum + cents, paid);
    row.querySelector("[data-off]").textContent = Number.isNaN(off) ? "—" : asMoney(off);
    return { paid, off };
  });
  const field = (name) => inCents(form.elements[name]);
  const left = field("paid") - field("interest") + field("taken") - lines.reduce((sum, line) => sum + line.paid, 0);
  const wrong = lines.filter((line) => line.off).length;
  form.querySelector("[data-difference]").textContent = Number.isNaN(left) ? "—"
    : `Check less its parts: ${asMoney(left)}.` + (wrong ? ` ${wrong} ${wrong === 1 ? "line is" : "lines are"} off.` : "");
});

// ---- the page is here ----

offer(page);
all("[data-keys-switch]").forEach((box) => {
  box.checked = lettersOn();
  box.addEventListener("change", () => remember("single-keys", box.checked ? "on" : "off"));
});
page.querySelector("[data-focus]")?.focus();
all("[data-toast]").forEach((toast) => setTimeout(() => {
  if (!toast.contains(page.activeElement)) toast.remove();
}, 10_000));
