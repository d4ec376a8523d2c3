#!/bin/sh
# Installs the named Debian packages that are missing; with none missing it calls nothing that could ask for a password.
# PACKAGE@COMMAND counts as there where COMMAND runs, whoever installed it.
set -eu
missing=
for package; do
	case $package in
	*@*)
		if command -v "${package#*@}" >/dev/null 2>&1; then continue; fi
		package=${package%@*}
		;;
	esac
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
	test "$state" = installed || missing="$missing $package"
done
test -n "$missing" || exit 0
command -v apt-get >/dev/null 2>&1 || {
	echo "not a Debian system; going on without knowing whether these are here:$missing" >&2
	exit 0
}
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
install() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
install 2>/dev/null || { $root apt-get update -qq && install; }
