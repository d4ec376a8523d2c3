#!/bin/sh
# Installs the named Debian packages that are missing; with none missing it calls nothing that could ask for a password.
set -eu
command -v dpkg-query >/dev/null 2>&1 || {
	echo "not a Debian system: install yourself what the Makefile names in BUILD_PACKAGES" >&2
	exit 0
}
missing=
for package; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
	test "$state" = installed || missing="$missing $package"
done
test -n "$missing" || exit 0
echo "installing:$missing" >&2
root=
if test "$(id -u)" != 0; then
	command -v sudo >/dev/null 2>&1 || {
		echo "run as root: apt-get install --no-install-recommends$missing" >&2
		exit 1
	}
	root=sudo
fi
# shellcheck disable=SC2086 # a list of words
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 || {
	$root apt-get update -qq
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
