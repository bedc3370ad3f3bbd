// Charts of the workbench; each has its table in the page. Tooltips are drawn on the canvas: the page allows no inline style.
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
      yAxis: { type: "value", scale: true, ...axis },
      // More lines than colours: the second round is dashed and has another mark.
      series: trend.series.map((one, n) => ({ type: "line", name: one.name, data: one.values, symbolSize: 7, connectNulls: false, symbol: n < 4 ? "emptyCircle" : "rect", lineStyle: { type: n < 4 ? "solid" : "dashed" } })),
    };
  }

  function map(areas, key, label) {
    const most = Math.max(1, ...areas.map((a) => a[key] || 0));
    return {
      tooltip: { ...tip(), formatter: (p) => p.name + "　" + label + " " + (Number.isNaN(p.value) ? 0 : p.value) },
      visualMap: { min: 0, max: most, left: 0, bottom: 0, itemHeight: 80, itemWidth: 10, text: [String(most), "0"], textStyle: text(), inRange: { color: [colour("accent-soft"), colour("accent")] } },
      series: [{
        type: "map", map: "counties", layoutCenter: ["52%", "48%"], layoutSize: "96%", roam: false, selectedMode: false,
        data: areas.map((a) => ({ name: a.name, value: a[key] || 0, url: a.url })),
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

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-trend]").forEach((element) => {
      const trend = JSON.parse(element.dataset.trend);
      show(element, () => line(trend));
    });
    const element = document.getElementById("area-map");
    if (!element) return;
    const areas = JSON.parse(element.dataset.values);
    fetch(element.dataset.boundaries).then((answer) => answer.json()).then((boundaries) => {
      echarts.registerMap("counties", boundaries);
      const chart = show(element, () => map(areas, element.dataset.key, element.dataset.label));
      chart.on("click", (event) => { if (event.data && event.data.url) window.location.assign(event.data.url); });
    }).catch(() => { element.hidden = true; });
  });
  document.addEventListener("themechange", () => charts.forEach(({ chart, option }) => chart.setOption(option())));
  window.addEventListener("resize", () => charts.forEach(({ chart }) => chart.resize()));
})();
