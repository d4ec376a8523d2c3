#!/bin/sh
# Trainers that cheat: what assay measures by the pinned labels, and what it says, does not depend on what they claim.
. "${0%/*}/lib.sh"
new_repository
mkdir eval train
awk 'BEGIN {
	print "key,left" >"eval/labels.csv"
	for (i = 1; i <= 300; i++) print "c" i "," (i % 3 ? "no" : "yes") >"eval/labels.csv"
}'
cat >assay.yaml <<'END'
metrics: [accuracy, f1]
evaluation: {labels: eval/labels.csv, id: key, target: left}
END
# An honest model: wrong in every fifth row.
cat >honest.sh <<'END'
awk 'BEGIN { print "id,y_pred"; for (i = 1; i <= 300; i++) print "c" i "," (((i % 3 == 0) == (i % 5 != 0)) ? "yes" : "no") }' >"$ASSAY_RUN_DIR/predictions.csv"
END
git add . && git commit -qm code
cp eval/labels.csv "$here/labels.csv"
sha=$(sha256sum eval/labels.csv | cut -d" " -f1)

# record NAME: the record of a run, in $here/record
record() {
	assay show "$1" --json >"$here/shown" || fail "show $1"
	jq .record "$here/shown" >"$here/record"
}
ask() {
	jq -e "$1" "$here/record" >"$here/asked" || fail "$1: $(cat "$here/asked") $(cat "$here/record")"
}
trains() { # trains NAME: the script train/NAME.sh on stdin, as a run
	cat >"train/$1.sh"
	git add train && git commit -qm "$1"
	expect 0 assay run --name "$1" -- sh "train/$1.sh"
	record "$1"
}
# What every cheat with all rows predicted as the honest model has them comes to.
honest='(.measured.accuracy == 0.8) and (.evaluation | del(.look)) == {source: "project", labels: "eval/labels.csv", sha256: "'$sha'", rows: 300, matched: 300, missing: 0}'

trains honest <<'END'
. ./honest.sh
END
ask "$honest and .reported == null and .status == \"finished\""

# Prints and reports 0.99: kept apart, and what is measured counts.
trains boaster <<'END'
. ./honest.sh
echo 'accuracy: 0.99'
echo '{"accuracy": 0.99, "f1": 0.99, "auc": 0.99}' >"$ASSAY_RUN_DIR/metrics.json"
END
ask "$honest and .reported.accuracy == 0.99 and .reported.auc == 0.99"
expect 0 assay ls --json
jq -e '.[] | select(.name == "boaster") | .metrics.accuracy == 0.8' "$here/out" >"$here/asked" || fail "ls: $(cat "$here/out")"
jq -e '(map({key: .name, value: .reported}) | from_entries) == {honest: null, boaster: ["auc"]}' "$here/out" >"$here/asked" ||
	fail "ls --json does not say what was reported: $(cat "$here/out")"
expect 0 assay ls --csv
grep ',boaster,' "$here/out" | grep -q ',auc$' || fail "ls --csv does not say what was reported: $(cat "$here/out")"
expect 0 assay ls
grep boaster "$here/out" | grep -q ' 0\.800 .* 0\.990\*' || fail "what was reported has no mark: $(cat "$here/out")"

# Rewrites metrics.json of the runs before it, as far as it can find them, and its own after the predictions.
trains rewriter <<'END'
. ./honest.sh
find .git/assay -name 'metrics.json' -exec sh -c 'echo "{\"accuracy\": 1}" >"$1"' - {} \;
for i in 1 2 3; do echo '{"accuracy": 1}' >"$ASSAY_RUN_DIR/metrics.json"; done
echo '{"accuracy": 1}' >metrics.json
END
ask "$honest and .reported.accuracy == 1"
record honest
ask "$honest and .reported == null"
rm metrics.json

# Its own y_true and weights do not count.
trains truthless <<'END'
. ./honest.sh
awk -F, 'NR == 1 { print "id,y_pred,y_true,weight"; next } { n = substr($1, 2); print $0 "," $2 "," (n % 5 ? 1000 : 0.001) }' \
	"$ASSAY_RUN_DIR/predictions.csv" >"$ASSAY_RUN_DIR/p" && mv "$ASSAY_RUN_DIR/p" "$ASSAY_RUN_DIR/predictions.csv"
END
ask "$honest"
ask '.notes | any(contains("y_true of 60 rows of predictions.csv is not what the labels say: the labels count"))'
ask '.notes | any(contains("The weights in predictions.csv do not count"))'

