// Opens reports in Chromium as people do: wide and narrow, light and dark, and by
// somebody whose CRM holds hostile names.
//
//	node report.mjs CHROMIUM PICTURES REPORT.html…
//
// A page must ask nothing of the network, say nothing on the console, be no wider
// than the window, and hold no script, handler or element that came from a name.
// Pictures of every page are stored in the folder PICTURES.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(join(process.env.PLAYWRIGHT_FOLDER, "x.js"))("playwright-core");
const [executablePath, pictures, ...reports] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

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
  };
}

// look returns what is wrong with a report in one window.
async function look(browser, report, width, colorScheme) {
  const faults = [];
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && faults.push(`console: ${m.text()}`));
  page.on("pageerror", (e) => faults.push(`script: ${e.message}`));
  page.on("dialog", (d) => faults.push(`dialog: ${d.message()}`) && d.dismiss());
  page.on("request", (r) => /^(file|data|blob):/.test(r.url()) || faults.push(`network: ${r.url().slice(0, 80)}`));
  await page.goto(pathToFileURL(resolve(report)).href, { waitUntil: "load" });
  const seen = await page.evaluate(inspect);
  if (seen.scrollWidth > seen.innerWidth) faults.push(`${seen.scrollWidth} px wide in a window of ${seen.innerWidth}: ${seen.widest.join(", ")}`);
  if (seen.title === "owned" || seen.injected > 0) faults.push("a name became part of the page");
  if (seen.scripts.some((s) => s.includes("owned"))) faults.push("a name is in a script element");
  if (seen.handlers.length > 0) faults.push(`handlers in attributes: ${seen.handlers.slice(0, 3).join(", ")}`);
  if (seen.links.length > 0) faults.push(`links that run: ${seen.links.slice(0, 3).join(", ")}`);
  if (seen.rows < 20) faults.push(`${seen.rows} table rows; a report has more`);
  if (basename(report).includes("hostile") && !seen.text.includes("<script>document.title='owned'</script>")) faults.push("no hostile name is shown, so nothing was checked");
  await page.screenshot({ path: join(pictures, `${basename(report, ".html")}-${width}-${colorScheme}.png`), fullPage: true });
  await page.close();
  return { faults, background: seen.background };
}

mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath, args: flags });
let passed = 0;
let failed = 0;
try {
  for (const report of reports) {
    for (const width of [1280, 400]) {
      const backgrounds = [];
      for (const scheme of ["light", "dark"]) {
        const { faults, background } = await look(browser, report, width, scheme);
        backgrounds.push(background);
        if (backgrounds[0] === backgrounds[1]) faults.push("dark looks like light");
        faults.length > 0 ? failed++ : passed++;
        console.log(`${faults.length > 0 ? "FAIL" : "ok  "}  ${basename(report)}  ${width} px  ${scheme}${faults.map((f) => `\n      ${f}`).join("")}`);
      }
    }
  }
} finally {
  await browser.close();
}
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
