#!/bin/sh
# A scored run is compared with the baseline and with the run before it: each metric of the latter by itself, and not where the
# rows are others; the family of the former does not grow by it.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >data.csv
printf 'data: {file: data.csv, target: left}\nmetrics: [f1, accuracy]\n' >assay.yaml
cat >cut.sh <<'END'
awk -F, -v cut="$1" 'NR == FNR { part[$1] = $2; next }
	FNR == 1 { print "id,y_pred"; next }
	part[FNR - 1] == "test" { print FNR - 1 "," ($1 > cut ? "yes" : "no") }' "$ASSAY_SPLIT" data.csv >"$ASSAY_RUN_DIR/predictions.csv"
END
git add -A && git commit -qm code
expect 0 assay baseline
expect 0 assay run --name first --param cut=70 -- sh cut.sh '{cut}'
expect 0 assay run --name second --param cut=60 -- sh cut.sh '{cut}'
says "cut 70 -> 60 (isolated"
assay show --json first >"$here/first.json" && assay show --json second >"$here/second.json" || fail "show"
jq -e '[.record.comparison[].role] == ["baseline"] and .record.changes.verdict == "first"' "$here/first.json" >/dev/null ||
	fail "the first run has something before it"
first=$(jq -r .record.id "$here/first.json")
jq -e --arg first "$first" '.record.changes.against == $first and
	([.record.comparison[].role] == ["baseline", "previous"]) and
	(.record.comparison[1] | .against == $first and .scope == "model" and ([.metrics[].family] | unique) == [1] and
		.metrics.f1.declared and (.rows > 100) and .fixed + .broken > 0) and
	.record.comparison[0].metrics.f1.family == 4' "$here/second.json" >/dev/null ||
	fail "second: $(jq -c '.record | [.changes, [.comparison[] | del(.metrics[].interval)]]' "$here/second.json")"

# what the step did is its difference in score, the same rows paired
jq -e --slurpfile first "$here/first.json" '(.record.measured.f1 - $first[0].record.measured.f1 -
	.record.comparison[1].metrics.f1.difference) | fabs < 1e-9' "$here/second.json" >/dev/null || fail "the difference"

# other rows cannot be paired: changed, and not compared
sample_csv 620 >data.csv
expect 0 assay run --name third --param cut=60 -- sh cut.sh '{cut}'
assay show --json third >"$here/third.json" || fail "show"
jq -e '.record.changes.verdict == "isolated" and .record.changes.factors[0].factor == "data" and
	([.record.comparison[]? | select(.role == "previous")] == [])' "$here/third.json" >/dev/null ||
	fail "third: $(jq -c '.record | [.changes, .comparison]' "$here/third.json")"
