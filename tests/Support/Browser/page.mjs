// Opens a report's page from disk in Chromium and prints what it finds as JSON: page.mjs PAGE PICTURES CHROMIUM.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [, , file, pictures, executablePath] = process.argv;
const address = pathToFileURL(file).href;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = { requests: [], faults: [], looks: [], moves: [] };

const open = async (width, colorScheme, options = {}) => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, ...options });
  const page = await context.newPage();
  page.on("request", request => {
    if (!/^(blob:|data:)/.test(request.url()) && request.url() !== address) found.requests.push(request.url().slice(0, 200));
  });
  page.on("pageerror", fault => found.faults.push(String(fault)));
  page.on("console", message => { if (["error", "warning"].includes(message.type())) found.faults.push(message.text()); });
  await page.goto(address);
  return page;
};

// Boxes that reach beyond the page or their scrolling frame's page, and labels of drawings over each other.
const boxes = () => {
  const wrong = [], width = document.documentElement.clientWidth;
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest(".wide, svg, .skip, pre")) continue;
    if (box.right > width + 1 || box.left < -1) wrong.push(`cut: ${element.tagName} ${element.className} ${Math.round(box.right)}`);
  }
  for (const drawing of document.querySelectorAll("svg.drawing")) {
    const outer = drawing.getBoundingClientRect(), labels = [...drawing.querySelectorAll("text")];
    labels.forEach((a, i) => {
      const one = a.getBoundingClientRect();
      if (one.left < outer.left - 1 || one.right > outer.right + 1 || one.top < outer.top - 1 || one.bottom > outer.bottom + 1)
        wrong.push(`cut: label ${a.textContent}`);
      for (const b of labels.slice(i + 1)) {
        const two = b.getBoundingClientRect();
        if (one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 2 && two.top < one.bottom - 2)
          wrong.push(`overlap: ${a.textContent} and ${b.textContent}`);
      }
    });
  }
  const siblings = [...document.querySelectorAll("main > section, main > header, .first > *, .columns > *, .controls > *")];
  siblings.forEach((a, i) => {
    for (const b of siblings.slice(i + 1)) {
      if (a.parentElement !== b.parentElement) continue;
      const one = a.getBoundingClientRect(), two = b.getBoundingClientRect();
      if (one.height && two.height && one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 1 && two.top < one.bottom - 1)
        wrong.push(`overlap: ${a.tagName} ${a.className} and ${b.tagName} ${b.className}`);
    }
  });
  return { wrong, scrolls: document.documentElement.scrollWidth > width };
};
const serious = async page => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter(v => ["serious", "critical"].includes(v.impact)).map(v => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
};

for (const width of [390, 768, 1280, 1920])
  for (const theme of ["light", "dark"]) {
    // axe runs as a script of the test, which the page's own policy would refuse.
    const page = await open(width, theme, { bypassCSP: true });
    await page.evaluate(() => { const live = document.getElementById("live"); if (live) live.hidden = false; });
    const look = { width, theme, ...(await page.evaluate(boxes)) };
    look.serious = width === 390 || width === 1280 ? await serious(page) : [];
    await page.screenshot({ path: `${pictures}/page-${width}-${theme}.png`, fullPage: true });
    if (width === 1280 && theme === "light")
      found.printed = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type \/Page\b/g).length;
    found.looks.push(look);
    await page.context().close();
  }

const still = await open(1280, "light", { javaScriptEnabled: false });
found.still = { lead: await still.textContent(".lead"), controls: await still.isVisible("#live") };
await still.context().close();

const page = await open(1280, "light");
found.live = await page.locator("#live").count() > 0;
if (found.live) {
  const texts = () => page.evaluate(() => ({
    cells: [...document.querySelectorAll("table.answer tbody tr")].map(row => [...row.children].map(cell => cell.innerText)),
    status: document.getElementById("live-status").textContent,
    command: document.getElementById("live-command").textContent,
    drawing: document.querySelector("#answer svg.drawing").outerHTML.length,
    places: [...document.querySelectorAll("#answer svg.drawing .mark")].map(mark => mark.getAttribute("cy")).join(" "),
    milliseconds: Number(document.getElementById("live").dataset.milliseconds),
  }));
  const drawn = () => page.waitForFunction(() => document.getElementById("live").dataset.shown === "400", null, { timeout: 240000 });
  // With the keyboard alone: the summary opens, arrow keys move a slider.
  await page.focus("#live summary");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("live").dataset.started, null, { timeout: 240000 });
  found.started = Number(await page.evaluate(() => document.getElementById("live").dataset.started));
  await drawn();
  found.moves.push({ name: "start", quick: await texts(), drawn: await texts() });
  const moves = JSON.parse(process.env.MOVES ?? "[]");
  for (const move of moves) {
    for (const [id, value] of Object.entries(move)) {
      const control = page.locator("#" + id);
      if (await control.evaluate(element => element.tagName) === "SELECT") await control.selectOption(value);
      else {
        await control.focus();
        await page.keyboard.press(value);
      }
    }
    const quick = await texts();
    await drawn();
    found.moves.push({ name: JSON.stringify(move), quick, drawn: await texts() });
  }
  await page.screenshot({ path: `${pictures}/page-live.png` });
  await page.click("#live-reset");
  await drawn();
  found.moves.push({ name: "reset", quick: await texts(), drawn: await texts() });
}
await browser.close();
console.log(JSON.stringify(found));
