#!/bin/sh
# A user's program, trained on the baseline's rows by awk, is scored by assay, compared with the baseline row by row, and a
# copy of a baseline's predictions gets that baseline's figures.
. "${0%/*}/lib.sh"
new_repository
sample_csv 600 >d.csv
git add d.csv && git commit -qm data
expect 0 assay baseline --data d.csv --target left

# One rule, its cut found on the training rows: predict yes above an age.
cat >stump.awk <<'END'
NR == FNR { part[$1] = $2; next }
FNR == 1 { next }
{ row = FNR - 1; age[row] = $1; yes[row] = $3 == "yes" }
END {
	for (cut = 18; cut < 80; cut++) {
		right = 0
		for (r in age) if (part[r] == "train") right += (age[r] > cut) == yes[r]
		if (right > most) { most = right; best = cut }
	}
	print "id,y_pred,score"
	for (r in age) if (part[r] == wanted) print r "," (age[r] > best ? "yes" : "no") "," 1 / (1 + exp((best - age[r]) / 5))
	print "{\"cut\": " best "}" >params
}
END
cat >stump.sh <<'END'
awk -F, -v wanted=test -v params="$ASSAY_RUN_DIR/params.json" -f stump.awk "$ASSAY_SPLIT" d.csv >"$ASSAY_RUN_DIR/predictions.csv"
END
expect 0 assay run --name stump -- sh stump.sh
assay show stump --json | jq .record >"$here/stump" || fail "show"
ask() {
	jq -e "$1" "$here/${2:-stump}" >"$here/asked" || fail "$1: $(cat "$here/asked") $(jq -c .notes "$here/${2:-stump}")"
}
ask '.status == "finished" and .kind == "run" and (.params.cut | type) == "number"'
ask '.evaluation == {source: "split", part: "test", rows: 120, matched: 120, missing: 0, look: 1}'
ask '.measured.accuracy > 0.5 and .measured.roc_auc > 0.5 and (.intervals.f1 | length) == 2'
ask '.comparison[0] | .role == "baseline" and .rows == 120 and .metrics.f1.verdict != null'
ask '.data.files[0].path == "d.csv" and .data.files[0].rows == 600'
ask '[.artifacts[].path] | index("evaluation.json") != null and index("predictions.csv") != null'
ask '.threshold == {chosen: "unknown"}'
split=$(assay show majority --json | jq -r .record.data.split.sha256)
ask ".data.split.sha256 == \"$split\""

# The figures, counted by hand.
folder=$(git ls-tree -r --name-only assay/runs | grep "$(jq -r .id "$here/stump")/predictions.csv")
git show "assay/runs:$folder" >"$here/stored"
awk -F, 'NR > 1 { n++; right += $2 == $3 } END { printf "%.10f\n", right / n }' "$here/stored" >"$here/by-hand"
jq -r .measured.accuracy "$here/stump" | awk '{ printf "%.10f\n", $1 }' | cmp - "$here/by-hand" || fail "accuracy"

# A perfect copy: the figures of counts are the baseline's to the last bit, and nothing is fixed or broken.
logistic=$(assay show logistic --json | jq -r .record.id)
git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep "$logistic/predictions.csv")" >"$here/copy.csv"
{ head -1 "$here/copy.csv" && sed 1d "$here/copy.csv" | sort -t, -k4; } >copy.csv
expect 0 assay run --name copy -- sh -c 'cp copy.csv "$ASSAY_RUN_DIR/predictions.csv"'
assay show copy --json | jq .record >"$here/copy" || fail "show"
assay show logistic --json | jq .record >"$here/logistic" || fail "show"
for name in accuracy balanced_accuracy f1 f1_macro matthews_corrcoef precision recall; do
	want=$(jq -c "[.measured.$name, .intervals.$name]" "$here/logistic")
	got=$(jq -c "[.measured.$name, .intervals.$name]" "$here/copy")
	test "$got" = "$want" || fail "$name: $got, the baseline's is $want"
done

# Own labels where there is no split; a file that cannot be scored costs its scores and not the run.
expect 0 assay run --name short -- sh -c 'head -20 copy.csv >"$ASSAY_RUN_DIR/predictions.csv"'
says "predictions.csv is not scored"
assay show short --json | jq .record >"$here/short" || fail "show"
ask '.status == "finished" and .measured == null and (.notes | any(contains("rows without a prediction")))' short
new_repository other
cat >own.sh <<'END'
printf 'id,y_true,y_pred\na,1,1\nb,0,1\nc,0,0\n' >"$ASSAY_RUN_DIR/predictions.csv"
END
expect 0 assay run --name own -- sh own.sh
assay show own --json | jq .record >"$here/own" || fail "show"
ask '.evaluation.source == "run" and (.measured.accuracy | . > 0.66 and . < 0.67) and .comparison == null' own
