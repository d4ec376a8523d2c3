#!/bin/sh
# Commits of runs are signed, by ssh or gpg, where git's configuration asks for it; a signer that fails makes them wait, said so.
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

# the same by gpg, with a key of its own home
command -v gpg >/dev/null 2>&1 || exit 0
export GNUPGHOME="$HOME/.gnupg"
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key 'Tester <tester@example.org>' ed25519 sign \
	2>"$here/gpg" || fail "gpg: $(cat "$here/gpg")"
git config --unset gpg.format
git config --unset user.signingKey
expect 0 assay baseline --data data.csv --target left --again
git cat-file commit assay/runs | grep -q 'BEGIN PGP SIGNATURE' || fail "not signed by gpg"
signed=$(git log -6 --format=%G? assay/runs 2>"$here/gpg" | sort -u)
gpgconf --kill all
test "$signed" = G || fail "the signatures are not good: $signed"
