#!/usr/bin/env python3
"""Verifies the ward's entries with libraries that know nothing of ogoh.

    jose_check.py KEYS.jwks ENTRIES        one compact JWS a line, in journal order
    jose_check.py --sign COUNT             writes JSON lines {"jwk", "jws"} signed by a foreign
                                           library, for the program to verify

Every signature must be accepted by PyJWT, joserfc, jwcrypto, cryptography and openssl, and
refused by each of them once a single bit of it is turned. The chain of hashes is recomputed with
nothing but SHA-256. Prints no payload: they hold names. Exit status 0 only if all agree.
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import joserfc.jws
import joserfc.jwk
import jwt
import jwcrypto.jwk
import jwcrypto.jws
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


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


def by_openssl(jws, jwk):
    signed, signature = jws.rsplit(".", 1)
    key = Ed25519PublicKey.from_public_bytes(unbase64(jwk["x"]))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "key").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        (folder / "signed").write_bytes(signed.encode())
        (folder / "signature").write_bytes(unbase64(signature))
        subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "key", "-rawin",
             "-in", folder / "signed", "-sigfile", folder / "signature"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )


VERIFIERS = [by_pyjwt, by_joserfc, by_jwcrypto, by_cryptography, by_openssl]


def refused(verify, jws, jwk):
    try:
        verify(jws, jwk)
    except Exception:  # each library has its own
        return True
    return False


def turned(jws):
    """The same text with one bit of the signature turned."""
    signed, signature = jws.rsplit(".", 1)
    raw = bytearray(unbase64(signature))
    raw[7] ^= 1
    return f"{signed}.{base64url(bytes(raw))}"


def check(keys_file, entries_file):
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
        for verify in VERIFIERS:
            try:
                verify(jws, jwk)
            except Exception as fault:
                faults.append(f"line {number}: {verify.__name__} refuses it: {type(fault).__name__}")
            if not refused(verify, turned(jws), jwk):
                faults.append(f"line {number}: {verify.__name__} accepts a turned bit")
        entry = json.loads(unbase64(jws.split(".")[1]))
        seq, prev = heads.get(entry["jid"], (0, base64url(bytes(32))))
        if (entry["seq"], entry["prev"]) != (seq + 1, prev):
            faults.append(f"line {number}: the chain of journal {entry['jid']} breaks at {entry['seq']}")
        heads[entry["jid"]] = (entry["seq"], digest(jws))

    if faults:
        sys.exit("\n".join(faults))
    names = ", ".join(v.__name__.removeprefix("by_") for v in VERIFIERS)
    print(f"{len(lines)} entries of {len(heads)} journals: {names} accept each, and refuse each with a bit turned")


def sign(count):
    for number in range(count):
        key = jwcrypto.jwk.JWK.generate(kty="OKP", crv="Ed25519")
        public = json.loads(key.export_public())
        bare = {name: public[name] for name in ("kty", "crv", "x")}
        header = {"alg": "EdDSA", "kid": thumbprint(bare), "typ": "ogoh-entry+jws"}
        # Members in any order, and letters as they are: bytes are signed, not values.
        payload = {"seq": number, "name": "Ҷамшед Ӯғлӣ", "v": 1}
        token = joserfc.jws.serialize_compact(
            header, json.dumps(payload, ensure_ascii=number % 2 == 0),
            joserfc.jwk.OKPKey.import_key(json.loads(key.export_private())),
            registry=joserfc.jws.JWSRegistry(algorithms=["EdDSA"], strict_check_header=False),
        )
        print(json.dumps({"jwk": bare, "jws": token}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--sign", count]:
            sign(int(count))
        case [keys_file, entries_file]:
            check(keys_file, entries_file)
        case _:
            sys.exit(__doc__)
