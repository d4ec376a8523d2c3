#!/bin/sh
# assay run killed, or finding the disk full, at calls spread over the whole of a run: every run whose command had started is in
# git once after a recovery, whole where it had ended, and nothing of the user's has changed. STEP=1 strikes every single call.
. "${0%/*}/lib.sh"
shim=$here/shim.so
cc -shared -fPIC -D_GNU_SOURCE -o "$shim" "$top/tests/cli/kill_shim.c" -ldl || fail "the shim does not compile"
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0

new_repository template
sample_csv >data.csv
printf 'data: {file: data.csv, target: left}\n' >assay.yaml
git add . && git commit -qm data
expect 0 assay baseline --threads 1
echo staged >staged.txt && git add staged.txt
echo changed >>data.csv && git add data.csv && sample_csv >data.csv
echo new >untracked.txt
cd ..

mine() {
	cat .git/index .git/HEAD .git/refs/heads/main data.csv staged.txt untracked.txt | sha256sum
	ls -A
}
(cd template && mine) >mine.before
export STARTED="$here/started"

# strike HOW N: a run in a copy of the repository is struck and recovered
strike() {
	rm -rf "$here/repo"
	cp -a "$here/template" "$here/repo"
	cd "$here/repo" || exit 1
	: >"$STARTED"
	# shellcheck disable=SC2016 # for the shell of the run
	LD_PRELOAD=$shim STRIKE=$1:$2 STRIKE_COUNT=$here/count assay run --quiet --threads 1 --param a=1 -- sh -c '
		echo "$ASSAY_RUN_ID" >>"$STARTED"; echo said
		cd "$ASSAY_RUN_DIR" && echo "{\"loss\": 1}" >metrics.jsonl && mkdir artifacts && echo model >artifacts/model
		awk -F, "NR == 1 { print \"id,y_pred\" } \$2 == \"test\" { print \$1 \",yes\" }" "$ASSAY_SPLIT" >predictions.csv' \
		>"$here/out.struck" 2>"$here/err.struck"
	struck=$?
	tries=0
	while
		expect 0 assay recover
		ls .git/assay/running 2>/dev/null | grep -q '^2'
	do
		tries=$((tries + 1))
		test $tries -lt 100 || fail "$1 $2: not recovered: $(cat "$here/out" "$here/err")"
		sleep 0.1
	done
	git log --format='%(trailers:key=Assay-Run,valueonly)' assay/runs | grep . | sort >"$here/landed"
	test -z "$(uniq -d "$here/landed")" || fail "$1 $2: a run is in git twice"
	test -z "$(sort -u "$STARTED" | comm -23 - "$here/landed")" || fail "$1 $2: a run is lost"
	test -z "$(ls .git/assay/running)" || fail "$1 $2: something stays in flight: $(ls .git/assay/running)"
	test -z "$(git rev-list refs/assay/keep..assay/runs)" || fail "$1 $2: the chain lacks a run"
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$1 $2: git fsck: $(cat "$here/fsck")"
	test ! -s "$here/fsck" || fail "$1 $2: git fsck: $(cat "$here/fsck")"
	mine | cmp - "$here/mine.before" || fail "$1 $2: something of the user's changed"
	for id in $(cat "$STARTED"); do
		expect 0 assay show "$id" --json
		jq -e '.record.code.snapshot and .record.params.a == 1' "$here/out" >"$here/jq" || fail "$1 $2: $(cat "$here/out")"
		test "$(jq -r .record.exit "$here/out")" = null ||
			jq -e '[.record.artifacts[].path] | index("artifacts/model") and
				(index("predictions.csv") or index("artifacts/predictions.csv"))' "$here/out" >"$here/jq" ||
			fail "$1 $2: what the run brought is lost: $(cat "$here/out")"
		git rev-parse -q --verify "$(jq -r .record.code.snapshot "$here/out")^{tree}" >"$here/jq" || fail "$1 $2: no snapshot"
	done
}

strike kill 1000000
test $struck = 0 || fail "untouched, exit $struck: $(cat "$here/err.struck")"
total=$(cat "$here/count")
test "$total" -gt 40 || fail "only $total calls were counted"
step=${STEP:-$(((total - 10) / 24))}
n=1
while test $n -lt $((total - 10)); do # names are random, and with them the number of folders for objects
	strike kill $n
	test $struck = 137 || fail "kill $n of $total: exit $struck"
	n=$((n + step))
done
for how in fail full; do
	n=1
	while test $n -lt $((total - 10)); do
		strike $how $n
		if test -s "$STARTED"; then # the command's own exit, whatever became of its run
			test $struck = 0 || fail "$how $n: exit $struck: $(cat "$here/err.struck")"
		else
			case $struck in 125 | 3) ;; *) fail "$how $n: exit $struck: $(cat "$here/err.struck")" ;; esac
		fi
		n=$((n + step * 3))
	done
done
