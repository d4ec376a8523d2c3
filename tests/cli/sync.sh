#!/bin/sh
# Runs of two clones that worked at the same time are joined; what would leave for the first time is listed and asked for.
. "${0%/*}/lib.sh"
git init -q --bare -b main "$here/hub.git"
new_repository one
sample_csv 80 >data.csv && git add data.csv && git commit -q -m data
git remote add origin "$here/hub.git" && git push -q -u origin main
git clone -q "$here/hub.git" "$here/two"
for clone in one two; do
	git -C "$here/$clone" config user.name "$clone"
	git -C "$here/$clone" config user.email "$clone@example.org"
	git -C "$here/$clone" config maintenance.auto false
done
runs() {
	git -C "$here/$1" ls-tree -r --name-only assay/runs | grep -c '/run.json$'
}

# nothing to exchange yet, no such remote
expect 0 assay sync
grep -q 'nothing new' "$here/out" || fail "an empty exchange: $(cat "$here/out")"
expect 2 assay sync upstream
says "there is no remote, repository or bundle 'upstream'"
expect 2 assay sync --no-push -- -x

expect 0 assay baseline --data data.csv --target left
cd "$here/two" || exit 1
echo 'not tracked' >notes.txt
echo 'also not' >'odd name.txt'
expect 0 assay baseline --data data.csv --target left --seed 1
cd "$here/one" || exit 1
expect 0 assay sync
grep -q '6 runs went' "$here/out" || fail "first: $(cat "$here/out")"

# clone two has a snapshot that nobody has: listed, not sent without --yes, the other's runs are here all the same
cd "$here/two" || exit 1
expect 1 assay sync
says "notes.txt (not tracked by git, snapshot of "
says "odd name.txt (not tracked by git"
says "--yes"
test "$(runs two)" = 12 || fail "what came was not joined"
test "$(runs hub.git)" = 6 || fail "something left without a yes"
expect 0 assay sync --runs-only
test "$(runs hub.git)" = 12 || fail "the runs did not go"
git -C "$here/hub.git" log --format=%s refs/assay/keep -- | grep -q 'as it was' && fail "the snapshot left without a yes"
expect 0 assay sync --yes
git -C "$here/hub.git" log --format=%s refs/assay/keep -- | grep -q 'as it was' || fail "the snapshot did not go"
expect 0 assay sync
grep -q 'nothing new' "$here/out" || fail "again: $(cat "$here/out")"

cd "$here/one" || exit 1
expect 0 assay sync
grep -q '6 runs came' "$here/out" || fail "second: $(cat "$here/out")"
for ref in refs/heads/assay/runs refs/assay/keep; do
	test "$(git rev-parse $ref)" = "$(git -C "$here/two" rev-parse $ref)" || fail "$ref differs"
done
test -z "$(git for-each-ref refs/assay/sync)" || fail "references of the exchange are left"
test "$(git rev-list --count --merges assay/runs)" = 1 || fail "more than one merge"
expect 0 assay verify
expect 0 assay ls --json
git fsck --strict || fail "fsck"

# the bytes of each run are those that its clone committed
git -C "$here/two" diff --quiet assay/runs "$(git rev-parse assay/runs)" || fail "trees differ"

# a run removed on one side stays removed, one that somebody dropped comes back
removed=$(git ls-tree -r --name-only assay/runs | grep '/run.json$' | sed -n 2p)
dropped=$(git ls-tree -r --name-only assay/runs | grep '/run.json$' | sed -n 4p)
expect 0 assay rm "$(basename "$(dirname "$removed")")" --reason 'a test'
git -C "$here/two" worktree add -q "$here/edit" assay/runs
git -C "$here/edit" rm -q -r "$(dirname "$dropped")" && git -C "$here/edit" commit -q -m drop
git -C "$here/two" worktree remove "$here/edit"
cd "$here/two" || exit 1
expect 0 assay sync "$here/one"
git ls-tree -r --name-only assay/runs | grep -q "$removed" && fail "the removed run came back"
git ls-tree -r --name-only assay/runs | grep -q "$dropped" || fail "the dropped run did not come back"

# a record altered on one side: that of the common ancestor is kept, and it is said
cd "$here/one" || exit 1
expect 0 assay sync "$here/two"
git worktree add -q "$here/edit" assay/runs
sed -i 's/"seed": /"seed":  /' "$here/edit/$dropped"
git -C "$here/edit" commit -q -a -m tamper
git worktree remove "$here/edit"
cd "$here/two" || exit 1
expect 0 assay rm "$(basename "$(dirname "$(git ls-tree -r --name-only assay/runs | grep '/run.json$' | tail -1)")")" --reason other
expect 0 assay sync "$here/one"
says "$dropped: both sides have it, with other bytes: ours is kept"
cd "$here/one" || exit 1
expect 0 assay verify
says 'now as at first'

# a bundle carries all of it to where no network is
cd "$here/two" || exit 1
expect 0 assay sync --yes "$here/all.bundle"
git clone -q "$here/hub.git" "$here/three"
cd "$here/three" || exit 1
git config user.name three && git config user.email three@example.org
expect 0 assay sync "$here/all.bundle"
test "$(git rev-parse assay/runs refs/assay/keep)" = "$(git -C "$here/two" rev-parse assay/runs refs/assay/keep)" ||
	fail "the bundle does not carry all"
expect 0 assay baseline --data data.csv --target left --seed 3
expect 0 assay sync --yes "$here/all.bundle"
grep -q '6 runs went' "$here/out" || fail "into the bundle: $(cat "$here/out")"
cd "$here/one" || exit 1
expect 0 assay sync --no-push "$here/all.bundle"
grep -q '6 runs came' "$here/out" || fail "out of the bundle: $(cat "$here/out")"
expect 2 assay sync "$here/none"
says "there is no remote, repository or bundle"
echo text >"$here/bad.bundle"
expect 3 assay sync "$here/bad.bundle"

# the branch checked out: nothing moves, and it is said
git worktree add -q "$here/edit" assay/runs
cd "$here/three" && expect 0 assay baseline --data data.csv --target left --seed 4
cd "$here/one" || exit 1
before=$(git rev-parse assay/runs)
expect 2 assay sync "$here/three"
says 'is checked out in'
test "$(git rev-parse assay/runs)" = "$before" || fail "a branch that is checked out moved"
