#!/bin/sh
# A run is judged by the runs of its own experiment, and by what it needs of others: their baselines where it has none, a
# baseline that is named there, and how often anybody looked at the same rows.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >d.csv
mkdir experiments
echo '# One' >experiments/one.md
echo '# Two' >experiments/two.md
git add . && git commit -qm data
expect 0 assay baseline -e one --data d.csv --target left
logistic=$(assay show one/logistic --json | jq -r .record.id)
git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep "$logistic/predictions.csv")" >"$here/copy.csv"
asked() {
	assay show "$1" --json | jq -ce ".record | $2" >"$here/asked" || fail "$1: $2: $(cat "$here/asked") $(assay show "$1" --json | jq -c '.record | [.evaluation, .comparison[0].against, .notes]')"
}
predict='cp "$0" "$ASSAY_RUN_DIR/predictions.csv"'
expect 0 assay run -e one --name first -- sh -c "$predict" "$here/copy.csv"
asked one/first '.evaluation.look == 1'
best=$(assay show one/first --json | jq -r '.record.comparison[0].against')
expect 0 assay run -e two --name second -- sh -c "$predict" "$here/copy.csv"
asked two/second ".evaluation.look == 2 and .comparison[0].against == \"$best\""

# Two seeds are too few to be judged: neither they nor their parent are a look, wherever they are.
expect 0 assay run -e two --seeds 2 --name seeds -- sh -c "$predict" "$here/copy.csv"
expect 0 assay run -e one --name third -- sh -c "$predict" "$here/copy.csv"
asked one/third '.evaluation.look == 3'

# A baseline that is named in another experiment, by its name and by its handle.
sed -i '1i ---\nbaseline: one/first\n---' experiments/two.md && git commit -qam named
first=$(assay show one/first --json | jq -r .record.id)
expect 0 assay run -e two --name fourth -- sh -c "$predict" "$here/copy.csv"
asked two/fourth ".comparison[0].against == \"$first\" and .evaluation.look == 4"
sed -i "2s/.*/baseline: ${first##*-}/" experiments/two.md && git commit -qam handle
expect 0 assay run -e two --name fifth -- sh -c "$predict" "$here/copy.csv"
asked two/fifth ".comparison[0].against == \"$first\" and .evaluation.look == 5"
