#!/bin/sh
# Data that are odd and not broken are read, with a note of what was done.
. "${0%/*}/lib.sh"
new_repository

# taken [WORDS]: odd.csv is trained on, and the words are in the notes
taken() {
	expect 0 assay baseline --data odd.csv --target left --json --again
	test -z "${1-}" || says "$1"
	test "$(jq -r '[.[] | .status] | unique | join(",")' "$here/out")" = finished || fail "not all finished: ${1-}"
}

sample_csv >plain.csv
{ printf '\357\273\277'; cat plain.csv; } >odd.csv
taken
sed 's/$/\r/' plain.csv >odd.csv
taken
printf %s "$(cat plain.csv)" >odd.csv
taken
for separator in ';' '|' '	'; do
	tr , "$separator" <plain.csv >odd.csv
	taken "are separated by"
done
sed 's/gold/"go\nld"/' plain.csv >odd.csv
taken
sed '3s/^[0-9]*/1e999/' plain.csv >odd.csv
taken "too large"
{ cat plain.csv; printf '44,caf\351,yes\n'; } >odd.csv
taken UTF-8
sed 's/$/,/; 1s/$/nothing/' plain.csv | awk -F, 'NR == 1 { print "nothing,age,plan,left"; next } { print "," $1 "," $2 "," $3 }' >odd.csv
taken nothing
awk -F, 'NR == 1 { print "name," $0; next } { print "customer" NR "," $0 }' plain.csv >odd.csv
taken name
awk 'BEGIN {
	for (c = 1; c < 10000; c++) printf "c%d,", c
	print "left"
	for (r = 1; r <= 60; r++) { for (c = 1; c < 10000; c++) printf "%d,", (r * c) % 7; print r % 3 ? "no" : "yes" }
}' >odd.csv
taken

# standard input, and data that lie outside
expect 0 assay baseline --data - --target left --json <plain.csv
expect 0 assay show "$(jq -r '.[0].id' "$here/out")" --json
test "$(jq -r '.record.data.files[0].path' "$here/out")" = - || fail "stdin is not -"
jq -e '.record.notes | any(test("standard input"))' "$here/out" >/dev/null || fail "stdin: no note"
mv plain.csv ../plain.csv
expect 0 assay baseline --data ../plain.csv --target left --again --json
expect 0 assay show "$(jq -r '.[0].id' "$here/out")" --json
jq -e '.record.data.files[0] | .path == "plain.csv" and .outside' "$here/out" >/dev/null || fail "outside is not told"
git fsck --strict 2>"$here/err" || fail "git fsck"

# a file name that is no UTF-8, and what the snapshot leaves out
cp ../plain.csv "$(printf 'caf\351.csv')"
head -c 200000 /dev/zero | tr '\0' x >large.txt
expect 0 assay baseline --data "$(printf 'caf\351.csv')" --target left --again --json
says "the snapshot of your changed files leaves out"
expect 0 assay show "$(jq -r '.[0].id' "$here/out")" --json
jq -e '.record.data.files[0].path | startswith("caf")' "$here/out" >/dev/null || fail "the path is not told"
jq -e '.record.notes | any(test("left out of the code.s snapshot.*large.txt"))' "$here/out" >/dev/null || fail "large.txt is not named"
