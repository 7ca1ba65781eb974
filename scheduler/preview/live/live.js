// Asks for what is new, loads it out of sight, and shows it where the reader was.
const pages = document.getElementById("pages");
const trouble = document.getElementById("trouble");
let shown = null;

// What the reader chose and unfolded, each by a name that the next page has too.
function parts(inside) {
  const named = new Map();
  for (const part of inside.querySelectorAll("[data-k], details")) {
    const near = part.dataset.k || part.closest("[id]")?.id || "";
    let number = 0;
    while (named.has(`${near} ${number}`)) number += 1;
    named.set(`${near} ${number}`, part);
  }
  return named;
}

function choose(before, inside) {
  const now = parts(inside);
  for (const [name, was] of parts(before)) {
    const part = now.get(name);
    if (part?.localName !== was.localName) continue;
    if (part.localName === "details") part.open = was.open;
    else part.value = was.value;
  }
  inside.getElementById("filters")?.dispatchEvent(new Event("input"));
}

function swap(coming) {
  const inside = coming.contentDocument;
  if (shown) {
    choose(shown.contentDocument, inside);
    coming.contentWindow.scrollTo(0, shown.contentWindow.scrollY);
    shown.remove();
  }
  coming.classList.remove("coming");
  document.title = inside.title;
  shown = coming;
}

function load(version) {
  const coming = document.createElement("iframe");
  coming.title = "The page";
  coming.className = "coming";
  coming.addEventListener("load", () => swap(coming));
  coming.src = `page?${version}`;
  pages.append(coming);
}

function tell(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

async function follow() {
  let version = 0, page = 0;
  for (;;) {
    try {
      const answer = await (await fetch(`news?since=${version}`, { cache: "no-store" })).json();
      version = answer.version;
      if (answer.page !== page) load((page = answer.page));
      tell(answer.trouble);
    } catch {
      tell("drumbeat preview --watch is not running any more.");
      version = 0;
      await new Promise((again) => setTimeout(again, 1000));
    }
  }
}

follow();
