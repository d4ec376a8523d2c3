#!/bin/sh
# The demo's site in a browser, dark and light, wide and narrow: axe.mjs says what is looked for.
node=$(sh "$top/tests/node.sh") || exit $?
. "$top/tests/cli/lib.sh"
CHROMIUM=$(command -v "${CHROMIUM:-chromium}") || skip "chromium is not installed"
export CHROMIUM
mkdir "$here/build"
cp "$BUILD/assay" "$here/build/"
BUILD=$here/build expect 0 sh "$top/sample-project/demo.sh"
node "$top/tests/browser/axe.mjs" "$node" "$here/build/demo/site" || fail "see above"
