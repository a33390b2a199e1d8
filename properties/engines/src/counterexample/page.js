(() => {
  const rows = [...document.querySelectorAll("tr[data-step]")];
  if (rows.length === 0) return;
  const panels = [...document.querySelectorAll("[data-panel]")];
  const arrows = [...document.querySelectorAll("g[data-step]")];
  const fromHash = () => Number(/^#step-(\d+)$/.exec(location.hash)?.[1] ?? rows.length - 1);
  let now = 0;
  const show = (wanted) => {
    now = Math.max(0, Math.min(rows.length - 1, wanted));
    rows.forEach((row, index) => row.classList.toggle("now", index === now));
    panels.forEach((panel, index) => { panel.hidden = index !== now; });
    arrows.forEach((arrow) => arrow.classList.toggle("now", Number(arrow.dataset.step) === now));
    // Shown inside of another page it has no address of its own.
    if (location.protocol !== "about:") history.replaceState(null, "", "#step-" + now);
  };
  const keys = { ArrowRight: 1, ArrowDown: 1, j: 1, ArrowLeft: -1, ArrowUp: -1, k: -1, Home: -Infinity, End: Infinity };
  addEventListener("keydown", (event) => {
    const step = keys[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(now + step);
  });
  rows.forEach((row, index) => row.addEventListener("click", () => show(index)));
  addEventListener("hashchange", () => show(fromHash()));
  show(fromHash());
})();
