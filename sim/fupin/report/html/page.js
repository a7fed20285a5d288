// Draws every chart of the page; what it needs stands in the page itself.
(async function () {
  "use strict";
  const NARROW = 520; // pixels: below it names stand above their marks
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const shared = read("shared-data");
  const given = read("chart-options");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const views = new Map();

  // A chart's colours by name, light to dark; the page's own colours change by its style sheet.
  function coloured(text) {
    if (!dark.matches) return text;
    return text.replace(/"#[0-9a-f]{6}"|"white"|"black"/gi,
      (one) => JSON.stringify(given.night[JSON.parse(one).toLowerCase()] || JSON.parse(one)));
  }

  // On a telephone the name of a row stands above its mark, so that marks keep the whole width.
  function stacked(spec, width) {
    const named = (y) => y && y.type === "nominal" && y.axis !== null;
    const units = spec.layer || [spec];
    const outer = spec.encoding || {};
    if (!units.some((u) => named((u.encoding || {}).y)) && !named(outer.y)) return spec;
    const place = (y) => {
      const axis = Object.assign({}, y.axis, {
        labelAlign: "left", labelBaseline: "bottom", labelOffset: -6, labelPadding: 1,
        labelLimit: width - 8, ticks: false, domain: false, grid: false,
      });
      return Object.assign({}, y, { axis });
    };
    if (named(outer.y)) outer.y = place(outer.y);
    for (const unit of units) {
      const encoding = unit.encoding || {};
      if (named(encoding.y)) encoding.y = place(encoding.y);
      else if (!named(outer.y)) continue;
      if (typeof unit.mark === "string") unit.mark = { type: unit.mark };
      unit.mark.yOffset = 9;
      if (unit.mark.type === "bar") { delete unit.mark.size; unit.mark.height = 16; }
    }
    const rows = new Set(((spec.data || {}).values || []).map((r) => r.name));
    if (rows.size) spec.height = 46 * rows.size;
    return spec;
  }

  // Names in a key are cut where they would leave the chart.
  function fitting(part, width) {
    if (part === null || typeof part !== "object") return;
    if (part.legend && part.legend.labelLimit)
      part.legend.labelLimit = Math.min(part.legend.labelLimit, Math.max(width - 180, 80));
    for (const key of Object.keys(part)) if (key !== "data" && key !== "datasets") fitting(part[key], width);
  }

  async function draw(place) {
    const spec = JSON.parse(coloured(JSON.stringify(read("spec-" + place.id))));
    const width = place.clientWidth;
    const narrow = width < NARROW;
    spec.datasets = Object.assign({}, spec.datasets, shared);
    fitting(spec, width);
    spec.description = place.getAttribute("aria-label");
    const options = Object.assign({}, given, {
      renderer: "svg", actions: false, mode: "vega-lite",
      config: JSON.parse(coloured(JSON.stringify(given.config))),
    });
    try {
      if (views.has(place.id)) views.get(place.id).finalize();
      const controls = document.getElementById("controls-" + place.id);
      const chosen = [...controls.querySelectorAll("select")].map((s) => s.selectedIndex);
      controls.textContent = "";
      const found = await vegaEmbed(place, narrow ? stacked(spec, width) : spec, options);
      views.set(place.id, found);
      [...controls.querySelectorAll("select")].forEach((select, i) => {
        if (!(chosen[i] > 0)) return;
        select.selectedIndex = chosen[i];
        for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind));
      });
      // Vega gives the place a role and a name of its own; a reader of the screen shall hear ours.
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", spec.description);
      place.removeAttribute("aria-roledescription");
      const svg = place.querySelector("svg");
      if (svg) svg.setAttribute("aria-hidden", "true");
      place.dataset.drawn = "yes";
      place.dataset.narrow = narrow ? "yes" : "no";
    } catch (error) {
      place.dataset.drawn = "no";
      place.textContent = place.dataset.failed;
      console.error(place.id, error);
    }
  }

  // -- downloads ---------------------------------------------------------------------------------

  const cell = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };

  function rowsOf(place) {
    const spec = read("spec-" + place.id);
    const values = (spec.data || {}).values;
    if (values && values.length) {
      const hidden = new Set(["told", "order", "month"]);
      const names = [...new Set(values.flatMap((row) => Object.keys(row)))]
        .filter((name) => !hidden.has(name));
      return [names, ...values.map((row) => names.map((name) => row[name]))];
    }
    const table = place.closest("figure").querySelector("table")
      || place.closest("section").querySelector("table");
    return [...table.querySelectorAll("tr")].map(
      (tr) => [...tr.children].map((td) => td.innerText || td.textContent));
  }

  async function save(place, kind) {
    const link = document.createElement("a");
    link.download = `${place.id}.${kind}`;
    if (kind === "csv") {
      const text = "\ufeff" + rowsOf(place).map((row) => row.map(cell).join(",")).join("\r\n");
      link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(text);
    } else {
      link.href = await views.get(place.id).view.toImageURL(kind, kind === "png" ? 2 : 1);
    }
    link.click();
  }

  const places = [...document.querySelectorAll(".drawing")];
  for (const place of places) {
    await draw(place);
    const tools = document.getElementById("tools-" + place.id);
    if (!tools || place.dataset.drawn !== "yes") continue;
    tools.hidden = false;
    for (const button of tools.querySelectorAll("button"))
      button.addEventListener("click", () => save(place, button.dataset.kind));
  }
  let waiting = 0;
  const again = () => places.forEach((place) => draw(place));
  dark.addEventListener("change", again);
  const wide = () => places.map((place) => place.clientWidth).join();
  let before = wide();
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (wide() !== before) { before = wide(); again(); } }, 250);
  });
  document.documentElement.dataset.ready = "yes";
})();
