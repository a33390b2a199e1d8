(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tests = all("details.test");
  const phases = all("section.phase").map((section) => ({ section, tests: all("details.test", section) }));
  const [text, phase, shown, none] = ["#text", "#phase", "#shown", "#none"].map(one);
  const boxes = all("input[name=outcome]");
  const grouped = (number) => number.toLocaleString("en-US");

  // Reading ten thousand rows takes a while, and nobody may ever filter.
  let words = null;
  const wordsOf = (test) => {
    words ??= new Map(tests.map((one) => [one, one.firstElementChild.textContent.toLowerCase()]));
    return words.get(test);
  };

  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    const outcomes = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const { section, tests } of phases) {
      const here = phase.value === "" || phase.value === section.dataset.phase;
      let within = 0;
      for (const test of tests) {
        const keep = here && outcomes.has(test.dataset.outcome) && (wanted === "" || wordsOf(test).includes(wanted));
        if (test.hidden === keep) test.hidden = !keep;
        within += keep;
      }
      section.hidden = within === 0 && !(here && tests.length === 0);
      count += within;
    }
    const total = `${grouped(tests.length)} test${tests.length === 1 ? "" : "s"}`;
    shown.value = count === tests.length ? total : `${grouped(count)} of ${total}`;
    none.hidden = count > 0;
  };

  const visible = () => tests.filter((test) => !test.hidden);
  const focus = (test) => {
    test.firstElementChild.focus({ preventScroll: true });
    test.scrollIntoView({ block: "nearest" });
  };
  // The test that a step leads to from where the focus is; from outside of the tests, the first or the last.
  const step = (by, fits = () => true) => {
    const list = visible();
    const here = list.indexOf(document.activeElement?.closest("details.test"));
    let at = here < 0 && by < 0 ? list.length - 1 : here + by;
    while (at >= 0 && at < list.length && !fits(list[at])) at += by;
    if (list[at]) focus(list[at]);
  };
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.matches("details.test")) return;
    if (target.hidden) {
      text.value = phase.value = "";
      boxes.forEach((box) => { box.checked = true; });
      filter();
    }
    target.open = true;
    target.scrollIntoView();
    target.firstElementChild.focus({ preventScroll: true });
  };

  const failed = (test) => ["failed", "timed_out"].includes(test.dataset.outcome);
  const keys = { j: () => step(1), k: () => step(-1), n: () => step(1, failed), "/": () => { text.focus(); text.select(); } };
  const arrows = { ArrowDown: 1, ArrowUp: -1 };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = document.activeElement;
    const typing = from?.matches("input[type=search], select, textarea");
    if (event.key === "Escape" && from === text) {
      text.value = "";
      filter();
      return;
    }
    // Arrows scroll the page but where a test, or the box above the tests, has the focus.
    const steps = from?.matches("details.test > summary") || (from === text && event.key === "ArrowDown");
    const action = steps && arrows[event.key] ? () => step(arrows[event.key]) : !typing && keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  const copy = async (button) => {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      // Where a page may not write to the clipboard, the text is ready to be copied by hand.
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([one("#report").textContent], { type: "application/json" }));
    link.download = "report.json";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  all("button.copy").forEach((button) => {
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => copy(button));
  });
  one("#save").addEventListener("click", save);
  text.addEventListener("input", filter);
  phase.addEventListener("change", filter);
  boxes.forEach((box) => box.addEventListener("change", filter));
  one("form.filters").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  // A browser that goes back to the page puts back what was typed.
  filter();
  reveal();
})();
