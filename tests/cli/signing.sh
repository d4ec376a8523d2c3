#!/bin/sh
# Commits of runs are signed where git's configuration asks for it; a signer that fails makes them wait, said so.
. "${0%/*}/lib.sh"
command -v ssh-keygen >/dev/null 2>&1 || skip "no ssh-keygen here"
new_repository
sample_csv >data.csv
git add data.csv && git commit -qm data
ssh-keygen -q -t ed25519 -N '' -f "$HOME/key" || fail "ssh-keygen"
echo "tester@example.org $(cat "$HOME/key.pub")" >"$HOME/signers"
git config commit.gpgSign true
git config gpg.format ssh
git config user.signingKey '~/key.pub'
git config gpg.ssh.allowedSignersFile "$HOME/signers"
expect 0 assay baseline --data data.csv --target left
test "$(git log --format=%G? assay/runs | sort -u)" = G || fail "not every run is signed: $(git log --format='%G? %s' assay/runs)"

mv "$HOME/key" "$HOME/key.away"
expect 0 assay baseline --data data.csv --target left --again
says "could not be signed"
test "$(git rev-list --count assay/runs)" = 6 || fail "an unsigned run landed"
test "$(ls .git/assay/running | grep -c '^2')" = 6 || fail "the runs do not wait"
expect 0 assay ls
says "6 runs are not in git yet"
mv "$HOME/key.away" "$HOME/key"
expect 0 assay baseline --data data.csv --target left
test "$(git rev-list --count assay/runs)" = 12 || fail "the runs did not land later"
test "$(git log --format=%G? assay/runs | sort -u)" = G || fail "not every run is signed"
test -z "$(ls .git/assay/running)" || fail "something stays in flight"
