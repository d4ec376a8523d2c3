#!/bin/sh
# Pinned labels in the life of a run: outside of the project, beside the data's split, killed, and made again.
. "${0%/*}/lib.sh"
new_repository
awk 'BEGIN {
	print "key,age,left" >"d.csv"
	print "key,left" >"held.csv"
	for (i = 1; i <= 400; i++) {
		y = (i * 37) % 61 + (i * 13) % 29 > 50
		print "c" i "," (i * 37) % 61 "," (y ? "yes" : "no") >"d.csv"
		if (i % 4 == 0) print "c" i "," (y ? "yes" : "no") >"held.csv"
	}
}'
cat >assay.yaml <<'END'
data: {file: d.csv, target: left, id: key}
evaluation: {labels: held.csv}
END
cat >train.sh <<'END'
awk -F, 'FNR == 1 { next } NR == FNR { age[$1] = $2; next } FNR == 2 { print "id,y_pred,score" }
	{ print $1 "," (age[$1] > 35 ? "yes" : "no") "," 1 / (1 + exp((35 - age[$1]) / 8)) }' d.csv held.csv >"$ASSAY_RUN_DIR/predictions.csv"
END
git add . && git commit -qm data
record() {
	assay show "$1" --json >"$here/shown" || fail "show $1"
	jq .record "$here/shown" >"$here/record"
}
ask() {
	jq -e "$1" "$here/record" >"$here/asked" || fail "$1: $(cat "$here/asked") $(cat "$here/record")"
}

# Beside a split: the labels count, and the baselines are compared with on the rows that both have.
expect 0 assay baseline
expect 0 assay run --name mine -- sh train.sh
record mine
ask '.evaluation | .source == "project" and .labels == "held.csv" and .rows == 100 and .part == null'
ask '.data.split.sha256 != null and .data.files[0].path == "d.csv"'
shared=$(jq '.comparison[0].rows' "$here/record")
test "$shared" -gt 5 && test "$shared" -lt 60 || fail "compared on $shared rows"
ask '.comparison[0].of_rows == 100'

# Made again: the same labels are found in its code.
expect 0 assay reproduce mine
assay ls --json >"$here/runs" || fail "ls"
again=$(jq -r '.[] | select(.name == "mine-again") | .id' "$here/runs")
record "$again"
ask '.evaluation.rows == 100 and .measured.accuracy != null'

# Outside of the project: the base name, said to be outside; another file there is not what the run was scored by.
cp held.csv "$here/held.csv"
sed -i 's/labels: held.csv/labels: ..\/held.csv/' assay.yaml
git commit -qam outside
expect 0 assay run --name out -- sh train.sh
record out
ask '.evaluation | .labels == "held.csv" and .outside == true'
expect 0 assay reproduce out
sed -i '$d' "$here/held.csv"
expect 2 assay reproduce out
says "is not what"

# Labels of other rows than the baselines': ids that are none of theirs are not paired.
awk -F, 'NR == 1 { print; next } { print "n" $1 "," $2 }' held.csv >"$here/held.csv"
cat >other.sh <<'END'
sed 's/^key,left/id,y_pred/' ../held.csv | sed '2s/yes/NO/;2s/no/yes/;2s/NO/no/' >"$ASSAY_RUN_DIR/predictions.csv"
END
expect 0 assay run --name other -- sh other.sh
record other
ask '.measured.accuracy == 0.99 and .comparison == null'
ask '.notes | any(contains("they share no test row"))'

# Numbered rows are no ids.
new_repository numbered
sed 's/^c//' ../repo/d.csv >d.csv
cut -d, -f2,3 d.csv >plain.csv
printf 'key,left\n' >y.csv
sed 1d d.csv | cut -d, -f1,3 >>y.csv
printf 'data: {file: plain.csv, target: left}\nevaluation: {labels: y.csv, id: key}\n' >assay.yaml
git add . && git commit -qm data
expect 0 assay baseline
expect 0 assay run --name named -- sh -c 'sed "s/^key,left/id,y_pred/;2s/yes/no/" y.csv >"$ASSAY_RUN_DIR/predictions.csv"'
record named
ask '.comparison == null and (.notes | any(contains("Not compared")))'
