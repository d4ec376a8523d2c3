#!/bin/sh
# Sixteen trainings at once beside a user who commits and packs: every run lands, the user's commits too.
. "${0%/*}/lib.sh"
new_repository
sample_csv 120 >data.csv
git add data.csv && git commit -qm data
writers=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	assay baseline --data data.csv --target left --seed "$i" --threads 1 >"$here/out.$i" 2>"$here/err.$i" &
	writers="$writers $!"
done
commits=0
while test $commits -lt 20; do
	echo $commits >work.txt
	git add work.txt && git commit -qm "work $commits" || fail "the user's commit was refused"
	git pack-refs --all 2>/dev/null # a reference that moves meanwhile is left for the next time
	commits=$((commits + 1))
done
for writer in $writers; do
	wait "$writer" || fail "a writer's exit is $?: $(cat "$here"/err.*)"
done
expect 0 assay ls --json
test "$(jq length "$here/out")" = 96 || fail "$(jq length "$here/out") runs, not 96"
test "$(git rev-list --count assay/runs)" = 96 || fail "not a commit a run"
test "$(git log --format='%(trailers:key=Assay-Run,valueonly)' assay/runs | grep . | sort -u | wc -l)" = 96 || fail "doubles"
test -z "$(git rev-list refs/assay/keep..assay/runs)" || fail "the chain lacks a run"
test "$(git rev-list --count main)" = 22 || fail "a commit of the user's is lost"
test -z "$(git status --porcelain)" || fail "the work tree is not clean"
test -z "$(ls .git/assay/running)" || fail "something stays in flight"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
