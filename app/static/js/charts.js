// Charts of the workbench and of the trends; each has its table in the page. Tooltips are drawn on the canvas: the page
// allows no inline style. Parts of the workbench are read when they come into sight; without a script their link leads there.
(function () {
  "use strict";
  const charts = [];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const text = () => ({ fontFamily: colour("font"), color: colour("ink-soft"), fontSize: 13 });
  const tip = () => ({ renderMode: "richText", backgroundColor: colour("card"), borderColor: colour("line-strong"), textStyle: { ...text(), color: colour("ink") } });

  function line(trend) {
    const axis = { axisLine: { lineStyle: { color: colour("line-strong") } }, axisLabel: text(), splitLine: { lineStyle: { color: colour("line") } } };
    return {
      color: [colour("accent"), colour("info"), colour("warn"), colour("violet")],
      grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
      legend: { type: "scroll", top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 4, textStyle: text(), pageTextStyle: text() },
      tooltip: { trigger: "axis", ...tip() },
      xAxis: { type: "category", data: trend.years.map(String), ...axis, splitLine: { show: false } },
      yAxis: { type: "value", scale: trend.years.length > 1, ...axis },
      // More lines than colours: the second round is dashed and has another mark. Of one year there are no lines.
      series: trend.series.map((one, n) => ({ type: trend.years.length > 1 ? "line" : "bar", barMaxWidth: 36, name: one.name, data: one.values, symbolSize: 7, connectNulls: false, symbol: n < 4 ? "emptyCircle" : "rect", lineStyle: { type: n < 4 ? "solid" : "dashed" } })),
    };
  }

  function bars(given) {
    const axis = { axisLine: { lineStyle: { color: colour("line-strong") } }, axisLabel: text(), splitLine: { lineStyle: { color: colour("line") } } };
    return {
      color: [colour("accent"), colour("warn")],
      grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text() },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, ...tip() },
      xAxis: { type: "value", minInterval: 1, ...axis },
      yAxis: { type: "category", data: given.names, inverse: true, ...axis, axisLabel: { ...text(), width: 96, overflow: "break" } },
      series: given.series.map((one) => ({ type: "bar", stack: "all", name: one.name, data: one.values, barMaxWidth: 22 })),
    };
  }

  function map(areas, label) {
    const most = Math.max(1, ...areas.map((a) => a.count));
    return {
      tooltip: { ...tip(), formatter: (p) => p.name + "　" + label + " " + (Number.isNaN(p.value) ? 0 : p.value) },
      visualMap: { min: 0, max: most, left: 0, bottom: 0, itemHeight: 80, itemWidth: 10, text: [String(most), "0"], textStyle: text(), inRange: { color: [colour("accent-soft"), colour("accent")] } },
      series: [{
        type: "map", map: "counties", layoutCenter: ["52%", "48%"], layoutSize: "96%", roam: false, selectedMode: false,
        data: areas.map((a) => ({ name: a.name, value: a.count, url: a.url })),
        label: { show: true, ...text(), color: colour("ink"), textBorderColor: colour("card"), textBorderWidth: 3 },
        itemStyle: { borderColor: colour("card"), borderWidth: 1.5, areaColor: colour("plain-soft") },
        emphasis: { label: { color: colour("ink") }, itemStyle: { areaColor: colour("warn-soft") } },
      }],
    };
  }

  function show(element, option) {
    const chart = echarts.init(element);
    chart.setOption({ animation: false, ...option() });
    charts.push({ chart, option });
    return chart;
  }

  function drawMap(element) {
    const areas = JSON.parse(element.dataset.map);
    fetch(element.dataset.boundaries).then((answer) => answer.json()).then((boundaries) => {
      const known = new Set(boundaries.features.map((one) => one.properties.name));
      if (!areas.some((one) => known.has(one.name))) throw new Error("no boundaries of these areas");
      echarts.registerMap("counties", boundaries);
      const chart = show(element, () => map(areas, element.dataset.label));
      chart.on("click", (event) => { if (event.data && event.data.url) window.location.assign(event.data.url); });
    }).catch(() => { element.hidden = true; });
  }

  function draw(root) {
    root.querySelectorAll("[data-trend]").forEach((element) => {
      const trend = JSON.parse(element.dataset.trend);
      show(element, () => line(trend));
    });
    root.querySelectorAll("[data-bars]").forEach((element) => {
      const given = JSON.parse(element.dataset.bars);
      show(element, () => bars(given));
    });
    root.querySelectorAll("[data-map]").forEach(drawMap);
  }

  function read(part) {
    const status = part.querySelector("[role=status]"), link = status.firstElementChild;
    status.setAttribute("aria-busy", "true");
    fetch(part.dataset.part, { headers: { "X-Fragment": "1" }, credentials: "same-origin" })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer.status)))
      .then((html) => {
        const holder = document.createElement("div");
        holder.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
        part.replaceWith(holder);
        draw(holder);
      })
      .catch(() => status.replaceChildren("暂时没有读到，", link));
  }

  document.addEventListener("DOMContentLoaded", () => {
    draw(document);
    const seen = new IntersectionObserver((entries) => entries.filter((one) => one.isIntersecting).forEach((one) => {
      seen.unobserve(one.target);
      read(one.target);
    }), { rootMargin: "300px" });
    document.querySelectorAll("[data-part]").forEach((part) => seen.observe(part));
  });
  document.addEventListener("themechange", () => charts.forEach(({ chart, option }) => chart.setOption(option())));
  window.addEventListener("resize", () => charts.forEach(({ chart }) => chart.resize()));
})();
