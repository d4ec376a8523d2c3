#!/bin/sh
# Written before, and provably so: from ancestry in git, whatever dates say. Edits after a run, rebase, squash with and without
# the kept code, backdated commits, a renamed file, two lines that were joined, a shallow clone.
. "${0%/*}/lib.sh"

# plan F1 [MORE]: experiments/idea.md that asks for that f1
plan() {
	mkdir -p experiments
	printf -- '---\nquestion: Is it good?\nexpects: {f1: better}\nsuccess_criteria: {f1: %s}\n%s---\nIt is.\n' \
		"$1" "${2-}" >experiments/idea.md
}

# try NAME: a run of the experiment
try() {
	expect 0 assay run -e idea --name "$1" -- sh -c 'echo "{\"f1\": 0.8}" >"$ASSAY_RUN_DIR/metrics.json"'
}

# plan_is JQ: holds for the experiment's plan
plan_is() {
	assay status -e idea --json >"$here/status" 2>"$here/err" || fail "status: $(cat "$here/err")"
	jq -e ".experiments[0].plan | $1" "$here/status" >/dev/null ||
		fail "$1: $(jq -c '.experiments[0].plan' "$here/status")"
}

commit() {
	git add -A && git commit -q -m "$1"
}

# Committed before the first run, then lowered after the second.
new_repository
plan 0.85
commit plan
plan_is '.state == "no run" and .uncommitted == false'
try one
try two
plan_is ".state == \"before\" and .changes == [] and .commit == \"$(git rev-parse HEAD)\""
plan 0.83
plan_is '.uncommitted and (.changes | length) == 1'
plan_is '.changes[0] | .item == "criterion" and .what == "f1 lowered from 0.85 to 0.83" and .number == 2 and (has("by") | not)'
expect 0 assay status -e idea
grep -q 'f1 lowered from 0.85 to 0.83 after run 2 (two, .*), not committed' "$here/out" || fail "the text: $(cat "$here/out")"
commit lower
plan_is '.uncommitted == false and (.changes | length) == 1'
try three
plan_is '.state == "before" and .changes[0].by != null'
expect 0 assay status -e idea
grep -q 'f1 lowered from 0.85 to 0.83 after run 2 (two, ' "$here/out" || fail "the text: $(cat "$here/out")"
jq -e '.experiments[0].practices[3] | .name == "document hypotheses" and .state == "partly" and .file == "experiments/idea.md"' \
	"$here/status" >/dev/null || fail "practice: $(jq -c '.experiments[0].practices' "$here/status")"

# Each thing that may be changed has its words; notes are no plan.
plan 0.83 'margins: {f1: 0.01}
candidate: three
constraints: {latency_ms: 50}
'
plan_is '[.changes[].what] == ["f1 lowered from 0.85 to 0.83", "constraint latency_ms <= 50 added", "margin 0.01 of f1 added", "candidate three named"]'
plan 0.83
sed -i 's/better/equivalent/; s/It is/It is not/' experiments/idea.md
plan_is '[.changes[1:][].what] == ["expectation of f1 changed from better to equivalent", "text of the hypothesis changed"]'
plan 0.83
printf '\n## Notes\n\nIt was.\n' >>experiments/idea.md
plan_is '(.changes | length) == 1'
rm experiments/idea.md
plan_is '.changes[1].what == "the file was removed"'

# Not committed when the first run started.
new_repository uncommitted
plan 0.85
plan_is '.state == "no run" and .uncommitted'
try one
commit late
try two
plan_is '.state == "with the first run" and .changes == []'

# Nothing was there at first.
new_repository after
try one
plan 0.85
commit plan
try two
plan_is '.state == "after" and (.changes | length) == 1 and .changes[0].item == "file" and .changes[0].number == 1'

# Dates are set back: they prove nothing.
new_repository backdated
try one
plan 0.85
git add -A
GIT_AUTHOR_DATE='2001-01-01T00:00:00Z' GIT_COMMITTER_DATE='2001-01-01T00:00:00Z' git commit -q -m plan
try two
plan_is '.state == "after"'

# A record that names a commit of later, or of nowhere, is not believed.
new_repository forged
git commit -q --allow-empty -m code
plan 0.85
try one
commit plan
record=$(git ls-tree -r --name-only assay/runs | grep 'run.json$')
git worktree add -q "$here/lab" assay/runs
jq ".plan.commit = \"$(git rev-parse main)\"" "$here/lab/$record" >"$here/forged.json"
cp "$here/forged.json" "$here/lab/$record"
git -C "$here/lab" commit -q -a -m forged
git worktree remove --force "$here/lab"
plan_is '.state == "not provable" and (.sentence | contains("no ancestor"))'

# A rebase leaves the commits that the runs were made from; they are kept.
new_repository rebase
git checkout -q -b topic
plan 0.85
commit plan
try one
git checkout -q main
echo x >other && commit other
git checkout -q topic
git rebase -q main
git reflog expire --expire=now --all
git gc -q --prune=now
plan_is '.state == "before"'
try two
plan_is '.state == "before" and .changes == []'

