#!/bin/sh
# Exit codes, hints, help: what the program says to those who hold it wrong.
. "${0%/*}/lib.sh"

expect 0 assay --version
grep -q '^assay [0-9]' "$here/out" || fail "no version"
expect 2 assay
says "assay help"
expect 2 assay bseline
says "did you mean \`assay baseline\`"
expect 2 assay --bogus
says "hint: "
for command in init new baseline ls show site help; do
	expect 0 assay $command --help
	grep -q "^usage: assay $command" "$here/out" || fail "$command --help: no usage"
	grep -q '^Example$' "$here/out" || fail "$command --help: no example"
	test "$(awk 'length > 80' "$here/out")" = "" || fail "$command --help is wider than 80 columns"
	cp "$here/out" "$here/help"
	expect 0 assay help $command
	cmp "$here/out" "$here/help" || fail "help $command and $command --help differ"
done
expect 0 assay help schema
jq -e '.properties.schema' "$here/out" >/dev/null || fail "help schema is no schema"
expect 2 assay help basline
says "did you mean"

# a folder that is no repository; no identity
mkdir "$here/plain" && cd "$here/plain" || exit 1
sample_csv >data.csv
for command in "baseline --data data.csv --target left" ls "show x" site "new idea"; do
	# shellcheck disable=SC2086 # a list of words
	expect 2 assay $command
	says "hint: "
	says "git init"
done
git init -q -b main .
git config user.useConfigOnly true
expect 2 assay baseline --data data.csv --target left
says "git config"
says "user.name"
says "user.email"
test ! -e .git/assay/running || test -z "$(ls .git/assay/running)" || fail "work began without an identity"

new_repository
sample_csv >data.csv
expect 2 assay baseline --traget left
says "did you mean --target"
expect 2 assay baseline --target left
says "no data file is named"
expect 2 assay baseline --data data.csv
says "no target column is named"
expect 2 assay show
says "usage: assay show"
expect 2 assay show one two
expect 2 assay -C no/such/folder ls
says "no/such/folder"
expect 0 assay ls
says "no runs yet"
expect 2 assay show best
expect 0 assay baseline --data data.csv --target left
expect 2 assay show no-such-run
expect 2 assay ls -e no-such-experiment
expect 0 assay -C / -C "$here/repo" ls
expect 0 assay ls -C "$here/repo"
grep -q majority "$here/out" || fail "-C: no runs"

# what cannot be written is a failure of the machine
if test -w /dev/full; then
	assay ls >/dev/full 2>"$here/err"
	test $? = 3 || fail "a full disk is not 3"
	says "standard output"
fi
