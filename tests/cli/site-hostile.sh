#!/bin/sh
# A stranger's record and text: they stay text, nothing is written outside, and the other pages are built.
. "${0%/*}/lib.sh"
new_repository
evil='"><script>alert(1)</script>{{{x}}}</pre><img src=x onerror=alert(1)>'
mkdir experiments
cat >experiments/evil.md <<'EOF'
---
title: "<script>alert(1)</script>"
question: "</title><script>alert(1)</script>?"
expects: {f1: better}
---
# <script>alert(1)</script>
[press](javascript:alert(1)) <img src=x onerror=alert(1)> ![far](https://evil.example/x.png)
EOF
git add . && git commit -qm start

# record NAME EXPERIMENT ID: a run.json on standard output, every text of it hostile
record() {
	jq -n --arg name "$1" --arg experiment "$2" --arg id "$3" --arg evil "$evil" '{schema: 1, id: $id,
		experiment: $experiment, name: $name, kind: "run", status: "finished", started: $evil, command: [$evil, "a b"],
		environment: {os: $evil, cores: 2}, code: {commit: $evil, dirty: true, snapshot: $evil},
		data: {files: [{path: $evil, sha256: $evil, rows: 3, columns: 2}], split: {sha256: $evil}},
		params: {($evil): $evil}, tags: {($evil): $evil}, notes: [$evil], measured: {f1: 0.5, ($evil): 0.25},
		intervals: {f1: [0.4, 0.6]}, artifacts: [{path: $evil, sha256: $evil, bytes: 3, where: "\u001b[31mgit"}],
		changes: {against: $evil, factors: [{factor: $evil, name: $evil, from: $evil, to: $evil}]},
		criteria: [{metric: $evil, rule: $evil, verdict: "unmet", certain: true}],
		comparison: [{role: "baseline", against: $evil, metrics: {f1: {difference: 0.1, verdict: $evil}}}]}'
}
export GIT_INDEX_FILE="$here/index"
put() {
	blob=$(git hash-object -w --stdin) || fail "hash-object"
	git update-index --add --cacheinfo "100644,$blob,$1" || fail "update-index $1"
}
record "$evil" evil 20261120-140211-9f3c21aa00 | put runs/evil/2026-11/20/9f/20261120-140211-9f3c21aa00/run.json
jq -n --arg evil "$evil" '{schema: 1, classes: ["no", $evil], positive: $evil, rows: 4, confusion_matrix: [[1, 1], [1, 1]],
	roc: {($evil): [[0, 0, 1], [0.5, 0.5, 0.5], [1, 1, 0]]}, report: {}}' |
	put runs/evil/2026-11/20/9f/20261120-140211-9f3c21aa00/evaluation.json
record plain good 20261121-140211-9f3c21aa01 | put runs/good/2026-11/21/9f/20261121-140211-9f3c21aa01/run.json
echo '{"schema": 1, "id": "../../../../tmp/evil"' | put runs/good/2026-11/22/9f/20261122-140211-9f3c21aa02/run.json
record plain 'Of a Stranger' 20261123-140211-9f3c21aa04 |
	put 'runs/Of a Stranger/2026-11/23/9f/20261123-140211-9f3c21aa04/run.json'
record plain ../../evil 20261123-140211-9f3c21aa03 | put runs/x/2026-11/23/9f/20261123-140211-9f3c21aa03/run.json
tree=$(git write-tree) && commit=$(git commit-tree -m 'a pull request' "$tree") || fail "commit-tree"
unset GIT_INDEX_FILE
git update-ref refs/heads/assay/runs "$commit"

# on the terminal: no control character of theirs, whichever column it is in; any name is listed
assay show 20261120-140211-9f3c21aa00 >"$here/out" 2>"$here/err" || fail "show: exit $?: $(cat "$here/err")"
! LC_ALL=C grep -q "$(printf '\033')" "$here/out" || fail "show: an escape of theirs reaches the terminal"

assay ls >"$here/out" 2>"$here/err" || fail "ls: exit $?: $(cat "$here/err")"
grep -q 'Of a Stranger' "$here/out" || fail "ls: the experiment of a stranger is left out"
mv experiments/evil.md experiments/kept
printf -- '---\nfine: no\n---\n' >experiments/evil.md
assay ls >"$here/out" 2>"$here/err" || fail "ls, with an experiment's file that cannot be read: $(cat "$here/err")"
grep -q "unknown key 'fine'" "$here/err" || fail "ls: what is wrong with the experiment's file is not said"
mv experiments/kept experiments/evil.md

find "$here" -path "$here/repo/.git" -prune -o -print | sort >"$here.before"
assay site >"$here/out" 2>"$here/err"
code=$?
test $code = 0 || test $code = 3 || fail "exit $code: $(cat "$here/err")"
grep -q '9f3c21aa02' "$here/err" || fail "the broken record is not named"
find "$here" -path "$here/repo/.git" -prune -o -path "$here/repo/site*" -prune -o -print | sort |
	grep -v "^$here/\(out\|err\)$" >"$here.after"
grep -v "^$here/\(out\|err\)$" "$here.before" | cmp - "$here.after" || fail "something was written outside of the site"
rm -f "$here.before" "$here.after"

for page in index experiments runs experiments/evil experiments/good runs/20261120-140211-9f3c21aa00 \
	runs/20261121-140211-9f3c21aa01; do
	test -s "site/$page.html" || fail "no $page.html"
done
# the page of an experiment that is called as no file of ours may be
stranger=experiments/x-$(printf %s 'Of a Stranger' | sha256sum | cut -c1-12).html
if test -e site/runs/20261123-140211-9f3c21aa04.html; then
	test -s "site/$stranger" || fail "no $stranger"
	grep -q "$stranger" site/experiments.html || fail "experiments.html does not lead to $stranger"
else
	grep -q '9f3c21aa04' "$here/err" || fail "the record of a stranger is not named"
fi
test ! -e site/runs/20261122-140211-9f3c21aa02.html || fail "a page of a broken record"
# the one inline script is ours; nothing of theirs became a tag, an attribute or an address
for page in $(find site -name '*.html'); do
	grep -i '<script' "$page" | grep -v '^<script>try{document\|^<script src="[./]*assets/site.js" defer></script>$' &&
		fail "$page: a script"
	grep -i '<img\|href="javascript:' "$page" && fail "$page: an element of theirs"
	sed 's/="[^"]*"/=""/g' "$page" | grep -i '<[a-z][^>]* on[a-z]*=' && fail "$page: an attribute of theirs"
done
exit 0
