#!/bin/sh
# Exchange where git is set up otherwise: signed commits, Git LFS, shallow and partial clones, a linked work tree.
. "${0%/*}/lib.sh"
command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
git init -q --bare -b main "$here/hub.git"
git -C "$here/hub.git" config uploadpack.allowFilter true
new_repository one
sample_csv 60 >data.csv && git add data.csv && git commit -q -m data
git remote add origin "file://$here/hub.git" && git push -q -u origin main
expect 0 assay baseline --data data.csv --target left
expect 0 assay sync

# signed: the commit that joins two branches too
ssh-keygen -q -t ed25519 -N '' -f "$here/key"
git clone -q "file://$here/hub.git" "$here/two"
cd "$here/two" || exit 1
git config user.name two && git config user.email two@example.org
git config gpg.format ssh && git config user.signingKey "$here/key.pub" && git config commit.gpgSign true
echo "two@example.org $(cat "$here/key.pub")" >"$here/signers"
git config gpg.ssh.allowedSignersFile "$here/signers"
expect 0 assay baseline --data data.csv --target left --seed 1
(cd "$here/one" && assay baseline --data data.csv --target left --seed 2 >/dev/null 2>&1 && assay sync --yes >/dev/null 2>&1) || fail "one"
expect 0 assay sync --yes
git log -1 --merges --format=%G? assay/runs | grep -q G || fail "the joining commit is not signed"
expect 0 assay verify
grep -q ', 7 signatures checked' "$here/out" || fail "signatures: $(cat "$here/out")"
# a signature that is none any more
git cat-file commit assay/runs | sed 's/^author two/author ewt/' | git hash-object -t commit -w --stdin >"$here/forged"
git update-ref refs/heads/assay/runs "$(cat "$here/forged")"
expect 1 assay verify
grep -q 'its signature is not that of what it holds (commit .* by ewt)' "$here/out" || fail "forged: $(cat "$here/out")"
git update-ref refs/heads/assay/runs "$(cat "$here/forged")^1" && assay sync --no-push >/dev/null 2>&1

# a shallow and a partial clone, and a linked work tree of one
export ASAN_OPTIONS="detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}" # libgit2 1.5 itself leaks its list of a shallow clone's roots
seed=10
for clone in '--depth 1 --no-single-branch' '--filter=blob:none' '--depth 1'; do
	cd "$here" && rm -rf "$here/odd"
	git clone -q $clone "file://$here/hub.git" "$here/odd" || exit 1
	cd "$here/odd" || exit 1
	git config user.name odd && git config user.email odd@example.org && git config maintenance.auto false
	expect 0 assay verify
	seed=$((seed + 1))
	expect 0 assay baseline --data data.csv --target left --seed $seed
	git worktree add -q "$here/linked" && cd "$here/linked" || exit 1
	expect 0 assay sync --yes
	git -C "$here/hub.git" fsck --strict || fail "$clone: the hub"
	cd "$here/odd" && git worktree remove --force "$here/linked"
	expect 0 assay verify
	(cd "$here/one" && assay sync >/dev/null 2>&1) || fail "$clone: back"
done
test "$(git -C "$here/one" ls-tree -r --name-only assay/runs | grep -c '/run.json$')" = 36 || fail "runs are missing"

# objects of Git LFS go along
command -v git-lfs >/dev/null || exit 0
cd "$here/one" || exit 1
git lfs install --local >/dev/null 2>&1
echo '*.big filter=lfs diff=lfs merge=lfs -text' >.gitattributes
printf 'git: {artifact_limit: 1 KiB}\n' >assay.yaml
git add . && git commit -q -m lfs && git push -q origin main >/dev/null 2>&1
expect 0 assay run --name large -- sh -c 'mkdir "$ASSAY_RUN_DIR/artifacts"; head -c 50000 /dev/zero >"$ASSAY_RUN_DIR/artifacts/model.bin"'
expect 0 assay sync --yes
sum=$(head -c 50000 /dev/zero | sha256sum | cut -c1-64)
find "$here/hub.git/lfs" -name "$sum" | grep -q . || fail "the object did not go along"
cd "$here/two" || exit 1
expect 0 assay sync --yes
expect 0 assay verify
grep -q '1 file is not on this machine' "$here/out" || fail "an object of LFS that is not here: $(cat "$here/out")"
expect 1 assay get large artifacts/model.bin -o "$here/large"
says 'git lfs fetch'
git lfs fetch origin assay/runs >/dev/null 2>&1
expect 0 assay get large artifacts/model.bin -o "$here/large"
test "$(sha256sum <"$here/large/artifacts/model.bin" | cut -c1-64)" = "$sum" || fail "other bytes came back"
