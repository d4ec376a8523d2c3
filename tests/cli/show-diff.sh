#!/bin/sh
# show --diff is what the code that ran had beside its commit, whatever the work tree holds by now; --log is what was printed.
. "${0%/*}/lib.sh"
new_repository
printf 'a = 1\n' >train.py
git add train.py && git commit -q -m code
expect 0 assay run --name clean -- echo "out of the clean run"
expect 0 assay show clean --diff
test ! -s "$here/out" || fail "a clean run has a diff"
says "without changes"

printf 'a = 2\n' >train.py
echo new >more.txt
expect 0 assay run --name dirty -- sh -c 'echo printed; echo told >&2'
git checkout -q train.py
rm more.txt
expect 0 assay show dirty --diff
grep -qx -- '-a = 1' "$here/out" && grep -qx -- '+a = 2' "$here/out" && grep -qx -- '+new' "$here/out" ||
	fail "the diff of the code state"
expect 0 assay show dirty --log
grep -q printed "$here/out" && grep -q told "$here/out" || fail "the log"
expect 0 assay show clean --log
grep -q "out of the clean run" "$here/out" || fail "the log of another run"
expect 0 assay run --no-log --name quiet -- echo hidden
expect 0 assay show quiet --log
says "the run has no log"
test ! -s "$here/out" || fail "a log that was not to be kept"
expect 2 assay show dirty --diff --json
expect 0 assay show dirty --json
jq -e '.where == "git" and (.commit | length) == 40 and .record.name == "dirty" and (.record.code.snapshot | length) == 40' \
	"$here/out" >/dev/null || fail "show --json"

# a run that is going is shown with what it printed so far
sh -c 'exec assay run --name going -- sh -c "echo so far; while ! test -e $0; do sleep 0.1; done"' "$here/stop" >/dev/null 2>&1 &
going=$!
tries=0
until assay ls --json | jq -e '.[0].where == "running"' >/dev/null; do
	tries=$((tries + 1))
	test $tries -lt 100 || fail "the run that is going is not listed"
	sleep 0.1
done
expect 0 assay show latest
grep -q 'status *running' "$here/out" || fail "a run that is going is not shown as running"
expect 0 assay ls --status running
grep -q 'going *running' "$here/out" || fail "ls does not mark the run that is going"
tries=0
until assay show latest --log 2>/dev/null | grep -q "so far"; do
	tries=$((tries + 1))
	test $tries -lt 100 || fail "the log so far"
	sleep 0.1
done
touch "$here/stop"
wait $going || fail "the run that was going: exit $?"
