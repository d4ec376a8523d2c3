#!/bin/sh
# assay recover: what a killed run had logged, a command that outlives assay, a branch that somebody deleted, reset or rewrote.
. "${0%/*}/lib.sh"
new_repository
expect 0 assay recover
test "$(cat "$here/out")" = "nothing to recover" || fail "recover says: $(cat "$here/out")"

# killed: all that had been logged is there
# shellcheck disable=SC2016 # for the shell of the run
expect 137 assay run --name victim --param depth=6 -- sh -c '
	cd "$ASSAY_RUN_DIR"; echo said; assay log tag step=two
	for i in 1 2 3; do echo "{\"loss\": $i}"; done >metrics.jsonl; printf "{\"lo" >>metrics.jsonl
	echo "{\"lr\": 0.5}" >params.json; mkdir artifacts; echo model >artifacts/model
	printf "id,y_pred\n1,yes\n" >predictions.csv; sleep 0.2
	kill -9 $PPID'
expect 0 assay ls
says "killed"
expect 0 assay recover
grep -q "1 run was recorded that had been killed" "$here/out" || fail "recover says: $(cat "$here/out")"
expect 0 assay show victim --json
jq -e '.where == "git" and .record.status == "killed" and .record.exit == null and .record.ended == null and
	.record.params == {"depth": 6, "lr": 0.5} and .record.tags.step == "two" and .record.reported.loss == 3 and
	.record.series.loss.count == 3 and (.record.notes | any(test("last seen at 20"))) and
	([.record.artifacts[].path] | contains(["artifacts/model", "artifacts/predictions.csv", "history.csv", "log.txt"]))' \
	"$here/out" >"$here/jq" || fail "the record: $(cat "$here/out")"

# a command that outlives assay is left alone until it ends
# shellcheck disable=SC2016
expect 137 assay run --name orphan -- sh -c 'exec >"$ASSAY_RUN_DIR/own.txt" 2>&1; kill -9 $PPID; sleep 1; echo "{\"late\": 1}" >"$ASSAY_RUN_DIR/metrics.json"'
expect 0 assay recover
grep -q "still running" "$here/out" || fail "recover says: $(cat "$here/out")"
expect 0 assay run --name meanwhile -- true
expect 0 assay show orphan --json
jq -e '.where == "running"' "$here/out" >"$here/jq" || fail "the orphan is not said to run: $(cat "$here/out")"
tries=0
until expect 0 assay recover && test -z "$(ls .git/assay/running)"; do
	tries=$((tries + 1))
	test $tries -lt 100 || fail "the orphan is never recovered"
	sleep 0.1
done
expect 0 assay show orphan --json
jq -e '.record.status == "killed" and .record.reported.late == 1' "$here/out" >"$here/jq" || fail "the orphan: $(cat "$here/out")"

# another place for what is in flight is found without its variable; four that recover at once make one run of it
mkdir "$here/spool"
ASSAY_SPOOL=$here/spool expect 137 assay run --name spooled -- sh -c 'kill -9 $PPID'
test -z "$(ls .git/assay/running)" || fail "the spool was not used"

# what died is shown as what it is, before any command has recorded it: killed, and waiting
tries=0
until expect 0 assay ls --json && jq -e 'any(.[]; .name == "spooled" and .where == "waiting" and .status == "killed")' \
	"$here/out" >"$here/jq"; do
	tries=$((tries + 1))
	test $tries -lt 100 || fail "a killed run is not shown as one: $(cat "$here/out")"
	sleep 0.1
done
says "1 run was killed"
expect 0 assay ls --where 'status = running' --csv
test "$(wc -l <"$here/out")" = 1 || fail "a killed run is listed as running"
for i in 1 2 3 4; do
	assay recover >"$here/out.$i" 2>"$here/err.$i" &
	eval "recoverer_$i=$!"
done
for i in 1 2 3 4; do
	eval "wait \$recoverer_$i" || fail "recoverer $i: $(cat "$here/err.$i")"
done
expect 0 assay recover
expect 0 assay show spooled --json
jq -e '.where == "git" and .record.status == "killed"' "$here/out" >"$here/jq" || fail "the spooled run: $(cat "$here/out")"
test "$(git log --format=%s assay/runs | grep -c spooled)" = 1 || fail "the spooled run is in git more than once"
test -z "$(ls "$here"/spool/*/running)" || fail "something stays in the spool"

# ids: of the runs that readers see, sorted
ids() {
	expect 0 assay ls --all --json
	jq -r '.[].id' "$here/out" | sort
}
ids >"$here/before"
tip=$(git rev-parse assay/runs)
git branch -q -D assay/runs
expect 0 assay recover
test "$(git rev-parse assay/runs)" = "$tip" || fail "a deleted branch is not where it was"
git update-ref refs/heads/assay/runs "$tip~2"
expect 0 assay recover
test "$(git rev-parse assay/runs)" = "$tip" || fail "a branch that was reset is not where it was"
# deleted, and a new one begun; what assay moved last is that new one
git branch -q -D assay/runs
rm .git/assay/landed
expect 0 assay run --name fresh -- true
test "$(git rev-list --count assay/runs)" = 1 || fail "the new branch has the old one's runs"
expect 0 assay recover
ids | grep -vx "$(git log -1 --format='%(trailers:key=Assay-Run,valueonly,separator=%x20)' "assay/runs^{/fresh}")" |
	cmp - "$here/before" || fail "runs are missing"
# rewritten by somebody else
git update-ref refs/heads/assay/runs "$(git commit-tree -m "rewritten" "$tip~1^{tree}")"
expect 0 assay recover
test "$(ids | wc -l)" = $(($(wc -l <"$here/before") + 1)) || fail "a rewritten branch lacks runs"
expect 0 assay recover
test "$(cat "$here/out")" = "nothing to recover" || fail "recover says: $(cat "$here/out")"

# checked out somewhere: it waits, and says so
git worktree add -q "$here/tree" assay/runs
expect 0 assay run --name waits -- true
says "not in git yet"
expect 1 assay recover
says "checked out"
git worktree remove "$here/tree"
expect 0 assay recover
grep -q "1 run was committed that had been waiting" "$here/out" || fail "recover says: $(cat "$here/out")"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
