// Opens reports in Chromium as people do: wide and narrow, light and dark, on paper,
// with the keyboard, and by somebody whose CRM holds hostile names.
//
//	node report.mjs CHROMIUM PICTURES REPORT.html…
//
// A page must ask nothing of the network, say nothing on the console, be no wider
// than the window, and hold no script, handler or element that came from a name;
// axe-core must find nothing serious or critical in it. A refresh report's tables
// must sort, filter and open, by mouse and by keyboard. Pictures of every page, and
// of every section of it, are stored in the folder PICTURES.
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const load = createRequire(join(process.env.PLAYWRIGHT_FOLDER, "x.js"));
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
const [executablePath, pictures, ...reports] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const mostBytes = 2_000_000;
const widths = [1280, 400, 768, 1600];
const pictured = [1280, 400]; // widths of the pictures of sections; of short pages, and of hostile ones, no other is looked at
const long = /^[a-z]+-(en|fr|card)\.html$/; // reports and model cards
const used = /^[a-z]+-(en|fr)\.html$/; // reports

// inspect runs in the page.
function inspect() {
  const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
  const handlers = [...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames().filter((n) => n.startsWith("on")).map((n) => `${e.tagName} ${n}`));
  const links = [...document.querySelectorAll("[href], [src]")].map((e) => e.getAttribute("href") ?? e.getAttribute("src")).filter((u) => /^\s*(javascript|data:text)/i.test(u));
  return {
    title: document.title,
    text: document.body.textContent,
    scrollWidth: document.documentElement.scrollWidth,
    innerWidth,
    widest: wide.slice(0, 3).map((e) => `${e.tagName}.${e.className}`),
    scripts: [...document.scripts].map((s) => s.textContent),
    injected: [...document.querySelectorAll("img[src=x], svg[onload]")].length + [...document.querySelectorAll("h1")].filter((h) => h.textContent === "owned").length,
    handlers,
    links,
    rows: document.querySelectorAll("tr").length,
    background: getComputedStyle(document.body).backgroundColor,
    outside: [...document.querySelectorAll("svg.chart text")].filter((e) => {
      const r = e.getBoundingClientRect(), box = e.closest("svg.chart").getBoundingClientRect();
      return r.width > 0 && (r.left < box.left - 2 || r.right > box.right + 2);
    }).map((e) => e.textContent),
  };
}

// open opens a report and collects what it complains about.
async function open(browser, report, width, colorScheme, faults) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && faults.push(`console: ${m.text()}`));
  page.on("pageerror", (e) => faults.push(`script: ${e.message}`));
  page.on("dialog", (d) => faults.push(`dialog: ${d.message()}`) && d.dismiss());
  page.on("request", (r) => /^(file|data|blob):/.test(r.url()) || faults.push(`network: ${r.url().slice(0, 80)}`));
  await page.goto(pathToFileURL(resolve(report)).href, { waitUntil: "load" });
  return page;
}

// look returns what is wrong with a report in one window.
async function look(browser, report, width, colorScheme) {
  const faults = [];
  const page = await open(browser, report, width, colorScheme, faults);
  const seen = await page.evaluate(inspect);
  if (seen.scrollWidth > seen.innerWidth) faults.push(`${seen.scrollWidth} px wide in a window of ${seen.innerWidth}: ${seen.widest.join(", ")}`);
  if (seen.title === "owned" || seen.injected > 0) faults.push("a name became part of the page");
  if (seen.scripts.some((s) => s.includes("owned"))) faults.push("a name is in a script element");
  if (seen.handlers.length > 0) faults.push(`handlers in attributes: ${seen.handlers.slice(0, 3).join(", ")}`);
  if (seen.links.length > 0) faults.push(`links that run: ${seen.links.slice(0, 3).join(", ")}`);
  if (seen.rows < (long.test(basename(report)) ? 20 : 1)) faults.push(`${seen.rows} table rows; a report has more`);
  if (seen.outside.length > 0 && !basename(report).includes("hostile")) faults.push(`words outside of their chart: ${seen.outside.slice(0, 3).join(", ")}`);
  if (basename(report).includes("hostile") && !seen.text.includes("<script>document.title='owned'</script>")) faults.push("no hostile name is shown, so nothing was checked");
  if (statSync(report).size > mostBytes) faults.push(`${statSync(report).size} bytes; a report is smaller than ${mostBytes}`);
  if (pictured.includes(width)) faults.push(...(await accessible(page)));
  const name = `${basename(report, ".html")}-${width}-${colorScheme}`;
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  if (pictured.includes(width) && colorScheme === "light") {
    await page.evaluate(() => (document.querySelector("nav") ?? document.body).style.setProperty("position", "static"));
    for (const section of await page.locator("main > section").all()) await section.screenshot({ path: join(pictures, `${name}-${await section.getAttribute("id")}.png`) });
  }
  await page.close();
  return { faults, background: seen.background };
}

// accessible returns what axe-core finds that is serious or critical, with all that a
// row or a summary opens.
async function accessible(page) {
  await page.evaluate(() => {
    for (const d of document.querySelectorAll("details")) d.open = true;
    document.querySelector("button.open")?.click();
  });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  await page.evaluate(() => {
    for (const d of document.querySelectorAll("details")) d.open = false;
    document.querySelector("button.open[aria-expanded=true]")?.click();
  });
  return violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `axe ${v.impact}: ${v.id}, ${v.help}: ${v.nodes.slice(0, 2).map((n) => n.target.join(" ")).join(" | ")}`);
}

