# Whoever works under the ward's account works on the ward's data.
if [ "$(id -un)" = ogoh ]; then
    export OGOH_DATA_DIR=/var/lib/ogoh
fi
