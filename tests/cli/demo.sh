#!/bin/sh
# The demo: both experiments trained and committed, the site built; and the same again.
. "${0%/*}/lib.sh"
mkdir "$here/build"
cp "$BUILD/assay" "$here/build/"
for time in first second; do
	BUILD=$here/build expect 0 sh "$top/sample-project/demo.sh"
	page=$(sed -n 's/^Open //p' "$here/out")
	test -s "$page" || fail "$time: no page at '$page'"
	grep -q random_forest_tuned "$here/out" || fail "$time: no table"
done
cd "$here/build/demo" || exit 1
git fsck --strict 2>"$here/err" || fail "git fsck"
test -z "$(git status --porcelain)" || fail "the demo's work tree is not clean"
test "$(git rev-list --count assay/runs)" = 20 || fail "not twenty runs"
expect 0 assay ls --json
jq -e 'all(.[]; .status == "finished" and .where == "git")' "$here/out" || fail "not all are finished and in git"
expect 0 assay show forest-or-linear/random_forest_tuned --json
jq -e '.record.comparison[0].metrics.f1.verdict and (.record.criteria | length == 3) and .record.plan.commit' "$here/out" ||
	fail "no verdict, criteria or plan"
expect 0 assay show without-contract/logistic_tuned --json
jq -e '.record.params.drop == ["contract", "paperless_billing", "payment_method"] and .record.comparison[0].rows == 1409' \
	"$here/out" || fail "the second experiment is not compared with the first"
# the scripts of the sample's own are judged on the same rows
for run in combinations/facts-alone combinations/combinations scorecard/scorecard; do
	expect 0 assay show $run --json
	jq -e '.record | .kind == "run" and .evaluation.rows == 1409 and .measured.f1 > 0.5 and .comparison[0].rows == 1409 and
		.comparison[0].metrics.f1.verdict' "$here/out" || fail "$run is not compared with logistic_tuned"
done
jq -e '.record.artifacts | any(.[]; .path == "artifacts/scorecard.csv")' "$here/out" || fail "the scorecard is not kept"
# what the hypotheses came to, and which run changed two things at once
expect 0 assay status --json
jq -e '[.experiments[] | {(.name): .hypothesis.verdict}] | add |
	."forest-or-linear" == "refuted" and .ranges == "confirmed" and .combinations == "undecided"' "$here/out" ||
	fail "other verdicts: $(jq -c '[.experiments[] | [.name, .hypothesis.verdict]]' "$here/out")"
expect 0 assay show ranges/ranges --json
jq -e '.record.comparison[0] | .scope == "recipe" and .metrics.roc_auc.verdict == "equivalent"' "$here/out" ||
	fail "three seeds are no recipe"
expect 0 assay show ranges/hurried --json
jq -e '.record.changes | .verdict == "confounded" and [.factors[].name] == ["epochs", "l2"]' "$here/out" ||
	fail "two changes at once are not flagged"
expect 0 assay show combinations/combinations --json
jq -e '.record.changes | .verdict == "isolated" and .factors[0].name == "combinations"' "$here/out" || fail "not isolated"
# lists have the mean of three seeds, its page has them one by one
for page in index runs experiments/ranges; do
	! grep -q ranges-seed0 "site/$page.html" || fail "$page.html lists a single seed"
done
expect 0 assay show ranges/ranges --json
page=site/runs/$(jq -r .record.id "$here/out").html
grep -q 'What did each seed give' "$page" && test "$(grep -c '<a href="[^"]*" title="ranges-seed[0-2]">' "$page")" = 3 ||
	fail "the page of the mean lacks its seeds"
grep -q 'of the mean over 3 seeds, standard deviation' "$page" || fail "no spread"
grep -q '<p class="dek">It holds for the recipe' "$page" || fail "no scope"
grep -q 'run:[0-9a-f]*#measured.f1' experiments/combinations.results.md || fail "no picked results"
expect 0 assay reproduce combinations/combinations
expect 0 assay verify

# without assay they train as well, on a split of their own
cp -R "$top/sample-project" "$here/alone"
cd "$here/alone" || exit 1
expect 0 python3 models/combinations.py
test "$(head -n 1 out/predictions.csv)" = id,y_pred,score || fail "no predictions without assay"
rm -r out
expect 0 sh models/scorecard.sh
test "$(wc -l <out/predictions.csv)" = 1409 || fail "not every fifth row was tested"
