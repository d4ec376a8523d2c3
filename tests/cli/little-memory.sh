#!/bin/sh
# Memory runs out somewhere: an error with a message, a sound repository, and the next command goes on from there.
. "${0%/*}/lib.sh"
new_repository
sample_csv 2000 >data.csv
git add . && git commit -q -m data
export OMP_NUM_THREADS=1
failed=0

# A sanitized program takes terabytes of addresses: its own limit is on what it really uses, looked at ten times a second.
sanitized=$(grep -c __asan_init "$(command -v assay)")

# limited MEGABYTES COMMAND...
limited() {
	limit=$1
	shift
	if test "$sanitized" = 0; then
		ulimit -v $((limit * 1024)) || exit 77
	else
		export ASAN_OPTIONS="allocator_may_return_null=1:soft_rss_limit_mb=$limit"
	fi
	exec "$@"
}

for megabytes in 20 30 40 50 60 70 80 90 100 110 120 140 160 200 300; do
	# where the program and its libraries alone do not fit, nothing has begun that could be lost
	(limited $megabytes assay show no-such-run) >"$here/out" 2>"$here/err"
	test $? = 2 || continue
	(limited $megabytes assay baseline --data data.csv --target left --threads 1 --again) >"$here/out" 2>"$here/err"
	code=$?
	case $code in
	0) continue ;;
	3) test -s "$here/err" || fail "$megabytes MB: no message" ;;
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
