#!/bin/sh
# --seeds: one parent with means, spread and interval over its children; what fails or is ended in between is no part of them.
. "${0%/*}/lib.sh"
new_repository
# run ID-OR-NAME: its record in $here/record
run() {
	expect 0 assay show "$1" --json
	jq .record "$here/out" >"$here/record"
}
holds() {
	jq -e "$1" "$here/record" >"$here/jq" || fail "the record does not hold: $1: $(jq -c . "$here/record")"
}

# shellcheck disable=SC2016 # for the shell of the run
report='echo "{\"loss\": $((ASSAY_SEED * ASSAY_SEED)), \"same\": 2}" >"$ASSAY_RUN_DIR/metrics.json"'
expect 0 assay run --name train --seeds 4 --seed 1 --param depth=3 -- sh -c "$report"
says "4 seeds"
run train
holds '.parent == null and .seed == null and (.children | length) == 4 and .status == "finished" and .exit == 0'
# 1 4 9 16: mean 7.5, standard deviation 6.5574, t(3) = 3.18245
holds '.reported == {"loss": 7.5, "same": 2} and (.spread.loss - 6.557438524302 | fabs) < 1e-9 and .spread.same == 0'
holds '(.intervals.loss[1] - 7.5 - 3.182446305284 * 6.557438524302 / 2 | fabs) < 1e-9'
holds '.params == {"depth": 3} and .usage.seconds > 0 and .predictions == null'
parent=$(jq -r .id "$here/record")
n=0
for child in $(jq -r '.children[]' "$here/record"); do
	n=$((n + 1))
	run "$child"
	holds ".seed == $n and .parent == \"$parent\" and .reported.loss == $((n * n)) and .name == \"train-seed$n\""
done
test "$(git rev-list --count assay/runs)" = 5 || fail "not five commits"

# one fails: the parent is made over the others, and the exit code is its
# shellcheck disable=SC2016
expect 4 assay run --name some --seeds 3 -- sh -c "$report"'; test $ASSAY_SEED != 1 || exit 4'
run some
holds '.status == "finished" and .exit == 4 and .reported.loss == 2 and (.children | length) == 3'
holds '.notes | any(test("2 of 3 seeds"))'
# all fail
expect 4 assay run --name none --seeds 2 -- sh -c 'exit 4'
run none
holds '.status == "failed" and .reported == null and .spread == null'
# a signal ends the row
# shellcheck disable=SC2016
assay run --name ended --seeds 5 -- sh -c "$report"'; test $ASSAY_SEED != 1 || kill -INT $$' >"$here/out" 2>"$here/err"
test $? = 130 || fail "the signal is not passed on"
run ended
holds '.status == "killed" and (.children | length) == 2'
# one seed has a mean and no interval
runs=$(assay ls --json --all | jq length)
expect 2 assay run --name no-seed --seeds 0 -- touch "$here/ran"
says "--seeds 0: 1 to"
test ! -e "$here/ran" && test "$(assay ls --json --all | jq length)" = "$runs" || fail "--seeds 0 ran"
expect 0 assay run --name one --seeds 1 -- sh -c "$report"
run one
holds '.reported.loss == 0 and .spread == null and .intervals == null'

# assay is killed between two of them: what had ended is there, and the parent knows it
# shellcheck disable=SC2016
expect 137 assay run --name killed --seeds 3 -- sh -c "$report"'; test $ASSAY_SEED != 1 || kill -9 $PPID'
expect 0 assay recover
run killed
holds '.status == "killed" and (.children | length) == 1'
run killed-seed1
holds '.status == "killed" and .reported.loss == 1'
test -z "$(ls .git/assay/running)" || fail "something stays in flight"
