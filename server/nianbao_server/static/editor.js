// Line numbers, Tab and Ctrl+Enter for the query's text box; without this script it is a plain form.
"use strict";
(() => {
  const text = document.getElementById("query");
  const lines = document.querySelector(".lines");
  if (!text || !lines) return;
  const number = () => {
    const count = text.value.split("\n").length;
    if (lines.childElementCount !== count) {
      lines.replaceChildren(...Array.from({ length: count }, (_, i) => Object.assign(document.createElement("span"), { textContent: i + 1 })));
    }
    lines.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", number);
  text.addEventListener("scroll", number);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      text.form.requestSubmit();
    } else if (event.key === "Tab" && !event.shiftKey && text.selectionStart !== text.selectionEnd) {
      event.preventDefault();
      text.setRangeText("  ", text.selectionStart, text.selectionStart, "end");
      number();
    }
  });
  number();
})();
