#!/bin/sh
# Seeds of a command that predicts labels alone, or rankings that nobody cut, beside baselines that predict both: judged by what
# both sides have, and by clusters where one side names some.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >d.csv
cat >predict.sh <<'END_OF_SCRIPT'
awk -F, -v s="$ASSAY_SEED" -v what="$1" 'NR == FNR { part[$1] = $2; next }
FNR == 1 { print what == "labels" ? "id,y_pred" : what == "ranks" ? "id,score" : "id,y_pred,cluster"; next }
part[FNR - 1] == "test" {
	yes = (FNR * 7919 + s * 31) % 10 < 4
	print FNR - 1 "," (what == "ranks" ? (yes ? 7 + FNR % 3 : -3) : yes ? "yes" : "no") (what == "clusters" ? ",c" int(FNR / 10) : "")
}' "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"
END_OF_SCRIPT
git add . && git commit -qm data
expect 0 assay baseline --data d.csv --target left --seeds 3
judged() {
	expect 0 assay run --seeds 3 --name "$1" -- sh predict.sh "$1"
	assay show "$1" --json | jq -ce ".record.comparison[0] | .scope == \"recipe\" and ($2)" >"$here/asked" ||
		fail "$1: $(assay show "$1" --json | jq -c '.record | [.comparison[0], .notes]')"
}
judged labels '(.metrics | has("f1") and (has("roc_auc") | not)) and has("fixed") and (has("clusters") | not)'
judged ranks '(.metrics | has("roc_auc") and (has("f1") | not)) and (has("fixed") | not)'
judged clusters '.clusters > 10 and .clusters < .rows and (.metrics | has("f1"))'
