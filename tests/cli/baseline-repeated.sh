#!/bin/sh
# assay baseline --seeds and --splits: parents and children, shown and not trained again, the same for any number of threads;
# what a run that is repeated is compared with.
. "${0%/*}/lib.sh"
new_repository
sample_csv 400 >d.csv
printf 'data: {file: d.csv, target: left}\nmetrics: [f1, roc_auc]\n' >assay.yaml
git add d.csv assay.yaml && git commit -qm data
record() {
	expect 0 assay show "$1" --json
	jq .record "$here/out" >"$here/record"
}
holds() {
	jq -e "$1" "$here/record" >"$here/jq" || fail "the record does not hold: $1: $(jq -c . "$here/record")"
}
expect 2 assay baseline --seeds 3 --splits 3
says "give one of them"
expect 2 assay baseline --seeds 0
left_nothing

# A command whose predictions depend on its seed.
cat >noisy.sh <<'END_SH'
awk -F, -v seed="$ASSAY_SEED" 'BEGIN { srand(seed); print "id,y_pred,score" }
NR == FNR { part[$1] = $2; next }
FNR > 1 && part[FNR - 1] == "test" { s = 1 / (1 + exp((50 - $1) / 6 + rand())); print FNR - 1 "," (s > .5 ? "yes" : "no") "," s }
' "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"
END_SH
expect 0 assay baseline
expect 0 assay run --seeds 4 --name before -- sh noisy.sh
record before
base=$(jq -r '.notes[] | select(test("was run once")) | capture("with (?<name>[a-z_]*),").name' "$here/record")
case $base in
*forest* | *tuned*) says '`assay baseline --seeds 4` repeats it' ;;
*) holds '.comparison[0].scope == "recipe"' ;;
esac

# Seeds: those that chance is in, one split.
expect 0 assay baseline --seeds 4 --threads 1
grep -q 'random_forest (4 runs)' "$here/out" || fail "no parent is shown: $(cat "$here/out")"
record random_forest
holds '.kind == "baseline" and (.children | length) == 4 and .seed == null and .data.split.seed == 0 and .params.model == "random_forest"'
holds '.measured.f1 > 0 and .spread.roc_auc >= 0 and .comparison[0].scope == "recipe" and .comparison[0].seeds == [4, 1]'
split=$(jq -r .data.split.sha256 "$here/record")
for seed in 0 1 2 3; do
	record "random_forest-seed$seed"
	holds ".seed == $seed and .data.split.sha256 == \"$split\" and .comparison[0].scope == \"model\""
done
assay ls --json --all | jq -e 'map(select(.name == "logistic" or .name == "majority")) | length == 2' >"$here/jq" ||
	fail "what no seed changes was repeated"
runs=$(assay ls --json --all | jq length)
expect 0 assay baseline --seeds 4
says "all of these are on record already"
test "$(assay ls --json --all | jq length)" = "$runs" || fail "trained again"
# fewer seeds are another thing, a single one too
expect 0 assay baseline
says "all of these are on record already"

# A run by seeds meets the baseline by seeds, in the words of its scope; a single run goes on meeting single ones.
expect 0 assay run --seeds 4 --name recipe -- sh noisy.sh
grep -qE 'recipe' "$here/err" || fail "the scope is not said: $(cat "$here/err")"
record recipe
holds '.comparison[0] | .scope == "recipe" and .seeds[0] == 4 and .metrics.f1.test == "recipe_t" and .metrics.f1.se_rows < .metrics.f1.se'
against=$(jq -r '.comparison[0].against' "$here/record")
record "$against"
holds '.kind == "baseline" and .parent == null'
expect 0 assay run --name alone --seed 1 -- sh noisy.sh
record alone
holds '.comparison[0].scope == "model"'
record "$(jq -r '.comparison[0].against' "$here/record")"
holds '.children == null and .parent == null'
# Seeds that change nothing are said.
expect 0 assay run --seeds 3 --name still -- sh -c 'ASSAY_SEED=1 sh noisy.sh'
says "The seed changes nothing here; training noise not measured."
# Two seeds are too few for the scope.
expect 0 assay run --seeds 2 --name two -- sh noisy.sh
record two
holds '.comparison == null and (.notes | any(test("Not compared with")))'
# The children of one parent, and the same command again, are one point of the family.
record recipe
holds '.comparison[0].metrics.f1.family == 2'

# Splits: all of them; their figures do not depend on the number of threads.
expect 0 assay baseline --splits 10 --threads 1
record random_forest
holds '(.children | length) == 10 and .data.split.count == 10 and .comparison[0].scope == "change" and .comparison[0].splits == 10'
jq -S '[.measured, .spread, .intervals | del(.fit_seconds, .latency_ms)] + [.comparison[0].metrics]' "$here/record" >"$here/one"
expect 0 assay baseline --splits 10 --again --threads 2
record random_forest
jq -S '[.measured, .spread, .intervals | del(.fit_seconds, .latency_ms)] + [.comparison[0].metrics]' "$here/record" >"$here/two"
cmp "$here/one" "$here/two" || fail "the number of threads changes a figure"
record random_forest-split4
holds '.seed == 4 and .data.split.seed == 4'
expect 0 assay reproduce random_forest-split4
expect 0 assay baseline --splits 10
says "all of these are on record already"
git fsck --strict >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"

# Killed in the middle: every run that started is recovered, the parents know their children.
mkdir "$here/slow" && cp d.csv assay.yaml "$here/slow" && cd "$here/slow" || exit 1
git init -q -b main . && git config user.name T && git config user.email t@example.org && git add . && git commit -qm data
sample_csv 20000 >d.csv
assay baseline --splits 5 >"$here/out" 2>"$here/err" &
pid=$!
i=0
while test "$(ls .git/assay/running 2>/dev/null | wc -l)" -lt 36 && test $i -lt 1000; do # all have started, none has ended
	sleep 0.01
	i=$((i + 1))
done
kill -9 $pid && wait $pid 2>/dev/null
expect 0 assay recover
test -z "$(ls .git/assay/running)" || fail "something stays in flight"
assay ls --json --all | jq -e 'map(.status) | (unique == ["killed"] and length == 36)' >"$here/jq" ||
	fail "$(assay ls --json --all | jq -c 'map([.name, .status])')"
record random_forest
holds '.status == "killed" and (.children | length) == 5'