// use sorts, filters and opens the rows of a report's call list, by mouse and keyboard.
async function use(browser, report) {
  const faults = [];
  const page = await open(browser, report, 1280, "light", faults);
  const check = (ok, what) => ok || faults.push(what);
  const box = page.locator("#calls");
  if ((await box.locator("tbody tr").count()) === 0) return ["no call list to use"];
  const shown = () => box.locator("tbody tr:not(.detail)").evaluateAll((rows) => rows.filter((r) => r.offsetParent !== null).map((r) => ({ points: Number(r.cells[1].dataset.sort), account: r.cells[2].textContent, domain: r.cells[3].textContent })));
  const ordered = (rows, sign) => rows.every((r, i) => i === 0 || sign * (r.points - rows[i - 1].points) >= 0);

  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.matches("a.skip") && document.activeElement.getBoundingClientRect().left >= 0), "the first tab stop is not the way to the content");

  const lang = await page.evaluate(() => document.documentElement.lang);
  const first = await shown();
  check(ordered(first, -1), "the call list does not start with most points");
  const more = box.locator("button.more");
  if (await more.count()) {
    check(first.length === 10, `${first.length} rows of a long list are shown`);
    await more.click();
    check((await shown()).length > first.length && !(await more.isVisible()), "all rows are not shown when asked for");
  }
  const points = box.locator("th").nth(1);
  await points.locator("button").click();
  check((await points.getAttribute("aria-sort")) === "descending", "a column of numbers is not sorted from the greatest first");
  await points.locator("button").press("Enter");
  check((await points.getAttribute("aria-sort")) === "ascending" && ordered(await shown(), 1), "Enter does not sort the other way");
  await box.locator("th").nth(3).locator("button").press("Space");
  const domains = (await shown()).map((r) => r.domain);
  check(domains.every((d, i) => i === 0 || d.localeCompare(domains[i - 1], lang, { numeric: true }) >= 0), "Space does not sort by domain");
  check((await box.locator("th[aria-sort]").count()) === 1, "two columns say that they are sorted by");

  const filter = box.locator("input[type=search]");
  if (await filter.count()) {
    const wanted = first[1].domain;
    await filter.fill(wanted.toUpperCase());
    check((await shown()).some((r) => r.domain === wanted) && (await shown()).length < domains.length, "the filter does not find a domain");
    check(/\d/.test(await box.locator("[role=status]").textContent()), "the filter does not say how many rows are left");
    await filter.fill("no such account anywhere");
    check((await shown()).length === 0, "the filter shows what does not match");
    await filter.fill("");
    check((await shown()).length === domains.length, "an empty filter hides rows");
  } else check(domains.length < 12, "a long list has no filter");

  const button = box.locator("button.open").first();
  const detail = page.locator(`#${await button.getAttribute("aria-controls")}`);
  check(!(await detail.isVisible()), "an account is open before it is asked for");
  await button.click();
  check((await detail.isVisible()) && (await button.getAttribute("aria-expanded")) === "true", "a click does not open an account");
  check((await detail.locator("svg.chart").count()) === 1 && (await detail.locator("li").count()) > 0, "an open account shows no reasons");
  await button.press("Enter");
  check(!(await detail.isVisible()) && (await button.getAttribute("aria-expanded")) === "false", "Enter does not close an account");

  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await colour();
  await page.locator("button.theme").click();
  check((await colour()) !== light, "the theme cannot be picked");
  await page.locator("button.theme").click();
  check((await colour()) === light, "the theme cannot be picked back");

  await page.setViewportSize({ width: 400, height: 900 });
  const by = box.locator(".sort-by select");
  await by.selectOption("1");
  check(ordered(await shown(), -1), "cards cannot be sorted");

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  check(!(await page.locator("nav").isVisible()) && !(await page.locator("button.theme").isVisible()), "what only a screen needs is printed");
  check((await colour()) === "rgb(255, 255, 255)", "paper is not white");
  const pdf = await page.pdf({ format: "A4", path: join(pictures, `${basename(report, ".html")}.pdf`) });
  check(pdf.length > 20_000, "the page does not print");
  await page.close();
  return faults;
}

mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath, args: flags });
let passed = 0;
let failed = 0;
const say = (what, faults) => {
  faults.length > 0 ? failed++ : passed++;
  console.log(`${faults.length > 0 ? "FAIL" : "ok  "}  ${what}${faults.map((f) => `\n      ${f}`).join("")}`);
};
try {
  for (const report of reports) {
    for (const width of long.test(basename(report)) && !basename(report).includes("hostile") ? widths : pictured) {
      const backgrounds = [];
      for (const scheme of ["light", "dark"]) {
        const { faults, background } = await look(browser, report, width, scheme);
        backgrounds.push(background);
        if (backgrounds[0] === backgrounds[1]) faults.push("dark looks like light");
        say(`${basename(report)}  ${width} px  ${scheme}`, faults);
      }
    }
    if (used.test(basename(report))) say(`${basename(report)}  used`, await use(browser, report));
  }
} finally {
  await browser.close();
}
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
