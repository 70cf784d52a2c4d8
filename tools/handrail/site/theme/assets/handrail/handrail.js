/* What a script adds to pages that are whole without it: narrowing, sorting, counting answers. */
(() => {
  "use strict";

  const valueOf = (cell) => {
    const time = cell.querySelector("time[datetime]");
    if (time) return time.dateTime;
    const fill = cell.querySelector(".hr-bar__fill");
    if (fill) return parseFloat(fill.style.inlineSize) || 0;
    const shown = cell.textContent.trim();
    return shown !== "" && !isNaN(shown) ? Number(shown) : shown.toLowerCase();
  };

  const order = (a, b) =>
    a === b ? 0 : a === "" ? 1 : b === "" ? -1 : typeof a === typeof b && typeof a === "number" ? a - b : String(a).localeCompare(String(b));

  const sortBy = (table, column, direction) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row.cells[column]), row]);
    rows.sort((a, b) => (a[0] === "" || b[0] === "" ? order(a[0], b[0]) : direction * order(a[0], b[0])));
    body.append(...rows.map((row) => row[1]));
  };

  const sortable = (table) => {
    if (!table.tHead || !table.tBodies[0] || table.tBodies[0].rows.length < 3) return;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "hr-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sortBy(table, column, up ? 1 : -1);
      });
    });
  };

  const keeps = (row, wanted) =>
    wanted.every(([key, value]) =>
      key ? (row.dataset[key] || "").split(" ").includes(value) : row.textContent.toLowerCase().includes(value.toLowerCase()));

  const hideEmptyDays = (list) => {
    let day = null;
    for (const item of list.children) {
      if (item.classList.contains("hr-log__day")) {
        day = item;
        day.hidden = true;
      } else if (day && !item.hidden) day.hidden = false;
    }
  };

  const filter = (form) => {
    const list = document.getElementById(form.dataset.hrFilter);
    if (!list) return;
    const rows = () => (list.tBodies ? [...list.tBodies[0].rows] : [...list.children].filter((row) => !row.classList.contains("hr-log__day")));
    const apply = () => {
      const wanted = [...form.querySelectorAll("[data-key]")].map((field) => [field.dataset.key, field.value.trim()]).filter((pair) => pair[1]);
      const all = rows();
      for (const row of all) row.hidden = !keeps(row, wanted);
      if (!list.tBodies) hideEmptyDays(list);
      const left = all.filter((row) => !row.hidden).length;
      form.querySelector("output").value = wanted.length ? `${left} / ${all.length}` : "";
    };
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  };

  const questions = (form) => {
    const verdict = form.querySelector("[data-hr-verdict]");
    const tell = () => {
      const answers = [...form.querySelectorAll("input:checked")].map((input) => input.value);
      const processes = answers.filter((answer) => answer === "process").length;
      const asked = form.querySelectorAll("fieldset").length;
      verdict.hidden = answers.length < asked;
      const other = asked - processes;
      verdict.value = verdict.hidden ? "" : processes > other ? verdict.dataset.process : processes < other ? verdict.dataset.project : verdict.dataset.both;
    };
    form.addEventListener("input", tell);
    tell();
  };

  const begin = () => {
    document.querySelectorAll("form[data-hr-filter]:not([data-hr-on])").forEach((form) => { form.dataset.hrOn = ""; filter(form); });
    document.querySelectorAll("table.hr-sortable:not([data-hr-on])").forEach((table) => { table.dataset.hrOn = ""; sortable(table); });
    document.querySelectorAll("form[data-hr-questions]:not([data-hr-on])").forEach((form) => { form.dataset.hrOn = ""; questions(form); });
  };

  // Where the style sheet cannot open what is folded for printing.
  if (!CSS.supports("selector(::details-content)")) {
    const opened = [];
    addEventListener("beforeprint", () => {
      for (const fold of document.querySelectorAll("article details:not([open], .hr-gantt__phase)")) {
        fold.open = true;
        opened.push(fold);
      }
    });
    addEventListener("afterprint", () => {
      for (const fold of opened.splice(0)) fold.open = false;
    });
  }

  // The address of a run that has no page any more leads to where it is listed.
  const look = async () => {
    const [, folder, name] = location.pathname.match(/^(.*\/runs\/)([^/]+?)(?:\.html|\/(?:index\.html)?)?$/) || [];
    if (!folder) return;
    const answer = await fetch(`${folder}older.json`);
    const places = answer.ok ? await answer.json() : {};
    const place = Object.hasOwn(places, decodeURIComponent(name)) && places[decodeURIComponent(name)];
    if (place) location.replace(`${folder}${place}#${name}`);
  };
  if (document.querySelector('meta[name="handrail-gone"]')) look().catch(() => {});

  if (window.document$) window.document$.subscribe(begin);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
