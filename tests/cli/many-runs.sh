#!/bin/sh
# Sixty-four commands at once, each a run, beside a user who stages, commits and packs: 64 runs, and nobody's change is lost.
. "${0%/*}/lib.sh"
new_repository
writers=
n=0
while test $n -lt 64; do
	n=$((n + 1))
	# shellcheck disable=SC2016 # for the inner shell
	assay run --quiet --name "w$n" -- sh -c 'echo "{\"number\": $0}" >"$ASSAY_RUN_DIR/metrics.json"; echo "said by $0"' "$n" \
		>"$here/out.$n" 2>"$here/err.$n" &
	writers="$writers $!"
done
commits=0
while test $commits -lt 40; do
	echo $commits >work.txt
	echo $commits >"file.$commits"
	git add work.txt "file.$commits" || fail "git add was refused"
	git commit -qm "work $commits" || fail "the user's commit was refused"
	# a reference or an object that moves meanwhile is left for the next time
	test $((commits % 10)) != 5 || git gc --quiet 2>>"$here/gc"
	commits=$((commits + 1))
done
echo staged >work.txt && git add work.txt
n=0
for writer in $writers; do
	n=$((n + 1))
	wait "$writer" || fail "run $n: exit $?: $(cat "$here/err.$n")"
	test "$(cat "$here/out.$n")" = "said by $n" || fail "run $n printed something else: $(cat "$here/out.$n")"
done
# one that had to wait is landed by the next command that writes
expect 0 assay recover
expect 0 assay ls --all --json
test "$(jq '[.[] | select(.where == "git" and .status == "finished")] | length' "$here/out")" = 64 ||
	fail "not 64 finished runs in git: $(jq -c '[group_by(.where + .status)[] | [.[0].where, .[0].status, length]]' "$here/out")"
test "$(jq '[.[].metrics.number] | add' "$here/out")" = 2080 || fail "a run has another's metric"
test "$(git rev-list --count assay/runs)" = 64 || fail "$(git rev-list --count assay/runs) commits, not one a run"
test -z "$(git rev-list refs/assay/keep..assay/runs)" || fail "the chain lacks a run"
test -z "$(ls .git/assay/running)" || fail "something stays in flight: $(ls .git/assay/running)"
test "$(git rev-list --count main)" = 41 || fail "a commit of the user's is lost"
test "$(git ls-tree -r --name-only HEAD | wc -l)" = 41 || fail "a file of the user's is lost"
test "$(git status --porcelain)" = "M  work.txt" || fail "the index changed: $(git status --porcelain)"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
test ! -s "$here/fsck" || fail "git fsck: $(cat "$here/fsck")"
