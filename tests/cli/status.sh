#!/bin/sh
# Where each experiment stands: with nothing, with a plan, with runs; the practices with their evidence; what is in flight; what
# the remote lacks; the one command that brings it further, which does.
. "${0%/*}/lib.sh"
mkdir "$here/nowhere" && cd "$here/nowhere" || exit 1
expect 2 assay status
says 'not inside a git repository'

new_repository
expect 0 assay status
grep -q 'no experiment yet' "$here/out" || fail "an empty repository: $(cat "$here/out")"
expect 0 assay status --json
jq -e '.experiments == [] and .in_flight == [] and .runs == 0 and (has("unsent") | not)' "$here/out" >/dev/null || fail "empty: $(cat "$here/out")"
expect 2 assay status -e nothing
says "there is no experiment 'nothing'"

# of NAME JQ: holds for that experiment
of() {
	assay status --json --all >"$here/status" 2>"$here/err" || fail "status: $(cat "$here/err")"
	jq -e ".experiments[] | select(.name == \"$1\") | $2" "$here/status" >/dev/null ||
		fail "$1: $2: $(jq -c ".experiments[] | select(.name == \"$1\")" "$here/status")"
}

# The command that it names, each time, until the first run.
sample_csv 600 >d.csv
printf 'data: {file: d.csv, target: left}\nmetrics: [accuracy]\n' >assay.yaml
git add . && git commit -qm data
expect 0 assay new idea
of idea '.stages == {problem: false, baseline: false, experiment: false, evaluate: false, validate: false, deploy: false}'
of idea '.next == "problem" and (.command | endswith(" experiments/idea.md"))'
sed -i 's/^# expects.*/expects: {accuracy: better}\nsuccess_criteria: {accuracy: 0.5}/' experiments/idea.md
of idea '.stages.problem and (.command | startswith("git add experiments/idea.md")) and .practices[3].state == "partly"'
sh -c "$(jq -r '.experiments[0].command' "$here/status")" >"$here/out" || fail "the command does not work"
of idea '.practices[3].state == "met" and .command == "assay baseline -e idea" and .practices[0].state == "unmet"'
sh -c "$(jq -r '.experiments[0].command' "$here/status")" >"$here/out" 2>&1 || fail "the command does not work"
of idea '.stages.baseline and .next == "experiment" and (.command | startswith("assay run -e idea")) and .baseline != null'

# Runs: what changed, what failed, what was met.
cat >rule.sh <<'END'
awk -F, -v cut="$1" -v other="${2:-999}" '
NR == FNR { part[$1] = $2; next }
FNR == 1 { print "id,y_pred"; next }
part[FNR - 1] == "test" { print FNR - 1 "," ($1 > cut || $1 == other ? "yes" : "no") }
' "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"
END
git add . && git commit -qm rule
try() {
	name=$1
	shift
	expect 0 assay run -e idea --name "$name" "$@"
}
try one --param cut=47 --param other=20 -- sh rule.sh '{cut}' '{other}'
of idea '.stages.experiment and .next == "evaluate" and .runs == 1 and .criteria == [1, 1]'
of idea '.practices[0] | .state == "met" and .run != null and (.sentence | contains("before the first run"))'
of idea '.practices[1] | .state == "met"'
try two --param cut=52 --param other=20 -- sh rule.sh '{cut}' '{other}'
of idea '.practices[1] | .state == "met" and (.sentence | contains("1 run changed one thing"))'
try three --param cut=90 --param other=30 -- sh rule.sh '{cut}' '{other}'
of idea '.practices[1] | .state == "partly" and (.sentence | contains("1 several at once (last three")) and .run != null'
expect 1 assay run -e idea --name broken -- false
of idea '.runs == 4 and .failed == 1 and (.practices[2] | .state == "met" and .sentence == "4 runs, 1 failed, none lost")'
of idea '.practices[4] | .state == "partly" and (.sentence | contains("criteria met on measured scores, not judged on later data, not reproduced"))'
of idea '.hypothesis.verdict != "none" and .hypothesis.picked and .command != null and .why != null'

# A closed experiment is out of the way.
sed 's/^status: open/status: closed/; s/^title:.*/title: old/' experiments/idea.md >experiments/old.md
expect 0 assay status
grep -q '^old' "$here/out" && fail "a closed experiment is shown"
grep -q '1 experiment that is closed is not shown' "$here/out" || fail "a closed one is not spoken of"
expect 0 assay status --all
grep -q '^old' "$here/out" || fail "--all does not show it"
rm experiments/old.md

# One file that cannot be read does not hide the others.
printf -- '---\nexpcts: {f1: better}\n---\n' >experiments/wrong.md
expect 0 assay status
says 'experiments/wrong.md:2'
grep -q '^idea' "$here/out" || fail "a broken file hides the others"
expect 2 assay status -e wrong
rm experiments/wrong.md

