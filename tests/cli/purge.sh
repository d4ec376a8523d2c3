#!/bin/sh
# A secret that slipped into a run is gone from every object after what the README says, here, on the remote and in another clone;
# the other runs stay, and nothing calls them altered.
. "${0%/*}/lib.sh"
command -v git-filter-repo >/dev/null 2>&1 || skip "git-filter-repo is not here"
new_repository
git init -q --bare "$here/remote.git"
git remote add origin "$here/remote.git"
git push -q origin main
expect 0 assay run --name before -- echo "nothing to hide"
expect 0 assay run --name leaky -- echo "our customers' names: Ada Unlikely-Name"
expect 0 assay run --name after -- echo "nothing to hide either"
expect 0 assay sync --yes
git clone -q "$here/remote.git" "$here/other"
git -C "$here/other" config user.name Other
git -C "$here/other" config user.email other@example.org
expect 0 assay -C "$here/other" sync --yes
expect 0 assay -C "$here/other" ls --all --json
test "$(jq length "$here/out")" = 3 || fail "the other clone has not all runs"

# found FOLDER: 0 if an object of that repository holds the secret
found() {
	git -C "$1" cat-file --batch --batch-all-objects --buffer >"$here/objects" || fail "git cat-file"
	grep -q "Unlikely-Name" "$here/objects"
}
found . && found "$here/other" && found "$here/remote.git" || fail "the secret is not where this test looks for it"

# the two recipes as they stand in the README
expect 0 assay show leaky --json
id=$(jq -r .record.id "$here/out")
sed -n '/^### What leaves/,/^### /p' "$top/README.md" | awk -v here="$here" '
	/^```sh/ { file = here "/recipe." ++n; next } /^```/ { file = "" } file { print >file }'
test "$(grep -c ID "$here/recipe.1")" = 1 && test -s "$here/recipe.2" || fail "the README's recipes have changed"
sed "s/ID/$id/" "$here/recipe.1" >"$here/here.sh"
expect 0 sh -e "$here/here.sh"
{ grep '^rm ' "$here/recipe.1" && cat "$here/recipe.2"; } >"$here/there.sh" || fail "no rm in the recipe"
cd "$here/other" || exit 1
expect 0 sh -e "$here/there.sh"
git -C "$here/remote.git" gc -q --prune=now

for clone in "$here/repo" "$here/other" "$here/remote.git"; do
	! found "$clone" || fail "$clone still holds it"
	! grep -rq "Unlikely-Name" "$clone" || fail "$clone: a file still holds it: $(grep -rl "Unlikely-Name" "$clone")"
done
for clone in "$here/other" "$here/repo"; do
	cd "$clone" || exit 1
	expect 0 assay run --name "in-${clone##*/}" -- true
	! grep -q reset "$here/err" || fail "$clone: the purge is called a loss: $(cat "$here/err")"
	expect 0 assay sync --yes
	expect 0 assay verify
done
expect 0 assay ls --all --json
test "$(jq -c '[.[].name] | sort' "$here/out")" = '["after","before","in-other","in-repo"]' || fail "runs: $(jq -c '[.[].name]' "$here/out")"
! found . || fail "a sync brought it back"
