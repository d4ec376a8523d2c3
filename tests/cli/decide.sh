#!/bin/sh
# Where no difference is shown, the page of a run says what would decide: from margin and standard error, by scope.
. "${0%/*}/lib.sh"
new_repository
sample_csv 3000 >d.csv
printf 'data: {file: d.csv, target: left}\nmetrics: [accuracy]\n' >assay.yaml
mkdir experiments
printf -- '---\nquestion: Is it as good?\nmargins: {accuracy: 0.01}\n---\nIt is.\n' >experiments/idea.md

# What the rows say, every tenth the other way, where the argument says which tenth: two of these do not differ for sure.
cat >rule.sh <<'EOF'
awk -F, -v turned="$1" '
NR == FNR { part[$1] = $2; next }
FNR == 1 { print "id,y_pred"; next }
part[FNR - 1] == "test" {
	right = $3 == "yes"
	if ((FNR * 7) % 10 == turned)
		right = !right
	print FNR - 1 "," (right ? "yes" : "no")
}
' "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"
EOF
git add . && git commit -qm plan
expect 0 assay baseline -e idea
expect 0 assay run -e idea --name old -- sh rule.sh 3
printf -- '---\nquestion: Is it as good?\nmargins: {accuracy: 0.01}\nexpects: {accuracy: better}\ncandidate: new\nbaseline: old\n---\nIt is.\n' >experiments/idea.md
git commit -qam 'against the old one'

# shown NAME: the page of a run; has WORDS: it says them
shown() {
	expect 0 assay show "$1"
	tr -s ' \n' '  ' <"$here/out" >"$here/page"
}
has() {
	grep -q -- "$1" "$here/page" || fail "not on the page: $1: $(cat "$here/page")"
}

expect 0 assay run -e idea --name new -- sh rule.sh 6
assay show new --json | jq -e '.record.comparison[0].metrics.accuracy | .verdict == "undecided" and .margin == 0.01 and
	.detectable > 0.01 and (.mcnemar_midp > 0 and .mcnemar_midp <= 1)' >"$here/log" ||
	fail "$(assay show new --json | jq -c '.record.comparison, .record.notes')"
shown new
has 'to decide accuracy: a margin of 0.01 cannot be shown with these rows: about [0-9,]* more test rows would decide'
needed=$(sed 's/.*about \([0-9,]*\) more test rows.*/\1/' "$here/page" | tr -d ,)
test "$needed" -gt 1000 || fail "$needed rows"

# As many rows decide it, whichever way the difference goes.
expect 0 assay run -e idea --name other -- sh rule.sh 8
shown other
has "more test rows would decide"

# The site says it on the run's page and the experiment's.
expect 0 assay site
grep -rl 'more test rows would decide' site/runs | grep -q . || fail "no run's page says it"
grep -q 'more test rows would decide' site/experiments/idea.html || fail "the experiment: $(grep -o 'dek.*' site/experiments/idea.html)"
