#!/bin/sh
# What a command may leave in its run directory, and what becomes of it: the record, the files on the branch, the exit code.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
cat >assay.yaml <<'END'
data: {file: data.csv, target: left}
metrics: [f1, recall]
END
git add . && git commit -qm data
expect 0 assay baseline

# record FILTER: holds for the run called latest
record() {
	expect 0 assay show latest --json
	jq -e "$1" "$here/out" >"$here/jq" || fail "the record does not hold: $1: $(jq -c .record "$here/out")"
}
# committed PATH: the bytes of a file of the latest run on the branch, on stdout
committed() {
	git cat-file blob "assay/runs:$(git ls-tree -r --name-only assay/runs | grep "/$id/$1$")"
}

# shellcheck disable=SC2016 # for the shell of the run
expect 3 assay run --name all --param depth=6 --param name=x=y --tag by=test --seed 7 -- sh -c '
	echo "said $0"; echo "on stderr" >&2
	test "$ASSAY_SEED" = 7 && test "$ASSAY_EXPERIMENT" = default || exit 90
	jq -e ". == {depth: 6, name: \"x=y\"}" "$ASSAY_PARAMS" >/dev/null || exit 91
	head -n 1 "$ASSAY_SPLIT" | grep -qx id,part || exit 92
	test -d "$(dirname "$ASSAY_RUN_DIR")" && test "$(basename "$(dirname "$ASSAY_RUN_DIR")")" = "$ASSAY_RUN_ID" || exit 93
	cd "$ASSAY_RUN_DIR" || exit 94
	echo "{\"depth\": 5, \"lr\": 0.1, \"opt\": {\"name\": \"adam\"}}" >params.json
	for step in 1 2 3; do echo "{\"step\": $step, \"loss\": 0.$((9 - step))}"; done >metrics.jsonl
	echo "{\"f1\": 0.75}" >metrics.json
	mkdir -p artifacts/plots && echo model >artifacts/model.bin && echo plot >artifacts/plots/a.svg
	exit 3' argument
test "$(cat "$here/out")" = "said argument" || fail "stdout is not the command's: $(cat "$here/out")"
says "on stderr"
record '.where == "git" and .record.status == "failed" and .record.exit == 3 and .record.kind == "run"'
id=$(jq -r .record.id "$here/out")
record '.record.seed == 7 and .record.tags.by == "test" and .record.params.lr == 0.1 and .record.params["opt.name"] == "adam"'
record '.record.params.depth == 5 and (.record.notes | any(test("depth")))'
record '.record.reported == {"f1": 0.75, "loss": 0.6} and .record.series.loss.count == 3 and .record.series.loss.best == 0.6'
record '.record.usage.seconds >= 0 and .record.usage.peak_rss_bytes > 100000 and .record.environment.cores > 0'
record '[.record.data.files[].path] == ["data.csv"] and .record.data.split.test_rows == 40'
record '[.record.artifacts[] | .path + " " + .where] ==
	["artifacts/model.bin git", "artifacts/plots/a.svg git", "history.csv git", "log.txt git"]'
test "$(committed artifacts/model.bin)" = model || fail "the artifact has other bytes"
test "$(committed log.txt)" = "said argument
on stderr" || fail "the log: $(committed log.txt)"
committed history.csv | head -n 2 | tail -n 1 | grep -q '^loss,1,' || fail "history.csv: $(committed history.csv)"
for path in artifacts/model.bin log.txt; do
	test "$(committed $path | sha256sum | cut -d ' ' -f 1)" = \
		"$(jq -r --arg path $path '.record.artifacts[] | select(.path == $path).sha256' "$here/out")" || fail "$path: sha256"
done

# predictions of the test rows are measured, compared with the baseline; {k} is replaced, what is no parameter stays
# shellcheck disable=SC2016
expect 0 assay run --param value=yes -- sh -c '
	test "$1" = "{other}" || exit 90
	awk -F, -v value="$0" "NR == 1 { print \"id,y_pred\" } \$2 == \"test\" { print \$1 \",\" value }" "$ASSAY_SPLIT" \
		>"$ASSAY_RUN_DIR/predictions.csv"' '{value}' '{other}'
says "f1"
record '.record.name == "sh" and .record.measured.recall == 1 and .record.evaluation.source == "split"'
record '.record.comparison[0].role == "baseline" and .record.evaluation.rows == 40'
record '[.record.artifacts[].path] == ["evaluation.json", "predictions.csv"]'
record '.record.command[3:] == ["yes", "{other}"]'

# predictions that cannot be scored are kept all the same
expect 0 assay run -- sh -c 'printf "id,y_pred\n1,yes\n1,no\n" >"$ASSAY_RUN_DIR/predictions.csv"'
record '.record.measured == null and [.record.artifacts[].path] == ["artifacts/predictions.csv"] and (.record.notes | length) > 0'

# where it ran, and which data it was told of
mkdir -p sub && echo a,b >sub/more.csv
cd sub || exit 1
expect 0 assay run --data more.csv --no-log --quiet -- sh -c 'pwd; echo "not kept" >&2'
test "$(cat "$here/out")" = "$(pwd -P)" || fail "it ran in $(cat "$here/out")"
test "$(cat "$here/err")" = "not kept" || fail "--quiet says: $(cat "$here/err")"
record '.record.cwd == "sub" and [.record.data.files[].path] == ["data.csv", "sub/more.csv"] and .record.artifacts == null'
cd ..

# a dirty work tree is held by the run, index and files stay
echo staged >staged.txt && git add staged.txt && echo new >untracked.txt && echo change >>assay.yaml && git checkout -q assay.yaml
echo "# changed" >>assay.yaml
cp .git/index "$here/index"
expect 0 assay run -- true
says "kept with the run: 4 changed files of yours"
cmp .git/index "$here/index" || fail "the index changed"
record '.record.code.dirty and (.record.code.snapshot | length) == 40'
snapshot=$(jq -r .record.code.snapshot "$here/out")
test "$(git show "$snapshot:untracked.txt")" = new || fail "the snapshot lacks an untracked file"
git merge-base --is-ancestor "$snapshot" refs/assay/keep || fail "the chain does not hold the snapshot"

# what is too large for git stays here, --quiet says so too
# shellcheck disable=SC2016
expect 0 assay run --quiet -- sh -c 'mkdir "$ASSAY_RUN_DIR/artifacts" && head -c 2000000 /dev/zero >"$ASSAY_RUN_DIR/artifacts/model"'
says "warning: artifacts/model"
record '.record.artifacts == [{path: "artifacts/model", bytes: 2000000, where: "local",
	sha256: "'"$(head -c 2000000 /dev/zero | sha256sum | cut -d ' ' -f 1)"'"}]'

# exit codes as env has them, and signals; wrong use starts nothing
expect 127 assay run -- no-such-program
record '.record.status == "failed" and .record.exit == 127 and .record.name == "no-such-program"'
expect 126 assay run -- ./data.csv
expect 2 assay run --name best -- touch started
expect 2 assay run --data missing.csv -- touch started
expect 2 assay run --param depth -- touch started
expect 2 assay run -e Bad -- touch started
expect 2 assay run
test ! -e started || fail "wrong use started the command"
assay run -- sh -c 'kill -TERM $$' >"$here/out" 2>"$here/err"
test $? = 143 || fail "a signal is not passed on"
record '.record.status == "killed" and .record.exit == 143'
test -z "$(ls .git/assay/running)" || fail "something stays in flight: $(ls .git/assay/running)"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
