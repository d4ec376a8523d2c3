#!/bin/sh
# reproduce runs what was recorded in a work tree of its own: the same figures are identical, another outcome is told, and the
# user's own work tree, index, branches and data stay as they are.
. "${0%/*}/lib.sh"
export TMPDIR="$here/tmp"
mkdir "$TMPDIR"
new_repository
sample_csv 120 >data.csv
printf 'data.csv\nout/\n' >.gitignore
printf 'data: {file: data.csv, target: left}\nmetrics: [{score: higher}, f1]\n' >assay.yaml
mkdir -p train
cat >train/model.sh <<'X'
# a score that depends on the parameters, the seed and the data
depth=$(sed -n 's/.*"depth": *\([0-9]*\).*/\1/p' "$ASSAY_PARAMS" 2>/dev/null)
rows=$(wc -l <"../data.csv")
echo "{\"score\": $(echo "$1 * ${depth:-1} + ${ASSAY_SEED:-0} + $rows / 1000" | awk '{ print 0.'"$rows"' + '"$1 * ${depth:-1} + ${ASSAY_SEED:-0}"' }'), \"train_seconds\": 0.$$}" >"$ASSAY_RUN_DIR/metrics.json"
echo trained
X
git add . && git commit -q -m code

# baselines: to the last bit
expect 0 assay baseline
expect 0 assay reproduce logistic
grep -q ': identical$' "$here/out" || fail "a baseline differs: $(cat "$here/out")"
grep -q 'a duration' "$here/out" || fail "durations are not told apart"
expect 0 assay reproduce random_forest --json
test "$(jq -r .outcome "$here/out")" = identical || fail "the forest differs: $(cat "$here/out")"
id=$(jq -r .id "$here/out")
original=$(jq -r .reproduces "$here/out")
git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep "$id/run.json")" >"$here/record"
test "$(jq -r '.parent + .tags.reproduces' "$here/record")" = "$original$original" || fail "parent and tag"
test "$(jq -c .code "$here/record")" = "$(git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep "$original/run.json")" | jq -c .code)" ||
	fail "another code state is recorded"

# a command from a dirty work tree, in a folder, with parameters and a seed
echo 'extra=1' >train/extra.sh
cd train || exit 1
ASSAY_SEED=3 assay run --name tracked --param depth=2 -- sh model.sh 1 >"$here/out" 2>"$here/err" || fail "run: $(cat "$here/err")"
cd .. || exit 1
echo 'echo broken; exit 3' >train/model.sh
rm train/extra.sh
git status --porcelain >"$here/status"
git for-each-ref | grep -v 'assay/' >"$here/refs"
expect 0 assay reproduce tracked
grep -q '^score .*identical' "$here/out" || fail "the command differs: $(cat "$here/out")"
grep -q '^train_seconds .*a duration' "$here/out" || fail "a duration was judged: $(cat "$here/out")"
grep -q '^trained' "$here/out" && fail "the command's words are shown without -v"
git status --porcelain | cmp - "$here/status" || fail "the work tree changed"
git for-each-ref | grep -v 'assay/' | cmp - "$here/refs" || fail "references changed"
test -z "$(ls "$TMPDIR")" || fail "something is left in TMPDIR: $(ls "$TMPDIR")"
test "$(git worktree list | wc -l)" = 1 || fail "a work tree is left"

# the same figure once more, kept to be looked at
expect 0 assay reproduce tracked --keep -v
says "the work tree is $TMPDIR"
tree=$(ls -d "$TMPDIR"/assay-reproduce-*/tree)
test -f "$tree/train/extra.sh" && test -f "$tree/data.csv" || fail "code or data are not in the work tree"
echo changed >>"$tree/data.csv"
test "$(wc -l <data.csv)" = 121 || fail "the data in the work tree are the user's own"
git worktree remove --force "$tree" && rm -rf "$TMPDIR"/*

# data that are not what the run saw
sample_csv 130 >data.csv
expect 2 assay reproduce tracked
says 'data.csv is not what the run saw'
test -z "$(ls "$TMPDIR")" || fail "something is left in TMPDIR"
rm data.csv
expect 2 assay reproduce logistic
says 'data.csv is neither in its code nor here'
sample_csv 120 >data.csv

# another outcome, within a tolerance, another exit code
git checkout -q -- .
echo 'echo "{\"score\": 1.$(cat ../count)}" >"$ASSAY_RUN_DIR/metrics.json"; exit $(cat ../code)' >chance.sh
git add . && git commit -q -m chance
echo 50001 >"$here/count" && echo 0 >"$here/code"
sed -i "s|\.\./|$here/|g" chance.sh && git commit -q -a -m place
expect 0 assay run --name chance -- sh chance.sh
echo 50002 >"$here/count"
expect 1 assay reproduce chance
grep -q '^score .*different' "$here/out" || fail "different: $(cat "$here/out")"
expect 0 assay reproduce chance --tolerance 1e-3
grep -q 'within tolerance' "$here/out" || fail "within: $(cat "$here/out")"
echo 50001 >"$here/count" && echo 4 >"$here/code"
expect 1 assay reproduce chance
says 'exit code 4 and not with 0'

# what cannot be repeated says why
expect 0 sh -c 'assay baseline --data - --target left -e piped <data.csv'
expect 2 assay reproduce piped/logistic
says 'standard input'
expect 0 assay run --name secret -- sh -c 'exit 0' sh --token abc123def456ghi789
expect 2 assay reproduce secret
says 'a secret that is not on record'
expect 0 assay verify
