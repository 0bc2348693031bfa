"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const form = byId("filter"), query = byId("q"), clear = byId("clear");
  const items = all("[data-r]").map((element) => [element, `${element.textContent} ${element.dataset.w || ""}`.toLowerCase()]);
  const rows = items.filter(([element]) => element.matches(".members tr"));

  // --- theme
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const label = () => {
    byId("theme").textContent = (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark" ? "Light" : "Dark";
  };
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = byId("theme").textContent.toLowerCase();
    label();
  });
  dark.addEventListener("change", label);

  // --- filter: every word has to stand in a row; the state has to be its own
  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = byId("state").value, active = Boolean(words.length || state);
    for (const [element, text] of items) {
      element.hidden = !words.every((word) => text.includes(word)) || Boolean(state && element.dataset.k && element.dataset.k !== state);
    }
    for (const group of all(".group")) group.hidden = !group.querySelector("[data-r]:not([hidden])");
    for (const section of all("#services .picture, #latest")) section.hidden = active;
    if (active) for (const each of all("#services details")) each.open = true;
    clear.hidden = !active;
    const shown = rows.filter(([element]) => !element.hidden).length;
    byId("count").textContent = active ? `${shown} of ${rows.length} repositories` : `${rows.length} repositories`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  for (const link of all("[data-state]")) {
    link.addEventListener("click", () => { byId("state").value = link.dataset.state; filter(); });
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select");
    if (event.key === "Escape") { if (typing) event.target.blur(); form.reset(); filter(); }
    if (event.key === "/" && !typing) { event.preventDefault(); query.focus(); }
  });

  // --- the lines of one name of the map
  const lines = all(".picture path");
  for (const box of all(".picture .box")) {
    box.addEventListener("mouseenter", () => {
      for (const line of lines) {
        const own = [line.dataset.a, line.dataset.b].includes(box.dataset.i);
        line.classList.toggle("on", own);
        line.classList.toggle("off", !own);
      }
    });
    box.addEventListener("mouseleave", () => lines.forEach((line) => line.classList.remove("on", "off")));
  }
  root.classList.add("js");
  label();
  filter();
})();
