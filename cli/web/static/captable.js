// The pages work without this file; it changes the day without loading the whole page, and counts down.
"use strict";

const say = (text) => { document.getElementById("said").textContent = text; };

// --- another viewpoint, another filter: fetch the page and show its content in place ------------------------------

let latest = 0;

async function show(address, { push = true, focus = null } = {}) {
  const mine = ++latest;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== latest) return;
  if (push) history.pushState(null, "", address);
  for (const part of ["main", ".bar", ".foot"]) document.querySelector(part).replaceWith(page.querySelector(part));
  document.title = page.title;
  begin();
  const to = focus && document.getElementById(focus);
  (to || document.getElementById("main")).focus({ preventScroll: true });
  const hint = document.getElementById("known-hint");
  say(hint ? hint.textContent.split(".")[0] : document.title);
}

function failed(address) {
  return () => { location.href = address; };
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href).catch(failed(link.href));
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  const address = new URL(form.action || location.href);
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(given).toString();
  address.hash = "";
  show(address.href, { focus: document.activeElement && document.activeElement.id }).catch(failed(address.href));
});

addEventListener("popstate", () => { show(location.href, { push: false }).catch(failed(location.href)); });

// --- the slider ---------------------------------------------------------------------------------------------------

function slider() {
  const slide = document.getElementById("slider");
  if (!slide) return;
  slide.closest("p").hidden = false;
  const first = Date.parse(slide.dataset.first + "T00:00:00Z");
  const day = () => new Date(first + slide.value * 86400000);
  const words = (date) => date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  slide.addEventListener("input", () => {
    document.getElementById("day-shown").textContent = words(day());
    slide.setAttribute("aria-valuetext", words(day()));
  });
  slide.addEventListener("change", () => {
    const address = new URL(location.href);
    address.searchParams.set("as_of", day().toISOString().slice(0, 10));
    address.searchParams.delete("page");
    show(address.href, { focus: "slider" }).catch(failed(address.href));
  });
}

// --- countdowns ---------------------------------------------------------------------------------------------------

function count() {
  for (const element of document.querySelectorAll(".countdown:not([data-now])")) {
    const left = Date.parse(element.dataset.due) - Date.now();
    const minutes = Math.floor(Math.abs(left) / 60000);
    const words = minutes >= 2880 ? `${Math.floor(minutes / 1440)} days`
      : minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
    element.textContent = left >= 0 ? `in ${words}` : `${words} ago`;
  }
}

// --- parts of a large book's page that take longer ----------------------------------------------------------------

function parts() {
  for (const place of document.querySelectorAll("[data-part]")) {
    fetch(place.dataset.part).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status))).then((text) => {
      place.innerHTML = text;
      place.removeAttribute("data-part");
      count();
    }).catch(() => { place.querySelector("p").firstChild.textContent = "It could not be computed. "; });
  }
}

// --- a published return beside the book ---------------------------------------------------------------------------

function compare() {
  const zone = document.querySelector("[data-compare]");
  if (!zone) return;
  const [input, result] = [zone.querySelector("input"), zone.querySelector("#compared")];
  const send = async (file) => {
    result.textContent = `Reading ${file.name} …`;
    const headers = { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
    const answer = await fetch(zone.dataset.compare, { method: "POST", headers, body: file });
    if (answer.ok) result.innerHTML = await answer.text();
    else result.textContent = (await answer.json()).detail;
  };
  const take = (files) => { if (files.length) send(files[0]).catch(() => { result.textContent = "It could not be read."; }); };
  zone.hidden = false;
  input.addEventListener("change", () => take(input.files));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); take(event.dataTransfer.files); });
}

function begin() {
  slider();
  compare();
  parts();
  count();
}

begin();
setInterval(count, 30000);
