#!/bin/sh
# --splits: each child gets a split of its own, the parent stands over all of them and is judged as a change where the baselines
# ran on the same splits. What fails, is killed or has nothing to split says so.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >d.csv
# Without data there is nothing to split: refused before the command is started, nothing is left.
expect 2 assay run --splits 3 -- touch "$here/ran"
says "--splits: there are no data to split"
says "assay baseline --splits N"
test ! -e "$here/ran" || fail "the command was started"
left_nothing
printf 'data: {file: d.csv, target: left}\nmetrics: [accuracy, roc_auc]\n' >assay.yaml
git add d.csv assay.yaml && git commit -qm data
expect 2 assay run --splits 3 --seeds 3 -- touch "$here/ran"
says "give one of them"
for n in 0 10001; do
	expect 2 assay run --splits $n -- touch "$here/ran"
	says "--splits $n: 1 to 10000"
done
test ! -e "$here/ran" || fail "the command was started"

# The age cut that is best on the training rows of the split.
cat >stump.awk <<'END_AWK'
NR == FNR { part[$1] = $2; next }
FNR == 1 { next }
{ row = FNR - 1; age[row] = $1; yes[row] = $3 == "yes" }
END {
	for (cut = 18; cut < 80; cut++) {
		right = 0
		for (r in age) if (part[r] == "train") right += (age[r] > cut) == yes[r]
		if (right > most) { most = right; best = cut }
	}
	print "id,y_pred,score"
	for (r in age) if (part[r] == "test") print r "," (age[r] > best ? "yes" : "no") "," 1 / (1 + exp((best - age[r]) / 5))
}
END_AWK
# shellcheck disable=SC2016 # for the shell of the run
stump='awk -F, -f stump.awk "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"'
record() {
	expect 0 assay show "$1" --json
	jq .record "$here/out" >"$here/record"
}
holds() {
	jq -e "$1" "$here/record" >"$here/jq" || fail "the record does not hold: $1: $(jq -c . "$here/record")"
}

# The baselines ran on one split only: not compared, and what would be is said.
expect 0 assay baseline
expect 0 assay run --splits 10 --name stump -- sh -c "$stump"
says "10 splits"
says '`assay baseline --splits 10` makes them'
record stump
holds '.comparison == null and (.children | length) == 10 and .data.split.count == 10 and .data.split.seed == null'
holds '.data.split.train_rows == 480 and .data.split.test_rows == 120 and .seed == null'
parent=$(jq -r .id "$here/record")
jq -r '.children[]' "$here/record" >"$here/children"
n=0
: >"$here/hashes"
: >"$here/values"
while read -r child; do
	record "$child"
	holds ".comparison != null or (.notes // [] | all(test(\"Not compared\") | not))"
	holds ".parent == \"$parent\" and .data.split.seed == $n and .name == \"stump-split$n\" and .evaluation.rows == 120"
	jq -r .data.split.sha256 "$here/record" >>"$here/hashes"
	jq -r .measured.accuracy "$here/record" >>"$here/values"
	n=$((n + 1))
done <"$here/children"
test "$(sort -u "$here/hashes" | wc -l)" = 10 || fail "splits are the same: $(cat "$here/hashes")"
record stump
holds ".data.split.sha256 == \"$(sha256sum <"$here/hashes" | cut -d' ' -f1)\""
# the mean; its interval by the corrected resampled t: sd x sqrt(1/10 + 120/480) x t(9) = 2.262157
jq -s '(add / length) as $m | {m: $m, sd: (map((. - $m) * (. - $m)) | add / 9 | sqrt)}' "$here/values" >"$here/expected"
m=$(jq .m "$here/expected") sd=$(jq .sd "$here/expected")
holds "(.measured.accuracy - $m | fabs) < 1e-12 and (.spread.accuracy - $sd | fabs) < 1e-12"
holds "(.intervals.accuracy[1] - $m - 2.2621571628 * $sd * (0.35 | sqrt) | fabs) < 1e-9"
# The first split is that of a single run.
record stump-split0
first=$(jq -r .data.split.sha256 "$here/record")
expect 0 assay run --name single -- sh -c "$stump"
record single
holds ".data.split.sha256 == \"$first\" and .measured.accuracy == $(head -n 1 "$here/values")"

# With the baselines on the same splits the change is judged, and the words say of what.
expect 0 assay baseline --splits 10
expect 0 assay run --splits 10 --name judged -- sh -c "$stump"
record judged
holds '.comparison[0] | .scope == "change" and .role == "baseline" and .splits == 10 and .metrics.accuracy.test == "resampled_t" and .metrics.accuracy.df == 9'
expect 0 assay run --splits 10 --name again --threads 1 -- sh -c "$stump"
grep -qE 'this change|of this change' "$here/err" || fail "the scope is not said: $(cat "$here/err")"
jq -S '.comparison[0].metrics | map_values({difference, interval, se, p})' "$here/record" >"$here/one"
record again
jq -S '.comparison[0].metrics | map_values({difference, interval, se, p})' "$here/record" >"$here/two"
cmp "$here/one" "$here/two" || fail "the number of threads, or the day, changes a figure"
# Other splits: refused, with the reason.
expect 0 assay run --splits 5 --name few -- sh -c "$stump"
record few
holds '.comparison == null and (.notes | any(test("no baseline ran on these splits")))'

# One child fails: the others are the mean, the exit code is its own.
# shellcheck disable=SC2016
expect 4 assay run --splits 4 --name some -- sh -c 'grep -q "seed\": 2" "$ASSAY_RUN_DIR/../run.json" && exit 4; '"$stump"
record some
holds '.status == "finished" and .exit == 4 and (.children | length) == 4 and (.notes | any(test("3 of 4 splits finished")))'

# assay is killed in the third: what had ended is there, the parent knows it, nothing is left in flight.
# shellcheck disable=SC2016
expect 137 assay run --splits 4 --name killed -- sh -c 'grep -q "seed\": 2" "$ASSAY_RUN_DIR/../run.json" && kill -9 $PPID; '"$stump"
expect 0 assay recover
record killed
holds '.status == "killed" and (.children | length) == 2 and .data.split.count == 4'
test -z "$(ls .git/assay/running)" || fail "something stays in flight"
# Labels that assay.yaml pins are scored on: no split may draw other rows.
cp assay.yaml "$here/plain.yaml"
awk -F, 'BEGIN { print "id,left" } NR > 1 { print NR - 1 "," $3 }' d.csv >labels.csv
echo 'evaluation: {labels: labels.csv, id: id}' >>assay.yaml
expect 2 assay run --splits 3 -- touch "$here/ran"
says "pins the rows that are scored"
test ! -e "$here/ran" || fail "the command was started"
cp "$here/plain.yaml" assay.yaml
# A child is repeated on its own split.
expect 0 assay reproduce judged-split3
record judged-split3-again
holds '.data.split.seed == 3'
