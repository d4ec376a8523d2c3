#!/bin/sh
# A site whose every name was written by a stranger, in a browser: nothing of it runs, nothing is fetched, nothing breaks the
# layout. A longer name than any screen is wide is among them.
node=$(sh "$top/tests/node.sh") || exit $?
. "$top/tests/cli/lib.sh"
CHROMIUM=$(command -v "${CHROMIUM:-chromium}") || skip "chromium is not installed"
export CHROMIUM
new_repository
evil='"><script>ran = 1</script><img src="https://evil.example/x.png" onerror="ran = 1">{{{x}}}'
long=$(printf 'a-name-without-an-end%.0s' 1 2 3 4 5 6 7 8)
mkdir experiments
cat >experiments/evil.md <<'EOF'
---
title: "<script>ran = 1</script>"
question: "</title><script>ran = 1</script>?"
---
# <script>ran = 1</script>
[press](javascript:ran=1) ![far](https://evil.example/x.png) <img src=x onerror="ran = 1">

| a | b |
| --- | --- |
| averyveryveryveryveryveryveryveryveryveryverylongwordthatneverends | averyveryveryveryveryveryveryveryverylongword |
EOF
git add . && git commit -qm start
export GIT_INDEX_FILE="$here/index"
i=0
for name in "$evil" "$long"; do
	i=$((i + 1))
	id=20261120-14021$i-9f3c21aa0$i
	blob=$(jq -n --arg name "$name" --arg id "$id" '{schema: 1, id: $id, experiment: "evil", name: $name, kind: "run",
		status: "finished", started: "2026-11-20T14:02:11Z", command: ["train", $name], environment: {os: $name},
		code: {dirty: true}, data: {files: [{path: $name, sha256: $name, rows: 3, columns: 2}], split: {sha256: $name}},
		params: {($name): $name}, notes: [$name], measured: {f1: 0.5, ($name): 0.25}, intervals: {f1: [0.4, 0.6]},
		criteria: [{metric: $name, rule: ">= 0.5", verdict: "unmet", certain: true}],
		artifacts: [{path: "artifacts/<b>x", sha256: $name, bytes: 3, where: "git"}]}' | git hash-object -w --stdin) || fail "blob"
	git update-index --add --cacheinfo "100644,$blob,runs/evil/2026-11/20/9f/$id/run.json" || fail "update-index"
	blob=$(jq -n --arg name "$name" '{schema: 1, classes: ["no", $name], positive: $name, rows: 4,
		confusion_matrix: [[1, 1], [1, 1]], roc: {($name): [[0, 0, 1], [0.5, 0.5, 0.5], [1, 1, 0]]},
		precision_recall: {($name): [[0, 1, 1], [1, 0.5, 0]]}}' | git hash-object -w --stdin) || fail "blob"
	git update-index --add --cacheinfo "100644,$blob,runs/evil/2026-11/20/9f/$id/evaluation.json" || fail "update-index"
done
commit=$(git commit-tree -m 'a pull request' "$(git write-tree)") || fail "commit-tree"
unset GIT_INDEX_FILE
git update-ref refs/heads/assay/runs "$commit"
expect 0 assay site
node "$top/tests/browser/axe.mjs" "$node" site ran || fail "see above"
