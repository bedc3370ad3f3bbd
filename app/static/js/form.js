// Forms: progress of each group, drafts kept in this browser, a question before unsaved changes are lost, repeated parts.
(function ($) {
  "use strict";
  const form = document.getElementById("record-form");
  const prefix = "draft:", week = 7 * 86400e3;

  function values() {
    const kept = [];
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && name !== "csrf_token" && name !== "version") kept.push([name, value]);
    });
    return kept;
  }

  function showProgress() {
    form.querySelectorAll("[data-progress]").forEach((link) => {
      const group = document.getElementById(link.dataset.progress);
      const fields = [...group.querySelectorAll(":scope .field")].filter((f) => !f.querySelector(".field"));
      const must = fields.filter((f) => f.querySelector(".must"));
      const counted = must.length ? must : fields;
      const filled = counted.filter((f) => {
        const inputs = [...f.querySelectorAll("input[name], select[name], textarea[name]")];
        return inputs.some((i) => (i.type === "checkbox" || i.type === "radio" ? i.checked : i.value.trim() && i.value !== "__None"));
      });
      link.querySelector(".done").textContent = filled.length + " / " + counted.length;
      link.classList.toggle("is-complete", filled.length === counted.length);
    });
  }

  function refill(kept) {
    const byName = {};
    kept.forEach(([name, value]) => (byName[name] = byName[name] || []).push(value));
    [...form.elements].forEach((input) => {
      if (!input.name || ["file", "password", "submit", "button"].includes(input.type) || ["csrf_token", "version"].includes(input.name)) return;
      const mine = byName[input.name] || [];
      if (input.type === "checkbox" || input.type === "radio") input.checked = mine.includes(input.value);
      else if (input.multiple) [...input.options].forEach((o) => { o.selected = mine.includes(o.value); });
      else if (mine.length) input.value = mine[0];
      if (input.dataset.role === "select2") $(input).trigger("change");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function setUpDraft(initial) {
    const key = prefix + form.dataset.draft, note = document.querySelector("[data-draft-found]");
    const state = form.querySelector("[data-draft-state]");
    const clock = (at) => new Date(at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
    let store;
    try { store = window.localStorage; store.getItem(key); } catch (e) { return () => {}; }
    Object.keys(store).filter((k) => k.startsWith(prefix)).forEach((k) => {
      const old = JSON.parse(store.getItem(k) || "{}");
      if (!old.at || Date.now() - old.at > week) store.removeItem(k);
    });
    const draft = JSON.parse(store.getItem(key) || "null");
    if (draft && JSON.stringify(draft.values) !== initial && !("failed" in form.dataset)) {
      note.hidden = false;
      note.querySelector("[data-draft-time]").textContent = clock(draft.at);
      note.querySelector("[data-draft-restore]").addEventListener("click", () => { refill(draft.values); note.hidden = true; });
      note.querySelector("[data-draft-discard]").addEventListener("click", () => { store.removeItem(key); note.hidden = true; });
    }
    form.addEventListener("submit", () => store.removeItem(key));
    return () => {
      store.setItem(key, JSON.stringify({ at: Date.now(), values: values() }));
      if (state) state.textContent = "草稿已于 " + clock(Date.now()) + " 自动保存在本机";
    };
  }

  function guard() {
    const initial = JSON.stringify(values());
    const dirty = () => "failed" in form.dataset || JSON.stringify(values()) !== initial;
    const saveDraft = form.dataset.draft ? setUpDraft(initial) : () => {};
    let leaving = false, timer;
    const changed = () => {
      showProgress();
      clearTimeout(timer);
      timer = setTimeout(() => { if (dirty() && !leaving) saveDraft(); }, 1500);
    };
    form.addEventListener("input", changed);
    $(form).on("change", changed);
    form.addEventListener("submit", () => { leaving = true; });
    window.addEventListener("beforeunload", (event) => { if (!leaving && dirty()) event.preventDefault(); });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || link.target || leaving || event.ctrlKey || link.getAttribute("href").startsWith("#") || !dirty()) return;
      event.preventDefault();
      window.ask("有未保存的修改，确定离开吗？").then((yes) => { if (yes) { leaving = true; window.location.assign(link.href); } });
    });
  }

  function addPart(button) {
    window.faForm.addInlineField(button, button.dataset.inlineAdd);
    const added = button.closest(".inline-field").querySelector(":scope > .inline-field-list > .inline-field:last-child");
    added.querySelectorAll("label[for]").forEach((label) => {
      const input = label.closest(".field").querySelector("[id][name]");
      if (input) label.htmlFor = input.id;
    });
    document.dispatchEvent(new CustomEvent("partadded"));
    showProgress();
  }

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-inline-add]"), remove = event.target.closest("[data-inline-remove]");
    if (add) addPart(add);
    if (remove) window.ask("确定删除此条吗？保存后生效。").then((yes) => { if (yes) { remove.closest(".inline-field").remove(); form.dispatchEvent(new Event("input")); } });
  });

  // After the widgets have been dressed, so that what they fill in does not count as a change.
  if (form) window.addEventListener("load", () => { showProgress(); guard(); });
})(jQuery);
