#!/usr/bin/env python3
"""Verifies the ward's entries with libraries that know nothing of ogoh.

    jose_check.py KEYS.jwks ENTRIES        one compact JWS a line, in journal order
    jose_check.py --sign COUNT             writes JSON lines {"jwk", "jws"} signed by three foreign
                                           libraries in turn, for the program to verify

Every signature must be accepted by PyJWT, joserfc, jwcrypto, cryptography and openssl, and
refused by each of them once a single bit of it is turned (openssl is asked about every 20th). The
chain of hashes is recomputed with nothing but SHA-256. Prints no payload: they hold names. Exit
status 0 only if all agree.
"""

import base64
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

import joserfc.jws
import joserfc.jwk
import jwt
import jwcrypto.jwk
import jwcrypto.jws
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# The same payloads and keys on every run, so that a failure can be repeated.
SEED = 8037

# openssl is a process for every question; its refusals are asked for this rarely.
OPENSSL_REFUSES_EVERY = 20

# Largest magnitude that every JSON reader keeps exactly (RFC 7493).
LARGEST = 2**53 - 1

# Letters that composed text knows under every version of Unicode in use.
LETTERS = [
    "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяҶӮҒ",
    "ABCxyz'’-. ",
    "äöüßçñøåœžš",
    "漢字仮名ひらがな한글",
    "𐐷𐐨😀👩\u200d👧🇹🇯",
    # Marks that composing takes up into the letter before.
    "\u0304\u0306\u0308\u0301\u0327",
    # What JSON has to escape, and what some writers escape besides.
    "\"\\/\0\b\t\n\r\x1f\x7f\u2028\ufeff",
]


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest(jws):
    return base64url(hashlib.sha256(jws.encode()).digest())


def thumbprint(jwk):
    """RFC 7638 over the three members of an Ed25519 key."""
    members = {"crv": jwk["crv"], "kty": jwk["kty"], "x": jwk["x"]}
    return base64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


def by_pyjwt(jws, jwk):
    # The verification of a JWS; claims such as `exp` mean nothing here.
    jwt.api_jws.PyJWS(algorithms=["EdDSA"]).decode(jws, key=jwt.PyJWK(jwk).key, algorithms=["EdDSA"])


def by_joserfc(jws, jwk):
    registry = joserfc.jws.JWSRegistry(algorithms=["EdDSA"], strict_check_header=False)
    joserfc.jws.deserialize_compact(jws, joserfc.jwk.OKPKey.import_key(jwk), registry=registry)


def by_jwcrypto(jws, jwk):
    token = jwcrypto.jws.JWS()
    token.allowed_algs = ["EdDSA"]
    token.deserialize(jws)
    token.verify(jwcrypto.jwk.JWK(**jwk))


def by_cryptography(jws, jwk):
    signed, signature = jws.rsplit(".", 1)
    Ed25519PublicKey.from_public_bytes(unbase64(jwk["x"])).verify(unbase64(signature), signed.encode())


def openssl_in(folder):
    """openssl with its files in one folder; a key is written when it is first seen."""

    def by_openssl(jws, jwk):
        signed, signature = jws.rsplit(".", 1)
        key = folder / thumbprint(jwk)
        if not key.exists():
            public = Ed25519PublicKey.from_public_bytes(unbase64(jwk["x"]))
            key.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        (folder / "signed").write_bytes(signed.encode())
        (folder / "signature").write_bytes(unbase64(signature))
        subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin",
             "-in", folder / "signed", "-sigfile", folder / "signature"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    return by_openssl


def refused(verify, jws, jwk):
    try:
        verify(jws, jwk)
    except Exception:  # each library has its own
        return True
    return False


