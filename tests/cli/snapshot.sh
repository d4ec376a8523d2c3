#!/bin/sh
# A run of changed code keeps the work tree as it was, without secrets, and git never loses it.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
echo 'print(1)' >train.py
echo ignored.txt >.gitignore
git add . && git commit -qm code
head=$(git rev-parse HEAD)

# show_last: the record of the run that landed last
show_last() {
	expect 0 assay show "$(git log -1 --format='%(trailers:key=Assay-Run,valueonly)' assay/runs)" --json
}

# code FIELD: of that record
code() {
	show_last
	jq -r ".record.code.$1 // empty" "$here/out"
}

expect 0 assay baseline --data data.csv --target left
test "$(code commit)" = "$head" || fail "the commit is not recorded"
test "$(code branch)" = main || fail "the branch is not recorded"
test "$(code dirty)" != true || fail "a clean tree is called dirty"
test -z "$(code snapshot)" || fail "a snapshot of a clean tree"

echo 'print(2)' >train.py
echo 'helper = 1' >'new helper.py'
echo 'TOKEN=1' >.env
echo key >server.key
echo ignored >ignored.txt
head -c 200000 /dev/zero | tr '\0' x >big.txt
printf 'a\0b' >model.bin
expect 0 assay baseline --data data.csv --target left --again
says "leaves out .env"
test "$(code dirty)" = true || fail "a changed tree is not called dirty"
snapshot=$(code snapshot)
git ls-tree -r --name-only "$snapshot" >"$here/tree"
printf '%s\n' .gitignore data.csv 'new helper.py' train.py | cmp - "$here/tree" || fail "the snapshot holds: $(cat "$here/tree")"
test "$(git show "$snapshot:train.py")" = 'print(2)' || fail "the snapshot has other code"
test "$(git rev-parse "$snapshot^")" = "$head" || fail "the snapshot does not stand on HEAD"
test "$(git log -1 --format='%(trailers:key=Assay-Code,valueonly)' assay/runs)" = "$snapshot" || fail "the commit does not name it"
show_last
for name in .env server.key big.txt model.bin; do
	jq -e --arg name "$name" '[.record.notes[]? | select(contains($name))] | length > 0' "$here/out" >/dev/null ||
		fail "$name was left out, and the record does not say so"
done

# nothing that the user does loses it
git checkout -q --orphan fresh
git rm -rqf --cached .
git commit -q --allow-empty -m fresh
git branch -D main assay/runs >/dev/null
git reflog expire --expire=now --all
git gc -q --prune=now
test "$(git show "$snapshot:new helper.py")" = 'helper = 1' || fail "gc took the snapshot"
test "$(git log --format='%(trailers:key=Assay-Run,valueonly)' refs/assay/keep | grep -c .)" = 12 || fail "gc took runs"
