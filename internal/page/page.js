
"use strict";
(() => {
  const root = document.documentElement;
  const words = document.querySelector("main").dataset;
  const number = new Intl.NumberFormat(root.lang);
  const make = (name, set, ...inside) => {
    const e = Object.assign(document.createElement(name), set);
    e.append(...inside);
    return e;
  };

  // A row and the detail below it are one.
  const rowsOf = (table) => Array.from(table.tBodies[0].rows).filter((r) => !r.classList.contains("detail"));
  const detailOf = (row) => row.nextElementSibling?.classList.contains("detail") ? row.nextElementSibling : null;

  let details = 0;
  for (const detail of document.querySelectorAll("tr.detail")) {
    const cell = detail.previousElementSibling.querySelector("td.account") ?? detail.previousElementSibling.cells[0];
    detail.id = `detail-${++details}`;
    detail.hidden = true;
    const button = make("button", { type: "button", className: "open", title: words.open }, ...cell.childNodes);
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", detail.id);
    button.addEventListener("click", () => {
      detail.hidden = !detail.hidden;
      button.setAttribute("aria-expanded", String(!detail.hidden));
    });
    cell.append(button);
  }

  const value = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), root.lang, { numeric: true });
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, i) => {
      const button = make("button", { type: "button", title: words.sort }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const was = head.getAttribute("aria-sort");
        const down = was === "ascending" || (was === null && head.classList.contains("number"));
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = rowsOf(table).map((row) => ({ row, detail: detailOf(row), key: value(row, i) }));
        rows.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key));
        table.tBodies[0].append(...rows.flatMap(({ row, detail }) => detail ? [row, detail] : [row]));
      });
    });
  }

  const fold = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(root.lang);
  for (const table of document.querySelectorAll("table.filtered")) {
    const input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const count = make("span", { className: "count" });
    count.setAttribute("role", "status");
    const texts = new Map(rowsOf(table).map((row) => [row, fold(Array.from(row.cells, (c) => c.textContent).join(" "))]));
    const apply = () => {
      const wanted = fold(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rowsOf(table)) {
        row.hidden = !wanted.every((w) => texts.get(row).includes(w));
        if (!row.hidden) shown++;
        const detail = detailOf(row);
        if (detail) detail.hidden = row.hidden || row.querySelector("button.open").getAttribute("aria-expanded") !== "true";
      }
      count.textContent = wanted.length === 0 ? "" : words.count.replace("%s", number.format(shown)).replace("%s", number.format(texts.size));
    };
    input.addEventListener("input", apply);
    table.parentElement.before(make("p", { className: "filter" }, make("label", {}, `${words.filter} `, input), count));
  }

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = make("button", { type: "button", className: "theme", title: words.theme });
  theme.setAttribute("aria-label", words.theme);
  theme.addEventListener("click", () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    root.dataset.theme = isDark ? "light" : "dark";
  });
  document.querySelector("nav").append(theme);
})();
