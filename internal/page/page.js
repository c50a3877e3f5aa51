
"use strict";
(() => {
  const root = document.documentElement;
  const words = document.querySelector("main").dataset;
  const number = new Intl.NumberFormat(root.lang);
  const first = 10; // rows of a cut table that are shown
  const make = (name, set, ...inside) => {
    const e = Object.assign(document.createElement(name), set);
    e.append(...inside);
    return e;
  };

  // A row and the detail below it are one.
  const rowsOf = (table) => Array.from(table.tBodies[0].rows).filter((r) => !r.classList.contains("detail"));
  const detailOf = (row) => row.nextElementSibling?.classList.contains("detail") ? row.nextElementSibling : null;
  const opened = (row) => row.querySelector("button.open").getAttribute("aria-expanded") === "true";

  let details = 0;
  for (const detail of document.querySelectorAll("tr.detail")) {
    const row = detail.previousElementSibling;
    const cell = row.querySelector("td.account") ?? row.cells[0];
    detail.id = `detail-${++details}`;
    detail.hidden = true;
    const button = make("button", { type: "button", className: "open", title: words.open }, ...cell.childNodes);
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", detail.id);
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(detail.hidden));
      detail.hidden = !detail.hidden;
    });
    cell.append(button);
  }

  const fold = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(root.lang);

  // limit hides the rows that the filter does not find, and those beyond the cut;
  // the returned function does it again after the rows were put in another order.
  const limit = (table) => {
    const box = table.parentElement;
    const texts = new Map(rowsOf(table).map((row) => [row, fold(Array.from(row.cells, (c) => c.textContent).join(" "))]));
    let input, count, more;
    let cut = table.classList.contains("cut") && texts.size > first + 2;
    const apply = () => {
      const wanted = fold(input?.value ?? "").split(/\s+/).filter(Boolean);
      let found = 0;
      for (const row of rowsOf(table)) {
        const match = wanted.every((w) => texts.get(row).includes(w));
        if (match) found++;
        row.hidden = !match || (cut && wanted.length === 0 && found > first);
        const detail = detailOf(row);
        if (detail) detail.hidden = row.hidden || !opened(row);
      }
      if (count) count.textContent = wanted.length === 0 ? "" : words.count.replace("%s", number.format(found)).replace("%s", number.format(texts.size));
      if (more) more.hidden = !cut || wanted.length > 0;
    };
    const bar = make("div", { className: "tools" });
    if (table.classList.contains("filtered")) {
      input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
      count = make("span", { className: "count" });
      count.setAttribute("role", "status");
      input.addEventListener("input", apply);
      bar.append(make("label", {}, `${words.filter} `, input), count);
    }
    if (cut) {
      more = make("button", { type: "button", className: "more" }, words.all.replace("%s", number.format(texts.size)));
      more.addEventListener("click", () => {
        cut = false;
        apply();
        rowsOf(table)[first].querySelector("button, a, td").focus();
      });
      box.after(more);
    }
    if (bar.childNodes.length > 0 || table.classList.contains("sortable")) box.before(bar);
    apply();
    return { apply, bar };
  };

  const value = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), root.lang, { numeric: true });

  for (const table of document.querySelectorAll("table.sortable")) {
    const { apply, bar } = limit(table);
    const heads = Array.from(table.tHead.rows[0].cells);
    const select = make("select", {}, make("option", { value: "" }, "–"));
    const sort = (i, down) => {
      for (const other of heads) other.removeAttribute("aria-sort");
      heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
      select.value = String(i);
      const rows = rowsOf(table).map((row) => ({ row, detail: detailOf(row), key: value(row, i) }));
      rows.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key));
      table.tBodies[0].append(...rows.flatMap(({ row, detail }) => detail ? [row, detail] : [row]));
      apply();
    };
    heads.forEach((head, i) => {
      const button = make("button", { type: "button", title: words.sort }, ...head.childNodes);
      head.append(button);
      select.append(make("option", { value: String(i) }, button.textContent));
      button.addEventListener("click", () => {
        const was = head.getAttribute("aria-sort");
        sort(i, was === "ascending" || (was === null && head.classList.contains("number")));
      });
    });
    select.addEventListener("change", () => select.value !== "" && sort(Number(select.value), heads[Number(select.value)].classList.contains("number")));
    // Where rows become cards there are no heads to click.
    if (table.parentElement.classList.contains("stack")) bar.append(make("label", { className: "sort-by" }, `${words.sortBy} `, select));
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
