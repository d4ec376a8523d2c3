#!/bin/sh
# assay noise: records as --seeds and --splits do, prints spread with its chi-square interval and what is beyond it, from the
# command or from the record, and says what varied.
. "${0%/*}/lib.sh"
new_repository
expect 2 assay noise
says "no run of default was repeated yet"
for option in --seeds --splits; do
	expect 2 assay noise $option 1 -- touch "$here/ran"
	says "2 to 10000"
done
expect 2 assay noise --seeds 3 --splits 3 -- touch "$here/ran"
expect 2 assay noise --splits 3 -- touch "$here/ran"
says "there are no data to split"
test ! -e "$here/ran" || fail "the command was started"
left_nothing

# shellcheck disable=SC2016 # for the shell of the run
expect 0 assay noise --name train --seeds 4 --seed 1 -- sh -c 'echo "{\"loss\": $((ASSAY_SEED * ASSAY_SEED)), \"same\": 2}" >"$ASSAY_RUN_DIR/metrics.json"'
grep -q 'train (.*): 4 seeds' "$here/out" && grep -q 'noise of seeds alone' "$here/out" || fail "$(cat "$here/out")"
grep -q '^same .*always the same' "$here/out" || fail "what never varies is not said: $(cat "$here/out")"
expect 0 assay show train --json
jq -e '.record | .tags == {noise: "seeds"} and (.children | length) == 4' "$here/out" >"$here/jq" || fail "$(cat "$here/out")"
# 1 4 9 16: sd 6.557438524302; chi-square(3) at 0.975 and 0.025: 9.3484036 and 0.2157953; t(3) = 3.182446305284
expect 0 assay noise --json
jq -e '.of == "seeds" and .repetitions == 4 and .same == false and (.metrics.loss
	| (.mean - 7.5 | fabs) < 1e-12 and (.sd - 6.557438524302 | fabs) < 1e-9
	and (.sd_interval[0] - 6.557438524302 * (3 / 9.3484036045 | sqrt) | fabs) < 1e-6
	and (.sd_interval[1] - 6.557438524302 * (3 / 0.2157952826 | sqrt) | fabs) < 1e-6
	and (.least_difference - 3.182446305284 * 6.557438524302 * (2 | sqrt) | fabs) < 1e-6 and .rows_half_width == null)
	and .metrics.same.sd == 0 and .metrics.same.same' "$here/out" >"$here/jq" || fail "$(cat "$here/out")"
# The figures are of the code of then.
echo changed >file && git add file && git commit -qm change
expect 0 assay noise
says "the code is not that of this run any more"

expect 0 assay noise --name still -- sh -c 'echo "{\"loss\": 1}" >"$ASSAY_RUN_DIR/metrics.json"'
grep -q 'the seed changes nothing here; training noise not measured' "$here/out" || fail "$(cat "$here/out")"
grep -q '5 seeds' "$here/out" || fail "not five by default: $(cat "$here/out")"
# --json keeps stdout for the figures; a failing command says so by its own code
expect 0 assay noise --name loud --seeds 2 --json -- sh -c 'echo shout; echo "{\"loss\": $ASSAY_SEED}" >"$ASSAY_RUN_DIR/metrics.json"'
jq -e '.metrics.loss.sd > 0' "$here/out" >"$here/jq" || fail "$(cat "$here/out")"
expect 3 assay noise --name bad -- sh -c 'exit 3'
says "two repetitions that finished, not 0"
expect 2 assay noise --name mute --seeds 2 -- true
says "no figure in common"

# Over splits it is the noise of training and test rows, with what the test rows alone give beside it.
sample_csv 300 >d.csv
printf 'data: {file: d.csv, target: left}\nmetrics: [accuracy]\n' >assay.yaml
# shellcheck disable=SC2016
expect 0 assay noise --name rows --splits 4 -- sh -c 'awk -F, '\''BEGIN { print "id,y_pred" } NR == FNR { part[$1] = $2; next }
FNR > 1 && part[FNR - 1] == "test" { print FNR - 1 "," ($1 > 48 ? "yes" : "no") }'\'' "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"'
grep -q '4 splits' "$here/out" && grep -q 'training rows and of test' "$here/out" || fail "$(cat "$here/out")"
expect 0 assay noise --splits 2 --json
jq -e '.of == "splits" and .metrics.accuracy.rows_half_width > 0 and .metrics.accuracy.source == "measured"' "$here/out" >"$here/jq" ||
	fail "$(cat "$here/out")"
expect 0 assay noise --seeds 2 --json
jq -e '.of == "seeds"' "$here/out" >"$here/jq" || fail "$(cat "$here/out")"
