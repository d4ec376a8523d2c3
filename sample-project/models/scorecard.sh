#!/bin/sh
# A scorecard (naive Bayes) in shell and awk: points for each fact, added up. It fits on a page and needs no computer.
#
#     assay run -- sh models/scorecard.sh        a run on record, scored on the baselines' rows
#     sh models/scorecard.sh                     the same without assay: every fifth row tests, files into out/
set -eu
export LC_ALL=C
data=$(dirname "$0")/../data/churn.csv
out=${ASSAY_RUN_DIR:-out}
mkdir -p "$out/artifacts"

# Which rows train and which test: assay says, else a rule of our own. Rows are numbered from 1.
split=${ASSAY_SPLIT:-$out/split.csv}
test -n "${ASSAY_SPLIT:-}" ||
	awk 'BEGIN { print "id,part" } NR > 1 { print NR - 1 "," ((NR - 1) % 5 ? "train" : "test") }' "$data" >"$split"

# Three readings of the same files: who is who, the points from the rows that train, the scores of those that test.
awk -F, -v out="$out" '
	function clip(x, least, most) { return x < least ? least : x > most ? most : x }
	# a fact: a column with its value, numbers in ranges
	function fact(i) {
		if (name[i] == "tenure") return "tenure: " (int($i / 12) ? int($i / 12) " years" : "first year")
		if (name[i] == "monthly_charges") return "monthly_charges: from " int($i / 20) * 20
		return name[i] ": " $i
	}
	# The charges say again what is booked and for how long: a scorecard that counts them twice is too sure of itself.
	function counts(i) { return i != target && name[i] != "total_charges" && name[i] != "gender" }

	FILENAME == ARGV[1] { part[$1] = $2; next }
	FNR == 1 {
		for (i = 1; i <= NF; i++) { name[i] = $i; if ($i == "churn") target = i }
		next
	}
	part[FNR - 1] == "train" {
		leaves = $target == "Yes"
		rows[leaves]++
		for (i = 1; i <= NF; i++) if (counts(i)) { seen[fact(i), leaves]++; facts[fact(i)] }
	}
	part[FNR - 1] == "test" { test[++tests] = FNR - 1; line[tests] = $0 }
	END {
		prior = log(rows[1] / rows[0])
		for (f in facts)
			points[f] = log((seen[f, 1] + 1) / (rows[1] + 2)) - log((seen[f, 0] + 1) / (rows[0] + 2))
		for (f in facts) printf "%s,%.2f\n", f, points[f] >(out "/points.csv")
		print "id,y_pred,score" >(out "/predictions.csv")
		for (t = 1; t <= tests; t++) {
			$0 = line[t]
			sum = prior
			for (i = 1; i <= NF; i++) if (counts(i)) sum += points[fact(i)]
			score = 1 / (1 + exp(-clip(sum, -30, 30)))
			printf "%d,%s,%.7f\n", test[t], (score >= 0.5 ? "Yes" : "No"), score >(out "/predictions.csv")
		}
	}' "$split" "$data"

{ echo fact,points; sort -t, -k2,2nr -k1,1 "$out/points.csv"; } >"$out/artifacts/scorecard.csv"
rm "$out/points.csv"

# What else is to be on record. Any program may write these files itself; `assay log` does it for a shell.
if test -n "${ASSAY_RUN_DIR:-}"; then
	assay log param "lines=$(($(wc -l <"$out/artifacts/scorecard.csv") - 1))" smoothing=1
	assay log tag kind=scorecard
fi
