#!/bin/sh
# Files that a run brought: into git up to the limit, larger ones to Git LFS where the repository uses it, else on this
# machine, each content once. git-lfs itself lists, checks, pushes and fetches them.
. "${0%/*}/lib.sh"
new_repository

# bring SIZE NAME: a run whose artifacts/NAME has SIZE bytes; its record in $here/run.json
bring() {
	expect 0 assay run -- sh -c 'mkdir -p "$(dirname "$ASSAY_RUN_DIR/artifacts/$2")" &&
		yes "$2" | head -c "$1" >"$ASSAY_RUN_DIR/artifacts/$2"' sh "$1" "$2"
	git show "assay/runs:$(git log -1 --name-only --format= assay/runs | grep '/run.json$')" >"$here/run.json"
	jq -e '.artifacts | length > 0' "$here/run.json" >/dev/null || fail "no artifact on record: $(cat "$here/err")"
}
# artifact FIELD NAME: of the last run
artifact() {
	jq -r --arg name "$2" ".artifacts[] | select(.path | endswith(\$name)) | .$1" "$here/run.json"
}
of_yes() { yes "$2" | head -c "$1" | sha256sum | cut -d' ' -f1; }

bring 1048576 "plots/one of us.svg"
test "$(artifact where us.svg)" = git || fail "up to 1 MiB not in git: $(cat "$here/run.json")"
test "$(artifact path us.svg)" = "artifacts/plots/one of us.svg" || fail "path $(artifact path us.svg)"
test "$(artifact sha256 us.svg)" = "$(of_yes 1048576 'plots/one of us.svg')" || fail "sha256"

# one byte more: on this machine, named with size, place and the ways into git
bring 1048577 big.bin
test "$(artifact where big.bin)" = local || fail "where: $(artifact where big.bin)"
test "$(artifact bytes big.bin)" = 1048577 || fail "bytes: $(artifact bytes big.bin)"
says "big.bin (1.0 MB)"
says "$here/repo/.git/assay/objects"
says "lfs"
jq -e '.notes | map(contains("on this machine alone")) | any' "$here/run.json" >/dev/null || fail "no note in the record"
sha=$(of_yes 1048577 big.bin)
object=.git/assay/objects/$(echo "$sha" | cut -c1-2)/$sha
test "$(sha256sum <"$object" | cut -d' ' -f1)" = "$sha" || fail "the object is another"
test "$(stat -c %a "$object")" = 444 || fail "mode $(stat -c %a "$object")"
bring 1048577 big.bin
test "$(find .git/assay/objects -type f | wc -l)" = 1 || fail "the same content is kept twice"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$(cat "$here/fsck")"

# the setting; a large file in git goes there as a stream
printf 'git: {artifact_limit: 8 MiB}\n' >assay.yaml
bring 5000000 large.bin
test "$(artifact where large.bin)" = git || fail "the limit of assay.yaml is not obeyed"
run=$(git log -1 --name-only --format= assay/runs | grep '/large.bin$')
test "$(git cat-file blob "assay/runs:$run" | sha256sum | cut -d' ' -f1)" = "$(of_yes 5000000 large.bin)" || fail "bytes"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$(cat "$here/fsck")"

# a spool elsewhere
rm assay.yaml
ASSAY_SPOOL="$here/big disk"
export ASSAY_SPOOL
bring 2000000 spooled.bin
says "$here/big disk/repo-"
unset ASSAY_SPOOL
sha=$(of_yes 2000000 spooled.bin)
test -f "$here/big disk"/repo-*/objects/"$(echo "$sha" | cut -c1-2)/$sha" || fail "not in the spool"
test "$(find .git/assay/objects -type f | wc -l)" = 1 || fail "in the git directory too"

# links lead nowhere: neither their target nor the link is taken, and it is said
echo secret >"$here/outside"
expect 0 assay run -- sh -c 'mkdir -p "$ASSAY_RUN_DIR/artifacts"; ln -s "$0" "$ASSAY_RUN_DIR/artifacts/link"' "$here/outside"
git show "assay/runs:$(git log -1 --name-only --format= assay/runs | grep '/run.json$')" >"$here/run.json"
jq -e '(.artifacts // []) | map(select(.path | endswith("link"))) | length == 0' "$here/run.json" >/dev/null || fail "a link was taken"
jq -e '.notes | map(contains("link")) | any' "$here/run.json" >/dev/null || fail "a link was left out and nobody says so"
! git log -p assay/runs | grep -q '^+secret' || fail "what a link points at is in git"

git lfs version >/dev/null 2>&1 || {
	echo "git-lfs is not here: the rest is not tested"
	exit 0
}
git lfs install --local >/dev/null
echo '*.bin filter=lfs diff=lfs merge=lfs -text' >.gitattributes
git add .gitattributes && git commit -qm lfs
bring 3000000 deep/model.bin
test "$(artifact where model.bin)" = lfs || fail "where: $(artifact where model.bin)"
test "$(artifact path model.bin)" = lfs/deep/model.bin || fail "path: $(artifact path model.bin)"
sha=$(of_yes 3000000 deep/model.bin)
test "$(artifact sha256 model.bin)" = "$sha" || fail "sha256"
run=$(git log -1 --name-only --format= assay/runs | grep '/model.bin$')
git cat-file blob "assay/runs:$run" >"$here/pointer"
git lfs pointer --check --strict --file "$here/pointer" || fail "git-lfs takes no such pointer: $(cat "$here/pointer")"
git lfs ls-files -l assay/runs >"$here/listed" || fail "git lfs ls-files"
grep -q "^$sha . $run$" "$here/listed" || fail "git lfs ls-files: $(cat "$here/listed")"
git lfs fsck assay/runs >"$here/fsck" 2>&1 || fail "git lfs fsck: $(cat "$here/fsck")"
git init -q --bare "$here/remote.git"
git remote add origin "file://$here/remote.git"
git push -q origin main assay/runs 2>"$here/said" || fail "push: $(cat "$here/said")"
git lfs push origin assay/runs >"$here/said" 2>&1 || fail "git lfs push: $(cat "$here/said")"
git clone -q -b assay/runs "file://$here/remote.git" "$here/clone" 2>"$here/said" || fail "clone: $(cat "$here/said")"
cd "$here/clone" && git lfs install --local >/dev/null && git lfs pull 2>"$here/said" || fail "git lfs pull: $(cat "$here/said")"
test "$(sha256sum <"$run" | cut -d' ' -f1)" = "$sha" || fail "the file that came back is another"
test -z "$(git status --porcelain)" || fail "the clone is dirty: $(git status --porcelain)"

# a linked work tree shares the store; git: {lfs: true} asks for it whatever HEAD says
cd "$here/repo" && git worktree add -q "$here/linked" && cd "$here/linked" || exit 1
git rm -q .gitattributes && git commit -qm "no attributes"
bring 1500000 other.bin
test "$(artifact where other.bin)" = local || fail "without attributes: $(artifact where other.bin)"
printf 'git: {lfs: true}\n' >assay.yaml
bring 1500000 other.bin
test "$(artifact where other.bin)" = lfs || fail "git: {lfs: true}: $(artifact where other.bin)"
git lfs fsck assay/runs >"$here/fsck" 2>&1 || fail "git lfs fsck: $(cat "$here/fsck")"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$(cat "$here/fsck")"
