#!/bin/sh
# The seed fixes every figure: for any number of threads, and in another clone.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >data.csv
git add . && git commit -q -m data

# the measured figures without the clock's, by name
figures() {
	jq -S 'map({name, metrics: (.metrics | del(.fit_seconds, .latency_ms)), verdict}) | sort_by(.name)' "$here/out"
}
# name and blob of each file of the newest runs
files() {
	for file in evaluation.json predictions.csv; do
		git ls-tree -r assay/runs | awk -v file="$file" '$4 ~ file "$" { print $3, file }' | sort -u
	done
}

for threads in 1 2 5; do
	expect 0 assay baseline --data data.csv --target left --seed 11 --threads $threads --again --json
	figures >../figures.$threads
	files >../files.$threads
done
cmp ../figures.1 ../figures.2 || fail "two threads give other figures"
cmp ../figures.1 ../figures.5 || fail "five threads give other figures"
cmp ../files.1 ../files.5 || fail "five threads give other predictions"

git clone -q . ../clone 2>/dev/null && cd ../clone || fail "clone"
git config user.name Other
git config user.email other@example.org
expect 0 assay baseline --data data.csv --target left --seed 11 --again --json
figures >../figures.clone
files >../files.clone
cmp ../figures.1 ../figures.clone || fail "another clone gives other figures"
cmp ../files.1 ../files.clone || fail "another clone gives other predictions"

expect 0 assay baseline --data data.csv --target left --seed 12 --json
figures >../figures.seed
cmp -s ../figures.1 ../figures.seed && fail "another seed gives the same figures"
exit 0
