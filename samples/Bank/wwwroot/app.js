"use strict";

const $ = id => document.getElementById(id);
const shown = { balances: new Map(), entries: new Set(), version: "" };

// Amounts are decimal strings and stay strings: no digit is lost in floating point.
const grouped = text => {
  const [whole, fraction] = text.split(".");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return (fraction ? `${digits}.${fraction}` : digits).replace("-", "\u2212");
};
const isNegative = text => text.startsWith("-") && /[1-9]/.test(text);

const element = (name, className, ...children) => {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
};

const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  return [...bytes].map(b => b.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

async function get(url) {
  const response = await fetch(url, { cache: "no-store" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

// A name may break after a colon or a hyphen; inside a word or an amount only if it would fill a narrow screen alone.
const breakable = text => text.split(/(?<=[:/_-])/).flatMap((part, i) => i === 0 ? [part] : [element("wbr"), part]);
const longest = 18;

function accountName(account) {
  const cut = account.lastIndexOf(":") + 1;
  const isLong = account.split(/[:/_\s-]/).some(word => word.length > longest);
  return element("span", isLong ? "name long" : "name", element("span", "parent", ...breakable(account.slice(0, cut))), element("wbr"),
    ...breakable(account.slice(cut)));
}

function showStats(stats) {
  const number = value => value.toLocaleString("en-US").replaceAll(",", "\u202f");
  $("accounts").value = number(stats.accounts);
  $("movements").value = number(stats.movements);
  $("lag").value = stats.lag === 0 ? "up to date" : `${number(stats.lag)} behind`;
  $("rate").value = number(stats.perSecond.at(-1));
  $("total").textContent = `${number(stats.commands)} since the start`;
  const top = Math.max(1, ...stats.perSecond);
  const points = stats.perSecond.map((count, i) => `${(i * 300 / (stats.perSecond.length - 1)).toFixed(1)},${(54 - 50 * count / top).toFixed(1)}`);
  $("spark").innerHTML = `<path class="area" d="M0,56L${points.join("L")}L300,56Z"/><path class="edge" d="M${points.join("L")}"/>`;
}

function showBalances(rows) {
  const before = shown.balances;
  const filter = $("filter").value.trim().toLowerCase();
  shown.balances = new Map(rows.map(row => [`${row.account}\t${row.currency}`, row.amount]));
  const lines = rows.filter(row => row.account.toLowerCase().includes(filter)).map(row => {
    const line = element("tr", "",
      element("td", "", accountName(row.account)),
      element("td", `amount${isNegative(row.amount) ? " negative" : ""}${row.amount.length > longest ? " long" : ""}`, grouped(row.amount)),
      element("td", "currency", row.currency));
    line.dataset.key = `${row.account}/${row.currency}`;
    if (before.size > 0 && before.get(`${row.account}\t${row.currency}`) !== row.amount) line.classList.add("flash");
    return line;
  });
  $("balances").tBodies[0].replaceChildren(...lines);
  if (lines.length === 0)
    $("balances").tBodies[0].append(element("tr", "", element("td", "nothing", filter ? "No account matches this name." : "No accounts yet.")));
  options("names", rows.map(row => row.account));
  options("currencies", rows.map(row => row.currency));
}

function options(id, values) {
  const list = [...new Set(values)];
  if ($(id).childElementCount === list.length) return;
  $(id).replaceChildren(...list.map(value => { const option = element("option"); option.value = value; return option; }));
}

function showEntries(page) {
  const first = shown.entries.size === 0;
  const items = page.entries.map(entry => {
    const title = entry.description || entry.kind[0].toUpperCase() + entry.kind.slice(1);
    const postings = entry.legs.map(posting => element("div", "posting", accountName(posting.account),
      element("span", isNegative(posting.amount) ? "figure negative" : "figure", `${grouped(posting.amount)} ${posting.currency}`)));
    const item = element("li", "", element("div", "title", element("b", "", title), element("time", "", entry.date)), ...postings);
    if (!first && !shown.entries.has(entry.id)) item.classList.add("flash");
    return item;
  });
  shown.entries = new Set(page.entries.map(entry => entry.id));
  $("entries").replaceChildren(...items);
  if (items.length === 0) $("entries").append(element("li", "nothing", "No entries yet."));
}

async function refresh() {
  try {
    const stats = await get("/stats");
    showStats(stats);
    const version = `${stats.accounts}/${stats.movements}/${stats.lag}`;
    if (version !== shown.version) {
      const [balances, entries] = await Promise.all([get("/balances"), get("/entries?limit=40")]);
      showBalances(balances);
      showEntries(entries);
      shown.version = version;
    }
    document.body.classList.remove("stale");
    $("live").className = "live on";
    $("live").textContent = "live";
  } catch {
    showNoAnswer();
  }
}

// The last figures stay on the page, marked as old; nothing may be shown as up to date.
function showNoAnswer() {
  document.body.classList.add("stale");
  $("live").className = "live off";
  $("live").textContent = "no answer";
  $("lag").value = "unknown";
  $("rate").value = "\u2013";
}

async function poll() {
  await refresh();
  setTimeout(poll, 1000);
}

function answer(text, bad) {
  $("answer").textContent = text;
  $("answer").className = bad ? "bad" : "";
}

// The key is kept until the outcome of the command is known: a retry then has no second effect.
async function send(form) {
  const body = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
  if (body.currencies) body.currencies = body.currencies.split(",").map(code => code.trim()).filter(code => code);
  const text = JSON.stringify(body);
  if (form.dataset.sent !== text) Object.assign(form.dataset, { sent: text, key: uuid() });
  const response = await fetch(form.dataset.url, {
    method: "POST", body: text,
    headers: { "Content-Type": "application/json", "Idempotency-Key": form.dataset.key },
  });
  const result = await response.json();
  if (response.status === 202)
    return answer(`The outcome is not known yet: ${result.detail} Send it again; it will not take effect twice.`, true);
  delete form.dataset.sent;
  answer(response.ok ? "Done." : result.detail || result.title, !response.ok);
}

document.addEventListener("submit", async event => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    await send(event.target);
  } catch {
    answer("The bank did not answer. Send it again; it will not take effect twice.", true);
  }
  button.disabled = false;
  await refresh();
});

$("tabs").addEventListener("click", event => {
  const chosen = event.target.dataset.form;
  if (!chosen) return;
  for (const tab of $("tabs").children) {
    tab.setAttribute("aria-selected", tab.dataset.form === chosen);
    $(tab.dataset.form).hidden = tab.dataset.form !== chosen;
  }
  answer("", false);
});

$("filter").addEventListener("input", () => { shown.version = ""; refresh(); });

poll();
