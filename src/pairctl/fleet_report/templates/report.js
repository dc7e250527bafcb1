"use strict";
// Draws the table, its filters and the sheet of one cluster from the data in the page. What is
// shown stands in the fragment of the address, so that a link shows it again. Texts are put in as
// texts, never as markup: the page's policy refuses anything else.
(() => {
  const ROWS_AT_ONCE = 100;
  const DEBOUNCE_MS = 150;
  const byId = (id) => document.getElementById(id);

  // ── data ──────────────────────────────────────────────────────────────────────────────────────

  function unpacked({ shapes, values }) {
    const made = [];
    for (const value of values) { // parts stand before wholes
      if (!Array.isArray(value)) { made.push(value); continue; }
      const [kind, ...places] = value;
      const parts = places.map((place) => made[place]);
      made.push(kind < 0 ? parts : Object.fromEntries(shapes[kind].map((key, i) => [key, parts[i]])));
    }
    return made.at(-1);
  }

  const clusters = unpacked(JSON.parse(byId("data").textContent));
  const byName = new Map(clusters.map((one) => [one.name, one]));
  const phases = [...document.querySelectorAll("[data-phase]")].map((one) => one.dataset.phase);
  const texts = new Map();

  function textOf(one) {
    if (!texts.has(one)) {
      const facts = one.facts.map(([, text]) => text);
      const said = [one.name, one.phase, one.reason, one.message, one.waitsFor, one.action];
      texts.set(one, [...said, one.palette, ...one.labels, ...facts].join("\n").toLowerCase());
    }
    return texts.get(one);
  }

  // ── what is shown: the fragment ───────────────────────────────────────────────────────────────

  const KEYS = ["q", "phase", "reason", "palette", "label", "cause", "campaign", "wave"];
  const OTHERS = ["sort", "order", "cluster"];
  let state = {};

  const isState = (fragment) => fragment === "" || fragment.includes("=");

  function stateOf(fragment) {
    const given = new URLSearchParams(fragment);
    const read = {};
    for (const key of [...KEYS, ...OTHERS]) if (given.get(key)) read[key] = given.get(key);
    return read;
  }

  function fragmentOf(wanted) {
    const given = new URLSearchParams();
    for (const key of [...KEYS, ...OTHERS]) if (wanted[key]) given.set(key, wanted[key]);
    return `#${given}`;
  }

  function go(changes, { replaces = false } = {}) {
    const wanted = fragmentOf({ ...state, ...changes });
    history[replaces ? "replaceState" : "pushState"](null, "", wanted === "#" ? "#q=" : wanted);
    show();
  }

  function isShown(one, wanted) {
    return (!state.phase || one.phase === state.phase)
      && (!state.reason || one.reason === state.reason)
      && (!state.palette || one.palette === state.palette)
      && (!state.label || one.labels.includes(state.label))
      && (!state.cause || one.problem === state.cause)
      && (!state.campaign || one.campaign === state.campaign)
      && (!state.wave || one.wave === state.wave)
      && wanted.every((word) => textOf(one).includes(word));
  }

  const counting = new Intl.Collator("en", { numeric: true });
  const SORTS = {
    name: { title: "Cluster", of: (one) => one.name },
    phase: { title: "Phase", of: (one) => String(phases.indexOf(one.phase)) },
    reason: { title: "Reason", of: (one) => one.reason },
    message: { title: "What it waits for, what a person does", of: (one) => cause(one) },
    palette: { title: "Palette", of: (one) => one.palette },
    labels: { title: "Labels", of: (one) => one.labels.join() },
  };

  const cause = (one) => one.message || one.waitsFor;

  function sorted(found) {
    const { of } = SORTS[state.sort] ?? SORTS.name;
    const sign = state.order === "descending" ? -1 : 1;
    return found.map((one) => [of(one), one])
      .sort(([a, one], [b, other]) => sign * counting.compare(a, b) || counting.compare(one.name, other.name))
      .map(([, one]) => one);
  }

  // ── elements ──────────────────────────────────────────────────────────────────────────────────

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter((one) => one !== null && one !== undefined && one !== ""));
    return made;
  }

  // A long word of several may break between them, and nowhere else.
  const words = (text) => text.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).flatMap((word, i) => (i ? [element("wbr"), word] : [word]));

  const phase = (one) => element("span", { class: `phase ${one.phase}` }, one.phase);

  function cell(title, ...children) {
    return element("td", { "data-title": title }, ...children);
  }

  // ── the table ─────────────────────────────────────────────────────────────────────────────────

  const body = byId("table").tBodies[0];
  const more = byId("more");
  let found = [];
  let drawnFor = null;

  const short = (text) => (text.length <= 24 ? "short" : ""); // stays on one line

  function row(one) {
    const href = fragmentOf({ ...state, cluster: one.name });
    const link = element("a", { href, class: short(one.name) }, one.name);
    const todo = one.action ? element("span", { class: "todo" }, `do: ${one.action}`) : null;
    const labels = one.labels.map((label) => element("span", {}, label));
    return element("tr", {},
      element("th", { scope: "row" }, link),
      cell("Phase", phase(one)),
      element("td", { class: "reason", "data-title": "Reason" }, ...(one.reason === one.phase ? [] : words(one.reason))),
      element("td", { class: "cause" }, cause(one), todo),
      element("td", { class: `palette ${short(one.palette)}`, "data-title": "Palette" }, one.palette),
      element("td", { class: "labels" }, ...labels));
  }

  function draw(upTo) {
    const fragment = document.createDocumentFragment();
    for (const one of found.slice(body.rows.length, upTo)) fragment.append(row(one));
    body.append(fragment);
    const left = found.length - body.rows.length;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(left, ROWS_AT_ONCE)} more of ${left.toLocaleString("en")}`;
  }

  const drawMore = () => draw(body.rows.length + ROWS_AT_ONCE);
  const drawAll = () => draw(found.length);

  function list() {
    const { cluster, ...rest } = state;
    const wanted = fragmentOf(rest);
    if (wanted === drawnFor) return; // opening and closing a cluster leaves the rows alone
    drawnFor = wanted;
    const wantedWords = (state.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    found = sorted(clusters.filter((one) => isShown(one, wantedWords)));
    body.replaceChildren();
    draw(ROWS_AT_ONCE);
    tell();
  }

  function tell() {
    const filters = KEYS.filter((key) => state[key]).map((key) => `${WORDS[key] ?? key} ${key === "cause" ? causeWords() : state[key]}`);
    const all = clusters.length.toLocaleString("en");
    const count = filters.length ? `${found.length.toLocaleString("en")} of ${all}: ${filters.join("; ")}` : `all ${all}`;
    byId("shown").textContent = count;
    byId("all").hidden = filters.length === 0;
  }

  const WORDS = { q: "with", campaign: "rollout" };

  function causeWords() {
    const one = found[0];
    return one ? `${one.reason} (${cause(one)})` : state.cause;
  }

  // ── filters ───────────────────────────────────────────────────────────────────────────────────

  function choices(key, values, all) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const names = [...counts.keys()].filter(Boolean).sort(counting.compare);
    const options = names.map((name) => element("option", { value: name }, `${name} (${counts.get(name)})`));
    byId(key).append(element("option", { value: "" }, all), ...options);
    byId(key).addEventListener("change", (event) => go({ [key]: event.target.value }));
  }

  function prepare() {
    choices("phase", clusters.map((one) => one.phase), "all phases");
    choices("reason", clusters.map((one) => one.reason), "all reasons");
    choices("palette", clusters.map((one) => one.palette), "all Palettes");
    choices("label", clusters.flatMap((one) => one.labels), "all labels");
    const sort = byId("sort");
    for (const [key, { title }] of Object.entries(SORTS)) {
      sort.append(element("option", { value: key }, title));
      const button = element("button", { type: "button" }, title);
      button.addEventListener("click", () => {
        const isSame = (state.sort ?? "name") === key;
        go({ sort: key, order: isSame && state.order !== "descending" ? "descending" : "" });
      });
      byId("table").tHead.rows[0].append(element("th", { scope: "col", "data-sort": key }, button));
    }
    sort.addEventListener("change", () => go({ sort: sort.value, order: "" }));
    let timer;
    byId("q").addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => go({ q: byId("q").value.trim() }, { replaces: true }), DEBOUNCE_MS);
    });
    document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
    document.querySelector(".filters").hidden = false;
    byId("table").hidden = false;
  }

  function mark() {
    for (const key of ["phase", "reason", "palette", "label"]) byId(key).value = state[key] ?? "";
    if (document.activeElement !== byId("q")) byId("q").value = state.q ?? "";
    byId("sort").value = state.sort ?? "name";
    for (const one of document.querySelectorAll("[data-sort]")) {
      const isSorted = one.dataset.sort === (state.sort ?? "name");
      one.setAttribute("aria-sort", isSorted ? state.order || "ascending" : "none");
    }
    for (const one of document.querySelectorAll("[data-phase]")) {
      const isCurrent = one.dataset.phase === state.phase;
      one.toggleAttribute("aria-current", isCurrent);
      if (isCurrent) one.setAttribute("aria-current", "true");
      one.href = fragmentOf({ ...state, cluster: "", phase: isCurrent ? "" : one.dataset.phase });
      if (one.getAttribute("href") === "#") one.href = "#q=";
    }
  }

  // ── one cluster ───────────────────────────────────────────────────────────────────────────────

  const dialog = byId("cluster");

  function section(title, ...children) {
    return [element("h3", {}, title), ...children];
  }

  function pairs(fields) {
    return element("dl", { class: "facts" }, ...fields.map(([title, text]) =>
      element("div", {}, element("dt", {}, title), element("dd", {}, text))));
  }

  function table(name, titles, rows) {
    const head = element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)));
    return element("table", { class: name }, element("thead", {}, head), element("tbody", {}, ...rows));
  }

  function callout(title, text, kind = "") {
    return text ? element("p", { class: `callout ${kind}` }, element("b", {}, title), text) : null;
  }

  function stacks({ match, message, action }) {
    if (!match) return [];
    if (match.unexplained) return section("Layers", element("p", {}, match.unexplained));
    const titles = ["Layer", "Cluster", "Profiles", "From", "Verdict"]; // as in the vendor's table
    const rows = match.rows.map((one) => element("tr", { class: one.verdict === "same" ? "" : "differs" },
      cell("Layer", one.layer), cell("Cluster", one.cluster || "—"), cell("Profiles", one.selection || "—"),
      cell("From", one.profile), cell("Verdict", one.note ? `${one.verdict}: ${one.note}` : one.verdict)));
    const chosen = match.profiles.join(" + ") || "no profiles";
    const beside = match.nearestBeside.length ? ` Nearest, and beside the cluster: ${match.nearestBeside.join(" + ")}.` : "";
    const exact = "The selection matches every layer, and brings nothing else.";
    const says = match.isExact ? exact : match.message === message ? "" : match.message;
    const nearest = match.nearest.map((one) => element("li", {},
      `${one.profiles}: ${one.distance}`, element("span", { class: "todo" }, `do: ${one.action}`)));
    return [
      ...section("Layers of the cluster, and of its profiles", element("p", {}, `Profiles: ${chosen}.${beside} ${says}`)),
      callout("For a match", match.action === action ? "" : match.action, "do"),
      table("stack", titles, rows),
      ...(nearest.length ? section("What would match, nearest first", element("ol", { class: "nearest" }, ...nearest)) : []),
    ];
  }

  function values(found) {
    if (!found) return [];
    const rows = found.changes.map((one) => element("tr", {}, cell("Layer", one.layer),
      cell("Field", one.path), cell("Cluster", one.local), cell("Profiles", one.brought)));
    const title = `${found.count} value${found.count === 1 ? "" : "s"} that the pairing would change`;
    return section(title, table("values", ["Layer", "Field", "Cluster", "Profiles"], rows));
  }

  function conditions(list) {
    if (!list.length) return [];
    const rows = list.map((one) => element("tr", {}, element("th", { scope: "row" }, one.type),
      cell("Status", element("span", { class: one.status }, one.status)), cell("Reason", ...words(one.reason)),
      cell("Message", one.message), cell("Since", one.since)));
    return section("Conditions", table("conditions", ["Condition", "Status", "Reason", "Message", "Since"], rows));
  }

  function meaning(one) {
    if (!one.means) return null;
    return element("p", { class: "meaning" }, `${one.reason}: ${one.means.when}. Until ${one.means.until}.`);
  }

  function detail(one) {
    const claims = one.claims.map((claim) => [claim.action, `${claim.id}, held by ${claim.holder} since ${claim.madeAt}`]);
    const labels = one.labels.map((label) => element("span", {}, label));
    return [
      element("p", {}, phase(one), " ", element("b", {}, one.reason === one.phase ? "" : one.reason)),
      one.message ? element("p", {}, one.message) : null,
      one.note ? element("p", { class: "warning" }, one.note) : null,
      callout("Waits for", one.waitsFor),
      callout("What a person does", one.action || (one.isOpen ? one.means?.action ?? "" : ""), "do"),
      meaning(one),
      labels.length ? element("p", { class: "labels" }, ...labels) : null,
      ...stacks(one),
      ...values(one.configuration),
      ...conditions(one.conditions),
      ...section("On record", pairs(one.facts)),
      ...(claims.length ? section("Open claims", pairs(claims)) : []),
      ...one.evidence.flatMap((each) => section(`Evidence: ${each.title}`, pairs(each.fields))),
    ].filter((each) => each !== null);
  }

  function open() {
    if (!state.cluster) {
      if (dialog.open) dialog.close();
      return;
    }
    const one = byName.get(state.cluster);
    byId("name").textContent = state.cluster;
    byId("detail").replaceChildren(...(one ? detail(one) : [element("p", {}, "This page has no cluster of that name.")]));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    byId("name").focus({ preventScroll: true });
  }

  // ── the page ──────────────────────────────────────────────────────────────────────────────────

  function show({ jumps = false } = {}) {
    const fragment = location.hash.slice(1);
    if (!isState(fragment)) return;
    const before = state.cause || state.wave;
    state = stateOf(fragment);
    list();
    mark();
    open();
    const target = state.cause || state.wave;
    if (jumps && target && target !== before && !state.cluster) byId("clusters").focus();
  }

  prepare();
  show({ jumps: true });

  addEventListener("hashchange", () => show({ jumps: true }));
  let closed = []; // causes that are shown for the print alone

  // An open dialog lies above the page, and is no part of what is printed: it is copied into it.
  function preparePrint() {
    closed = [...closed, ...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
    document.body.classList.toggle("of-one", dialog.open);
    const sheet = dialog.open ? [byId("name"), ...byId("detail").children] : [];
    byId("sheet").replaceChildren(...sheet.map((one) => one.cloneNode(true)));
    if (!dialog.open) drawAll();
  }

  addEventListener("beforeprint", preparePrint);
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    closed = [];
    byId("sheet").replaceChildren();
  });
  matchMedia("print").addEventListener("change", (event) => event.matches && preparePrint());
  more.addEventListener("click", drawMore);
  new IntersectionObserver((entries) => {
    if (entries.some((one) => one.isIntersecting)) drawMore();
  }, { rootMargin: "200px" }).observe(more);

  dialog.addEventListener("close", () => {
    // The address may name another cluster by now: what comes of that is not undone.
    const isSame = stateOf(location.hash.slice(1)).cluster === byId("name").textContent;
    if (state.cluster && isSame) go({ cluster: "" });
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest("input, select, textarea");
    if (event.key === "/" && !isTyping && !dialog.open && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      byId("q").focus();
      byId("q").select();
    } else if (event.key === "Escape" && event.target === byId("q")) {
      byId("q").value = "";
      go({ q: "" }, { replaces: true });
      byId("q").blur();
    }
  });
})();
