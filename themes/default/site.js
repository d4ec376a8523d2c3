/* assay: what a reader with JavaScript gets on top. Without it every page is complete. */
"use strict";
(() => {
  const all = (q, at = document) => [...at.querySelectorAll(q)];
  all("[data-js]").forEach(e => { e.hidden = false; });

  // Theme: the choice is kept; no choice follows the system.
  const root = document.documentElement, toggle = document.querySelector("[data-theme-toggle]");
  if (toggle) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const dark = (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
      const next = dark ? "light" : "dark", follows = (next === "dark") === system.matches;
      root.dataset.theme = follows ? "" : next;
      try { follows ? localStorage.removeItem("assay-theme") : localStorage.setItem("assay-theme", next); } catch (e) { /* private */ }
    });
  }

  // Tables: a click sorts, a second one turns the order; numbers by data-v, missing values stay last.
  const value = cell => cell.dataset.v ?? cell.textContent.trim();
  for (const table of all("table[data-sortable]")) {
    const heads = all("thead th", table), body = table.tBodies[0];
    heads.forEach((th, column) => {
      if (!th.firstChild || th.querySelector("svg")) return;
      const b = document.createElement("button");
      b.type = "button"; b.className = "sort";
      b.append(th.firstChild);
      th.prepend(b);
      b.addEventListener("click", () => {
        const down = th.getAttribute("aria-sort") === "descending" ? 1 : -1;
        heads.forEach(h => h.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", down < 0 ? "descending" : "ascending");
        const key = new Map([...body.rows].map(r => [r, value(r.cells[column])]));
        const number = [...key.values()].every(v => v === "" || !isNaN(v));
        body.append(...[...body.rows].sort((x, y) => {
          const a = key.get(x), c = key.get(y);
          if (a === "" || c === "") return (a === "") - (c === "");
          return down * (number ? a - c : a.localeCompare(c, undefined, { numeric: true }));
        }));
      });
    });
  }
  for (const box of all("[data-filter]")) {
    const rows = [...document.getElementById(box.dataset.filter).tBodies[0].rows];
    const count = document.querySelector(`[data-count="${box.dataset.filter}"]`);
    const text = rows.map(r => r.textContent.toLowerCase());
    const show = () => {
      const words = box.value.toLowerCase().split(/\s+/);
      let n = 0;
      rows.forEach((r, i) => { n += !(r.hidden = !words.every(w => text[i].includes(w))); });
      if (count) count.textContent = `${n} of ${rows.length}`;
    };
    box.addEventListener("input", show);
    show();
  }

  // Commands: a button copies the text beside it.
  for (const b of all("[data-copy]"))
    b.addEventListener("click", async () => {
      const from = document.getElementById(b.dataset.copy), range = document.createRange();
      try {
        await navigator.clipboard.writeText(from.textContent);
        b.textContent = "Copied";
      } catch (e) { // no clipboard from file:// in some browsers: select it instead
        range.selectNodeContents(from);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        b.textContent = "Selected";
      }
      setTimeout(() => { b.textContent = "Copy"; }, 1500);
    });

  // Charts: a readout of the nearest value. data-plot: box in px, x and y range, one name and points per series.
  for (const figure of all("figure[data-plot]")) {
    const p = JSON.parse(figure.dataset.plot), svg = figure.querySelector("svg.plot");
    if (!p.series.length) continue;
    const out = document.createElement("output"), line = document.createElementNS(svg.namespaceURI, "path");
    const [left, top, right, bottom] = p.box;
    out.className = "readout num"; line.setAttribute("class", "cross");
    svg.append(line); figure.querySelector(".unit").append(out);
    const clear = () => { out.textContent = ""; line.removeAttribute("d"); };
    svg.addEventListener("pointermove", e => {
      const r = svg.getBoundingClientRect(), px = (e.clientX - r.left) * svg.viewBox.baseVal.width / r.width;
      if (px < left || px > right) return clear();
      const x = p.x[0] + (px - left) / (right - left) * (p.x[1] - p.x[0]);
      const near = p.series.map(s => s.at.reduce((a, b) => Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a));
      const at = left + (near[0][0] - p.x[0]) / (p.x[1] - p.x[0]) * (right - left);
      line.setAttribute("d", `M${at} ${top}V${bottom}`);
      out.textContent = `${p.xname} ${+near[0][0].toFixed(2)}: ` + near.map((n, i) => `${p.series[i].name} ${n[1].toFixed(3)}`).join(", ");
    });
    svg.addEventListener("pointerleave", clear);
  }
})();
