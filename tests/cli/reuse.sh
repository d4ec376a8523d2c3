#!/bin/sh
# What is on record with the same data, split, choices and seed is shown and not trained again; --again trains it.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
git add . && git commit -q -m data
count() {
	git rev-list --count assay/runs
}

expect 0 assay baseline --data data.csv --target left
first=$(count)
cp "$here/out" ../first
expect 0 assay baseline --data data.csv --target left
says "on record already"
test "$(count)" = "$first" || fail "the same was trained again"
cmp "$here/out" ../first || fail "what is shown differs from what was made"
for change in "--seed 1" "--drop plan" "--features age" "--test 0.3" "--positive no" "-e other"; do
	before=$(count)
	# shellcheck disable=SC2086 # a list of words
	expect 0 assay baseline --data data.csv --target left $change
	test "$(count)" -gt "$before" || fail "$change was not trained"
	after=$(count)
	# shellcheck disable=SC2086 # a list of words
	expect 0 assay baseline --data data.csv --target left $change
	test "$(count)" = "$after" || fail "$change was trained twice"
done
echo 30,gold,no >>data.csv
before=$(count)
expect 0 assay baseline --data data.csv --target left
test "$(count)" -gt "$before" || fail "other data were not trained"
before=$(count)
expect 0 assay baseline --data data.csv --target left --again
test "$(count)" = $((before + 6)) || fail "--again did not train all six"
git fsck --strict 2>"$here/err" || fail "git fsck"

# what the project says of its own target does not hold for another one
printf 'data: {file: data.csv, target: left, positive: "no"}\n' >assay.yaml
expect 0 assay baseline --seed 2 --json
says "positive class: no"
expect 0 assay baseline --target plan --json
jq -e 'length == 3 and all(.[]; .params | has("positive") | not)' "$here/out" >/dev/null || fail "three classes have a positive one"
