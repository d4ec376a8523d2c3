#!/bin/sh
# init and new write files that work, and never overwrite one.
. "${0%/*}/lib.sh"

mkdir "$here/fresh" && cd "$here/fresh" || exit 1
sample_csv >data.csv
expect 2 assay init --data data.csv --target lefd
says "did you mean left"
test ! -e .git || fail "a repository was made for wrong input"
expect 0 assay init --data data.csv --target left
says "made one here"
test "$(git rev-parse --is-inside-work-tree)" = true || fail "no repository was made"
grep -q '^data: {file: data.csv, target: left}' assay.yaml || fail "assay.yaml does not name the data"
test "$(ls experiments)" = first.md || fail "no first experiment"
git config user.name Tester
git config user.email tester@example.org
git add . && git commit -q -m start
expect 0 assay baseline
expect 0 assay ls --json
test "$(jq -r '[.[].experiment] | unique | join(",")' "$here/out")" = first || fail "the runs are not in first"

cp assay.yaml "$here/before"
expect 0 assay init --data data.csv --target age
says "left as it is"
cmp assay.yaml "$here/before" || fail "init changed assay.yaml"
expect 2 assay new first
says "exists already"
expect 0 assay new smaller-model
grep -q '^title: smaller-model' experiments/smaller-model.md || fail "new wrote no title"
expect 0 assay baseline -e smaller-model
for name in Bad ../up x.results .hidden "a b"; do
	expect 2 assay new "$name"
done
expect 2 assay new -- --help
mkdir sub && cd sub || exit 1
expect 2 assay init
says "assay new NAME"

mkdir "$here/bare-init" && cd "$here/bare-init" || exit 1
expect 0 assay init
grep -q '^# data: ' assay.yaml || fail "data is not a comment"
