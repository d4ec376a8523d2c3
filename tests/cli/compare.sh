#!/bin/sh
# compare names runs as everywhere, marks what differs and nothing else, and says the same as JSON and CSV.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
expect 0 assay baseline --data data.csv --target left
expect 0 assay run --name one --param depth=4 --param rate=0.1 -- sh -c \
	'echo "{\"loss\": 0.5, \"same\": 1}" >"$ASSAY_RUN_DIR/metrics.json"'
expect 0 assay run --name two --param depth=6 --param rate=0.1 -- sh -c \
	'echo "{\"loss\": 0.4, \"same\": 1}" >"$ASSAY_RUN_DIR/metrics.json"'

expect 0 assay compare one two
grep -q '^\* *depth *4 *6$' "$here/out" || fail "a parameter that differs"
! grep -q '^ *\** *rate ' "$here/out" || fail "a parameter that is the same is shown"
grep -q '1 of parameters is the same in all' "$here/out" || fail "what is the same is not counted"
grep -q '^\* *loss *0.500 *0.400$' "$here/out" || fail "a score that differs"
grep -q '^ *same *1.000 *1.000$' "$here/out" || fail "a score that is the same is marked, or not there"
expect 0 assay compare one two --all -m loss
grep -q '^ *rate *0.1 *0.1$' "$here/out" || fail "--all"
! grep -q "^\** *same " "$here/out" || fail "-m"

expect 0 assay compare one two --json
jq -e '(.runs | length) == 2 and .runs[0].name == "one" and .params.depth == [4, 6] and .params.rate == [0.1, 0.1]
	and ([.factors[] | select(.factor == "params") | .name] == ["depth"]) and .comparison == []' "$here/out" >/dev/null ||
	fail "compare --json"
# a comparison that is on record: a baseline against majority
expect 0 assay compare majority logistic --json
jq -e '(.comparison | length) == 1 and .comparison[0].run == .runs[1].id and .comparison[0].against == .runs[0].id' \
	"$here/out" >/dev/null || fail "the recorded comparison"
expect 0 assay compare one two --csv
test "$(wc -l <"$here/out")" = 3 || fail "--csv"

handle=$(assay ls --json --where 'name = one' | jq -r '.[0].id' | cut -d- -f3)
expect 0 assay compare baseline "$handle" latest
expect 2 assay compare one
expect 2 assay compare one nothing
says "there is no run 'nothing'"
expect 2 assay compare one "$handle"
says "named already"
