#!/bin/sh
# What argv, parameters, log and work tree say of secrets stays out of git, and it is said.
. "${0%/*}/lib.sh"
new_repository
secret=hunter2-$$-xyzzy
token=ghp_$(printf %036d 0 | tr 0 A)
printf 'password=%s\n' "$secret" >.env
echo "$secret" >server.pem
echo text >notes.txt
echo "$secret" >"$here/secret"

# shellcheck disable=SC2016 # for the shell of the run
expect 0 assay run --param "api_key=$secret" --param lr=0.1 -- sh -c '
	test "$1" = "$(cat "$0")" || exit 90
	grep -q "$1" "$ASSAY_PARAMS" || exit 91; echo "Authorization: Bearer $2"; echo "key $1"; echo "token: $2" >&2' \
	"$here/secret" '{api_key}' "$token" --password "$secret" "DB_PASSWORD=$secret" "https://me:$secret@example.org/"
says "recorded as ***"
grep -q "$token" "$here/out" || fail "the terminal is the user's own: nothing is masked there"
expect 0 assay show latest --json
jq -e '.record.params == {"api_key": "***", "lr": 0.1}' "$here/out" >"$here/jq" || fail "params: $(cat "$here/out")"
jq -e '.record.notes | map(select(test("recorded as"))) | length >= 2' "$here/out" >"$here/jq" || fail "notes: $(cat "$here/out")"
snapshot=$(jq -r .record.code.snapshot "$here/out")
test "$(git ls-tree --name-only "$snapshot")" = notes.txt || fail "the snapshot holds $(git ls-tree --name-only "$snapshot")"
jq -e '.record.notes | any(test("\\.env") and test("server.pem"))' "$here/out" >"$here/jq" || fail "what was left out is not named"

# all that git has: every object of the repository, as bytes
git cat-file --batch-all-objects --batch >"$here/objects"
grep -qa "lr" "$here/objects" || fail "the search finds nothing at all"
! grep -qa "$secret" "$here/objects" || fail "a secret is in git: $(grep -a "$secret" "$here/objects" | head -n 3)"
! grep -qa "$token" "$here/objects" || fail "a token is in git"

expect 0 assay run --no-log -- echo "a line for nobody"
git cat-file --batch-all-objects --batch >"$here/objects"
expect 0 assay show latest --json
jq -e '[.record.artifacts[]?.path] == []' "$here/out" >"$here/jq" || fail "--no-log keeps a log"
