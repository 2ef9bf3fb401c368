/* Sending a file, or a pasted list as one: digest, registration, PUT to the address that takes exactly
   these bytes. What the form says beside the file goes into the registration. */
"use strict";

const SINGLE = 200 * 1024 * 1024;
const CODE = /^([0-9A-Z]{18}|[0-9]{15})$/i;
const PART = 64 * 1024 * 1024;

const form = document.getElementById("upload");
const file = document.getElementById("file");
const pasted = document.getElementById("pasted");
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
    worker.postMessage({ file: chosen, part: words.parts && chosen.size > SINGLE ? PART : 0 });
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

async function sendParts(chosen, place) {
  let after = 0, before = 0;
  while (after !== null) {
    const answer = await fetch(`${place}/parts?after=${after}`);
    const page = await answer.json();
    if (!answer.ok) throw new Refused(page.said);
    for (const part of page.parts) {
      const from = (part.number - 1) * PART;
      if (part.url) await put(part.url, part.headers, chosen.slice(from, from + part.size), before, chosen.size);
      before += part.size;
    }
    after = page.next_after;
  }
  await post(`${place}/completion`, {});
}

/* A line is a code or a name; the rows of the file are the lines that were pasted. */
function makeList(text) {
  const rows = text.split(/\r?\n/).map((line) => line.trim().replaceAll('"', '""'));
  const cells = rows.map((one) => (CODE.test(one) ? `"${one}",` : `,"${one}"`));
  return new File([["code,name", ...cells].join("\n")], words.pasted, { type: "text/csv" });
}

function choose() {
  if (file.files.length) return file.files[0];
  if (pasted && pasted.value.trim()) return makeList(pasted.value);
  throw new Refused(words.nothing);
}

async function send() {
  const chosen = choose();
  const { sha256, parts } = await digest(chosen);
  say(words.registering);
  const { csrf, ...told } = Object.fromEntries(new FormData(form));
  const given = { ...told, size: chosen.size, sha256, file_name: chosen.name };
  if (parts) given.parts = { size: PART, sha256: parts };
  const invited = await post(words.place, { given: JSON.stringify(given) });
  if (invited.url) await put(invited.url, invited.headers, chosen, 0, chosen.size);
  else await sendParts(chosen, invited.place);
  window.location.assign(invited.place);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trouble.hidden = true;
  button.disabled = true;
  send().catch((error) => complain(error instanceof Refused ? error.message : words.broken));
});
button.disabled = false;
