(() => {
  "use strict";
  const form = document.getElementById("filters");
  const all = [...document.querySelectorAll("details")];
  let before = null;
  const unfold = () => { before = all.filter((one) => !one.open); before.forEach((one) => { one.open = true; }); };
  const fold = () => { (before || []).forEach((one) => { one.open = false; }); before = null; };
  addEventListener("beforeprint", () => { if (!before) { unfold(); addEventListener("afterprint", fold, { once: true }); } });
  const reveal = () => {
    const at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let up = at; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  if (!form) return;
  addEventListener("hashchange", () => {
    const at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (at && at.closest("[hidden]")) { form.reset(); show(); at.scrollIntoView(); }
  });
  const cards = [...document.querySelectorAll(".card")];
  const moments = [...document.querySelectorAll(".moment")];
  const days = [...document.querySelectorAll(".day")];
  const rows = [...document.querySelectorAll("[data-account]")];
  for (const row of rows) row.card = document.getElementById(row.querySelector("a").hash.slice(1));
  const chosen = () => Object.fromEntries([...form.querySelectorAll("[data-k]")].map((one) => [one.dataset.k, one.value]));
  const fits = (card, want) => Object.entries(want).every(([key, value]) =>
    !value || (key === "w" ? card.textContent.toLowerCase().includes(value.toLowerCase())
      : ` ${card.dataset[key]} `.includes(` ${value} `)));
  const show = () => {
    const want = chosen();
    let seen = 0;
    for (const card of cards) {
      card.hidden = !fits(card, want);
      seen += card.hidden ? 0 : 1;
      for (const row of card.querySelectorAll("[data-row]")) row.hidden = Boolean(want.a) && row.dataset.row !== want.a;
    }
    for (const row of rows) row.hidden = row.card.hidden || (Boolean(want.a) && row.dataset.account !== want.a);
    for (const one of [...moments, ...days]) one.hidden = one.querySelector(".card") && !one.querySelector(".card:not([hidden])");
    document.getElementById("shown").textContent = seen === cards.length ? "" : `${seen} of ${cards.length} cards`;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("all").addEventListener("click", () => { form.reset(); show(); });
  const button = document.getElementById("unfold");
  button.addEventListener("click", () => {
    const pressed = button.getAttribute("aria-pressed") === "true";
    if (pressed) fold(); else unfold();
    button.setAttribute("aria-pressed", String(!pressed));
  });
  show();
})();
