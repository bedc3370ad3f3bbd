// What every page does: theme, menu, drop-downs, dialogs, questions before an act, one submission a click.
(function () {
  "use strict";
  const root = document.documentElement;
  const on = (type, handler) => document.addEventListener(type, handler);

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (e) { /* storage refused: nothing to keep */ }
  }

  function kept(name) {
    try { return localStorage.getItem(name); } catch (e) { return null; }
  }

  function toggleTheme() {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    keep("theme", root.dataset.theme);
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  function menuIsShown() {
    return window.innerWidth > 900 ? !root.classList.contains("menu-closed") : root.classList.contains("menu-open");
  }

  function tellMenuState() {
    document.querySelectorAll(".topbar [data-menu-toggle]").forEach((b) => b.setAttribute("aria-expanded", menuIsShown()));
  }

  function toggleMenu() {
    if (window.innerWidth > 900) {
      keep("menu", root.classList.toggle("menu-closed") ? "closed" : "open");
    } else if (root.classList.toggle("menu-open")) {
      document.querySelector("#menu a").focus();
    }
    tellMenuState();
  }

  // A question in our own dialog, so that it is Chinese everywhere; resolves to true or false.
  window.ask = function (text) {
    const dialog = document.getElementById("ask");
    if (!dialog || !dialog.showModal) return Promise.resolve(window.confirm(text));
    dialog.querySelector("#ask-text").textContent = text;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.querySelector("[value=yes]").focus();
    return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
  };

  on("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-theme-toggle]")) return toggleTheme();
    if (at("[data-menu-toggle]")) return toggleMenu();
    if (at("[data-shut]")) return at(".note").remove();
    if (at("[data-print]")) return window.print();
    if (at("[data-open]")) return document.getElementById(at("[data-open]").dataset.open).showModal();
    if (at("[data-close]")) return at("dialog").close();
    document.querySelectorAll("details.drop[open]").forEach((drop) => { if (!drop.contains(event.target)) drop.open = false; });
    const link = at("a[data-confirm]");
    if (link) {
      event.preventDefault();
      window.ask(link.dataset.confirm).then((yes) => { if (yes) window.location.assign(link.href); });
    }
  });

  // Ask first, then submit with the very button that was pressed; while it is under way, a second click does nothing.
  on("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.busy) return event.preventDefault();
    const question = (button && button.dataset.confirm) || form.dataset.confirm;
    if (question && !form.dataset.agreed) {
      event.preventDefault();
      window.ask(question).then((yes) => {
        if (!yes) return;
        form.dataset.agreed = "1";
        form.requestSubmit(button && button.type === "submit" ? button : undefined);
      });
      return;
    }
    delete form.dataset.agreed;
    if (form.method === "post") {
      form.dataset.busy = "1";
      if (button) button.setAttribute("aria-busy", "true");
      // A download answers without leaving the page.
      setTimeout(release, 6000);
    }
  });

  function release() {
    document.querySelectorAll("form[data-busy]").forEach((form) => { delete form.dataset.busy; });
    document.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
  }
  // Also when the page comes back from the browser's cache.
  window.addEventListener("pageshow", release);

  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const drop = document.querySelector("details.drop[open]");
    if (drop) { drop.open = false; drop.querySelector("summary").focus(); }
    if (root.classList.contains("menu-open")) toggleMenu();
  });

  // The browser's own words for choosing a file and for what it refuses follow its language, not ours.
  function dressFiles() {
    document.querySelectorAll("input[type=file]:not(.file-native)").forEach((input) => {
      const pick = document.createElement("label"), name = document.createElement("span");
      pick.className = "btn btn-secondary btn-sm file-pick";
      pick.htmlFor = input.id;
      pick.textContent = "选择文件";
      name.className = "file-name";
      const tell = () => { name.textContent = [...input.files].map((f) => f.name).join("、") || "未选择文件"; };
      input.classList.add("file-native");
      input.after(pick, name);
      input.addEventListener("change", tell);
      tell();
    });
  }
  dressFiles();
  on("partadded", dressFiles);

  function complaint(input) {
    const is = input.validity;
    if (is.valueMissing) return input.type === "file" ? "请选择文件" : input.type === "checkbox" ? "请勾选此项" : input.tagName === "SELECT" ? "请选择一项" : "请填写此项";
    if (is.patternMismatch) return input.title || "格式不正确" + (input.placeholder ? "，请按“" + input.placeholder + "”填写" : "");
    if (is.rangeUnderflow) return "不得小于 " + input.min;
    if (is.rangeOverflow) return "不得大于 " + input.max;
    if (is.badInput || is.typeMismatch || is.stepMismatch) return input.type === "number" ? "请填写数字" : "格式不正确";
    if (is.tooShort || is.tooLong) return "长度不符合要求";
    return "";
  }
  document.addEventListener("invalid", (event) => event.target.setCustomValidity(complaint(event.target)), true);
  on("input", (event) => { if (event.target.setCustomValidity) event.target.setCustomValidity(""); });
  on("change", (event) => { if (event.target.setCustomValidity) event.target.setCustomValidity(""); });

  document.querySelectorAll("[data-drop-zone]").forEach((zone) => {
    const mark = (over) => (event) => { event.preventDefault(); zone.classList.toggle("is-over", over); };
    zone.addEventListener("dragover", mark(true));
    zone.addEventListener("dragleave", mark(false));
    zone.addEventListener("drop", (event) => {
      mark(false)(event);
      const input = zone.querySelector("input");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  document.querySelectorAll("details[data-menu-group]").forEach((group) => {
    const name = "menu:" + group.dataset.menuGroup;
    if (kept(name) === "0" && !group.querySelector("[aria-current]")) group.open = false;
    group.addEventListener("toggle", () => keep(name, group.open ? "1" : "0"));
  });
  const current = document.querySelector("#menu [aria-current]");
  if (current) current.scrollIntoView({ block: "nearest" });
  document.querySelectorAll("progress, meter").forEach((bar) => bar.title || (bar.title = bar.value + " / " + bar.max));
  document.querySelectorAll(".error-summary").forEach((summary) => summary.focus());
  window.addEventListener("resize", tellMenuState);
  tellMenuState();
})();
