// One record: its parts as tabs. Without this script, and on paper, they simply follow each other.
(function () {
  "use strict";
  const box = document.querySelector("[data-tabs]");
  if (!box) return;
  const panels = [...box.querySelectorAll(":scope > .tab-panel")];
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "本记录的各部分");

  const tabs = panels.map((panel) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = panel.id + "-button";
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    tab.append(panel.dataset.tab);
    if (panel.dataset.count) {
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = panel.dataset.count;
      tab.append(count);
    }
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => show(panels.indexOf(panel), true));
    list.append(tab);
    return tab;
  });

  // The next record opens at the same part: whoever checks one thing of many records stays with it.
  function show(number, keep) {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === number));
      tab.tabIndex = i === number ? 0 : -1;
      panels[i].classList.toggle("is-away", i !== number);
    });
    if (keep) history.replaceState(null, "", "#" + panels[number].id);
    const hash = number ? "#" + panels[number].id : "";
    document.querySelectorAll("a[rel=prev], a[rel=next]").forEach((link) => { link.hash = hash; });
  }

  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    show(next, true);
    tabs[next].focus();
  });

  box.prepend(list);
  show(Math.max(0, panels.findIndex((panel) => "#" + panel.id === window.location.hash)), false);
})();
