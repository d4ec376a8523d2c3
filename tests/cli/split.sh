#!/bin/sh
# assay split prints the rows on which the baselines were trained and tested, and says so where there is nothing to split.
. "${0%/*}/lib.sh"
new_repository
sample_csv 300 | awk -F, 'NR == 1 { print "key," $0; next } { print "k" NR "," $0 }' >d.csv
git add d.csv && git commit -qm data

expect 2 assay split
says "there is no split"
says "hint: assay split --data FILE.csv --target COLUMN"
expect 2 assay split --data gone.csv --target left
says "no such file: gone.csv"
expect 2 assay split --data d.csv --target lef
says "did you mean 'left'?"

# From the command line alone, the same each time, and another with another seed.
expect 0 assay split --data d.csv --target left --test 0.25
cp "$here/out" "$here/first"
test "$(head -1 "$here/first")" = id,part || fail "header: $(head -1 "$here/first")"
test "$(grep -c ',test$' "$here/first")" = 75 || fail "$(grep -c ',test$' "$here/first") test rows, not 75"
test "$(sed -n 2p "$here/first" | cut -d, -f1)" = 1 || fail "rows without an id column are named by their numbers"
expect 0 assay split --data d.csv --target left --test 0.25 -o "$here/again"
test ! -s "$here/out" || fail "-o printed to stdout too"
cmp "$here/first" "$here/again" || fail "the same question, another split"
expect 0 assay split --data d.csv --target left --test 0.25 --seed 1
cmp -s "$here/first" "$here/out" && fail "the seed changed nothing"

# Without assay.yaml: the baseline's, with its id column, and its test ids are those of its predictions.
expect 0 assay baseline --data d.csv --target left --id key --seed 4
expect 0 assay split -o split.csv
git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep predictions.csv | head -1)" >p.csv
sed 1d p.csv | cut -d, -f1 | sort >"$here/predicted"
grep ',test$' split.csv | cut -d, -f1 | sort >"$here/tested"
cmp "$here/predicted" "$here/tested" || fail "the split is not the one that the baseline was tested on"
sha=$(assay show majority --json | jq -r .record.data.split.sha256)
test "$(LC_ALL=C sort "$here/tested" | sha256sum | cut -c1-64)" = "$sha" || fail "its sha256 is not the recorded one"

# The data are others now: said, and split as they are.
echo k999,30,gold,yes >>d.csv
expect 0 assay split
says "d.csv has changed since baseline"
grep -q '^k999,' "$here/out" || fail "the new row is in no part"

# assay.yaml comes first, from any folder below.
printf 'data: {file: d.csv, target: left, id: key}\nsplit: {test: 0.2, valid: 0.1}\n' >assay.yaml
mkdir sub && cd sub || exit 1
expect 0 assay split
grep -q ',valid$' "$here/out" || fail "no validation rows"
test -z "$(git -C .. status --porcelain | grep -v -e assay.yaml -e d.csv -e p.csv -e split.csv)" || fail "the work tree changed"

# Many at once make it once, whole.
cd .. && rm -rf .git/assay/cache/splits
for i in 1 2 3 4 5 6; do
	assay split >"$here/many.$i" &
	pids="${pids-} $!"
done
for pid in $pids; do wait "$pid" || fail "split beside others: exit $?"; done
for i in 1 2 3 4 5 6; do cmp "$here/out" "$here/many.$i" || fail "split $i of many differs"; done
test "$(ls -A .git/assay/cache/splits | wc -l)" = 1 || fail "left behind: $(ls -A .git/assay/cache/splits)"
