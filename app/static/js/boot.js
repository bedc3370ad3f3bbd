// Runs before the first paint: colour theme and menu state as the user left them.
(function () {
  "use strict";
  var root = document.documentElement, kept = {};
  try { kept = { theme: localStorage.getItem("theme"), menu: localStorage.getItem("menu") }; } catch (e) { /* storage refused */ }
  var dark = kept.theme ? kept.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "dark" : "light";
  if (kept.menu === "closed" && window.innerWidth > 900) root.classList.add("menu-closed");
})();
