/* Sending a file: digest, registration, PUT to the address that takes exactly these bytes. */
"use strict";

const SINGLE = 200 * 1024 * 1024;
const PART = 64 * 1024 * 1024;

const form = document.getElementById("upload");
const file = document.getElementById("file");
const button = form.querySelector("button");
const bar = document.getElementById("bar");
const said = document.getElementById("said");
const trouble = document.getElementById("trouble");
const words = form.dataset;

class Refused extends Error {}

function say(text, done, whole) {
  said.hidden = false;
  bar.hidden = whole === undefined;
  if (whole !== undefined) {
    bar.max = whole || 1;
    bar.value = done;
    text += ` ${Math.floor((100 * done) / (whole || 1))}%`;
  }
  said.textContent = text;
}

function complain(text) {
  said.hidden = bar.hidden = true;
  trouble.hidden = false;
  trouble.textContent = text;
  trouble.focus();
  button.disabled = false;
}

function digest(chosen) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(words.worker);
    worker.onerror = () => reject(new Refused(words.unreadable));
    worker.onmessage = ({ data }) => {
      if (data.failed) reject(new Refused(words.unreadable));
      else if (data.sha256) { worker.terminate(); resolve(data); }
      else say(words.reading, data.done, chosen.size);
    };
    worker.postMessage({ file: chosen, part: chosen.size > SINGLE ? PART : 0 });
  });
}

async function post(address, more) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, ...more });
  const answer = await fetch(address, { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.said);
  return told;
}

function put(address, headers, body, before, whole) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    Object.entries(headers).forEach(([name, value]) => {
      if (name.toLowerCase() !== "content-length") request.setRequestHeader(name, value);
    });
    request.upload.onprogress = (event) => say(words.sending, before + event.loaded, whole);
    request.onerror = () => reject(new Refused(words.broken));
    request.onload = () => (request.status < 300 ? resolve() : reject(new Refused(words.broken)));
    request.send(body);
  });
}

async function sendParts(chosen, upload) {
  const place = `${words.place}/${upload}/parts`;
  let after = 0, before = 0;
  while (after !== null) {
    const answer = await fetch(`${place}?after=${after}`);
    const page = await answer.json();
    if (!answer.ok) throw new Refused(page.said);
    for (const part of page.parts) {
      const from = (part.number - 1) * PART;
      if (part.url) await put(part.url, part.headers, chosen.slice(from, from + part.size), before, chosen.size);
      before += part.size;
    }
    after = page.next_after;
  }
  await post(`${words.place}/${upload}/completion`, {});
}

async function send() {
  const chosen = file.files[0];
  const { sha256, parts } = await digest(chosen);
  say(words.registering);
  const given = {
    item: document.getElementById("item").value, size: chosen.size, sha256, file_name: chosen.name,
    mode: form.elements.mode.value,
  };
  if (parts) given.parts = { size: PART, sha256: parts };
  const invited = await post(words.place, { given: JSON.stringify(given) });
  const upload = invited.upload.upload;
  if (invited.url) await put(invited.url, invited.headers, chosen, 0, chosen.size);
  else await sendParts(chosen, upload);
  window.location.assign(`${words.place}/${upload}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trouble.hidden = true;
  button.disabled = true;
  send().catch((error) => complain(error instanceof Refused ? error.message : words.broken));
});
button.disabled = false;
