#!/bin/sh
# Makes the Debian package of a ward or of the registry: the program with encryption at rest built in,
# the service units, the accounts.
#
#   packaging/deb.sh [FOLDER]       the package in FOLDER (default target/package)
#
# Needs dpkg-dev, libssl-dev and a C compiler. PROFILE is the cargo profile (default dist: small and slow to build).
# Built on the oldest release that is to run it: the package asks for that one's C library.
set -eu
cd "$(dirname "$0")/.."
out=${1:-target/package}
profile=${PROFILE:-dist}
target=${CARGO_TARGET_DIR:-target}

# In a folder of its own: the other SQLite would have everything built anew.
CARGO_TARGET_DIR=$target/sqlcipher cargo build --locked --profile "$profile" --features sqlcipher

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
put() { # MODE FILE PLACE
    install -D -m "$1" "$2" "$root/$3"
}
put 0755 "$target/sqlcipher/$profile/ogoh" usr/bin/ogoh
for unit in packaging/systemd/*; do
    put 0644 "$unit" "usr/lib/systemd/system/${unit##*/}"
done
put 0644 packaging/deb/ogoh.sysusers usr/lib/sysusers.d/ogoh.conf
put 0644 packaging/deb/profile.sh etc/profile.d/ogoh.sh
put 0644 README.md usr/share/doc/ogoh/README.md
{
    echo "ogoh is under either of these licences, at your choice."
    echo "The libraries in it: their licences are permissive, by name in the lock file of its sources."
    for licence in LICENSE-APACHE LICENSE-MIT; do
        printf '\n=== %s\n\n' "$licence"
        cat "$licence"
    done
} >"$stage/copyright"
put 0644 "$stage/copyright" usr/share/doc/ogoh/copyright

# Which C library it asks for.
mkdir "$stage/debian"
echo "Source: ogoh" >"$stage/debian/control"
needs=$(cd "$stage" && dpkg-shlibdeps -O "$root/usr/bin/ogoh" | sed 's/^shlibs:Depends=//')

mkdir "$root/DEBIAN"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
sed "s/@VERSION@/$version/; s/@ARCH@/$(dpkg --print-architecture)/; s/@NEEDS@/$needs/; s/@SIZE@/$(du -sk "$root" | cut -f1)/" \
    packaging/deb/control >"$root/DEBIAN/control"
for script in postinst prerm postrm; do
    install -m 0755 "packaging/deb/$script" "$root/DEBIAN/$script"
done

mkdir -p "$out"
dpkg-deb --build --root-owner-group "$root" "$out"
