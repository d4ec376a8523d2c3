#!/bin/sh
# A margin counts with the value that it had, committed, before the first run. Each judged run is a look at the test rows.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >d.csv
printf 'data: {file: d.csv, target: left}\nmetrics: [accuracy]\n' >assay.yaml
mkdir experiments

# plan MARGIN
plan() {
	printf -- '---\nquestion: Is it as good?\nexpects: {accuracy: equivalent}\nmargins: {accuracy: %s}\n---\nIt is.\n' \
		"$1" >experiments/idea.md
}

# A margin of nothing or less is a slip: where it is, and nothing is run or recorded.
for margin in -0.01 0 nan .inf; do
	plan "$margin"
	expect 2 assay run -e idea -- touch ran
	says "experiments/idea.md:4"
	test ! -e ran || fail "margin $margin: the command ran"
done
left_nothing

plan 0.2
git add . && git commit -qm plan
expect 0 assay baseline -e idea

# run NAME CUT: a rule whose predictions are scored on the baseline's rows
cat >rule.sh <<'END'
awk -F, -v cut="$1" '
NR == FNR { part[$1] = $2; next }
FNR == 1 { print "id,y_pred"; next }
part[FNR - 1] == "test" { print FNR - 1 "," ($1 > cut ? "yes" : "no") }
' "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"
END
git add . && git commit -qm rule
judge() {
	expect 0 assay run -e idea --name "$1" --param cut="$2" ${3+--seed "$3"} -- sh rule.sh "{cut}"
	assay show "$1" --json | jq .record >"$here/record" || fail "show"
}
holds() {
	jq -e "$1" "$here/record" >/dev/null || fail "$1: $(jq -c '[.evaluation, .notes, .comparison[0].metrics.accuracy]' "$here/record")"
}
judge one 47
holds '.comparison[0].metrics.accuracy.margin == 0.2 and .evaluation.look == 1'
judge two 48
holds '.comparison[0].metrics.accuracy.margin == 0.2 and .evaluation.look == 2'
expect 0 assay show two
grep -q 'look 2 at these rows' "$here/out" || fail "show: $(cat "$here/out")"

# Widened after the first runs: it does not count any more, committed or not, and the record says why.
plan 0.5
judge three 49
holds '.comparison[0].metrics.accuracy | has("margin") | not'
holds '.notes | any(contains("The margin 0.5 of accuracy does not count: it was 0.2 when the first run started"))'
says 'The margin 0.5 of accuracy does not count'
git add . && git commit -qm wider
judge four 50
holds '(.comparison[0].metrics.accuracy | has("margin") | not) and .evaluation.look == 4'
plan 0.2
git add . && git commit -qm back
judge five 51
holds '.comparison[0].metrics.accuracy.margin == 0.2 and (.notes // [] | any(contains("margin")) | not)'

# In another experiment on the same rows it is one more look; other rows are looked at anew.
expect 0 assay run -e other --name elsewhere -- sh rule.sh 47
assay show elsewhere --json | jq .record >"$here/record"
holds '.evaluation.look == 6'
sed -i 's/^data:/split: {seed: 9}\ndata:/' assay.yaml
expect 0 assay baseline -e idea
judge anew 47
holds '.evaluation.look == 1'
sed -i 1d assay.yaml

# Seeds that are added to what was judged are further looks at it; the same seed is none.
judge seed-one 52 1
holds '(.notes // [] | any(contains("Looked at")) | not)'
judge seed-again 52 1
holds '(.notes // [] | any(contains("Looked at")) | not)'
judge seed-two 52 2
holds '.notes | any(contains("Looked at 3 times"))'

# A margin that nobody had committed before the first run never counts.
rm experiments/idea.md && git commit -qam gone
printf -- '---\nmargins: {accuracy: 0.2}\n---\nLate.\n' >experiments/late.md
expect 0 assay baseline -e late
expect 0 assay run -e late --name late -- sh rule.sh 47
git add . && git commit -qm late
expect 0 assay run -e late --name later -- sh rule.sh 48
assay show later --json | jq .record >"$here/record"
holds '(.comparison[0].metrics.accuracy | has("margin") | not) and (.notes | any(contains("was not committed when the first run started")))'
