// Points out all pieces of a passage when its figure is chosen, and the figure when its passage is.
"use strict";
(() => {
  const marks = [...document.querySelectorAll("mark[data-names]")];
  const light = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    for (const mark of marks) mark.classList.toggle("chosen", name !== "" && mark.dataset.names.split(" ").includes(name));
    for (const row of document.querySelectorAll(".figures tr")) {
      const link = row.querySelector(".value a");
      row.classList.toggle("chosen", link !== null && link.getAttribute("href") === "#" + name);
    }
  };
  for (const mark of marks) mark.addEventListener("click", () => { location.hash = mark.dataset.names.split(" ").pop(); });
  addEventListener("hashchange", light);
  light();
})();
