// Uses the page as a reader does, and holds what it shows against the JSON in it. What it claims goes to the frame's parent.
(async () => {
  const claims = [];
  const claim = (claim, got, expected) => {
    const same = JSON.stringify(got) === JSON.stringify(expected);
    claims.push(same ? { claim } : { claim, got: got ?? "nothing", expected });
  };
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const asked = new URLSearchParams(location.search);
  const report = JSON.parse(one("#report").textContent);
  const results = report.phases.flatMap((phase) => phase.results);
  const tests = all("details.test");
  const seconds = ({ secs, nanos }) => secs + nanos / 1e9;
  const value = (element) => element && Number(element.value);
  const near = (got, expected) => Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
  const units = { s: 1, ms: 1e-3, "µs": 1e-6, ns: 1e-9, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

  // A number as people read it, with its unit and its commas taken away.
  const read = (text) => {
    const [, number, unit] = /^(-?[\d,.]+(?:e-?\d+)?)(?: (s|ms|µs|ns|B|KiB|MiB|GiB))?$/.exec(text.trim()) ?? [];
    return Number(number?.replaceAll(",", "")) * (unit ? units[unit] : 1);
  };
  const allows = (limit, measured) => {
    const [[kind, bound]] = Object.entries(limit);
    if (kind === "exactly") return bound === measured;
    if (typeof bound !== "number" || typeof measured !== "number") return false;
    return kind === "at_least" ? measured >= bound : measured <= bound;
  };
  const shows = (cell, quantity) =>
    typeof quantity === "number" ? near(value(one("data", cell)), quantity) : cell.textContent === quantity;
  const outcomes = ["failed", "timed_out", "passed", "skipped"];
  const count = (outcome) => results.filter((result) => result.outcome === outcome).length;

  const numbers = () => {
    for (const outcome of outcomes) {
      claim(`rows: ${outcome}`, tests.filter((test) => test.dataset.outcome === outcome).length, count(outcome));
      claim(`the head: ${outcome}`, value(one(`.fact.${outcome} data`)), report.metrics.outcomes[outcome] ?? 0);
      claim(`the metrics: ${outcome}`, report.metrics.outcomes[outcome] ?? 0, count(outcome));
    }
    claim("the seed in the head", all(".fact code").map((code) => code.textContent), [String(report.seed)]);
    claim("numbers are rounded, not changed", all("data").filter((data) => {
      const [shown, exact] = [read(data.textContent), Number(data.value)];
      return !(Math.abs(shown - exact) <= 0.006 * Math.abs(exact));
    }).map((data) => data.outerHTML), []);
    claim("the phases", all("section.phase").map((section) => section.dataset.phase), report.phases.map(({ phase }) => phase));
    for (const phase of report.phases) {
      const section = one(`#phase-${phase.phase}`);
      claim(`${phase.phase}: names`, all(".test .name", section).map((name) => name.textContent), phase.results.map((result) => result.test_name));
      claim(`${phase.phase}: time`, near(value(one(".phase-time data", section)), seconds(phase.duration)), true);
      claim(`${phase.phase}: outcome`, one("h3 .pill", section).className, `pill ${phase.outcome}`);
      claim(`${phase.phase}: violations`, all(":scope > .scroll tr.broken", section).length, phase.violations.length);
    }
  };

  const bodies = () => tests.forEach((test, number) => {
    const { outcome, measurement, checks, gates, skip, category, summary, replay } = results[number];
    const both = [...checks, ...gates];
    const broken = both.filter((check) => !allows(check.limit, check.measured));
    const said = (selector) => one(selector, test)?.textContent;
    const ran = outcome !== "skipped";
    const failed = outcome === "failed" || outcome === "timed_out";
    const rows = all("tr.broken", test);
    const cells = rows.map((row, at) => shows(one(".measured", row), broken[at]?.measured) && row.cells[2].textContent === broken[at]?.subject);
    const lines = all(".lines li", test);
    claim(`test ${number}`, {
      category: said(".category"),
      summary: said(".what"),
      wall: !ran || near(value(one(".time data", test)), seconds(measurement.wall)),
      broken: rows.length,
      cells,
      holding: failed ? all("tr.holds", test).length : lines.length,
      replay: outcome === "skipped" || test.textContent.includes(replay),
      skip: !skip || test.textContent.includes(skip.reason),
    }, {
      category, summary, wall: true, broken: failed ? broken.length : 0, cells: broken.map(() => true),
      holding: failed ? both.length - broken.length : ran ? both.length + Object.keys(measurement.values).length + Object.keys(measurement.samples).length : 0,
      replay: true, skip: true,
    });
  });

  const speed = () => {
    const rank = (samples, percent) => samples[Math.max(1, Math.ceil(samples.length * percent / 100)) - 1] / 1e9;
    const plots = all("#speed .plot:not(.rate):not(.axis)");
    for (const plot of plots) {
      const number = Number(one("a", plot).hash.replace("#test-", ""));
      const name = one(".soft", plot).textContent.trim().split(", ")[0];
      const samples = results[number].measurement.samples[name].toSorted((a, b) => a - b);
      const shown = all("dd data", plot).map(value);
      claim(`percentiles of test ${number}`, shown.map((got, at) => near(got, rank(samples, [50, 95, 99][at]))), [true, true, true]);
    }
    const series = results.reduce((sum, { measurement }) => sum + Object.keys(measurement.samples).length, 0);
    claim("plots of latency", plots.length, Math.min(series, 40));
    const rates = results.reduce((sum, { measurement }) => sum + Object.keys(measurement.values).filter((name) => name.endsWith("per second")).length, 0);
    claim("plots of throughput", all("#speed .plot.rate").length, Math.min(rates, 40));
    claim("figures beside the baseline", all("#baseline tbody tr").map((row) => row.cells[0].textContent).toSorted(),
      report.compared.map(({ figure }) => figure).toSorted());
    for (const { figure, baseline, measured, worse_percent } of report.compared) {
      const row = all("#baseline tbody tr").find((row) => row.cells[0].textContent === figure);
      const got = all("data", row).map(value);
      claim(`baseline of ${figure}`, [baseline, measured, Math.abs(worse_percent)].map((expected, at) => near(got[at], expected)), [true, true, true]);
    }
    claim("runs in the trend", all("#trend svg g title").map((title) => title.textContent.split(":")[0]), report.trend.map(({ run }) => `run ${run}`));
  };

  const properties = () => {
    const suites = report.coverage?.suites ?? {};
    claim("suites", all("tr[data-suite]").map((row) => row.dataset.suite), Object.keys(suites));
    for (const [suite, { met, did }] of Object.entries(suites)) {
      const row = one(`tr[data-suite="${suite}"]`);
      const shown = [1, 2].flatMap((cell) => all("data", row.cells[cell]).map(value));
      claim(`${suite}: met`, shown, met ? [met.situations, met.situations_required, met.pairs, met.pairs_of] : []);
      claim(`${suite}: missed`, (met?.missed ?? []).every((missed) => row.textContent.includes(missed)), true);
      claim(`${suite}: did`, all(".did data", row).map(value), Object.entries(did ?? {}).filter(([name]) => name !== "seconds" && name !== "seed").map(([, number]) => number));
    }
    claim("files left out", (report.coverage?.unreadable ?? []).every((name) => one("#properties").textContent.includes(name)), true);
  };

  const resources = () => {
    const watched = Object.entries(report.metrics.resources);
    claim("phases that were watched", all("tr[data-phase]").map((row) => row.dataset.phase), watched.map(([phase]) => phase));
    for (const [phase, metrics] of watched) {
      const row = one(`tr[data-phase="${phase}"]`);
      const both = (bytes) => (bytes ? [bytes.in_bytes, bytes.out_bytes] : []);
      const { memory_peak_bytes, memory_mean_bytes, threads_peak, open_files_peak, network, disk, samples } = metrics;
      const expected = [[memory_peak_bytes], [memory_mean_bytes], [seconds(metrics.cpu)], [threads_peak], [open_files_peak], both(network), both(disk), [samples]];
      const got = expected.map((values, at) => all("data", row.cells[at + 1]).map(value).slice(0, values.length));
      claim(`resources of ${phase}`, got.map((values, at) => values.length === expected[at].length && values.every((one, k) => near(one, expected[at][k]))), expected.map(() => true));
    }
  };

  const chaos = () => {
    const { injections = [], attempted, effective, recoveries, probes } = report.chaos ?? {};
    claim("steps of chaos", all("tr[data-step]").map((row) => row.cells[0].firstChild.textContent), injections.map(({ strategy }) => strategy));
    if (!report.chaos) return;
    claim("sums of chaos", all("#chaos > p:first-of-type data").map(value).toSpliced(3, 1), [effective, attempted, recoveries, probes]);
    claim("lanes of the timeline", all("#chaos .plot").length, injections.filter(({ at_ns }) => at_ns !== null).length);
    for (const { step, attempted, effective, recovered, counts, measured } of injections) {
      const row = one(`tr[data-step="${step}"]`);
      claim(`step ${step}`, [3, 4, 5].map((cell) => value(one("data", row.cells[cell]))), [attempted, effective, recovered]);
      claim(`step ${step}: seen`, all(".did data", row).map(value), [...Object.values(counts), ...Object.values(measured)]);
    }
  };

  const failures = () => {
    claim("scripts", document.scripts.length, 3);
    claim("nothing hostile ran", document.title.includes("broken"), false);
    const shortest = results.map(({ shortest }) => shortest?.page).filter(Boolean);
    claim("counterexample pages", all("iframe").map((frame) => frame.srcdoc), shortest);
    claim("their sandbox", all("iframe").map((frame) => frame.getAttribute("sandbox")), shortest.map(() => "allow-scripts"));
    const failed = tests.filter((test) => ["failed", "timed_out"].includes(test.dataset.outcome));
    claim("failures are listed", all(".failures a[href^='#test-']").map((link) => link.hash), failed.map((test) => `#${test.id}`));
    const bad = (test) => results[tests.indexOf(test)].checks.find((check) => check.event !== null && !allows(check.limit, check.measured));
    for (const test of failed.slice(0, 100)) {
      const [drawing, check] = [one(".sequence", test), bad(test)];
      if (!check || !drawing) continue;
      claim(`${test.id}: the marked event`, one(".here .when", drawing)?.textContent, `#${check.event}`);
      claim(`${test.id}: a window of events`, all(".event", drawing).length <= 25, true);
    }
  };

  const type = (words) => {
    one("#text").value = words;
    one("#text").dispatchEvent(new Event("input"));
  };
  const visible = () => tests.filter((test) => !test.hidden);
  const shown = (expected, what) => {
    const total = `${tests.length.toLocaleString("en-US")} test${tests.length === 1 ? "" : "s"}`;
    claim(`${what}: rows`, visible().length, expected);
    claim(`${what}: count`, one("#shown").value, expected === tests.length ? total : `${expected.toLocaleString("en-US")} of ${total}`);
    claim(`${what}: a word where there is none`, one("#none").hidden, expected > 0);
  };
  const filters = () => {
    shown(tests.length, "at first");
    const words = ({ test_name, category, summary }) => [test_name, category, summary].some((text) => text.toLowerCase().includes("messag"));
    type("MESSAG");
    shown(results.filter(words).length, "text");
    type("no test is called like this");
    shown(0, "nothing");
    type("");
    for (const box of all("input[name=outcome]")) {
      box.click();
      shown(tests.length - count(box.value), `without ${box.value}`);
      box.click();
    }
    const select = one("#phase");
    for (const { phase, results } of report.phases) {
      select.value = phase;
      select.dispatchEvent(new Event("change"));
      shown(results.length, `phase ${phase}`);
      claim(`phase ${phase}: the others are away`, all("section.phase").filter((section) => !section.hidden).map((section) => section.dataset.phase), [phase]);
    }
    select.value = "";
    select.dispatchEvent(new Event("change"));
    shown(tests.length, "all again");
  };

  const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const at = () => document.activeElement.closest?.("details.test")?.id ?? document.activeElement.id;
  const keyboard = () => {
    document.activeElement.blur();
    press("/");
    claim("key /", at(), "text");
    if (tests.length < 2) return;
    press("j");
    claim("letters are typed into the filter", at(), "text");
    press("ArrowDown");
    claim("key down, from the filter", at(), tests[0].id);
    press("j");
    claim("key j", at(), tests[1].id);
    press("ArrowUp");
    claim("key up", at(), tests[0].id);
    press("ArrowDown");
    press("k");
    claim("keys down and k", at(), tests[0].id);
    claim("Enter opens what has the focus", document.activeElement.tagName, "SUMMARY");
    const open = tests[0].open;
    document.activeElement.click();
    claim("it opens", tests[0].open, !open);
    claim("the focus is seen", getComputedStyle(document.activeElement).outlineStyle !== "none", true);
    document.activeElement.blur();
    const failed = tests.find((test) => ["failed", "timed_out"].includes(test.dataset.outcome));
    press("n");
    claim("key n", at(), failed?.id ?? "");
    press("/");
    type("no test");
    press("Escape");
    shown(tests.length, "key escape");
  };

  const links = async () => {
    if (tests.length === 0) return;
    const last = tests.at(-1);
    one("input[value=skipped]").click();
    location.hash = last.id;
    await new Promise((done) => addEventListener("hashchange", done, { once: true }));
    claim("a link opens its test", [last.open, last.hidden, at()], [true, false, last.id]);
    const button = one("button.copy");
    button?.click();
    const answered = () => !button || ["Copied", "Selected"].includes(button.textContent);
    for (let waits = 0; waits < 400 && !answered(); waits += 1) await new Promise((done) => setTimeout(done, 25));
    claim("the copy button", answered(), true);
  };

  // Pages in frames are loaded when they come into sight; their scripts must be silent on the console too.
  const frames = async () => {
    for (const frame of all("iframe")) {
      frame.closest("details.test").open = true;
      const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
      frame.loading = "eager";
      frame.scrollIntoView();
      await Promise.race([loaded, new Promise((done) => setTimeout(done, 2000))]);
    }
  };

  // Contrast as WCAG defines it.
  const channels = (color) => (/^rgba?\(([^)]+)\)$/.exec(color)?.[1] ?? "").split(/[ ,/]+/).map(Number);
  const luminance = (color) => {
    const linear = channels(color).slice(0, 3).map((channel) => channel / 255).map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (element) => {
    const band = element.closest("g.here")?.querySelector(".band");
    if (band && element.tagName === "text") return getComputedStyle(band).fill;
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (element) => {
    const style = getComputedStyle(element);
    const [text, paper] = [element.tagName === "text" ? style.fill : style.color, behind(element)].map(luminance);
    return (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05);
  };
  const look = () => {
    claim("the width", innerWidth, Number(asked.get("width")));
    claim("the scheme", matchMedia("(prefers-color-scheme: dark)").matches, asked.get("scheme") === "dark");
    if (tests.length < 200) all("details").forEach((details) => { details.open = true; });
    const root = document.documentElement;
    claim("nothing is wider than the window", root.scrollWidth <= innerWidth, true);
    // Of ten thousand tests, the first ones look like all others.
    const within = [...all("body > header, nav, footer, .filters, section:not(.phase):not(#tests)"), ...tests.slice(0, 200)];
    const texts = new Set(within.flatMap((part) => all("*", part)).filter((element) =>
      !element.closest("script, option, title") && element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "")));
    claim("there is text to look at", texts.size > 20, true);
    const pale = [...texts].map((element) => [element, contrast(element)]).filter(([, contrast]) => !(contrast >= 4.5));
    claim("all text can be read", pale.slice(0, 9).map(([element, contrast]) => `${element.outerHTML.slice(0, 90)}: ${contrast.toFixed(2)}`), []);
    const nameless = all("input, select, button, iframe, [role=img], [role=group]").filter((element) =>
      !(element.getAttribute("aria-label") ?? element.title ?? "").trim() && !element.labels?.[0]?.textContent.trim() && !element.textContent.trim() && !element.title);
    claim("controls have names", nameless.map((element) => element.outerHTML.slice(0, 90)), []);
  };

  try {
    [numbers, bodies, speed, properties, resources, chaos, failures, filters, keyboard].forEach((part) => part());
    await links();
    await frames();
    look();
  } catch (error) {
    claim("the driver gets to its end", String(error.stack), "no error");
  }
  parent.postMessage(JSON.stringify(claims), "*");
})();
