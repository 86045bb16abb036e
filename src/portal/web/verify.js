// Checks a receipt in the browser of whoever holds a slip, by the same rules as `seal` in the
// program. Pure: a text and the registry's receipt keys in, a receipt or a reason out. Nothing leaves
// the page, whose content security policy forbids every connection.
'use strict';

const TYP = 'ogoh-receipt+jws';
const MOST_CHARACTERS = 64 * 1024;
const MOST_DEPTH = 16;
// Every status, and whether it is a registration in force.
const STATUSES = {
  received: false, held: false, returned: false, registered: true, 'certificate-issued': true,
  duplicate: false, 'annulment-pending': false, voided: false,
};

class Refusal extends Error {}
const refuse = (why) => { throw new Refusal(why); };

// Strict base64url: no padding, no stray bits, one way to write each value.
function bytes(part) {
  if (!/^[\w-]*$/.test(part) || part.length % 4 === 1) refuse('not-compact');
  const raw = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
  const again = btoa(raw).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  return again === part ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : refuse('not-compact');
}

// The JSON that is signed: an object of integers and NFC strings; no nulls, no name twice.
function json(data, broken) {
  let written, value;
  try {
    written = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    value = JSON.parse(written);
  } catch {
    refuse(broken);
  }
  // JSON.parse keeps the last of two equal names without a word, where another reader keeps the first.
  const open = [];
  for (const token of written.match(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[[\]{}]|[^\s[\]{}",:]+/g)) {
    if ('[{'.includes(token)) {
      if (open.push(new Set()) > MOST_DEPTH) refuse('form');
    } else if (']}'.includes(token)) {
      open.pop();
    } else if (token.startsWith('"')) {
      const name = token.endsWith(':');
      const said = JSON.parse(name ? token.slice(0, -1) : token);
      if (said !== said.normalize('NFC') || /\p{Surrogate}/u.test(said)) refuse('form');
      if (name && open.at(-1).has(said)) refuse('duplicate');
      if (name) open.at(-1).add(said);
    } else if (!/^(true|false|0|-?[1-9]\d{0,15})$/.test(token) || Math.abs(token) > Number.MAX_SAFE_INTEGER) {
      refuse('form');
    }
  }
  return typeof value === 'object' && !Array.isArray(value) ? value : refuse(broken);
}

const isText = (v) => typeof v === 'string';
const isCount = (v) => Number.isInteger(v) && v >= 0;
// Milliseconds. The portal may write finer fractions than every browser reads.
const instant = (time) => Date.parse(time.replace(/(\.\d{3})\d+/, '$1'));
const isMoment = (v) => isText(v) && instant(v) > 0 &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(v);
const maybe = (right) => (v) => v === undefined || right(v);
// What a receipt is made of, as far as it is shown here or must be there.
const MEMBERS = {
  n: isCount, fac: isText, nid: isText, rev: isCount, id: isText, nh: isText, jid: isText, seq: isCount,
  status: (v) => isText(v) && Object.hasOwn(STATUSES, v), by: (v) => v === 'auto' || v === 'registrar',
  at: isMoment, reg_no: maybe(isText), office: maybe(isText), cert: maybe(isText), dup_of: maybe(isText),
  open: maybe((v) => Array.isArray(v) && v.every(isText)), head: (v) => isCount(v?.seq) && isText(v.h),
};

// Whether this browser can verify at all: plain http gives no `subtle`, an old browser no Ed25519.
async function verifier(x) {
  const subtle = globalThis.crypto?.subtle ?? refuse('insecure');
  try {
    const key = await subtle.importKey('raw', bytes(x), 'Ed25519', false, ['verify']);
    return (signature, signed) => subtle.verify('Ed25519', key, signature, new TextEncoder().encode(signed));
  } catch {
    return refuse('no-ed25519');
  }
}

// The receipt that this text is, or a Refusal whose message is the reason.
async function check(pasted, keys) {
  const jws = pasted.replace(/\s/g, '');
  if (jws === '') refuse('empty');
  // A scanner types keys, so on a Russian or Tajik layout it types Cyrillic.
  if (/[\u0400-\u052f]/.test(jws)) refuse('layout');
  if (jws.length > MOST_CHARACTERS) refuse('too-long');
  const parts = jws.split('.');
  if (parts.length !== 3) refuse('not-compact');
  const header = json(bytes(parts[0]), 'header');
  if (Object.keys(header).sort().join() !== 'alg,kid,typ') refuse('header');
  if (header.alg !== 'EdDSA' && header.alg !== 'Ed25519') refuse('alg');
  if (!isText(header.kid) || !/^[\w-]{43}$/.test(header.kid)) refuse('kid');
  if (header.typ !== TYP) refuse('wrong-type');
  const receipt = json(bytes(parts[1]), 'payload');
  const signature = bytes(parts[2]);
  if (signature.length !== 64) refuse('cut');
  const key = keys.find((k) => k.kid === header.kid) ?? refuse('unknown-key');
  const verify = await verifier(key.x);
  if (!await verify(signature, `${parts[0]}.${parts[1]}`)) refuse('bad-signature');
  if (Object.keys(MEMBERS).some((name) => !MEMBERS[name](receipt[name]))) refuse('member');
  // What a key signed before it was revoked holds for ever, slips in people's hands included.
  if (key.revoked && instant(receipt.at) >= instant(key.revoked)) refuse('revoked-key');
  return receipt;
}
