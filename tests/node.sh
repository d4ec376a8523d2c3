#!/bin/sh
# Installs what tests/package.json pins into $BUILD/node, once, and prints that folder. Exit 77: npm or its registry does
# not answer, so that a test that needs it can be skipped.
set -eu
: "${BUILD:?run by make check}" "${top:?run by make check}"
node=$BUILD/node
command -v npm >/dev/null 2>&1 || {
	echo "npm is not installed" >&2
	exit 77
}
mkdir -p "$node"
exec 9>"$node/lock"
flock 9
if ! cmp -s "$top/tests/package-lock.json" "$node/installed.json"; then
	rm -f "$node/installed.json"
	cp "$top/tests/package.json" "$top/tests/package-lock.json" "$node/"
	(cd "$node" && timeout 120 npm ci --no-audit --no-fund --ignore-scripts --silent) >"$node/npm.log" 2>&1 || {
		echo "npm ci failed, see $node/npm.log" >&2
		exit 77
	}
	cp "$node/package-lock.json" "$node/installed.json"
fi
echo "$node"
