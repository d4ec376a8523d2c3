#!/bin/sh
# What a baseline is compared with: majority, or the run that the experiment names; what cannot be compared says why.
. "${0%/*}/lib.sh"
new_repository
sample_csv 400 >data.csv
mkdir experiments
printf 'data: {file: data.csv, target: left}\nexperiment: plain\n' >assay.yaml
printf -- '---\nquestion: What is there to beat?\n---\n' >experiments/plain.md
printf -- '---\nbaseline: plain/logistic\ndrop: [plan]\n---\n' >experiments/named.md
git add . && git commit -q -m plan
# against EXPERIMENT/NAME: the name of the run that it is compared with
against() {
	assay show "$1" --json | jq -r '.record.comparison[0].against // "nothing"' >../id
	test "$(cat ../id)" = nothing || assay show "$(cat ../id)" --json | jq -r '.record | .experiment + "/" + .name'
}

expect 0 assay baseline -e named
says "Not compared with plain/logistic, the experiment's baseline"
test -z "$(against named/random_forest)" || fail "compared with something that is not there"
expect 0 assay baseline
grep -q 'diff: f1 against majority' "$here/out" || fail "plain is not compared with majority"
test "$(against plain/random_forest)" = plain/majority || fail "plain/random_forest is compared with something else"
test -z "$(against plain/majority)" || fail "majority is compared"
expect 0 assay baseline -e named --again
grep -q 'diff: f1 against plain/logistic' "$here/out" || fail "named is not compared with plain/logistic"
test "$(against named/logistic)" = plain/logistic || fail "named/logistic is compared with something else"
assay show named/random_forest --json >../named
jq -e '.record.comparison[0] | .rows == 80 and .role == "baseline" and .scope == "model"
	and (.metrics.f1 | .declared and .family == 6 and (.corrected | length == 2))' ../named || fail "the comparison's form"

# other test rows cannot be paired
expect 0 assay baseline -e named --seed 9
says "Not compared with logistic"
expect 0 assay ls
