#!/bin/sh
# Somebody deletes or resets the runs' branch: every command says so, no run is lost, and the next run goes on.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
expect 0 assay baseline --data data.csv --target left
expect 0 assay ls
! grep -q warning "$here/err" || fail "a warning without a reason"

git branch -q -D assay/runs
for command in ls "site --no-charts"; do
	# shellcheck disable=SC2086 # a list of words
	expect 0 assay $command
	says "warning: "
	says "refs/assay/keep"
done
test "$(git rev-list refs/assay/keep | wc -l)" -ge 7 || fail "the deleted branch's runs are gone"

expect 0 assay baseline --data data.csv --target left --seed 5
says "warning: "
git update-ref refs/heads/assay/runs assay/runs~2
expect 0 assay ls
says "warning: "
git fsck --strict >"$here/out" 2>"$here/err" || fail "git fsck"
