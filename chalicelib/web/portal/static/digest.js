/* A worker: the SHA-256 of a file (FIPS 180-4), read in pieces, so that memory does not depend on its
   size; WebCrypto cannot go on with a digest. Of parts, WebCrypto makes the digests. */
"use strict";

const PIECE = 4 * 1024 * 1024;
const K = new Uint32Array(64);
const FIRST = new Uint32Array(8);

(function fillConstants() {
  /* Fractional parts of the square and cube roots of the first primes. */
  const fraction = (x) => (x - Math.floor(x)) * 4294967296;
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d += 1) prime = n % d !== 0;
    if (!prime) continue;
    if (found < 8) FIRST[found] = fraction(Math.sqrt(n));
    K[found] = fraction(Math.cbrt(n));
    found += 1;
  }
})();

class Digest {
  constructor() {
    this.state = FIRST.slice();
    this.words = new Uint32Array(64);
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.length = 0;
  }

  add(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return;
      this.mix(this.rest, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.mix(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.held = bytes.length - at;
  }

  end() {
    const length = this.length;
    const tail = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
    tail[0] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(tail.length - 4, (length << 3) >>> 0);
    this.add(tail);
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, place) => out.setUint32(place * 4, word));
    return new Uint8Array(out.buffer);
  }

  mix(bytes, at) {
    const w = this.words, s = this.state;
    for (let i = 0; i < 16; i += 1, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (let i = 0; i < 64; i += 1) {
      const t1 = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))
        + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))
        + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }
}

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

async function readPieces(file) {
  const digest = new Digest();
  for (let at = 0; at < file.size; at += PIECE) {
    digest.add(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    postMessage({ done: Math.min(at + PIECE, file.size) });
  }
  return base64(digest.end());
}

async function digestParts(file, size) {
  const digests = [];
  for (let at = 0; at < file.size; at += size) {
    const part = await file.slice(at, at + size).arrayBuffer();
    digests.push(base64(new Uint8Array(await crypto.subtle.digest("SHA-256", part))));
  }
  return digests;
}

onmessage = async ({ data: { file, part } }) => {
  try {
    const sha256 = await readPieces(file);
    postMessage({ sha256, parts: part ? await digestParts(file, part) : null });
  } catch (error) {
    postMessage({ failed: true });
  }
};
