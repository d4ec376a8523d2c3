#!/bin/sh
# A judge without a repository: two files of predictions and one of labels, where there is neither a repository nor git.
. "${0%/*}/lib.sh"
command -v jq >/dev/null || skip "jq is missing"

# files ROWS: y.csv, main.csv, and pr.csv, which is right in more rows; bad.csv in fewer; same.csv is main.csv in another order
files() {
	awk -v rows="$1" 'BEGIN {
		print "key,churned" >"y.csv"
		for (f = 1; f <= 3; f++) print "id,y_pred,score" >name(f)
		for (i = 1; i <= rows; i++) {
			y = i % 10 < 4
			print "c" i "," (y ? "yes" : "no") >"y.csv"
			for (f = 1; f <= 3; f++) {
				wrong = (i * 7919 + f * 31) % 100 < (f == 1 ? 25 : f == 2 ? 15 : 45)
				p = wrong ? !y : y
				printf "c%d,%s,%.3f\n", i, p ? "yes" : "no", p ? 0.5 + (i * 13 % 50) / 100 : (i * 29 % 50) / 100 >name(f)
			}
		}
	}
	function name(f) { return f == 1 ? "main.csv" : f == 2 ? "pr.csv" : "bad.csv" }'
	{ head -1 main.csv && sed 1d main.csv | sort -r; } >same.csv
}
# bare CODE ARGUMENTS...: assay compare with nothing else to be found
bare() {
	want=$1
	shift
	expect "$want" env -i PATH=/nonexistent LC_ALL=C.UTF-8 "$BUILD/assay" compare "$@"
}
ask() {
	jq -e "$1" "$here/out" >"$here/asked" || fail "$1: $(cat "$here/asked") $(cat "$here/out")"
}

mkdir plain && cd plain || fail "no folder"
files 2000
bare 0 main.csv pr.csv --labels y.csv --id key -m f1,roc_auc
grep -q 'better' "$here/out" || fail "no verdict: $(cat "$here/out")"
grep -q 'rows fixed' "$here/out" || fail "no rows"
bare 1 main.csv bad.csv --labels y.csv --id key -m f1,roc_auc
bare 1 main.csv pr.csv bad.csv --labels y.csv --id key
test -z "$(ls -A | grep -v csv)" || fail "something was left: $(ls -A)"

# The record's form; figures and rows counted by hand.
bare 0 main.csv pr.csv --labels y.csv --id key -m accuracy,f1 --json
ask '.comparison | length == 1'
ask '.comparison[0] | .run == "pr.csv" and .against == "main.csv" and .scope == "model" and .rows == 2000'
ask '.comparison[0].metrics.accuracy | .family == 2 and .verdict == "better" and .test == "tango" and .declared'
sha=$(sha256sum y.csv | cut -d" " -f1)
ask ".labels == {path: \"y.csv\", sha256: \"$sha\", rows: 2000} and .positive == \"yes\""
tr -d '\r' <y.csv | sed 1d | sort -t, -k1,1 >sorted.y
for f in main pr; do sed 1d $f.csv | sort -t, -k1,1 >sorted.$f; done
join -t, sorted.y sorted.main | join -t, - sorted.pr |
	awk -F, '{ a += $2 == $3; b += $2 == $5; fixed += $2 != $3 && $2 == $5; broken += $2 == $3 && $2 != $5 }
		END { printf "%.10f %.10f %d %d\n", a / NR, b / NR, fixed, broken }' >"$here/by-hand"
jq -r '"\(.files[0].measured.accuracy) \(.files[1].measured.accuracy) \(.comparison[0].fixed) \(.comparison[0].broken)"' \
	"$here/out" | awk '{ printf "%.10f %.10f %d %d\n", $1, $2, $3, $4 }' >"$here/got"
cmp "$here/by-hand" "$here/got" || fail "by hand $(cat "$here/by-hand"), not $(cat "$here/got")"
rm sorted.*

