#!/bin/sh
# Children that outlive the command or do not listen: a daemon that keeps the pipe open, a command that takes its time after
# SIGTERM, one that is deaf to SIGINT.
. "${0%/*}/lib.sh"
new_repository
pids=
trap 'code=$?; for pid in $pids; do kill -9 $pid 2>/dev/null; done; cd /; chmod -R u+w "$here"; rm -rf "$here"; exit $code' EXIT

# the daemon holds stdout and stderr for a minute and goes on writing into the run directory
start=$(date +%s)
# shellcheck disable=SC2016 # for the inner shell
expect 0 timeout 30 assay run --name daemon -- sh -c 'echo before
	setsid sh -c "echo \$\$ >\"$0/pid\"; while sleep 0.05; do echo \"{\\\"loss\\\": 1}\" >>\"$ASSAY_RUN_DIR/metrics.jsonl\" || exit; done" &
	until test -s "$0/pid"; do sleep 0.01; done; echo after' "$here"
pids=$(cat "$here/pid")
test $(($(date +%s) - start)) -lt 20 || fail "assay waited for the daemon"
test "$(cat "$here/out")" = "before
after" || fail "what was printed is not what came out: $(cat "$here/out")"
kill -0 "$pids" || fail "the daemon was killed"
expect 0 assay show daemon --json
jq -e '.where == "git" and .record.status == "finished"' "$here/out" >"$here/jq" || fail "the run is not in git"
id=$(jq -r .record.id "$here/out")
expect 0 assay show daemon --log
grep -q before "$here/out" && grep -q after "$here/out" || fail "the log lacks what was printed: $(cat "$here/out")"
kill -9 "$pids"
expect 0 assay recover
test "$(git log --format='%(trailers:key=Assay-Run,valueonly)' assay/runs | grep -c "$id")" = 1 || fail "the run is in git twice"
test -z "$(ls .git/assay/running)" || fail "something stays in flight: $(ls .git/assay/running)"

# SIGTERM to assay goes on to the command, which takes its time to end; the run is recorded with how it ended
# shellcheck disable=SC2016
assay run --name tidy -- sh -c 'trap "sleep 0.3; echo tidied; assay log metric saved=1; exit 7" TERM
	echo up >"$0/up"; while :; do sleep 0.05; done' "$here" >"$here/out" 2>"$here/err" &
child=$!
until test -s "$here/up"; do sleep 0.02; done
kill -TERM $child
wait $child
test $? = 7 || fail "the command's own exit did not come through"
grep -q tidied "$here/out" || fail "what the command said at its end is lost"
expect 0 assay show tidy --json
jq -e '.record.status == "failed" and .record.exit == 7 and .record.reported.saved == 1' "$here/out" >"$here/jq" ||
	fail "recorded otherwise: $(jq -c .record "$here/out")"

# deaf to SIGINT
# shellcheck disable=SC2016
env --default-signal=INT assay run --name hears-nothing -- sh -c 'trap "" INT; kill -INT $PPID; sleep 0.3; echo still here' \
	>"$here/out" 2>"$here/err"
test $? = 0 || fail "a command deaf to SIGINT ends with $?: $(cat "$here/err")"
grep -q "still here" "$here/out" || fail "the command did not come to its end"
expect 0 assay show hears-nothing --json
jq -e '.record.status == "finished"' "$here/out" >"$here/jq" || fail "not finished"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
