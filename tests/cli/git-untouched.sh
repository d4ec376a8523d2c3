#!/bin/sh
# The user's index, work tree, branches and hooks are as they were, byte for byte, whatever state git is in.
. "${0%/*}/lib.sh"
new_repository "my repo"
sample_csv >data.csv
echo one >a.txt
echo one >b.txt
git add . && git commit -qm data
git checkout -q -b other
echo other >a.txt && git commit -qam other
git checkout -q main
echo main >a.txt && git commit -qam main

mkdir -p .git/hooks
for hook in pre-commit commit-msg post-commit reference-transaction post-index-change pre-auto-gc; do
	printf '#!/bin/sh\necho %s >>"%s"\n' $hook "$here/hooks" >.git/hooks/$hook
	chmod +x .git/hooks/$hook
done

# all that is the user's: index, HEAD, branches, tags, stash, the files and their times
mine() {
	sha256sum .git/index .git/HEAD .git/MERGE_HEAD .git/ORIG_HEAD 2>/dev/null
	git for-each-ref | grep -v 'refs/heads/assay/runs$\|refs/assay/keep$'
	find . -path ./.git -prune -o -type f -printf '%p %s %T@ %i %m\n' | sort
}

# untouched WHAT [assay's options]: training changes nothing of that
untouched() {
	what=$1
	shift
	mine >"$here/before"
	rm -f "$here/hooks"
	expect 0 assay baseline --data data.csv --target left --again "$@"
	mine >"$here/after"
	cmp "$here/before" "$here/after" || fail "$what: $(diff "$here/before" "$here/after")"
	test ! -e "$here/hooks" || fail "$what: hooks ran: $(cat "$here/hooks")"
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$what: git fsck"
}

untouched "a clean tree"
echo staged >b.txt && git add b.txt
echo changed >b.txt
echo new >"new file.txt"
git rm -q --cached a.txt
git add -N "new file.txt"
untouched "staged, changed, removed and new files"
GIT_INDEX_FILE=$here/foreign.index
export GIT_INDEX_FILE
untouched "the index of a hook"
test ! -e "$here/foreign.index" || fail "a foreign index was written"
unset GIT_INDEX_FILE
git reset -q --hard
git merge -q other >/dev/null 2>&1 && fail "no conflict"
untouched "a merge under way"
git merge --abort
git checkout -q --detach
untouched "a detached HEAD"
git rebase -q other >/dev/null 2>&1 && fail "no conflict"
untouched "a rebase under way"
git rebase --abort
git checkout -q main
test "$(git rev-list --count assay/runs)" = 36 || fail "not all runs are there"

# in a branch's own work tree the runs wait, and are told; they land when it is gone
git worktree add -q "$here/runs tree" assay/runs
rm -f "$here/hooks"
mine >"$here/before"
expect 0 assay baseline --data data.csv --target left --again
says "checked out in $here/runs tree"
test "$(git rev-list --count assay/runs)" = 36 || fail "a checked-out branch moved"
(cd "$here/runs tree" && test -z "$(git status --porcelain)") || fail "the other work tree is not clean"
git worktree remove "$here/runs tree"
expect 0 assay baseline --data data.csv --target left
test "$(git rev-list --count assay/runs)" = 42 || fail "the waiting runs did not land"
