#!/bin/sh
# ls --json, show --json and baseline --json have the shapes that scripts rely on.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
git add . && git commit -q -m data
expect 0 assay baseline --data data.csv --target left --seed 3 --json
cp "$here/out" ../made.json
expect 0 assay ls --json
jq -e 'length == 6 and all(.[];
	(.id | test("^[0-9]{8}-[0-9]{6}-[0-9a-f]{10}$")) and .experiment == "default" and .kind == "baseline"
	and .status == "finished" and .where == "git" and (.commit | test("^[0-9a-f]{40}$"))
	and (.metrics.f1 | type) == "number" and .params.target == "left" and .tags == {}
	and (.started | test("Z$")))' "$here/out" || fail "ls --json"
jq -e '[.[].name] | sort == ["always_positive", "logistic", "logistic_tuned", "majority", "random_forest", "random_forest_tuned"]' \
	"$here/out" || fail "names"
jq -e '.[] | select(.name == "majority") | has("verdict") | not' "$here/out" || fail "majority has a verdict"
jq -e '[.[] | select(.name != "majority") | .verdict] | all(IN("better", "worse", "undecided", "too_few"))' "$here/out" ||
	fail "verdicts"
test "$(jq -S 'sort_by(.id) | map({id, commit, metrics})' "$here/out")" = "$(jq -S 'sort_by(.id) | map({id, commit, metrics})' ../made.json)" ||
	fail "baseline --json and ls --json differ"

expect 0 assay show logistic_tuned --json
jq -e '.where == "git" and (.commit | length == 40) and .record.schema == 1 and .record.seed == 3
	and .record.threshold.chosen == "train_cv" and .record.data.split.seed == 3
	and .record.data.files[0].path == "data.csv" and .record.data.files[0].rows == 200
	and .record.evaluation == {source: "split", part: "test", rows: 40}
	and .record.code.dirty == false and .today.family >= 1 and (.today.verdict | type) == "string"
	and ([.record.artifacts[].path] == ["evaluation.json", "predictions.csv"])' "$here/out" || fail "show --json"
commit=$(jq -r .commit "$here/out")
id=$(jq -r .record.id "$here/out")
test "$(jq -r .record.code.commit "$here/out")" = "$(git rev-parse HEAD)" || fail "the code's commit"
git cat-file -p "$commit:$(git ls-tree -r --name-only "$commit" | grep "$id/run.json")" >../run.json
jq -S .record "$here/out" >../a.json
jq -S . ../run.json >../b.json
cmp ../a.json ../b.json || fail "show --json is not the committed record"

# artifacts are what the record says
folder=$(git ls-tree -r --name-only "$commit" | sed -n "s|/run.json$||p" | grep "$id")
for file in evaluation.json predictions.csv; do
	git cat-file -p "$commit:$folder/$file" >../file
	test "$(jq -r --arg path $file '.record.artifacts[] | select(.path == $path) | .sha256' "$here/out")" = \
		"$(sha256sum <../file | cut -d' ' -f1)" || fail "$file is not what the record says"
done
handle=${id##*-}
for name in "$id" "$(echo "$handle" | cut -c1-7)" logistic_tuned default/logistic_tuned; do
	expect 0 assay show "$name" --json
	test "$(jq -r .record.id "$here/out")" = "$id" || fail "show $name is another run"
done
expect 0 assay show best
grep -q '^default/' "$here/out" || fail "show best"

# two commands within a second: the runs of the later one stand last
for seed in 21 22 23 24; do
	expect 0 assay baseline --data data.csv --target left --seed $seed --json
	ids=$(jq -r '.[].id' "$here/out")
	test "$(echo "$ids" | sort)" = "$ids" || fail "the ids of one command do not rise"
	expect 0 assay show latest --json
	test "$(jq .record.seed "$here/out")" = $seed || fail "latest is not of the latest command"
done
