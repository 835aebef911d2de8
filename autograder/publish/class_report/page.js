"use strict";
// Tables of class "rows" sort by a click on a heading and show only the rows that contain a text.
// A cell sorts by data-sort if it has it (empty: last), else by its text.
const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function key(row, column) {
  const cell = row.cells[column];
  const given = cell.dataset.sort;
  if (given === undefined) return cell.textContent.trim();
  return given === "" ? null : Number(given);
}

function compare(a, b) {
  return typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a), String(b));
}

function sort(table, column, descending) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => [key(row, column), row]);
  rows.sort(([a], [b]) => {
    const empty = (a === null || a === "") - (b === null || b === "");
    return empty || (descending ? compare(b, a) : compare(a, b));
  });
  body.append(...rows.map(([, row]) => row));
}

function makeSortable(table) {
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const number = table.tBodies[0].querySelector(`tr > :nth-child(${column + 1})[data-sort]`);
      const before = head.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : Boolean(number);
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table, column, descending);
    });
  });
}

function makeFilterable(table) {
  const rows = Array.from(table.tBodies[0].rows);
  const box = document.createElement("div");
  box.className = "filter";
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "search";
  label.append("Show rows with ", input);
  const shown = document.createElement("span");
  shown.className = "faint";
  shown.setAttribute("role", "status");
  box.append(label, shown);
  (table.closest(".wide") || table).before(box);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    rows.forEach((row, index) => {
      row.hidden = !wanted.every((word) => texts[index].includes(word));
      n += row.hidden ? 0 : 1;
    });
    shown.textContent = wanted.length ? `${n} of ${rows.length}` : "";
  });
}

for (const table of document.querySelectorAll("table.rows")) {
  makeSortable(table);
  makeFilterable(table);
}
