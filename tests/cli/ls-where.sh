#!/bin/sh
# ls finds, orders and shows what it is asked for, and a hostile name stays text on the terminal, in CSV and in JSON.
. "${0%/*}/lib.sh"
new_repository

# track NAME DEPTH LOSS [SCORE]: a run that reports them
track() {
	expect 0 assay run --name "$1" --param depth="$2" -- sh -c \
		"echo '{\"loss\": $3, \"score\": ${4:-0.5}}' >\"\$ASSAY_RUN_DIR/metrics.json\""
}
track shallow 2 0.9
track middle 4 0.5
track deep 8 0.7
expect 5 assay run --name broken -- sh -c 'exit 5'

names() {
	jq -r '.[].name' "$here/out" | tr '\n' ' '
}
ls_names() {
	expected=$1
	shift
	expect 0 assay ls --json "$@"
	test "$(names)" = "$expected" || fail "ls $*: $(names)not $expected"
}
ls_names "broken deep middle shallow "
ls_names "deep middle " --where 'params.depth > 2'
ls_names "middle " --where 'params.depth > 2 and metrics.loss < 0.6'
ls_names "middle " --where 'params.depth > 2' --where 'reported.loss < 0.6'
ls_names "broken " --status failed
ls_names "broken " --where 'not params.depth > 0'
ls_names "broken " --where 'exit = 5'
ls_names "deep middle shallow " --where 'status = finished'
ls_names "middle deep shallow broken " --sort metrics.loss:asc
ls_names "shallow deep middle broken " --sort loss:desc
ls_names "shallow middle " --sort params.depth -n 2
ls_names "broken deep " -n 2
ls_names "" --kind baseline

expect 2 assay ls --where 'metrics.loss <'
says "--where 'metrics.loss <': column 15: a value is expected at the end"
expect 2 assay ls --where 'param.depth = 1'
says "did you mean params?"
expect 2 assay ls --sort lss
expect 2 assay ls --status finishd
says "did you mean finished?"
expect 2 assay ls --kind runs
expect 2 assay ls --json --csv

expect 0 assay ls
grep -q '^run .* name .* status .* loss .* score' "$here/out" || fail "the reported metrics are no columns"
! grep -q ' f1 ' "$here/out" || fail "a metric that no run has is a column"
expect 0 assay ls --columns params.depth,loss,status
grep -q 'deep .* 8 .* 0.700 .* finished' "$here/out" || fail "--columns"
expect 0 assay ls --csv --sort params.depth --columns name,params.depth,loss
printf 'shallow,2,0.9\nmiddle,4,0.5\ndeep,8,0.7\nbroken,,\n' >"$here/want"
sed 1d "$here/out" | cut -d, -f2- | cmp - "$here/want" || fail "--csv --columns"
expect 0 assay ls --csv
head -1 "$here/out" | grep -q '^id,experiment,name,kind,status,started,where,commit,parent,metrics.loss,metrics.score,params.depth,verdict' ||
	fail "--csv heading"
test "$(wc -l <"$here/out")" = 5 || fail "--csv lines"

# what a stranger's command reports
cat >hostile.py <<'PY'
import json, os
metrics = {"\u202eidib": 2, "a,\"b\"": 4, "../../x": 5, "__proto__": 6}
metrics.update({"m%05d" % i: i for i in range(9000)})
json.dump(metrics, open(os.environ["ASSAY_RUN_DIR"] + "/metrics.json", "w"))
PY
expect 0 assay run --name hostile -- python3 hostile.py
expect 0 assay ls -n 1
! grep -q "$(printf '\033\\|\342\200\256')" "$here/out" || fail "a control character reached the terminal"
test "$(wc -c <"$here/out")" -lt 4000 || fail "ls prints thousands of columns"
expect 0 assay ls -n 1 --csv
python3 - "$here/out" <<'PY' || fail "ls --csv of hostile names"
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert len(rows) == 1 and rows[0]["metrics.a,\"b\""] == "4", rows[0].keys()
assert rows[0]["metrics.m08999"] == "8999" and rows[0]["metrics.__proto__"] == "6"
PY
expect 0 assay ls -n 1 --json
test "$(jq '.[0].metrics | length' "$here/out")" = 9004 || fail "ls --json of 9,000 metrics"
expect 0 assay ls --where 'metrics."a,\"b\"" = 4' --json
test "$(names)" = "hostile " || fail "an odd name in --where"
expect 0 assay show hostile
! grep -q "$(printf '\033\\|\342\200\256')" "$here/out" || fail "a control character reached the terminal from show"
