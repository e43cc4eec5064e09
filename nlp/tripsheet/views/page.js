"use strict";
// Words and the lines that quote them light up together.
for (const kind of ["mouseover", "focusin", "mouseout", "focusout"]) {
  document.addEventListener(kind, (event) => {
    const at = event.target.closest("[data-m]");
    if (!at) return;
    const lit = kind === "mouseover" || kind === "focusin";
    for (const other of at.closest("article").querySelectorAll(`[data-m="${at.dataset.m}"]`)) {
      other.classList.toggle("lit", lit);
    }
  });
}
