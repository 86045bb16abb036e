# Checks everything: form, lints, licences, tests with and without the registry's side, on plain and on
# encrypted databases, documents, the service units, the Debian package, the scripted demonstration,
# foreign verifiers, the portal against its own OpenAPI document, and the measurements in short.
#
#   tests/check.sh
#
# A foreign tool that is missing is named and left out; with the environment variable CI set it is
# a fault. Foreign verifiers run under OGOH_PYTHON (default python3) with pyjwt, cryptography,
# joserfc, jwcrypto and schemathesis, and under node with jose in the folder OGOH_NODE_MODULES.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
python=${OGOH_PYTHON:-python3}
# A picture that differs is a fault here, never a new picture.
export INSTA_UPDATE=no
# Tests wait for disks, for servers and for each other's processes more than they compute.
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-4}"
left_out=

began=$(date +%s)
step() {
    echo
    echo "=== $1 (after $(($(date +%s) - began)) s)"
}

# has NAME COMMAND...: whether a foreign tool answers.
has() {
    name=$1
    shift
    if "$@" >/dev/null 2>&1; then
        return 0
    fi
    if [ -n "${CI:-}" ]; then
        echo "there is no $name, and under CI nothing is left out" >&2
        exit 1
    fi
    left_out="$left_out
  $name"
    return 1
}

step "form"
cargo fmt --check

step "licences, bans, sources, advisories"
if has "cargo-deny" cargo deny --version; then
    cargo deny check licenses bans sources
    # The database of advisories lies on another server than the crates.
    if timeout 60 cargo deny fetch db >/dev/null 2>&1; then
        cargo deny check advisories
    else
        echo "advisories: not asked, their database cannot be fetched from here; run \`cargo deny check advisories\` where it can"
        left_out="$left_out
  database of advisories"
    fi
fi

step "service units: exposure at most 1.0 of the pusher, 0.3 of the portal"
if has "systemd-analyze" systemd-analyze --version; then
    # The threshold is in tenths.
    for unit in ogoh-push:10 ogoh-portal:3; do
        file=packaging/systemd/${unit%:*}.service
        systemd-analyze security --offline=true --threshold="${unit#*:}" --no-pager "$file" | grep -E '✗|Overall'
        # grep hides the status; ask again for it alone.
        systemd-analyze security --offline=true --threshold="${unit#*:}" --no-pager "$file" >/dev/null
    done
fi

step "lints"
cargo clippy --locked --all-targets -- -D warnings
cargo clippy --locked --all-targets --no-default-features -- -D warnings

step "tests"
cargo test --locked

step "every screen at every size"
cargo test --locked --lib ui::tests::sweep -- --ignored

if has "headers of OpenSSL's libcrypto" sh -c "echo '#include <openssl/evp.h>' | cc -E -"; then
    # In a folder of its own: the other SQLite would have everything built anew.
    step "tests without the registry's side, on encrypted databases"
    CARGO_TARGET_DIR="$target/sqlcipher" cargo test --locked --no-default-features --features sqlcipher
    step "tests with it, on encrypted databases"
    CARGO_TARGET_DIR="$target/sqlcipher" cargo test --locked --features sqlcipher --test portal -- \
        encrypted:: enrolment:: fortnight:: people:: threats:: restored::
else
    step "tests without the registry's side"
    cargo test --locked --no-default-features
fi

step "documents"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

step "release"
cargo build --locked --release
ls -l "$target/release/ogoh" | awk '{print "size of the binary:", $5, "bytes"}'
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT

if has "what the Debian package asks for" sh -c \
    "dpkg-deb --version && dpkg-shlibdeps --version && echo '#include <openssl/evp.h>' | cc -E -"; then
    step "the Debian package: what it holds, and that its program encrypts"
    PROFILE=release packaging/deb.sh "$kept/package"
    for package in "$kept"/package/*.deb; do
        dpkg-deb --info "$package"
        dpkg-deb --contents "$package" | awk '{print $1, $2, $3, $6}'
        dpkg-deb --extract "$package" "$kept/installed"
    done
    "$kept/installed/usr/bin/ogoh" demo --scripted --keep "$kept/encrypted" >/dev/null
    "$kept/installed/usr/bin/ogoh" --data-dir "$kept/encrypted/ward" doctor --json --lang en | grep -q "is encrypted"
fi

step "demonstration"
"$target/release/ogoh" demo --scripted --keep "$kept/demo"

step "foreign verifiers on what the demonstration signed"
ward=$kept/demo/ward
"$target/release/ogoh" --data-dir "$ward" export --format jws >"$kept/entries.jws"
"$target/release/ogoh" --data-dir "$ward" keys --jwks >"$kept/keys.jwks"
if has "Python with pyjwt, joserfc, jwcrypto, cryptography" "$python" -c "import jwt, joserfc, jwcrypto, cryptography" &&
    has "openssl" openssl version; then
    "$python" -W ignore tests/jose_check.py "$kept/keys.jwks" "$kept/entries.jws"
fi
if has "Node with jose" node -e "require.resolve('jose', {paths: [process.env.OGOH_NODE_MODULES || '.']})"; then
    node tests/jose_check.mjs "$kept/keys.jwks" "$kept/entries.jws"
fi

step "the portal against its own OpenAPI document"
if has "Python with schemathesis, cryptography" "$python" -c "import schemathesis, cryptography"; then
    "$target/release/ogoh" portal serve --dir "$kept/demo/portal" --listen 127.0.0.1:0 --json >"$kept/portal" &
    portal=$!
    trap 'kill "$portal" 2>/dev/null || true; rm -rf "$kept"' EXIT
    until grep -q url "$kept/portal"; do
        kill -0 "$portal"
    done
    url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$kept/portal")
    if has "promtool" promtool --version; then
        "$python" -c 'import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1] + "/metrics").read())' "$url" |
            promtool check metrics
    fi
    "$python" tests/openapi_check.py "$url" "$kept/demo/ward" "$kept/demo/portal" "$target/release/ogoh"
    kill "$portal"
fi

step "measurements, short"
cargo bench --locked --bench measure -- --short

step "done"
if [ -n "$left_out" ]; then
    echo "left out for want of a tool:$left_out"
fi
echo "all checks hold"
