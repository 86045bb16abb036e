#!/usr/bin/env python3
"""Holds a running portal to its own OpenAPI document, with schemathesis.

    openapi_check.py URL WARD_DIR PORTAL_DIR OGOH

Every documented call is made with values that the document allows and values that it does not: as
nobody, as the enrolled device of WARD_DIR, and as a registrar who signed in. No answer may be a 5xx,
of a status or a type that the document does not name, or of another shape than it says. OGOH is the
program, which makes the registrar's link. Exit status 0 only if all hold.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

# schemathesis knows no NDJSON and no bare JWS: a line is its own text.
HOOKS = '''
import json
import schemathesis

def lines(ctx, value):
    if isinstance(value, (list, tuple)):
        value = "\\n".join(v if isinstance(v, str) else json.dumps(v) for v in value)
    return str(value).encode()

for media in ("application/x-ndjson", "application/jose", "text/plain", "application/jws"):
    schemathesis.serializer(media)(lines)

@schemathesis.deserializer("application/x-ndjson")
def of_lines(ctx, response):
    found = [json.loads(line) for line in response.text.splitlines() if line]
    return found[0] if found else "a.b.c"
'''


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bearer(ward, portal):
    """A token of the ward's device, as the program makes it."""
    _, seed, kid = (ward / "device.key").read_text().split()
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(seed + "="))
    root = (portal / "root.pub").read_text().strip()
    now = int(time.time())
    header = {"alg": "EdDSA", "kid": kid, "typ": "ogoh-auth+jwt"}
    claims = {"iss": kid, "aud": f"urn:ogoh:registry:{root}", "iat": now, "exp": now + 300}
    parts = [base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    parts.append(base64url(key.sign(".".join(parts).encode())))
    return ".".join(parts)


def cookie(url, portal, ogoh):
    """The cookie of a registrar who followed a link and pressed its page's button."""
    made = subprocess.run(
        [ogoh, "portal", "staff", "link", "sitora", "--base", url, "--dir", portal, "--json"],
        check=True, capture_output=True, text=True,
    )
    link = json.loads(made.stdout)["url"]

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        urllib.request.build_opener(Stay).open(link, data=b"")
    except urllib.error.HTTPError as answer:
        return answer.headers["set-cookie"].split(";")[0]
    raise SystemExit("the link did not sign in")


def run(url, headers, hooks):
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", f"{url}/v1/openapi.json",
        "--url", url, "--checks", CHECKS, "--max-examples", "20", "--seed", "1", "--no-color",
        "--suppress-health-check", "all",
    ]
    for header in headers:
        command += ["-H", header]
    done = subprocess.run(
        command, env={**os.environ, "SCHEMATHESIS_HOOKS": hooks}, capture_output=True, text=True, cwd=pathlib.Path(hooks).parent
    )
    if done.returncode != 0:
        print(done.stdout[-8000:], done.stderr[-2000:])
        raise SystemExit("the portal and its OpenAPI document part ways")
    print("\n".join(line for line in done.stdout.splitlines() if "generated" in line or "Tested" in line))


def main():
    url, ward, portal, ogoh = sys.argv[1:5]
    ward, portal = pathlib.Path(ward), pathlib.Path(portal)
    with tempfile.TemporaryDirectory() as folder:
        hooks = pathlib.Path(folder) / "hooks.py"
        hooks.write_text(HOOKS)
        for who, headers in [
            ("nobody", []),
            ("a device", [f"Authorization: Bearer {bearer(ward, portal)}"]),
            ("a registrar", [f"Cookie: {cookie(url, portal, ogoh)}"]),
        ]:
            print(who)
            run(url, headers, str(hooks))


main()