# Several against the first: one family for the call; the plain interval lies inside the corrected one.
bare 1 main.csv pr.csv bad.csv --labels y.csv --id key -m f1,roc_auc --json
ask '[.comparison[].metrics[].family] == [4, 4, 4, 4]'
ask 'all(.comparison[].metrics[]; .corrected[0] <= .interval[0] and .interval[1] <= .corrected[1])'

# The same predictions in another order differ in nothing; a margin that is wide enough makes them equivalent.
bare 0 main.csv same.csv --labels y.csv --id key --margin f1=0.01 --json
ask '.comparison[0] | .fixed == 0 and .broken == 0 and .same_ranking and all(.metrics[]; .difference == 0)'
ask '.comparison[0].metrics.f1 | .verdict == "equivalent" and .margin == 0.01'
bare 0 main.csv same.csv --labels y.csv --id key
grep -q 'the same ranking$' "$here/out" || fail "another cut, where no row moved: $(cat "$here/out")"

# A name that is no UTF-8, which JSON cannot hold.
odd=$(printf 'odd\377.csv')
cp pr.csv "$odd"
bare 0 main.csv "$odd" --labels y.csv --id key -m f1 --json
ask '.files[1].path | startswith("odd")'
rm "$odd"

# For a pull request: a table, with nothing of a file's name that Markdown would read.
cp pr.csv 'pr|<b>.csv'
bare 0 main.csv 'pr|<b>.csv' --labels y.csv --id key -m f1 --markdown
grep -q '^| f1 | .*| \*\*better\*\* |$' "$here/out" || fail "no table: $(cat "$here/out")"
grep '^| f1' "$here/out" | tr -cd '|' | awk '{ exit length($0) != 10 }' || fail "the row has other cells"
grep -F 'pr|<b>' "$here/out" | grep -vF '`pr' >"$here/outside" && fail "a name outside of code: $(cat "$here/outside")"

# Headings are short where that tells the files apart.
mkdir -p runs/main runs/pr && cp main.csv runs/main/p.csv && cp pr.csv runs/pr/p.csv && cp pr.csv runs/pr/q.csv
bare 0 runs/main/p.csv runs/pr/q.csv --labels y.csv --id key -m f1
head -1 "$here/out" | grep -q '^metric  *p.csv  *q.csv ' || fail "long headings: $(cat "$here/out")"
bare 0 runs/main/p.csv runs/pr/p.csv --labels y.csv --id key -m f1
head -1 "$here/out" | grep -q '^metric  *runs/main/p.csv  *runs/pr/p.csv ' || fail "which is which: $(cat "$here/out")"
rm -r runs

# The labels inside the files.
for f in main pr bad; do
	sort -t, -k1,1 y.csv | sed 's/key,churned/id,y_true/' >t
	awk -F, 'NR == FNR { y[$1] = $2; next } FNR == 1 { print "id,y_true,y_pred"; next } { print $1 "," y[$1] "," $2 }' t $f.csv >own-$f.csv
done
bare 0 own-main.csv own-pr.csv -m accuracy --json
ask '.comparison[0].metrics.accuracy.verdict == "better"'
bare 1 own-main.csv own-bad.csv
sed 's/^c7,[a-z]*,/c7,yes,/' own-pr.csv >lying.csv
bare 2 own-main.csv lying.csv
says "lying.csv: y_true of 1 rows is not what own-main.csv says"
bare 2 main.csv pr.csv
says "main.csv:1: there is no column 'y_true'"
says "--labels FILE"

