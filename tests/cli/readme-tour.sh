#!/bin/sh
# The README's five minutes, in an empty HOME: every `assay` line of the tour is run as it stands there, in its order.
. "${0%/*}/lib.sh"
mkdir "$here/tour" && cd "$here/tour" || exit 1
git init -q -b main .
sed '1s/.*/tenure,contract,churn/' >customers.csv <<END
$(sample_csv 400)
END

# who has told git nothing yet is told what to type, and that is enough
git config user.useConfigOnly true
expect 2 assay baseline --data customers.csv --target churn
sed -n 's/^hint: \(git config .*\)/\1/p' "$here/err" >../commands
test "$(wc -l <../commands)" = 2 || fail "not two git commands as hints"
sh ../commands || fail "the hints do not work"

sed -n '/^## Five minutes/,/^## How it compares/s/^    \(assay .*\)/\1/p' "$top/README.md" | sed 's/ *#.*//' >../steps
test "$(wc -l <../steps)" -ge 14 || fail "the README has no tour"
sed -n '/^```python/,/^```$/p' "$top/README.md" | sed '/^```/d' >train.py
test "$(grep -vc ^import train.py)" = 5 || fail "the protocol does not fit into six lines"
while IFS= read -r command; do
	expect 0 sh -c "$command" </dev/null
	case $command in "assay new "*)
		git add . && git commit -q -m "an idea, before its runs" || fail "commit" ;;
	esac
done <../steps
test -s site/index.html || fail "no site"
expect 0 assay show by-tenure --json
jq -e '.record | .measured.f1 and .params.months == 12 and .series.loss.count == 1 and .comparison[0].metrics.f1.verdict' "$here/out" ||
	fail "the training script is not compared with the baselines"
# each word holds for what the README says that it holds for
for pair in once:model five:recipe ten:change; do
	expect 0 assay show "${pair%:*}" --json
	jq -e --arg scope "${pair#*:}" '.record.comparison[0] | .role == "baseline" and .scope == $scope' "$here/out" ||
		fail "${pair%:*} is not judged in scope ${pair#*:}: $(jq -c .record.notes "$here/out")"
done
grep -q 'run:[0-9a-f]*#measured' experiments/default.results.md || fail "nothing was picked"
expect 0 assay ls --json
jq -e '[.[].experiment] | unique == ["default", "fewer-columns"]' "$here/out" || fail "the runs are not where the tour puts them"
git fsck --strict >"$here/out" 2>"$here/err" || fail "git fsck"
