// Asks for what is new, loads it out of sight, and shows it where the reader was.
const pages = document.getElementById("pages");
const trouble = document.getElementById("trouble");
let shown = null;

function chosen(inside) {
  return [...inside.querySelectorAll("input[id], select[id], details[id]")].map((part) => [
    part.id, part.checked, part.value, part.open,
  ]);
}

function choose(inside, choices) {
  for (const [id, checked, value, open] of choices) {
    const part = inside.getElementById(id);
    if (!part) continue;
    if (part.localName === "details") part.open = open;
    else if (part.type === "checkbox" || part.type === "radio") part.checked = checked;
    else part.value = value;
    part.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function swap(coming) {
  const inside = coming.contentDocument;
  if (shown) {
    choose(inside, chosen(shown.contentDocument));
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
