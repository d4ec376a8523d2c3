#!/bin/sh
# The pre-push hook of init: a push takes the runs along, never code that was not pushed, and never stands in its way.
. "${0%/*}/lib.sh"
git init -q --bare -b main "$here/hub.git"
new_repository
sample_csv 60 >data.csv
expect 0 assay init --data data.csv --target left
test -x .git/hooks/pre-push || fail "no hook"
grep -q 'assay sync --hook' .git/hooks/pre-push || fail "the hook does not call assay"
git add . && git commit -q -m project
git remote add origin "$here/hub.git"

# nothing to take along: a plain push
expect 0 git push -u origin main
test -z "$(git -C "$here/hub.git" for-each-ref refs/heads/assay)" || fail "a branch out of nothing"

# runs go along; the code that only this machine has does not
echo secret-plan >notes.txt
git commit -q --allow-empty -m 'not pushed' && git branch unpublished && git reset -q --hard HEAD~1 && git checkout -q unpublished
expect 0 assay baseline
git checkout -q main
expect 0 git push origin main
says '6 runs went along on assay/runs'
test "$(git -C "$here/hub.git" rev-parse assay/runs)" = "$(git rev-parse assay/runs)" || fail "the runs did not go along"
test -z "$(git -C "$here/hub.git" for-each-ref refs/assay)" || fail "code left with a plain push"
git -C "$here/hub.git" cat-file -e "$(git rev-parse unpublished)" 2>/dev/null && fail "an unpublished commit left"

# again: nothing, quickly and quietly; the user's own push of the branch is not meddled with
git commit -q --allow-empty -m more
expect 0 git push origin main
grep -q 'along' "$here/err" && fail "said something for nothing"
expect 0 assay baseline --seed 3
expect 0 git push origin main assay/runs
expect 0 git push --all origin

# a hub that moved meanwhile is joined
git clone -q "$here/hub.git" "$here/two"
(cd "$here/two" && git config user.name two && git config user.email two@example.org && assay baseline --seed 5 >/dev/null 2>&1 &&
	assay sync --yes >/dev/null 2>&1) || fail "the second clone"
expect 0 assay baseline --seed 6
git commit -q --allow-empty -m more
expect 0 git push origin main
says 'went along'
test "$(git -C "$here/hub.git" ls-tree -r --name-only assay/runs | grep -c '/run.json$')" = 24 || fail "runs are missing there"

# a remote that takes no runs does not stop the push
git -C "$here/hub.git" config receive.denyNonFastforwards true
cat >"$here/hub.git/hooks/update" <<'X'
#!/bin/sh
case $1 in refs/heads/assay/*) echo "no runs here" >&2; exit 1 ;; esac
X
chmod +x "$here/hub.git/hooks/update"
expect 0 assay baseline --seed 7
git commit -q --allow-empty -m more
expect 0 git push origin main
says 'the runs did not go along'
test "$(git -C "$here/hub.git" rev-parse main)" = "$(git rev-parse main)" || fail "the push itself did not go"

# a hook that is there, one kept elsewhere, none
new_repository own
mkdir -p .git/hooks && echo 'exit 0' >.git/hooks/pre-push
expect 0 assay init
says 'there is a pre-push hook already'
test "$(cat .git/hooks/pre-push)" = 'exit 0' || fail "somebody's hook was changed"
new_repository path
git config core.hooksPath .hooks
expect 0 assay init
test -x .hooks/pre-push || fail "core.hooksPath is not obeyed"
new_repository shared
git config core.hooksPath "$here/everybodys"
expect 0 assay init
says 'outside of this repository'
test ! -e "$here/everybodys" || fail "a hook for all repositories was written"
new_repository none
expect 0 assay init --no-hook
test ! -e .git/hooks/pre-push || fail "--no-hook wrote one"
