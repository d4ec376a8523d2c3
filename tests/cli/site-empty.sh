#!/bin/sh
# A site before anything was measured: it says so, and what to type; its navigation names only pages that exist, and
# the methods page how often verdicts are wrong.
. "${0%/*}/lib.sh"
new_repository
expect 0 assay site
grep -q 'Nothing has been measured yet' site/index.html || fail "no answer"
grep -q 'assay baseline' site/index.html || fail "no command to type"
grep -q '<table' site/index.html && fail "an empty table"
grep -o 'href="[^"#]*' site/index.html | sed 's/href="//' | grep -v '^data:\|^$' | while read -r link; do
	test -f "site/$link" || echo "$link"
done >"$here/broken"
test ! -s "$here/broken" || fail "broken links: $(cat "$here/broken")"
grep -q 'Scope change: false .*within their limit' site/methods.html || fail "no measured error rates, or one is off"
mkdir "$here/plain" && cd "$here/plain" || exit 1
expect 2 assay site
says 'git init'
