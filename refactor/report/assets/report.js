"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const findings = all(".f");
  const pathOf = (f) => f.closest("[data-p]").dataset.p;
  const texts = new Map();
  const text = (f) => {
    if (!texts.has(f)) texts.set(f, `${f.textContent} ${pathOf(f)}`.toLowerCase());
    return texts.get(f);
  };
  for (const f of findings) {
    const anchor = document.createElement("a");
    Object.assign(anchor, { className: "anchor", href: `#${f.id}`, textContent: "¶ ", ariaLabel: "Link to this finding" });
    f.firstElementChild.prepend(anchor);
    f.tabIndex = -1;
  }
  const form = byId("filter"), query = byId("q"), clear = byId("clear");

  // --- what is kept between visits; a page of a file may not be allowed to
  const keep = (name, value) => { try { localStorage.setItem(`refactor-${name}`, value); } catch { /* private */ } };
  const kept = (name) => { try { return localStorage.getItem(`refactor-${name}`); } catch { return null; } };

  // --- theme
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const themeNow = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const labelTheme = () => { byId("theme").textContent = themeNow() === "dark" ? "Light" : "Dark"; };
  const setTheme = (name) => { root.dataset.theme = name; keep("theme", name); labelTheme(); };
  if (["dark", "light"].includes(kept("theme"))) root.dataset.theme = kept("theme");
  dark.addEventListener("change", labelTheme);
  const switchTheme = () => setTheme(themeNow() === "dark" ? "light" : "dark");

  // --- inline or side by side
  const both = () => {
    for (const line of all(".r:not(.c):not(.a) > .n:only-child")) {
      const old = line.cloneNode(true);
      old.className = "o";
      old.dataset.n = line.parentElement.dataset.o || line.dataset.n;
      line.before(old);
    }
  };
  const setView = (name) => {
    root.dataset.view = name;
    if (name === "split") both();
    byId("view").setAttribute("aria-pressed", String(name === "split"));
  };
  setView(kept("view") || (window.innerWidth >= 1100 ? "split" : "inline"));
  const switchView = () => {
    setView(root.dataset.view === "split" ? "inline" : "split");
    keep("view", root.dataset.view);
  };

  // --- filter
  const matches = (f, want) =>
    (!want.service || f.dataset.s === want.service) && (!want.file || pathOf(f) === want.file) &&
    (!want.state || f.dataset.k === want.state) && want.words.every((word) => text(f).includes(word));
  const filter = () => {
    const want = {
      service: byId("service").value, file: byId("file").value, state: byId("state").value,
      words: query.value.toLowerCase().split(/\s+/).filter(Boolean),
    };
    const active = Boolean(want.service || want.file || want.state || want.words.length);
    const shown = new Set();
    for (const f of findings) {
      f.hidden = !matches(f, want);
      if (!f.hidden) shown.add(f.id.slice(2));
    }
    const about = (element) => !active || element.dataset.f.split(" ").some((mark) => shown.has(mark));
    for (const each of all("[data-f]")) each.hidden = !about(each);
    for (const file of all("details.file:not([data-f])")) {
      file.hidden = !file.querySelector(".hunk:not([hidden])");
      if (active && !file.hidden && shown.size <= 50) file.open = true;
    }
    for (const group of all(".reason-group")) {
      group.hidden = !group.querySelector(".f:not([hidden])");
      if (active && !group.hidden && shown.size <= 50) group.open = true;
    }
    for (const section of all("section.filtered, #changes, #services")) {
      const any = section.querySelector(".f:not([hidden]), [data-f]:not([hidden])");
      section.classList.toggle("empty", active && !any);
    }
    for (const id of ["calls", "objects", "proof"]) if (byId(id)) byId(id).classList.toggle("empty", active);
    clear.hidden = !active;
    byId("count").textContent = active
      ? `${shown.size} of ${findings.length} findings` : `${findings.length} findings`;
  };

  // --- going from finding to finding
  const open = (element) => {
    for (let up = element.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  };
  const go = (f) => { open(f); f.focus({ preventScroll: true }); f.scrollIntoView({ block: "center" }); };
  const step = (by) => {
    const visible = findings.filter((f) => !f.hidden && !f.closest("[hidden], .empty"));
    if (!visible.length) return;
    const here = document.activeElement && document.activeElement.closest(".f");
    const at = visible.indexOf(here);
    go(visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : Math.min(Math.max(at + by, 0), visible.length - 1)]);
  };
  const follow = () => {
    const f = byId(decodeURIComponent(location.hash.slice(1)));
    if (!f) return;
    if (f.closest("[hidden], .empty")) { form.reset(); filter(); }
    open(f);
    if (f.classList.contains("f")) go(f);
  };

  // --- the line of the diff that a finding is about
  document.addEventListener("focusin", (event) => {
    for (const row of all(".r.here")) row.classList.remove("here");
    const f = event.target.closest(".f[data-l]"), hunk = f && f.closest(".hunk");
    if (!hunk) return;
    for (const old of all(".r.c > .o", hunk)) old.parentElement.classList.toggle("here", old.dataset.n === f.dataset.l);
  });

  // --- the lines of one name of the picture, and of what they lead on to
  const lines = all("svg path");
  const light = (box) => {
    const own = new Set(lines.filter((line) => [line.dataset.a, line.dataset.b].includes(box.dataset.i)));
    for (const line of lines) {
      line.classList.toggle("on", own.has(line));
      line.classList.toggle("off", !own.has(line));
    }
  };
  for (const box of all("svg .box")) {
    box.addEventListener("mouseenter", () => light(box));
    box.addEventListener("mouseleave", () => lines.forEach((line) => line.classList.remove("on", "off")));
  }

  // --- keys
  const keys = {
    j: () => step(1), k: () => step(-1), t: switchTheme, v: switchView,
    "/": () => { query.focus(); query.select(); },
    "?": () => byId("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape" && !byId("keys").open) {
      // What browsers do besides is to empty the field, which would go on filtering.
      if (typing) { event.preventDefault(); event.target.blur(); } else { form.reset(); filter(); }
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  byId("theme").addEventListener("click", switchTheme);
  byId("view").addEventListener("click", switchView);
  byId("help").addEventListener("click", () => byId("keys").showModal());
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", () => all("details").forEach((each) => { each.open = true; }));
  if (navigator.clipboard) {
    all(".copy").forEach((each) => {
      each.hidden = false;
      each.addEventListener("click", async () => {
        await navigator.clipboard.writeText(each.previousElementSibling.textContent);
        each.textContent = "Copied";
      });
    });
  }
  root.classList.add("js");
  labelTheme();
  filter();
  if (location.hash) follow();
})();
