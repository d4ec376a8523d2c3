#!/bin/sh
# verify finds what was altered, dropped, rewritten, lost or damaged, and names the commit and its author.
. "${0%/*}/lib.sh"
new_repository
sample_csv 120 >data.csv && git add data.csv && git commit -q -m data
expect 0 assay baseline --data data.csv --target left
expect 0 assay verify
grep -q 'all as recorded' "$here/out" || fail "a fresh repository: $(cat "$here/out")"
good=$(git rev-parse assay/runs)

# edit WHAT...: a commit on the branch by somebody else, made in a work tree of its own; "good" is put back by restore
edit() {
	git worktree add -q "$here/edit" assay/runs || exit 1
	(cd "$here/edit" && "$@" && git add -A && git -c user.name=Mallory commit -q -m "$1") || exit 1
	git worktree remove --force "$here/edit"
}
restore() {
	git update-ref refs/heads/assay/runs "$good"
	expect 0 assay verify
}
found() {
	expect 1 assay verify
	grep -q "$1" "$here/out" || fail "verify does not say '$1': $(cat "$here/out")"
}
record() {
	git ls-tree -r --name-only assay/runs | grep "/run.json$" | sed -n "$1p"
}

# a byte of a record
first=$(record 1)
id=$(basename "$(dirname "$first")")
edit sed -i 's/"seed": 0/"seed": 1/' "$first"
found "$id: run.json was changed after it had been committed (commit .* by Mallory)"
assay verify --json >"$here/json"
test "$(jq -r '.problems[0] | .run + " " + .author' "$here/json")" = "$id Mallory" || fail "json: $(cat "$here/json")"
test "$(jq -r '.problems[0].commit' "$here/json")" = "$(git rev-parse assay/runs)" || fail "the commit is not named"

# put back as it was: a note, no problem
edit git checkout -q assay/runs~1 -- "$first"
expect 0 assay verify
says "is now as at first"
restore

# predictions.csv replaced
predictions=$(dirname "$(record 3)")/predictions.csv
edit sed -i '2s/.$/5/' "$predictions"
found 'predictions.csv was changed after it had been committed'
found 'predictions.csv is not the file that the record names'
restore

# a file put beside the record, and one taken away
edit cp "$first" "$(dirname "$first")/more.json"
found 'more.json is in its folder, and the record does not name it'
restore
edit rm "$predictions"
found 'predictions.csv is named by the record and not on the branch'
restore

# a record that no longer is one
edit sh -c "echo '{' >$first"
found "$first"
restore

# a run dropped by an ordinary commit
edit rm -r "$(dirname "$first")"
found "$id: the run was dropped from the branch without .assay rm. (commit .* by Mallory)"
restore

# dropped by a merge that looks innocent
git worktree add -q --detach "$here/merge" "$good~2"
(cd "$here/merge" && git commit -q --allow-empty -m side && git merge -q -s ours --no-edit "$good") || exit 1
git update-ref refs/heads/assay/runs "$(git -C "$here/merge" rev-parse HEAD)"
git worktree remove --force "$here/merge"
found 'the run was dropped'
restore

# history written anew: the last two runs are gone from it, or one is another
git update-ref refs/heads/assay/runs "$good~2"
found 'the branch no longer has the run'
test "$(grep -c 'no longer has the run' "$here/out")" = 2 || fail "two were dropped: $(cat "$here/out")"
restore
git worktree add -q --detach "$here/anew" "$good"
(cd "$here/anew" && sed -i 's/"name": "/"name": "x/' "$(record 6)" && git commit -q -a --amend -m anew) || exit 1
git update-ref refs/heads/assay/runs "$(git -C "$here/anew" rev-parse HEAD)"
git worktree remove --force "$here/anew"
expect 1 assay verify
restore
git update-ref -d refs/heads/assay/runs
found 'the branch no longer has the run'
git update-ref refs/heads/assay/runs "$good"

# a file of the code that a run was made from
echo 'print(1)' >train.py && git add train.py && git commit -q -m code
expect 0 assay baseline --data data.csv --target left --seed 4
good=$(git rev-parse assay/runs)
blob=$(git rev-parse HEAD:train.py)
object=.git/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)
mv "$object" "$here/object"
found "is not whole.*$blob"
mv "$here/object" "$object"
restore

# code whose commit holds no file is code all the same
new_repository empty
expect 0 assay run --name first -- true
expect 0 assay verify