# A number for each row, as an evaluation of a language model has it: no labels, a t test of the differences, by column.
awk 'BEGIN {
	print "id,exact_match,cost|s,topic" >"one.csv"
	print "id,exact_match,cost|s,topic" >"two.csv"
	for (i = 1; i <= 300; i++) {
		print "q" i "," (i % 5 < 2) "," i % 7 / 10 "," (i % 2 ? "a" : "b") >"one.csv"
		j = 301 - i
		print "q" j "," (j % 5 < 3) "," j % 7 / 10 + 0.2 + j % 3 / 50 "," (j % 2 ? "a" : "b") >"two.csv"
	}
}'
bare 1 one.csv two.csv -m 'exact_match,cost|s=lower' --json
ask '.files[0].measured.exact_match == 0.4 and .files[1].measured.exact_match == 0.6 and .labels == null'
ask '.comparison[0].metrics.exact_match | .verdict == "better" and .test == "t" and .better == "higher" and .family == 2'
ask '.comparison[0].metrics["cost|s"] | .verdict == "worse" and .better == "lower" and .difference > 0.2'
ask '.comparison[0].rows == 300 and .comparison[0].fixed == null'
bare 0 one.csv two.csv -m exact_match,'cost|s' --margin 'cost|s=0.5'
grep 'cost|s' "$here/out" | grep -q equivalent || fail "the margin: $(cat "$here/out")"
bare 0 one.csv two.csv -m 'cost|s' --markdown
grep -qF '| `cost\|s` |' "$here/out" || fail "a column's name outside of code: $(cat "$here/out")"
# beside labels: the table's metrics and the column are one family
awk -F, 'FNR == 1 { print $0 ",margin"; next } { print $0 "," FNR % 9 }' main.csv >with.csv
bare 0 with.csv with.csv --labels y.csv --id key -m f1,margin --json
ask '.comparison[0].metrics | .f1.family == 2 and .margin.family == 2 and .margin.difference == 0'
bare 2 one.csv two.csv -m topic
says "topic is no metric, and one.csv has no column of numbers of that name"
bare 2 one.csv two.csv -m f1
says "one.csv:1: there is no column 'y_true'"
sed '/^q9,/d' two.csv >short.csv
bare 2 one.csv short.csv -m exact_match
says "short.csv: 1 row without a prediction"

# Too few rows to judge: no better and no worse, and how many it takes.
files 60
bare 0 main.csv bad.csv --labels y.csv --id key -m f1
grep -q 'too few' "$here/out" || fail "judged: $(cat "$here/out")"
grep -q 'it takes 40' "$here/out" || fail "how many it takes"

# In a repository without a commit, and below a folder that is none, it is the same; runs are still runs.
new_repository
mv ../plain/y.csv ../plain/main.csv ../plain/pr.csv .
expect 0 assay compare main.csv pr.csv --labels y.csv --id key
left_nothing
expect 2 assay compare main pr --margin f1=0.1
says "--margin is for files of predictions"
expect 2 assay compare main.csv pr.csv --labels y.csv --all
says "--all is for runs"

# Rows of one cluster are judged by clusters, the same in both files; one that names none has those of the other.
awk 'BEGIN {
	print "id,cluster,y_true,y_pred" >"clustered-a.csv"
	print "id,y_true,y_pred" >"clustered-b.csv"
	for (i = 0; i < 400; i++) {
		y = i * 37 % 101 > 50
		print i ",c" int(i / 4) "," y "," (i % 7 < 3 ? 1 - y : y) >"clustered-a.csv"
		print i "," y "," (i % 11 < 3 ? 1 - y : y) >"clustered-b.csv"
	}
}'
expect 0 assay compare clustered-a.csv clustered-b.csv -m accuracy --json
jq -e '.comparison[0] | .clusters == 100 and .metrics.accuracy.test == "clustered_tango"' "$here/out" >/dev/null || fail "by rows: $(cat "$here/out")"
expect 0 assay compare clustered-a.csv clustered-b.csv -m accuracy
grep -q ' of 400 in 100 clusters' "$here/out" || fail "no clusters: $(cat "$here/out")"
sed 's/,c3,/,c4,/' clustered-a.csv >clustered-c.csv
expect 2 assay compare clustered-a.csv clustered-c.csv -m accuracy
grep -q 'clustered-c.csv: its clusters are not those of clustered-a.csv' "$here/err" || fail "clusters: $(cat "$here/err")"
