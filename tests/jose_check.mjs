// Verifies the ward's entries with jose, a library that knows nothing of ogoh.
//
//     node jose_check.mjs KEYS.jwks ENTRIES     one compact JWS a line
//     node jose_check.mjs --sign COUNT          writes JSON lines {"jwk", "jws"} signed by jose, for
//                                               the program to verify
//
// OGOH_NODE_MODULES names the folder that holds `node_modules` with jose. Every signature must be
// accepted, and refused once a single bit of it is turned; the chain of hashes is left to
// jose_check.py. Prints no payload and no message of a fault: both can hold names. Exit status 0
// only if all hold.

import { createHash, createPrivateKey, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Node 18 has what jose works with, but not under the name that jose looks for.
globalThis.crypto ??= webcrypto;

// `import` looks for packages beside this file alone; the package lies elsewhere.
const found = createRequire(import.meta.url).resolve("jose", {
  paths: [process.env.OGOH_NODE_MODULES || "."],
});
const jose = await import(pathToFileURL(found));

const TYP = "ogoh-entry+jws";

function bare({ kty, crv, x }) {
  return { kty, crv, x };
}

/** The same text with one of the 512 bits of the signature turned. */
function turned(jws, bit) {
  const dot = jws.lastIndexOf(".");
  const raw = Buffer.from(jws.slice(dot + 1), "base64url");
  raw[bit >> 3] ^= 1 << (bit & 7);
  return `${jws.slice(0, dot)}.${raw.toString("base64url")}`;
}

/** Why jose refuses it, as a short word without any of its content; `undefined` when it accepts. */
async function refusal(jws, key) {
  try {
    await jose.compactVerify(jws, key, { algorithms: ["EdDSA"] });
    return undefined;
  } catch (fault) {
    return fault.code ?? fault.name;
  }
}

/** Keys by thumbprint, so that a key under a false name is never asked. */
async function readKeys(file, faults) {
  const keys = new Map();
  for (const jwk of JSON.parse(readFileSync(file, "utf8")).keys) {
    const kid = await jose.calculateJwkThumbprint(bare(jwk));
    if ((jwk.kid ?? kid) !== kid) {
      faults.push(`a key is named ${jwk.kid}, its thumbprint is ${kid}`);
    }
    keys.set(kid, await jose.importJWK(bare(jwk), "EdDSA"));
  }
  return keys;
}

async function faultOf(jws, number, keys) {
  let header;
  try {
    header = jose.decodeProtectedHeader(jws);
  } catch {
    return "no header";
  }
  const names = Object.keys(header).sort();
  if (names.join() !== "alg,kid,typ" || header.alg !== "EdDSA" || header.typ !== TYP) {
    return `header ${names}`;
  }
  const key = keys.get(header.kid);
  if (key === undefined) {
    return `no key ${header.kid}`;
  }
  const refused = await refusal(jws, key);
  if (refused !== undefined) {
    return `jose refuses it: ${refused}`;
  }
  // Another bit on every line: a long journal has each of them turned. Refused for its signature,
  // and for nothing else.
  const why = await refusal(turned(jws, number % 512), key);
  return why === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" ? undefined : `a turned bit: ${why ?? "jose accepts it"}`;
}

async function check(keysFile, entriesFile) {
  const faults = [];
  const keys = await readKeys(keysFile, faults);
  const lines = readFileSync(entriesFile, "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
  if (lines.length === 0) {
    faults.push("no entries");
  }
  for (const [at, jws] of lines.entries()) {
    const fault = await faultOf(jws, at + 1, keys);
    if (fault !== undefined) {
      faults.push(`line ${at + 1}: ${fault}`);
    }
  }
  if (faults.length > 0) {
    console.error(faults.join("\n"));
    process.exitCode = 1;
    return;
  }
  console.log(`${lines.length} entries: jose accepts each, and refuses each with a bit turned`);
}

// The same payloads and keys on every run, so that a failure can be repeated.
const SEED = 8037;
let draws = 0;

function draw() {
  draws += 1;
  return createHash("sha256").update(`${SEED} ${draws}`).digest();
}

function below(n) {
  return draw().readUIntBE(0, 6) % n;
}

function oneOf(list) {
  return list[below(list.length)];
}

function several(make) {
  return Array.from({ length: below(4) }, make);
}

// Letters that composed text knows under every version of Unicode in use.
const LETTERS = [
  "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяҶӮҒ",
  "ABCxyz'’-. ",
  "äöüßçñøåœžš",
  "漢字仮名ひらがな한글",
  "𐐷𐐨😀👩\u200d👧🇹🇯",
  // Marks that composing takes up into the letter before.
  "\u0304\u0306\u0308\u0301\u0327",
  // What JSON has to escape, and what some writers escape besides.
  '"\\/\0\b\t\n\r\x1f\x7f\u2028\ufeff',
];

function someText() {
  // Split into characters, not into halves of them.
  const letters = [...oneOf(LETTERS), ...oneOf(LETTERS)];
  return Array.from({ length: below(13) }, () => oneOf(letters)).join("").normalize("NFC");
}

function someNumber() {
  // 53 bits, what every JSON reader keeps; of any length, not only the long ones of an even chance.
  const size = Math.floor(Number(draw().readBigUInt64BE() >> 11n) / 2 ** below(54));
  return below(2) === 0 ? size : -size;
}

function someObject(depth) {
  return Object.fromEntries(several(() => [someText(), someValue(depth)]));
}

/** What may be signed: composed text, whole numbers, no nulls. */
function someValue(depth) {
  switch (below(depth > 0 ? 8 : 4)) {
    case 0:
      return below(2) === 0;
    case 1:
      return someNumber();
    case 2:
    case 3:
      return someText();
    case 4:
    case 5:
      return several(() => someValue(depth - 1));
    default:
      return someObject(depth - 1);
  }
}

/** A private key of chosen bytes: jose makes only keys that cannot be made again. */
function someKey() {
  // RFC 8410: what stands before the 32 bytes of an Ed25519 key.
  const before = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({ key: Buffer.concat([before, draw()]), format: "der", type: "pkcs8" });
  return key.export({ format: "jwk" });
}

async function sign(count) {
  const lines = [];
  for (let seq = 0; seq < count; seq += 1) {
    const secret = someKey();
    const jwk = bare(secret);
    const header = { alg: "EdDSA", kid: await jose.calculateJwkThumbprint(jwk), typ: TYP };
    const payload = JSON.stringify({ body: someObject(4), name: someText(), seq, v: 1 });
    const jws = await new jose.CompactSign(new TextEncoder().encode(payload))
      .setProtectedHeader(header)
      .sign(await jose.importJWK(secret, "EdDSA"));
    lines.push(`${JSON.stringify({ jwk, jws })}\n`);
  }
  process.stdout.write(lines.join(""));
}

const given = process.argv.slice(2);
if (given.length === 2 && given[0] === "--sign" && /^\d+$/.test(given[1])) {
  await sign(Number(given[1]));
} else if (given.length === 2 && given[0] !== "--sign") {
  await check(...given);
} else {
  console.error("jose_check.mjs KEYS.jwks ENTRIES\njose_check.mjs --sign COUNT");
  process.exitCode = 1;
}
