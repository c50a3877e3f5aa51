
"use strict";
(() => {
  const label = document.querySelector("main").dataset.sortLabel;
  const value = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), document.documentElement.lang);
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = label;
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending" || (head.getAttribute("aria-sort") === null && head.classList.contains("number"));
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = Array.from(table.tBodies[0].rows);
        rows.sort((a, b) => (down ? -1 : 1) * compare(value(a, i), value(b, i)));
        table.tBodies[0].append(...rows);
      });
    });
  }
})();
