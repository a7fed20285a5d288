// Draws every chart of the page; what it needs stands in the page itself.
(async function () {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const shared = read("shared-data");
  const options = Object.assign(read("chart-options"), {
    renderer: "svg", actions: false, mode: "vega-lite",
  });
  for (const place of document.querySelectorAll(".drawing")) {
    const spec = read("spec-" + place.id);
    spec.datasets = Object.assign({}, spec.datasets, shared);
    try {
      await vegaEmbed(place, spec, options);
      place.dataset.drawn = "yes";
    } catch (error) {
      place.dataset.drawn = "no";
      place.textContent = place.dataset.failed;
      console.error(place.id, error);
    }
  }
  document.documentElement.dataset.ready = "yes";
})();
