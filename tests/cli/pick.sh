#!/bin/sh
# pick writes chosen runs as a Markdown table of checked references, never over what somebody wrote by hand.
. "${0%/*}/lib.sh"
new_repository
mkdir experiments && printf -- '---\nmetrics: [f1, recall]\nsuccess_criteria: {f1: 0.1}\n---\n# Rule\n' >experiments/rule.md
awk 'BEGIN { print "x,y"; srand(3); for (i = 0; i < 400; i++) { x = rand(); print x "," (x + 0.3 * (rand() - 0.5) > 0.5 ? "yes" : "no") } }' >data.csv
printf 'data: {file: data.csv, target: y}\nexperiment: rule\n' >assay.yaml
cat >rule.sh <<'END'
awk -F, -v cut="$1" 'NR == FNR { if (FNR > 1) x[FNR - 1] = $1; next } FNR == 1 { print "id,y_pred"; next }
	$2 == "test" { print $1 "," (x[$1] > cut ? "yes" : "no") }' data.csv "$ASSAY_SPLIT" >"$ASSAY_RUN_DIR/predictions.csv"
END
git add . && git commit -q -m start
expect 0 assay baseline
expect 0 assay run --name 'half|of `it`' --param cut=0.5 -- sh rule.sh '{cut}'
expect 0 assay run --name low --param cut=0.3 -- sh rule.sh '{cut}'

expect 0 assay pick low 'half|of `it`'
file=experiments/rule.results.md
test -f "$file" || fail "no $file"
says "$file"
grep -q '^<!-- Written by `assay pick`' "$file" || fail "no mark: $(head -2 "$file")"

# each figure is a reference, and what it says is what the record says at that precision
refs=$(grep -o '\[[^]]*\](run:[0-9a-f]*#[a-z0-9_.]*)' "$file")
test "$(printf '%s\n' "$refs" | wc -l)" -ge 8 || fail "few references: $refs"
printf '%s\n' "$refs" | sed 's/^\[\([^]]*\)\](run:\([0-9a-f]*\)#\(.*\))$/\1 \2 \3/' >"$here/refs"
while read -r shown handle field; do
	assay show "$handle" --json >"$here/record" 2>"$here/err" || fail "no run $handle"
	case $field in
	comparison.*) path=".record.comparison[0].metrics.$(echo "$field" | cut -d. -f2-)" ;;
	*) path=".record.$field" ;;
	esac
	true=$(jq "$path" "$here/record")
	awk -v a="$shown" -v b="$true" 'BEGIN { exit !(a - b < 0.00051 && b - a < 0.00051) }' ||
		fail "$field of $handle is $true, not $shown"
done <"$here/refs"

# names are no markup; the table has as many cells in each row
grep -qF '`` half\|of `it` ``' "$file" || fail "the odd name: $(grep half "$file")"
grep '^|' "$file" | sed 's/\\|//g' | awk -F'|' '{ n[NF]++ } END { for (k in n) c++; exit c != 1 }' || fail "ragged: $(cat "$file")"

# the same records, the same bytes; the file is no change of code and no experiment
cp "$file" "$here/first"
expect 0 assay pick low 'half|of `it`'
cmp "$file" "$here/first" || fail "other bytes"
expect 0 assay run --name clean -- true
assay show clean --json | jq -e '.record.code.dirty == false' >/dev/null || fail "results make the code dirty"

# stdout, other metrics
expect 0 assay pick low -m accuracy -o -
grep -q '#measured.accuracy' "$here/out" && ! grep -q '#measured.f1' "$here/out" || fail "-m: $(cat "$here/out")"
cmp "$file" "$here/first" || fail "-o - wrote the file"

# what a person wrote stays; wrong use
echo mine >"$file"
expect 2 assay pick low
says 'did not write it'
expect 2 timeout 20 assay pick low --force -o /dev/full
says 'no plain file'
expect 2 assay pick low -o .
test "$(cat "$file")" = mine || fail "written over"
expect 0 assay pick low --force
expect 2 assay pick none
expect 2 assay pick low low
says 'named already'
expect 0 assay run -e other --name else -- true
expect 2 assay pick low other/else
says 'one experiment at a time'
expect 2 assay pick low -m nonsense
says 'none of these runs'
