// Annual report: derived figures, wrong cells and doubts come from the server while one types, by the code that saving uses.
(function () {
  "use strict";
  const form = document.getElementById("record-form");
  if (!form || !form.dataset.derive) return;
  let timer, asked = 0;

  function show(answer) {
    form.querySelectorAll("[data-derived]").forEach((cell) => {
      cell.textContent = answer.derived[cell.dataset.derived] || "—";
      cell.classList.remove("is-waiting");
    });
    form.querySelectorAll("[data-field]").forEach((field) => {
      const list = field.querySelector("[data-wrong]"), text = answer.errors[field.dataset.field];
      const input = field.querySelector("input, textarea, select");
      list.replaceChildren();
      if (text) {
        const line = document.createElement("li");
        line.textContent = text;
        list.append(line);
      }
      if (input) input.setAttribute("aria-invalid", text ? "true" : "false");
    });
    const box = form.querySelector("[data-doubts]");
    box.hidden = answer.doubts.length === 0;
    box.querySelector("[data-doubt-count]").textContent = answer.doubts.length;
    box.querySelector("[data-doubt-list]").replaceChildren(...answer.doubts.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }));
  }

  function ask() {
    const mine = ++asked;
    form.querySelectorAll("[data-derived]").forEach((cell) => cell.classList.add("is-waiting"));
    fetch(form.dataset.derive, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((answer) => { if (mine === asked) show(answer); })
      .catch(() => form.querySelectorAll("[data-derived]").forEach((cell) => cell.classList.remove("is-waiting")));
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  });
  form.querySelectorAll("[data-reveals]").forEach((choice) => {
    choice.addEventListener("change", () => { document.getElementById(choice.dataset.reveals).hidden = choice.value !== "yes"; });
  });
})();
