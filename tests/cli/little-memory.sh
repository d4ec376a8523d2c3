#!/bin/sh
# Memory runs out somewhere: an error with a message, a sound repository, and the next command goes on from there. (3, but
# for what jansson takes for bad text: it has no other word for it.)
. "${0%/*}/lib.sh"
new_repository
sample_csv 2000 >data.csv
git add . && git commit -q -m data
export OMP_NUM_THREADS=1
failed=0

for megabytes in 20 30 40 50 60 70 80 90 100 110 120 140 160 200 300; do
	# where the program and its libraries alone do not fit, nothing has begun that could be lost
	(
		ulimit -v $((megabytes * 1024)) || exit 77
		exec assay show no-such-run
	) >"$here/out" 2>"$here/err"
	test $? = 2 || continue
	(
		ulimit -v $((megabytes * 1024)) || exit 77
		exec assay baseline --data data.csv --target left --threads 1 --again
	) >"$here/out" 2>"$here/err"
	code=$?
	case $code in
	0) continue ;;
	2 | 3) test -s "$here/err" || fail "$megabytes MB: no message" ;;
	*) cat "$here/err" && fail "$megabytes MB: exit $code" ;;
	esac
	failed=$((failed + 1))
	git fsck --strict >"$here/out" 2>&1 || fail "$megabytes MB: git fsck"
done
test $failed -gt 0 || skip "no limit made it fail"
expect 0 assay baseline --data data.csv --target left
expect 0 assay ls --json
jq -e 'all(.[]; .where == "git")' "$here/out" >/dev/null || fail "something waits for ever"
test -z "$(ls .git/assay/running)" || fail "something is left in flight"
