#!/bin/sh
# assay run called by git's hooks, with the GIT_DIR and GIT_INDEX_FILE that git sets: the run is recorded, the commit that the
# hook belongs to is what the user made of it.
. "${0%/*}/lib.sh"
new_repository
echo one >a.txt && echo one >b.txt && git add . && git commit -qm one
mkdir -p .git/hooks
for hook in pre-commit post-commit; do
	cat >.git/hooks/$hook <<-END
		#!/bin/sh
		env | grep '^GIT_' >>"$here/environment"
		exec assay run --quiet --name $hook -- sh -c 'git rev-parse --git-dir >"\$ASSAY_RUN_DIR/git-dir.txt"
			assay log metric f1=0.5'
	END
	chmod +x .git/hooks/$hook
done

# commits MESSAGE GIT-COMMIT-OPTIONS...: both hooks ran assay, and the commit holds just what is named by $held
commits() {
	message=$1
	shift
	runs=$(git rev-list --count assay/runs 2>/dev/null || echo 0)
	expect 0 git commit -q -m "$message" "$@"
	expect 0 assay recover
	test "$(git rev-list --count assay/runs)" = $((runs + 2)) || fail "$message: $(git rev-list --count assay/runs) runs, had $runs"
	test "$(git log -1 --format=%s main)" = "$message" || fail "$message: the commit is not on the branch"
	test "$(git diff-tree -r --no-commit-id --name-only main | tr '\n' ' ')" = "$held" ||
		fail "$message: the commit holds $(git diff-tree -r --no-commit-id --name-only main)"
	test -z "$(ls .git/*.lock 2>/dev/null)" || fail "$message: a lock is left: $(ls .git/*.lock)"
}
echo two >a.txt && git add a.txt && echo two >b.txt
held="a.txt "
commits "what is staged"
test "$(git status --porcelain)" = " M b.txt" || fail "the index changed: $(git status --porcelain)"
grep -q '^GIT_INDEX_FILE=' "$here/environment" || fail "git set no GIT_INDEX_FILE: nothing was tried"
echo three >a.txt
held="a.txt b.txt "
commits "all that is tracked" -a
echo four >a.txt && echo four >b.txt && git add b.txt
held="a.txt "
commits "one file only" --only a.txt
test "$(git status --porcelain)" = "M  b.txt" || fail "the index changed: $(git status --porcelain)"

git worktree add -q "$here/linked" -b linked
cd "$here/linked" || exit 1
echo five >a.txt && git add a.txt
runs=$(git rev-list --count assay/runs)
expect 0 git commit -q -m "in a linked work tree"
expect 0 assay recover
test "$(git rev-list --count assay/runs)" = $((runs + 2)) || fail "the linked work tree's hooks recorded nothing"

# what a script may export by hand
cd "$here/repo" || exit 1
GIT_DIR=$here/repo/.git GIT_WORK_TREE=$here/repo GIT_INDEX_FILE=$here/none expect 0 assay run --quiet --name by-hand -- true
test ! -e "$here/none" || fail "a foreign index was written"
GIT_DIR=$here/repo/.git expect 0 assay show by-hand --json
jq -e '.where == "git"' "$here/out" >"$here/jq" || fail "the run is not in git"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
