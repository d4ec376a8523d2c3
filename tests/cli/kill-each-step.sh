#!/bin/sh
# Killed, or finding the disk full, at calls spread over the whole of a training: every run that had started is in git once
# after the next command, and nothing of the user's has changed. (test_flight_kill strikes every single call.)
. "${0%/*}/lib.sh"
shim=$here/shim.so
cc -shared -fPIC -D_GNU_SOURCE -o "$shim" "$top/tests/cli/kill_shim.c" -ldl || fail "the shim does not compile"
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0

new_repository template
sample_csv >data.csv
git add data.csv && git commit -qm data
echo staged >staged.txt && git add staged.txt
echo changed >>data.csv && git add data.csv && sample_csv >data.csv
echo new >untracked.txt
cd ..

# mine: the user's side of the repository, as bytes
mine() {
	cat .git/index .git/HEAD .git/refs/heads/main data.csv staged.txt untracked.txt | sha256sum
	ls -A
}
(cd template && mine) >mine.before

# started: ids in flight and on the branch
started() {
	ls .git/assay/running 2>/dev/null | grep '^2'
	git log --format='%(trailers:key=Assay-Run,valueonly)' refs/heads/assay/runs 2>/dev/null | grep .
}

# strike HOW N: a training in a copy of the repository is struck, the next one puts all right
strike() {
	rm -rf "$here/repo"
	cp -a "$here/template" "$here/repo"
	cd "$here/repo" || exit 1
	LD_PRELOAD=$shim STRIKE=$1:$2 STRIKE_COUNT=$here/count assay baseline --data data.csv --target left --threads 1 \
		>"$here/out" 2>"$here/err"
	struck=$?
	cp "$here/err" "$here/err.struck"
	started | sort >"$here/started"
	expect 0 assay baseline --data data.csv --target left --threads 1 --again
	git log --format='%(trailers:key=Assay-Run,valueonly)' assay/runs | grep . | sort >"$here/landed"
	test -z "$(uniq -d "$here/landed")" || fail "$1 $2: a run is in git twice"
	test -z "$(uniq "$here/started" | comm -23 - "$here/landed")" || fail "$1 $2: a run is lost"
	git ls-tree -r --name-only assay/runs | sed -n 's|.*/\([^/]*\)/run.json$|\1|p' | sort | cmp - "$here/landed" ||
		fail "$1 $2: commits and folders differ"
	test -z "$(ls .git/assay/running)" || fail "$1 $2: something stays in flight: $(ls -A .git/assay/running)"
	test -z "$(git rev-list refs/assay/keep..assay/runs)" || fail "$1 $2: the chain lacks a run"
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$1 $2: git fsck: $(cat "$here/fsck")"
	test -s "$here/fsck" && fail "$1 $2: git fsck: $(cat "$here/fsck")"
	mine | cmp - "$here/mine.before" || fail "$1 $2: something of the user's changed"
}

strike kill 1000000
test $struck = 0 || fail "untouched, exit $struck: $(cat "$here/err.struck")"
total=$(cat "$here/count")
test "$total" -gt 200 || fail "only $total calls were counted"
total=$((total - 30)) # names are random, and with them the number of folders for objects

i=0
while test $i -lt 12; do
	n=$((1 + i * (total - 1) / 11))
	strike kill $n
	test $struck = 137 || fail "kill $n: exit $struck"
	i=$((i + 1))
done
for how in fail full; do
	i=0
	while test $i -lt 5; do
		n=$((2 + i * (total - 2) / 5))
		strike $how $n
		case $struck in
		3) grep -q '^assay: ' ../err.struck || fail "$how $n: no message" ;;
		0) test $how = fail || fail "$how $n: a full disk was not noticed" ;;
		*) fail "$how $n: exit $struck: $(cat ../err.struck)" ;;
		esac
		i=$((i + 1))
	done
done
