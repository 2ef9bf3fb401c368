/* Looks every two seconds how far an upload has come; without scripts a link does. */
"use strict";

async function look() {
  const live = document.getElementById("live");
  if (live.dataset.final) return;
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.getElementById("live");
    if (news && news.dataset.final) {
      window.location.reload();
      return;
    }
    if (news) document.getElementById("said").textContent = page.getElementById("said").textContent;
    const bar = document.getElementById("bar"), next = page.getElementById("bar");
    if (bar && next) { bar.max = next.max; bar.value = next.value; }
  } catch (error) {
    /* The next look may succeed. */
  }
  window.setTimeout(look, 2000);
}

window.setTimeout(look, 1000);
