#!/bin/sh
# Picking is corrected for whatever metric decides, also where only a weighted sample of the rows is stored: as if the run had
# not been picked, its interval is the one that the record has, which is computed in another way from all rows.
. "${0%/*}/lib.sh"
new_repository
mkdir experiments

# model.sh SEED ROWS SHARE: scores of rows, of which that share is positive
cat >model.sh <<'EOF'
#!/bin/sh
awk -v seed="$1" -v rows="$2" -v share="$3" 'BEGIN {
	srand(7)
	for (i = 1; i <= rows; i++) { y[i] = rand() < share; common[i] = rand() + rand() - 1 }
	srand(seed)
	print "id,y_true,score,exact"
	for (i = 1; i <= rows; i++) {
		s = 1 / (1 + exp(-(log(share / (1 - share)) / 2 - 0.7 + 2.2 * y[i] + 2.5 * common[i] + 2 * (rand() - 0.5))))
		printf "%d,%d,%.5f,%d\n", i, y[i], s, rand() < 0.7
	}
}' >"$ASSAY_RUN_DIR/predictions.csv"
EOF
chmod +x model.sh
echo 'predictions: {rows: 1000}' >assay.yaml

# check NAME METRIC SLACK: both intervals of the best are as wide, and their ends apart by no more than that part of it
check() {
	assay show best -e "$1" --json 2>/dev/null >"$here/best.json" || fail "show best of $1"
	jq -e --arg metric "$2" --argjson slack "$3" '
		.today.picked as $picked | .record.intervals[$metric] as $own | ($own[1] - $own[0]) as $width |
		$picked.of == 3 and
		($picked.plain_interval[0] - $own[0] | fabs) < $slack * $width and
		($picked.plain_interval[1] - $own[1] | fabs) < $slack * $width and
		$picked.plain == .record.measured[$metric] and
		(($picked.corrected - $picked.plain) * (if ($metric | test("loss")) then 1 else -1 end)) > 0' \
		"$here/best.json" >/dev/null ||
		fail "$1: $(jq -c --arg metric "$2" '[.today.picked, .record.intervals[$metric]]' "$here/best.json")"
}

for metric in accuracy recall f1 balanced_accuracy matthews_corrcoef roc_auc average_precision brier_score_loss log_loss; do
	printf -- '---\nmetrics: [%s]\n---\n# %s\n' $metric $metric >experiments/$metric.md
	for seed in 1 2 3; do
		assay run -e $metric -- ./model.sh $seed 900 0.3 2>"$here/err" || fail "$metric: $(cat "$here/err")"
	done
	check $metric $metric 0.12
done

# 4,000 rows, 4 % positive: 1,000 are stored, half of them positive or all that there are
for metric in recall f1 roc_auc average_precision brier_score_loss; do
	printf -- '---\nmetrics: [%s]\n---\n# Rare\n' $metric >experiments/rare-$metric.md
	for seed in 1 2 3; do
		assay run -e rare-$metric -- ./model.sh $seed 4000 0.04 2>"$here/err" || fail "rare $metric: $(cat "$here/err")"
	done
	check rare-$metric $metric 0.25
done

# a score per row that only this experiment knows
printf -- '---\nmetrics: [{exact: higher}]\n---\n# Exact\n' >experiments/exact.md
for seed in 1 2 3; do
	assay run -e exact -- ./model.sh $seed 900 0.3 2>"$here/err" || fail "exact: $(cat "$here/err")"
done
check exact exact 0.05

# several rows of one unit, right or wrong together: units are what varies
cat >clustered.sh <<'EOF'
#!/bin/sh
awk -v seed="$1" 'BEGIN {
	srand(seed)
	print "id,y_true,y_pred,cluster"
	for (i = 0; i < 900; i++) {
		if (i % 6 == 0) wrong = rand() < 0.2
		print i "," i % 2 "," (wrong ? 1 - i % 2 : i % 2) "," int(i / 6)
	}
}' >"$ASSAY_RUN_DIR/predictions.csv"
EOF
chmod +x clustered.sh
printf -- '---\nmetrics: [accuracy]\n---\n# Units\n' >experiments/units.md
for seed in 1 2 3; do
	assay run -e units -- ./clustered.sh $seed 2>"$here/err" || fail "units: $(cat "$here/err")"
done
check units accuracy 0.12