# Two branches with texts of their own: what each run started from, in the order of the runs.
new_repository branches
plan 0.85
commit plan
git checkout -q -b topic
plan 0.80
commit lower
git checkout -q main
try one
git checkout -q topic
try two
plan_is '.state == "before" and [.changes[].what] == ["f1 lowered from 0.85 to 0.8"]'
git checkout -q main
plan_is '[.changes[].what] == ["f1 lowered from 0.85 to 0.8", "f1 raised from 0.8 to 0.85"] and (.changes[1] | has("by") | not)'

# A project in a folder of the repository.
new_repository nested
mkdir lab
cd lab || exit 1
echo 'project: lab' >assay.yaml
plan 0.85
commit plan
try one
plan_is '.state == "before" and .uncommitted == false and .changes == []'
echo 'More.' >>experiments/idea.md
plan_is '.uncommitted and .changes[0].item == "text"'

# A squash: with the kept code it is provable, without it is not known, and never "after".
new_repository squash
git checkout -q -b topic
plan 0.85
commit plan
echo a >a && commit a
try one
git checkout -q main
git merge -q --squash topic >/dev/null
git commit -q -m squashed
git branch -q -D topic
git reflog expire --expire=now --all
git gc -q --prune=now
plan_is '.state == "before"'
git clone -q "file://$here/squash" "$here/squashed"
cd "$here/squashed" || exit 1
git config user.name Tester && git config user.email tester@example.org
plan_is '.state == "not provable" and (.sentence | contains("not in this clone"))'
jq -e '.experiments[0].practices[3].state == "unknown"' "$here/status" >/dev/null || fail "practice of the unknown"
git fetch -q origin refs/assay/keep:refs/assay/keep
plan_is '.state == "before"'

# A shallow clone knows neither.
git clone -q --depth 1 --no-single-branch "file://$here/repo" "$here/shallow"
cd "$here/shallow" || exit 1
plan_is '.state == "not provable" and (.sentence | startswith("order not provable in this clone"))'

# A renamed file is another experiment, and what was run under the old name is said.
new_repository renamed
plan 0.85
commit plan
try one
git mv experiments/idea.md experiments/again.md && git commit -q -m rename
expect 0 assay run -e again --name two -- true
assay status -e again --json >"$here/status" 2>/dev/null || fail "status"
jq -e '.experiments[0].plan | .state == "before" and (.sentence | contains("the same text had 1 run as idea"))' "$here/status" >/dev/null ||
	fail "renamed: $(jq -c '.experiments[0].plan' "$here/status")"

# Two clones at work: each line has its order, the lines none between them.
new_repository here
plan 0.85
commit plan
try first
git clone -q "$here/here" "$here/there"
git config receive.denyCurrentBranch ignore
cd "$here/there" || exit 1
git config user.name Other && git config user.email other@example.org && git config maintenance.auto false
plan 0.80
commit lower
try there-two
cd "$here/here" || exit 1
try here-two
cd "$here/there" || exit 1
expect 0 assay sync --yes
git checkout -q main
plan_is '.state == "before"'
plan_is '(.changes | length) == 1 and .changes[0].what == "f1 lowered from 0.85 to 0.8" and .changes[0].number == 1 and .changes[0].parallel'
expect 0 assay status -e idea
grep -q 'not provable' "$here/out" || fail "parallel lines: $(cat "$here/out")"

# Two lines that began with different texts.
new_repository left
git commit -q --allow-empty -m more
git clone -q "$here/left" "$here/right"
plan 0.85 && commit plan && try left
cd "$here/right" || exit 1
git config user.name Other && git config user.email other@example.org && git config maintenance.auto false
plan 0.80 && commit plan && try right
expect 0 assay sync --yes
plan_is '.state == "not provable" and (.sentence | contains("parallel lines"))'

# A first run that was taken away does not make the second one the first without a word.
new_repository removed
try one
plan 0.85
commit plan
try two
plan_is '.state == "after"'
expect 0 assay rm one --reason "in the way"
plan_is '.state == "before" and (.sentence | endswith("not counting 1 run that was removed"))'
jq -e '.experiments[0].practices[2] | .state == "partly" and .sentence == "1 run, 1 removed"' "$here/status" >/dev/null || fail "track all: $(jq -c '.experiments[0].practices' "$here/status")"

# A clone without the texts has the order; it fetches what it reads.
git -C "$here/repo" config uploadpack.allowFilter true
git -C "$here/repo" config uploadpack.allowAnySHA1InWant true
git clone -q --filter=blob:none "file://$here/repo" "$here/partial"
cd "$here/partial" || exit 1
export ASAN_OPTIONS="detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}" # libgit2 1.5 itself leaks what it matches a partial clone's remotes with
plan_is '.state == "before" and .changes[0].what == "f1 lowered from 0.85 to 0.83"'
expect 0 assay status -e idea
test "$(grep -c 'after run 2 (two, ' "$here/out")" = 2 || fail "one experiment lists its changes: $(cat "$here/out")"
