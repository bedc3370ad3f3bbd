// Lists: filters, ticked rows, batch actions.
(function () {
  "use strict";
  const filterForm = document.getElementById("filter_form");
  const batchForm = document.getElementById("action_form");

  function element(tag, attributes, children) {
    const made = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => { if (value !== null) made.setAttribute(name, value); });
    (children || []).forEach((child) => made.append(child));
    return made;
  }

  function dateBox(label, value, role, changed) {
    const format = role.startsWith("datetime") ? "YYYY-MM-DD HH:mm:ss" : role.startsWith("time") ? "HH:mm:ss" : "YYYY-MM-DD";
    const box = element("input", { class: "form-control", type: "text", value: value || "", "aria-label": label, "data-date-format": format, placeholder: label });
    box.addEventListener("change", changed);
    setTimeout(() => { if (window.faForm) window.faForm.applyStyle(jQuery(box), role.replace("range", "")); });
    jQuery(box).on("apply.daterangepicker", changed);
    return box;
  }

  // A range is two boxes and one hidden value, in the form that the server reads.
  function rangeBoxes(name, value, role) {
    const hidden = element("input", { type: "hidden", name: name, value: value || "" });
    const ends = (value || "").split(" to ");
    const boxes = [];
    const changed = () => { hidden.value = boxes.every((b) => b.value) ? boxes.map((b) => b.value).join(" to ") : ""; };
    boxes.push(dateBox("开始", ends[0], role, changed), dateBox("结束", ends[1], role, changed));
    return element("div", { class: "range value" }, [boxes[0], "至", boxes[1], hidden]);
  }

  function valueBox(filter, name, value) {
    if (filter.type && filter.type.includes("range")) return rangeBoxes(name, value, filter.type);
    if (filter.options && filter.type !== "select2-tags") {
      const select = element("select", { class: "form-control value", name: name, "aria-label": "值" });
      filter.options.forEach(([code, label]) => select.append(element("option", { value: code, selected: String(code) === String(value) ? "" : null }, [label])));
      return select;
    }
    if (filter.type && filter.type.includes("picker")) {
      const box = dateBox("选择日期", value, filter.type, () => {});
      box.name = name;
      box.classList.add("value");
      return box;
    }
    const many = filter.type === "select2-tags";
    return element("input", { class: "form-control value", type: "text", name: name, value: value === null ? "" : value, "aria-label": "值", placeholder: many ? "多个值用逗号分隔" : null });
  }

  function setUpFilters() {
    const rows = filterForm.querySelector(".filter-rows");
    const groups = JSON.parse(rows.dataset.groups), active = JSON.parse(rows.dataset.active);
    const toggle = document.querySelector("[data-filter-toggle]");
    let made = 0;

    function add(group, index, value) {
      const filters = groups[group], number = made++;
      if (!filters) return;
      const chosen = Math.max(0, filters.findIndex((f) => f.index === index));
      const operation = element("select", { class: "form-control", "aria-label": group + "的条件" });
      filters.forEach((f, i) => operation.append(element("option", { value: i, selected: i === chosen ? "" : null }, [f.operation])));
      const remove = element("button", { class: "icon-button", type: "button", "aria-label": "去掉条件“" + group + "”", title: "去掉此条件" }, ["×"]);
      const box = (i, kept) => valueBox(filters[i], "flt" + number + "_" + filters[i].arg, kept);
      let value_ = box(chosen, value);
      const row = element("div", { class: "filter-row" }, [element("span", { class: "name" }, [group]), operation, value_, remove]);
      operation.addEventListener("change", () => {
        const next = box(Number(operation.value), null);
        value_.replaceWith(next);
        value_ = next;
      });
      remove.addEventListener("click", () => row.remove());
      rows.append(row);
      return row;
    }

    active.forEach(([index, group, value]) => add(group, index, value));
    toggle.addEventListener("click", () => {
      filterForm.hidden = !filterForm.hidden;
      toggle.setAttribute("aria-expanded", String(!filterForm.hidden));
      if (!filterForm.hidden) document.getElementById("filter-add").focus();
    });
    document.getElementById("filter-add").addEventListener("change", (event) => {
      const row = event.target.value && add(event.target.value, -1, null);
      event.target.value = "";
      if (row) row.querySelector(".value, .value input").focus();
    });
    // An empty condition would be refused; it means no condition.
    filterForm.addEventListener("submit", () => {
      rows.querySelectorAll("[name]").forEach((input) => { if (!input.value) input.disabled = true; });
    });
  }

  function setUpBatch() {
    const boxes = [...document.querySelectorAll(".action-checkbox")];
    const all = document.querySelector(".action-rowtoggle");
    const ticked = () => boxes.filter((box) => box.checked).length;

    function tell() {
      batchForm.querySelector("[data-ticked]").textContent = ticked();
      all.checked = boxes.length > 0 && ticked() === boxes.length;
      all.indeterminate = ticked() > 0 && !all.checked;
    }

    all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); tell(); });
    boxes.forEach((box) => box.addEventListener("change", () => { batchForm.elements.scope[0].checked = true; tell(); }));
    batchForm.addEventListener("submit", (event) => {
      if (batchForm.elements.scope.value === "ticked" && ticked() === 0) {
        event.preventDefault();
        window.ask("请先勾选要办理的记录，或改选“符合当前条件的全部”。");
      }
    });
    tell();
  }

  // The chosen columns travel as one argument, in the order in which they stand.
  function setUpColumns(form) {
    form.addEventListener("click", (event) => {
      const line = event.target.closest("[data-column-up]") && event.target.closest("label");
      if (line) {
        event.preventDefault();
        if (line.previousElementSibling.tagName === "LABEL") line.previousElementSibling.before(line);
        line.querySelector("button").focus();
      }
      if (event.target.closest("[data-columns-reset]")) {
        form.querySelectorAll("[type=checkbox]").forEach((box) => { box.checked = false; });
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", () => {
      const names = [...form.querySelectorAll("[type=checkbox]:checked")].map((box) => box.value);
      form.elements.cols.value = names.join(",");
      form.elements.cols.disabled = !names.length;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-columns]").forEach(setUpColumns);
    if (filterForm) setUpFilters();
    if (batchForm) setUpBatch();
  });
})();
