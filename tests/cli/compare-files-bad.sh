#!/bin/sh
# What a file of predictions or of labels can have wrong: said with its name and number, exit 2, and nothing is judged.
. "${0%/*}/lib.sh"
awk 'BEGIN {
	print "id,y" >"y.csv"
	print "id,y_pred,score" >"a.csv"
	for (i = 1; i <= 200; i++) {
		y = i % 3 == 0
		print "r" i "," y >"y.csv"
		printf "r%d,%d,%.3f\n", i, i % 5 ? y : !y, (i * 37 % 100) / 100 >"a.csv"
	}
}'
refused() {
	words=$1
	shift
	expect 2 assay compare "$@"
	test ! -s "$here/out" || fail "something was printed: $(cat "$here/out")"
	says "$words"
}
with() { # with FILE: against a.csv by the labels
	file=$1
	shift
	refused "$1" a.csv "$file" --labels y.csv
}

# ids: missing, doubled, unknown, none
sed '/^r9,/d;/^r10,/d' a.csv >b.csv
with b.csv "b.csv: 2 rows without a prediction"
says "each of the 200 rows of y.csv takes one row with its id"
sed '$p' a.csv | sed '$p' >b.csv
with b.csv "b.csv:202: 2 rows with an id that was there before"
sed 's/^r9,/x9,/;s/^r12,/x12,/' a.csv >b.csv
with b.csv "b.csv:10: 2 rows without a prediction, 2 rows with an id that the labels do not have (the first id: 'x9')"
sed 's/^r9,/,/' a.csv >b.csv
with b.csv "1 row without an id"
# a hard row dropped and an easy one doubled
sed '/^r9,/d' a.csv >b.csv && sed -n 3p a.csv >>b.csv
with b.csv "1 row without a prediction, 1 row with an id that was there before"

# labels unseen, scores that are no numbers
sed 's/^r9,[01],/r9,maybe,/' a.csv >b.csv
with b.csv "b.csv:10: 1 row with a y_pred that no label has (the first y_pred: 'maybe')"
says "the labels of y.csv are: 0, 1"
for number in NaN inf '' x; do
	sed "s/^r9,\([01]\),.*/r9,\1,$number/" a.csv >b.csv
	with b.csv "b.csv:10: 1 row with a score that is no finite number"
done

# files of another form
: >b.csv
with b.csv "b.csv: the file is empty"
head -1 a.csv >b.csv
with b.csv "b.csv: 200 rows without a prediction"
cut -d, -f2- a.csv >b.csv
with b.csv "b.csv: it has no column 'id'"
cut -d, -f1 a.csv >b.csv
with b.csv "b.csv: it has neither 'y_pred' nor 'score'"
sed 's/^r9,.*/r9,1/' a.csv >b.csv
with b.csv "line 10 has 2 fields, the header 3"
sed 's/^r9,/"r9,/' a.csv >b.csv
with b.csv "a quote is opened and never closed: b.csv:10"
with nowhere.csv "nowhere.csv: there is no such file"
mkdir folder.csv
with folder.csv "folder.csv: it is no plain file"

# labels
labels() { # labels WORDS: y.csv in $here/l.csv is refused
	refused "$1" a.csv a.csv --labels l.csv
}
: >l.csv
labels "l.csv: the file is empty"
head -1 y.csv >l.csv
labels "l.csv: there is a header and no row"
sed 's/,.*/,1/;1s/.*/id,y/' y.csv >l.csv
labels "l.csv: all rows have one class, '1'"
sed '$p' y.csv >l.csv
labels "l.csv:202: an id that was there before: r200"
{ cat y.csv && sed -n '2,4p' y.csv; } >l.csv
labels "l.csv:202: an id that was there before: r1 (3 rows, this is the first)"
sed 's/^r9,.*/r9,/' y.csv >l.csv
labels "l.csv:10: a row without a label: r9"
sed 's/^r9,/,/' y.csv >l.csv
labels "l.csv:10: a row without an id"
sed 's/,/,0,/' y.csv >l.csv
labels "l.csv:1: which column holds the labels?"
awk -F, -v OFS=, 'NR > 1 { $2 = NR * 0.5 } { print }' y.csv >l.csv
labels "a regression, which this version does not score"
refused "y.csv:1: there is no column 'key'" a.csv a.csv --labels y.csv --id key
says "its columns: id, y"
refused "y.csv:1: there is no column 'z'" a.csv a.csv --labels y.csv --target z
refused "--positive 2: no label in y.csv is that" a.csv a.csv --labels y.csv --positive 2
refused "nowhere.csv: there is no such file" a.csv a.csv --labels nowhere.csv

# two files of different rows, without labels of their own to say which count
awk -F, 'NR == FNR { y[$1] = $2; next } FNR == 1 { print "id,y_true,y_pred"; next } { print $1 "," y[$1] "," $2 }' y.csv a.csv >own.csv
head -150 own.csv >part.csv
refused "part.csv: 51 rows without a prediction" own.csv part.csv
refused "own.csv:151: 51 rows with an id that the labels do not have" part.csv own.csv

# names of metrics, margins
refused "f2 is no metric, and a.csv has no column of numbers of that name" a.csv a.csv --labels y.csv -m f2
refused "-m latency_ms: no file of predictions says that" a.csv a.csv --labels y.csv -m latency_ms
refused "--margin f1=-0.01: a margin is a number above 0" a.csv a.csv --labels y.csv --margin f1=-0.01
refused "--margin f1: it takes METRIC=NUMBER" a.csv a.csv --labels y.csv --margin f1
cut -d, -f1,2 a.csv >b.csv
refused "none of these metrics can be measured in all files" a.csv b.csv --labels y.csv -m roc_auc

# Not refused: scores that are no probabilities keep their rankings; constant predictions are measured; both are said.
awk -F, -v OFS=, 'NR > 1 { $3 = $3 * 20 - 7 } { print }' a.csv >b.csv
expect 0 assay compare a.csv b.csv --labels y.csv --json
says "b.csv: The scores are no probabilities: log_loss and brier_score_loss are not measured"
jq -e '.comparison[0].metrics | .roc_auc.difference == 0 and (has("log_loss") | not) and (has("brier_score_loss") | not)' \
	"$here/out" >"$here/asked" || fail "rankings: $(cat "$here/out")"
awk -F, -v OFS=, 'NR > 1 { $2 = 0; $3 = 0.5 } { print }' a.csv >b.csv
expect 1 assay compare a.csv b.csv --labels y.csv -m precision,recall,roc_auc --json
says "b.csv: precision: "
jq -e '.files[1].measured | .recall == 0 and .roc_auc == 0.5' "$here/out" >"$here/asked" || fail "constant: $(cat "$here/out")"