# Nothing is written: neither references, nor the index, nor runs.
git for-each-ref >"$here/refs"
find .git/assay -type f ! -name 'catalog*' | sort >"$here/files"
git status --porcelain >"$here/dirty"
expect 0 assay status
git for-each-ref | cmp - "$here/refs" || fail "references moved"
find .git/assay -type f ! -name 'catalog*' | sort | cmp - "$here/files" || fail "files were made"
git status --porcelain | cmp - "$here/dirty" || fail "the work tree changed"

# In flight: one that goes, one that was killed.
mkfifo "$here/go"
assay run -e idea --name waiting -- sh -c ": >started; cat $here/go" 2>/dev/null &
until test -e started; do sleep 0.05; done
expect 0 assay status
grep -q 'running *waiting (' "$here/out" || fail "no run in flight: $(cat "$here/out")"
expect 0 assay status --json
jq -e '.in_flight | length == 1 and .[0].where == "running" and .[0].name == "waiting"' "$here/out" >/dev/null || fail "in flight: $(jq .in_flight "$here/out")"
kill -9 $!
: >"$here/go" &
wait
expect 0 assay status
grep -q 'waiting *waiting (.*assay recover' "$here/out" || fail "no killed run: $(cat "$here/out")"
expect 0 assay recover

# The remote: runs and code that it does not have, as git saw it last.
git init -q --bare "$here/remote.git"
git remote add origin "$here/remote.git"
git push -q origin main
expect 0 assay status --json
jq -e '.unsent.remote == "origin" and .unsent.runs == .runs' "$here/out" >/dev/null || fail "unsent: $(jq -c .unsent "$here/out")"
expect 0 assay status
grep -q 'not on origin yet: .*assay sync' "$here/out" || fail "the remote: $(cat "$here/out")"
echo change >>rule.sh
try four -- true
expect 0 assay status --json
jq -e '.unsent.commits >= 1' "$here/out" >/dev/null || fail "a snapshot is no commit of code: $(jq -c .unsent "$here/out")"
expect 0 assay sync --yes
expect 0 assay status --json
jq -e '.unsent == {remote: "origin", runs: 0, commits: 0}' "$here/out" >/dev/null || fail "after sync: $(jq -c .unsent "$here/out")"
try five -- true # from the same code
expect 0 assay status --json
jq -e '.unsent.runs == 1 and .unsent.commits == 0' "$here/out" >/dev/null || fail "one more: $(jq -c .unsent "$here/out")"

# A branch that was reset is said, and what was lost.
git update-ref refs/heads/assay/runs assay/runs~1
expect 0 assay status --json
jq -e '(.rewritten | contains("assay recover")) and (.experiments[] | select(.name == "idea") | .practices[2].state == "unmet")' "$here/out" >/dev/null ||
	fail "rewritten: $(jq -c '[.rewritten, .experiments[].practices[2]]' "$here/out")"

# Undecided: what would decide it, step by step, until both sides are repeated.
new_repository tie
sample_csv 600 >d.csv
printf 'data: {file: d.csv, target: left}\nmetrics: [accuracy]\n' >assay.yaml
mkdir experiments
printf -- '---\nquestion: Is a copy better?\nexpects: {accuracy: better}\n---\nNo.\n' >experiments/tie.md
git add . && git commit -qm plan
expect 0 assay baseline
best=$(assay show baseline --json | jq -r .record.id)
git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep "$best/predictions.csv")" >copy.csv
echo 'cp copy.csv "$ASSAY_RUN_DIR/predictions.csv"' >copy.sh
expect 0 assay run -e tie --name once --param how=plainly -- sh copy.sh
of tie '.hypothesis.verdict == "undecided" and .command == "assay run -e tie --seeds 5 --param how=plainly -- sh copy.sh"'
assay run -e tie --seeds 2 -- sh -c 'test $ASSAY_SEED = 0 && exit; : >second; sleep 60' 2>/dev/null &
until test -e second; do sleep 0.05; done
kill -9 $!
wait
expect 0 assay recover
of tie '.command == "assay run -e tie --seeds 5 --param how=plainly -- sh copy.sh"' # not one seed, as that which was killed
expect 0 assay run -e tie --seeds 3 -- sh copy.sh
of tie '.command == "assay baseline -e tie --seeds 3"'
expect 0 sh -c "$(jq -r '.experiments[0].command' "$here/status")"
of tie '.command == "assay run -e tie --seeds 3 -- sh copy.sh"'
expect 0 sh -c "$(jq -r '.experiments[0].command' "$here/status")"
of tie '.command | startswith("assay show ")'
expect 0 sh -c "$(jq -r '.experiments[0].command' "$here/status")"
