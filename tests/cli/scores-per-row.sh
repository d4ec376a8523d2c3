#!/bin/sh
# An evaluation of a language model, a score and a cost for each question and no label, is judged by the differences of its
# rows; questions of one document are one cluster, for these and for labels.
. "${0%/*}/lib.sh"
new_repository
mkdir experiments
cat >experiments/answers.md <<'MD'
---
metrics: [{exact_match: higher}]
expects: {exact_match: better}
---
# Does the long prompt answer more?
MD
git add experiments && git commit -qm experiment

# 400 questions of 100 documents; the second run answers more of them, at another cost.
answers() {
	awk -v more="$1" 'BEGIN {
		print "id,cluster,exact_match,cost,group_kind"
		for (i = 0; i < 400; i++) {
			d = int(i / 4)
			print "q" i ",d" d "," ((d * 37 % 101 + i % 4 < 45 + more) ? 1 : 0) "," 1 + (i % 7) / 10 + more / 100 "," i % 2
		}
	}' >"$2"
}
answers 0 "$here/first.csv"
answers 25 "$here/second.csv"
ask() {
	jq -e "$1" "$here/record" >"$here/asked" || fail "$1: $(cat "$here/asked") $(jq -c '[.notes, .comparison]' "$here/record")"
}
record() {
	assay show "$1" --json | jq .record >"$here/record" || fail "show $1"
}
predict='cp "$0" "$ASSAY_RUN_DIR/predictions.csv"'
expect 0 assay run --name first -- sh -c "$predict" "$here/first.csv"
sed -i '2s/$/\nbaseline: first/' experiments/answers.md && git commit -qam baseline
expect 0 assay run --name second -- sh -c "$predict" "$here/second.csv"
record second
ask '.measured.exact_match > .5 and .measured.cost > 1'
ask '.comparison[0] | .role == "baseline" and .rows == 400 and .clusters == 100 and (has("fixed") or has("rarer") | not)'
ask '.comparison[0].metrics | keys == ["cost", "exact_match"]'
ask '.comparison[0].metrics.exact_match | .test == "t" and .verdict == "better" and .better == "higher" and .declared and .family == 1'
ask '.comparison[0].metrics.exact_match.difference - 0.25 | . < 0.02 and . > -0.02'
ask '.comparison[0].metrics.cost | .declared == false and .better == "higher"'
ask '[.notes[] | select(startswith("cost is in no table of metrics: higher is taken as better"))] | length == 1'
ask '[.notes[] | select(contains("exact_match is in no table"))] == []'
ask '[.notes[] | select(contains("independent"))] == []'
expect 0 assay show second
grep -q better "$here/out" || fail "show does not say better: $(cat "$here/out")"
assay ls --json | jq -e '.[] | select(.name == "second") | .verdict == "better"' >"$here/asked" || fail "ls: $(cat "$here/asked")"

# By rows the interval would be half as wide.
sed 's/,d[0-9]*,/,,/' "$here/second.csv" >"$here/alone.csv"
sed 's/,d[0-9]*,/,,/' "$here/first.csv" >"$here/alone-first.csv"
clustered=$(jq '.intervals.exact_match | .[1] - .[0]' "$here/record")
expect 0 assay run --name alone -- sh -c "$predict" "$here/alone.csv"
record alone
jq -e --argjson wide "$clustered" '.intervals.exact_match | .[1] - .[0] | . < 0.6 * $wide and . > 0.4 * $wide' "$here/record" >"$here/asked" ||
	fail "interval by rows: $(cat "$here/asked"), by clusters $clustered"

# Clusters that are others than the baseline's are refused with the first id.
sed '2s/d0/d1/' "$here/second.csv" >"$here/other.csv"
expect 0 assay run --name other -- sh -c "$predict" "$here/other.csv"
record other
ask '.comparison == null and ([.notes[] | select(contains("Not compared with first: the clusters disagree at id"))] | length == 1)'

# What has no column in common is not compared, and the run stands.
sed '1s/exact_match,cost/one,two/' "$here/second.csv" >"$here/names.csv"
expect 0 assay run --name names -- sh -c "$predict" "$here/names.csv"
record names
ask '.comparison == null and .measured.one > .5 and ([.notes[] | select(contains("no labels and no further column in common"))] | length == 1)'

# A direction that is declared turns the word.
sed -i 's/higher}/lower}/' experiments/answers.md && git commit -qam lower
expect 0 assay run --name lower -- sh -c "$predict" "$here/second.csv"
record lower
ask '.comparison[0].metrics.exact_match | .verdict == "worse" and .better == "lower"'
