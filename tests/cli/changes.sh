#!/bin/sh
# What changed since the nearest earlier run: each factor alone, several together, what is no factor of its own, and the runs
# that would tell them apart; against known differences in a generated repository.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
cat >train.sh <<'END'
lr=0.1
depth=4
. ./params.sh
test $# = 0 || lr=$1
printf '{"lr": %s}' "$lr" >"$ASSAY_RUN_DIR/params.json"
printf '{"f1": 0.5}' >"$ASSAY_RUN_DIR/metrics.json"
END
: >params.sh
echo '{"rate": 1}' >settings.json
git add -A && git commit -qm code

# factors: those of the run that the last `assay run` made, "kind:name ..."; verdict: its word
of_last() {
	assay ls --json >"$here/ls.json" || fail "ls"
	jq -r '[.[] | select(.parent == null and (.name | test("-seed") | not))] | sort_by(.id) | last | .id' "$here/ls.json" >"$here/id"
	assay show --json "$(cat "$here/id")" >"$here/show.json" || fail "show"
	factors=$(jq -r '[.record.changes.factors[]? | .factor + (if .name then ":" + .name else "" end)] | join(" ")' "$here/show.json")
	verdict=$(jq -r '.record.changes.verdict' "$here/show.json")
	against=$(jq -r '.record.changes.against // ""' "$here/show.json")
}

# changed WANT_VERDICT "WANT FACTORS" RUN-ARGUMENTS...
changed() {
	want_verdict=$1 want_factors=$2
	shift 2
	expect 0 assay run "$@"
	of_last
	test "$verdict" = "$want_verdict" || fail "$* is $verdict ($factors), not $want_verdict"
	test "$factors" = "$want_factors" || fail "$* changed '$factors', not '$want_factors'"
}

changed first "" -- sh train.sh 0.1
says "the first of its kind: nothing to compare with"
changed none "" -- sh train.sh 0.1
changed isolated params:lr -- sh train.sh 0.2
says "lr 0.1 -> 0.2 (isolated"
changed isolated seed --seed 3 -- sh train.sh 0.2
changed isolated params:extra --param extra=x -- sh train.sh 0.2

# a file of code, in a commit and in a dirty tree; a default changed in code though no parameter says so
sed -i 's/depth=4/depth=6/' train.sh
changed isolated code:train.sh -- sh train.sh 0.2
git commit -qam "deeper"
changed none "" -- sh train.sh 0.2
echo 'note=1' >>params.sh
echo '# more' >>train.sh
changed confounded "code:params.sh code:train.sh" -- sh train.sh 0.2
says "confounded: params.sh and train.sh changed together; 1 more run would tell the two apart"
grep -q "with train.sh as in" "$here/err" || fail "no words for a file of code"
git commit -qam "both"

# what no program reads, and what is recorded by itself, is no code
mkdir -p experiments
echo '# plan' >README.md
echo 'project: p' >assay.yaml
git add -A && git commit -qm "words"
changed none "" -- sh train.sh 0.2
git mv train.sh fit.sh && git commit -qm "renamed"
changed first "" -- sh fit.sh 0.2
changed isolated params:lr -- sh fit.sh 0.3
git mv fit.sh train.sh && git commit -qm "renamed back"

# data that is recorded is a factor of its own, tracked or not
changed isolated "data:data.csv" --data data.csv -- sh train.sh 0.2
sample_csv 210 >data.csv
changed isolated "data:data.csv" --data data.csv -- sh train.sh 0.2
cp data.csv other.csv && sample_csv 220 >>other.csv
changed isolated "data:other.csv" --data other.csv -- sh train.sh 0.2
git checkout -q data.csv && rm other.csv
changed none "" -- sh train.sh 0.2
first=$(cat "$here/id")

# all at once, and --from
echo '# again' >>train.sh
changed confounded "command code:train.sh params:lr data:data.csv seed" --seed 9 --from "$first" --data data.csv -- sh train.sh 0.9 -x
test "$against" = "$first" || fail "--from $first: against $against"
expect 2 assay run --from nothing -- sh train.sh 0.1
says "--from nothing: there is no run"
expect 1 assay run --name broken -- sh -c 'exit 1'
expect 2 assay run --from broken -- sh train.sh 0.1
says "has not finished"
git checkout -q train.sh

# k confounded factors: k - 1 commands, and each of their steps is isolated
changed confounded "params:a params:b params:lr" --from "$first" --param a=1 --param b=2 -- sh train.sh 0.4
last=$(cat "$here/id")
sed -n 's/^note:   //p' "$here/err" >"$here/apart"
test "$(wc -l <"$here/apart")" = 2 || fail "not 2 runs for 3 factors"
before=$first
while read -r line; do
	name=$((${name-0} + 1))
	expect 0 sh -c "$(echo "$line" | sed "s/assay run/assay run --from $before/")"
	of_last
	test "$verdict" = isolated || fail "$line: $factors"
	before=$(cat "$here/id")
done <"$here/apart"
expect 0 assay compare "$before" "$last"
grep -q '(isolated' "$here/out" || fail "the last step is not isolated"
expect 0 assay compare "$first" "$last"
grep -q 'confounded: a, b and lr changed together; 2 more runs' "$here/out" || fail "compare of the two ends"
expect 0 assay show "$last"
grep -q 'confounded: a, b and lr changed together' "$here/out" || fail "show does not say it"

# a parameter file that says what the record says is no second factor
cat >tune.sh <<'END'
cp params.json "$ASSAY_RUN_DIR/params.json"
END
echo '{"model": {"width": 8}}' >params.json
git add -A && git commit -qm "parameters in a file"
changed first "" -- sh tune.sh
echo '{"model": {"width": 16}}' >params.json
changed isolated params:model.width -- sh tune.sh
git commit -qam "wider"
sed -i 's/^/true; /' tune.sh
changed isolated code:tune.sh -- sh tune.sh
echo '{"model": {"width": 32}}' >params.json
changed confounded "code:tune.sh params:model.width" --from "$(jq -r 'sort_by(.id) | .[-2].id' "$here/ls.json")" -- sh tune.sh
says "1 more run would tell the two apart"
says ", with model.width 16 in params.json"
git checkout -q tune.sh params.json

# seeds: the parent is compared, its children are not
expect 0 assay run --seeds 3 --name pooled -- sh train.sh 0.2
assay ls --json >"$here/ls.json" || fail "ls"
parent=$(jq -r '.[] | select(.name == "pooled") | .id' "$here/ls.json")
child=$(jq -r '.[] | select(.name == "pooled-seed1") | .id' "$here/ls.json")
assay show --json "$parent" | jq -e '[.record.changes.factors[].name] == ["params.json", "tune.sh"]' >/dev/null ||
	fail "the parent of seeds"
assay show --json "$child" | jq -e '.record | has("changes") | not' >/dev/null || fail "a child of seeds has changes"

# a clone without the code that ran says so, and names no file
git commit -q --allow-empty -m "one more"
git clone -q --depth 1 --no-single-branch "file://$PWD" "$here/shallow" && cd "$here/shallow" || fail "clone"
git config user.name Tester && git config user.email tester@example.org
changed confounded "code params:lr" -- sh train.sh 0.7
says "confounded: code and lr changed together"