# Drops hard rows, doubles easy ones, makes some up: refused with their number, and nothing is measured.
refused='.measured == null and .status == "finished" and .evaluation.matched == null'
trains dropper <<'END'
. ./honest.sh
awk -F, 'NR == 1 || substr($1, 2) % 5' "$ASSAY_RUN_DIR/predictions.csv" >"$ASSAY_RUN_DIR/p"
mv "$ASSAY_RUN_DIR/p" "$ASSAY_RUN_DIR/predictions.csv"
END
ask "$refused"
says "predictions.csv is not scored: 60 rows without a prediction"
trains doubler <<'END'
. ./honest.sh
sed -n '2,9p' "$ASSAY_RUN_DIR/predictions.csv" >p && cat p >>"$ASSAY_RUN_DIR/predictions.csv" && rm p
END
ask "$refused"
says "8 rows with an id that was there before"
trains swapper <<'END'
. ./honest.sh
sed 's/^c5,/c4,/;s/^c10,/z10,/' "$ASSAY_RUN_DIR/predictions.csv" >p && mv p "$ASSAY_RUN_DIR/predictions.csv"
END
ask "$refused"
says "2 rows without a prediction, 1 row with an id that the labels do not have, 1 row with an id that was there before"
says "'z10'"

# Swaps the labels while it runs: scored by those from before, and it is said; put back before its end it changes nothing.
trains labeller <<'END'
. ./honest.sh
sed 's/^id,y_pred/key,left/' "$ASSAY_RUN_DIR/predictions.csv" >eval/new && mv eval/new eval/labels.csv
END
ask "$honest"
says "the label file changed while the command ran: scored with the one from before"
ask '.notes | any(contains("the label file changed while the command ran"))'
cp "$here/labels.csv" eval/labels.csv
trains restorer <<'END'
. ./honest.sh
cp eval/labels.csv kept
echo 'key,left' >eval/labels.csv
mv kept eval/labels.csv
END
ask "$honest"
ask '(.notes // []) | any(contains("label file changed")) | not'
trains remover <<'END'
. ./honest.sh
rm -r eval
END
ask "$honest"
says "the label file changed while the command ran"
git checkout -q eval

# Edits the program that evaluates, which is none of assay's.
trains evaluator <<'END'
. ./honest.sh
echo 'print(1.0)' >eval/evaluate.py
echo '{"accuracy": 1.0}' >"$ASSAY_RUN_DIR/metrics.json"
END
ask "$honest"
rm eval/evaluate.py

# Hands in the labels themselves: nobody can keep it from reading them, but it is said.
trains reader <<'END'
sed 's/^key,left/id,y_pred/' eval/labels.csv >"$ASSAY_RUN_DIR/predictions.csv"
END
ask '.measured.accuracy == 1 and (.notes | any(contains("predictions equal the labels in every row")))'
expect 0 assay run --quiet --name quiet -- sh train/reader.sh
says "The predictions equal the labels in every row"

# Says nothing that can be scored: what it reports is no measured figure, nor does it meet a criterion.
mkdir experiments
cat >experiments/strict.md <<'END'
---
success_criteria: {accuracy: 0.9}
---
END
git add experiments && git commit -qm plan
trains claimer <<'END'
echo '{"accuracy": 0.99}' >"$ASSAY_RUN_DIR/metrics.json"
END
ask '.measured == null and .reported.accuracy == 0.99'
ask '.criteria[0] | .verdict == "not_measured" and .value == null'
cat >experiments/strict.md <<'END'
---
success_criteria: {accuracy: {min: 0.9, source: reported}}
---
END
git commit -qam "as it says itself"
expect 0 assay run --name told -- sh train/claimer.sh
record told
ask '.criteria[0] | .verdict == "met" and .source == "reported"'
# Nor is it the best, beside what was measured.
expect 0 assay run --name modest -- sh train/honest.sh
expect 0 assay show best --json
jq -e '.record.name == "modest"' "$here/out" >"$here/asked" || fail "best: $(jq .record.name "$here/out")"
expect 0 assay run --seeds 2 --name seeds -- sh train/honest.sh
record seeds
ask '.children | length == 2'
ask ".evaluation.sha256 == \"$sha\" and .measured.accuracy == 0.8"
expect 0 assay show seeds
grep -q "labels.*eval/labels.csv, sha256 " "$here/out" || fail "show does not say which labels: $(cat "$here/out")"
for child in $(assay ls --all --json | jq -r '.[] | select(.name | startswith("seeds")) | .id'); do
	record "$child"
	test "$(jq -r .children "$here/record")" != null || ask "$honest"
done
expect 0 assay site -o "$here/site" --no-charts
grep -q '<dt>Labels</dt><dd>eval/labels.csv, 300 rows' "$here/site/runs/$(jq -r .id "$here/record").html" || fail "the page does not say which labels"
