#!/bin/sh
# The command itself commits, switches branch, rebases, stashes, packs or prunes: its run names the code that it was started from,
# and what the command did to the repository stands.
. "${0%/*}/lib.sh"
new_repository
echo one >a.txt && git add a.txt && git commit -qm one
git checkout -q -b side && echo side >side.txt && git add side.txt && git commit -qm side
git checkout -q main && echo two >a.txt && git commit -qam two

runs=0
# during WHAT SCRIPT: the run of that script is in git, with the code of before, and the script's work is there
during() {
	before=$(git rev-parse HEAD)
	expect 0 assay run --name "$1" -- sh -ec "$2"
	runs=$((runs + 1))
	expect 0 assay show "$1" --json
	jq -e --arg commit "$before" '.where == "git" and .record.status == "finished" and .record.code.commit == $commit' \
		"$here/out" >"$here/jq" || fail "$1: the run is not of $before in git: $(jq -c .record.code "$here/out")"
	test "$(git rev-list --count assay/runs)" = $runs || fail "$1: $(git rev-list --count assay/runs) commits of runs"
	test -z "$(git rev-list refs/assay/keep..assay/runs)" || fail "$1: the chain lacks the run"
	git merge-base --is-ancestor "$before" refs/assay/keep || fail "$1: the code is not kept"
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$1: git fsck: $(cat "$here/fsck")"
}

during commits 'echo three >a.txt; git commit -qam three'
test "$(git log -1 --format=%s)" = three || fail "the command's commit is lost"
test -z "$(git status --porcelain)" || fail "the work tree is not clean after its commit"
during switches 'git checkout -q side'
test "$(git symbolic-ref --short HEAD)" = side || fail "the branch was switched back"
during rebases 'git rebase -q main'
test "$(git log -1 --format=%s HEAD~1)" = three || fail "the rebase was undone"
during detaches 'git checkout -q --detach HEAD~1'
during returns 'git checkout -q main'
echo dirty >a.txt
during stashes 'git stash -q; echo other >b.txt; git add b.txt; git commit -qm other; git stash pop -q'
test "$(cat a.txt)" = dirty || fail "the stashed change is lost"
jq -e '.record.code.dirty and (.record.code.snapshot | length == 40)' "$here/out" || fail "stashes: no snapshot of what was dirty"
snapshot=$(jq -r .record.code.snapshot "$here/out")
test "$(git show "$snapshot:a.txt")" = dirty || fail "the snapshot is not of before the command"
during packs 'git gc -q; git repack -adq; git pack-refs --all'
echo untracked >c.txt
during prunes 'git reflog expire --expire=now --all; git gc -q --prune=now'
git cat-file -e "$snapshot:a.txt" || fail "an earlier snapshot was pruned"
snapshot=$(jq -r .record.code.snapshot "$here/out")
test "$(git show "$snapshot:c.txt")" = untracked || fail "the snapshot of the run under way was pruned"
during resets 'git reset -q --hard HEAD~2'
during unborn 'git checkout -q --orphan new; git rm -rfq --cached .'
expect 0 assay run --name without-commit -- true
runs=$((runs + 1))
git checkout -qf main

# the runs' own branch goes away under the command: it is said, and nothing of it is lost
expect 0 assay run --name deletes -- git update-ref -d refs/heads/assay/runs
expect 0 assay recover
expect 0 assay ls --all --json
test "$(jq length "$here/out")" = $((runs + 1)) || fail "$(jq length "$here/out") runs are left of $((runs + 1))"
jq -e 'all(.[]; .where == "git")' "$here/out" || fail "a run is not in git"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