def turned(jws, bit):
    """The same text with one of the 512 bits of the signature turned."""
    signed, signature = jws.rsplit(".", 1)
    raw = bytearray(unbase64(signature))
    raw[bit // 8] ^= 1 << bit % 8
    return f"{signed}.{base64url(bytes(raw))}"


def check(keys_file, entries_file, folder):
    keys = {}
    for jwk in json.loads(pathlib.Path(keys_file).read_text())["keys"]:
        bare = {name: jwk[name] for name in ("kty", "crv", "x")}
        kid = thumbprint(bare)
        if jwk.get("kid", kid) != kid:
            sys.exit(f"a key is named {jwk['kid']}, its thumbprint is {kid}")
        keys[kid] = bare

    lines = [line.strip() for line in pathlib.Path(entries_file).read_text().splitlines() if line.strip()]
    if not lines:
        sys.exit("no entries")
    openssl = openssl_in(pathlib.Path(folder))
    verifiers = [by_pyjwt, by_joserfc, by_jwcrypto, by_cryptography, openssl]
    heads, faults = {}, []
    for number, jws in enumerate(lines, 1):
        header = json.loads(unbase64(jws.split(".")[0]))
        if sorted(header) != ["alg", "kid", "typ"] or header["alg"] != "EdDSA" or header["typ"] != "ogoh-entry+jws":
            faults.append(f"line {number}: header {sorted(header)}")
            continue
        jwk = keys.get(header["kid"])
        if jwk is None:
            faults.append(f"line {number}: no key {header['kid']}")
            continue
        for verify in verifiers:
            try:
                verify(jws, jwk)
            except Exception as fault:
                faults.append(f"line {number}: {verify.__name__} refuses it: {type(fault).__name__}")
                continue
            if verify is openssl and number % OPENSSL_REFUSES_EVERY != 1:
                continue
            # Another bit on every line: a long journal has each of them turned.
            if not refused(verify, turned(jws, number % 512), jwk):
                faults.append(f"line {number}: {verify.__name__} accepts a turned bit")
        entry = json.loads(unbase64(jws.split(".")[1]))
        seq, prev = heads.get(entry["jid"], (0, base64url(bytes(32))))
        if (entry["seq"], entry["prev"]) != (seq + 1, prev):
            faults.append(f"line {number}: the chain of journal {entry['jid']} breaks at {entry['seq']}")
        heads[entry["jid"]] = (entry["seq"], digest(jws))

    if faults:
        sys.exit("\n".join(faults))
    names = ", ".join(v.__name__.removeprefix("by_") for v in verifiers)
    print(f"{len(lines)} entries of {len(heads)} journals: {names} accept each, and refuse each with a bit turned "
          f"(openssl: every {OPENSSL_REFUSES_EVERY}th)")


def some_text(chance):
    letters = chance.choice(LETTERS) + chance.choice(LETTERS)
    return unicodedata.normalize("NFC", "".join(chance.choices(letters, k=chance.randrange(13))))


def some_number(chance):
    # Any length of number, not only the long ones that an even chance draws.
    return chance.choice((-1, 1)) * (chance.randint(0, LARGEST) >> chance.randrange(54))


def some_object(chance, depth):
    return {some_text(chance): some_value(chance, depth) for _ in range(chance.randrange(4))}


def some_value(chance, depth):
    """What may be signed: composed text, whole numbers, no nulls."""
    match chance.randrange(8 if depth else 4):
        case 0:
            return chance.choice((False, True))
        case 1:
            return some_number(chance)
        case 2 | 3:
            return some_text(chance)
        case 4 | 5:
            return [some_value(chance, depth - 1) for _ in range(chance.randrange(4))]
        case _:
            return some_object(chance, depth - 1)


def sign_by_pyjwt(header, payload, key, _):
    named = {name: header[name] for name in ("kid", "typ")}
    return jwt.api_jws.PyJWS(algorithms=["EdDSA"]).encode(payload.encode(), key, header["alg"], named)


def sign_by_joserfc(header, payload, _, jwk):
    registry = joserfc.jws.JWSRegistry(algorithms=["EdDSA"], strict_check_header=False)
    return joserfc.jws.serialize_compact(header, payload, joserfc.jwk.OKPKey.import_key(jwk), registry=registry)


def sign_by_jwcrypto(header, payload, _, jwk):
    token = jwcrypto.jws.JWS(payload)
    token.allowed_algs = ["EdDSA"]
    token.add_signature(jwcrypto.jwk.JWK(**jwk), protected=json.dumps(header))
    return token.serialize(compact=True)


SIGNERS = [sign_by_pyjwt, sign_by_joserfc, sign_by_jwcrypto]


def sign(count):
    chance = random.Random(SEED)
    for number in range(count):
        seed = chance.randbytes(32)
        key = Ed25519PrivateKey.from_private_bytes(seed)
        bare = {"kty": "OKP", "crv": "Ed25519", "x": base64url(key.public_key().public_bytes_raw())}
        header = {"alg": "EdDSA", "kid": thumbprint(bare), "typ": "ogoh-entry+jws"}
        members = [("seq", number), ("name", some_text(chance)), ("v", 1), ("body", some_object(chance, 4))]
        # Members in any order, letters as they are or escaped: bytes are signed, not values.
        chance.shuffle(members)
        payload = json.dumps(dict(members), ensure_ascii=number % 2 == 0)
        token = SIGNERS[number % len(SIGNERS)](header, payload, key, {**bare, "d": base64url(seed)})
        print(json.dumps({"jwk": bare, "jws": token}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--sign", count]:
            sign(int(count))
        case [keys_file, entries_file]:
            with tempfile.TemporaryDirectory() as folder:
                check(keys_file, entries_file, folder)
        case _:
            sys.exit(__doc__)
