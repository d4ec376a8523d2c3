#!/bin/sh
# The best of many runs is shown with its figure corrected for the picking: the same in every place, from the cache or not.
. "${0%/*}/lib.sh"
new_repository
mkdir experiments

# model.sh SEED SKILL [ROWS]: predictions of rows that are hard for every model or for none
cat >model.sh <<'EOF'
#!/bin/sh
awk -v seed="$1" -v skill="$2" -v rows="${3:-400}" 'BEGIN {
	srand(7)
	for (i = 1; i <= rows; i++) { y[i] = rand() < 0.4; hard[i] = rand() < 0.3 }
	srand(seed)
	print "id,y_true,y_pred"
	for (i = 1; i <= rows; i++)
		print i "," y[i] "," (rand() < (1 - skill) * (hard[i] ? 2 : 0.57) ? 1 - y[i] : y[i])
}' >"$ASSAY_RUN_DIR/predictions.csv"
EOF
chmod +x model.sh
cat >assay.yaml <<'EOF'
metrics: [accuracy]
EOF
cat >experiments/tries.md <<'EOF'
---
constraints: {size_mb: {max: 10}}
---
# Tries
EOF
git add . && git commit -qm code

try() { # NAME SEED SKILL [ROWS]
	name=$1
	shift
	assay run -e tries --name "$name" -- ./model.sh "$@" 2>"$here/err" || fail "run $name: $(cat "$here/err")"
}
footer() {
	assay ls -e "$1" --no-pager | grep '^best of\|^named' || :
}

try a 1 0.80
test -z "$(footer tries)" || fail "one run was not picked"
try b 2 0.80
try c 3 0.80
try d 4 0.80
try far 5 0.55
# none of these is a candidate: seeds of one recipe are one run, a reproduction is none, one breaks the constraint
assay run -e tries --name many --seeds 3 -- sh -c './model.sh $ASSAY_SEED 0.79' 2>/dev/null || fail "seeds"
assay run -e tries --name big -- sh -c './model.sh 6 0.99; echo "{\"size_mb\": 99}" >"$ASSAY_RUN_DIR/metrics.json"' \
	2>/dev/null || fail "big"
assay reproduce a >/dev/null 2>&1 || fail "reproduce"
assay ls -e tries --json >"$here/ls.json" 2>/dev/null
jq -e 'map(select(.places)) | map(.name) | sort == ["a", "b", "c", "d", "far", "many"]' "$here/ls.json" >/dev/null ||
	fail "other runs have places: $(jq -c 'map(select(.places) | .name)' "$here/ls.json")"
jq -e 'map(select(.picked)) | length == 1 and (.[0].picked |
	.of == 6 and .corrected < .plain and .interval[0] < .plain_interval[0] and .interval[0] < .corrected and
	.corrected < .interval[1] and (.could_be_best | length) >= 4)' "$here/ls.json" >/dev/null ||
	fail "picked: $(jq -c 'map(.picked // empty)' "$here/ls.json")"
jq -e '.[] | select(.name == "far") | .places == [6, 6]' "$here/ls.json" >/dev/null || fail "far is not the last"

# the same words in every place
words=$(footer tries)
case $words in
"best of 6, corrected for the picking: accuracy 0."*"], plain 0."*" runs could be the best") ;;
*) fail "ls says: $words" ;;
esac
best=$(jq -r '.[] | select(.picked) | .name' "$here/ls.json")
COLUMNS=200 assay show "$best" --no-pager | grep -qF "$words" || fail "show $best does not say: $words"
assay show far --no-pager | grep -q 'place 6 of 6' || fail "show far does not say its place"
assay show "$best" --json | jq -e '.today.picked.of == 6 and (.today.places | length) == 2' >/dev/null || fail "show --json"
assay site -o "$here/site" >/dev/null 2>&1 || fail "site"
corrected=$(jq -r '.[] | .picked // empty | .corrected * 1000 | round' "$here/ls.json")
grep -q "the best of 6, corrected for the picking: accuracy 0.$corrected" "$here/site/experiments/tries.html" ||
	fail "the site has other words"
test "$(grep -c 'class="could"' "$here/site/experiments/tries.html")" = \
	"$(jq '.[] | .picked // empty | .could_be_best | length' "$here/ls.json")" || fail "the bracket holds others"

# what the cache keeps is what was computed, by any number of threads; and it is taken
ls .git/assay/cache/picked/*.json >/dev/null || fail "nothing is kept"
rm -r .git/assay/cache/picked
taskset -c 0 assay ls -e tries --json >"$here/again.json" 2>/dev/null
cmp "$here/ls.json" "$here/again.json" || fail "computed again it differs"
kept=$(ls .git/assay/cache/picked/*.json)
cp "$kept" "$here/kept"
jq '.figures[3] = 0.123' "$here/kept" >"$kept"
footer tries | grep -q 'accuracy 0.123' || fail "the cache is not read"
assay run -e tries -- false 2>/dev/null
footer tries | grep -q 'accuracy 0.123' || fail "a failed run, no candidate, made it compute again"
footer tries | grep -q 'accuracy 0.123' || fail "what was kept anew is not read"
for damage in '' '{' '{"key": 1}' '[]'; do
	printf '%s' "$damage" >"$kept"
	test "$(footer tries)" = "$words" || fail "damaged by '$damage' it says: $(footer tries)"
done
try e 9 0.80
case $(footer tries) in
"best of 7, "*) ;;
*) fail "a new run did not come in: $(footer tries)" ;;
esac

# other rows stay outside
try other 8 0.80 300
case $(footer tries) in
*"1 run is left out, scored on other rows") ;;
*) fail "other rows: $(footer tries)" ;;
esac

# without predictions there is nothing to correct by, and it says so
for i in 1 2; do
	assay run -e told -- sh -c "echo '{\"accuracy\": 0.9$i}' >\"\$ASSAY_RUN_DIR/metrics.json\"" 2>/dev/null || fail told
done
test "$(footer told)" = "best of 2, not corrected for the picking: accuracy is what the command said of itself" ||
	fail "told: $(footer told)"
assay run -e few -- ./model.sh 1 0.8 30 2>/dev/null && assay run -e few -- ./model.sh 2 0.8 30 2>/dev/null || fail few
footer few | grep -q 'not corrected for the picking: too few rows outside the largest class: [0-9]*, where 40' ||
	fail "few: $(footer few)"

# a candidate that was named before the first run was not picked; one that was named later was
printf -- '---\ncandidate: chosen\n---\n# Before\n' >experiments/before.md
printf -- '---\nquestion: which?\n---\n# Late\n' >experiments/late.md
git add . && git commit -qm plans
for experiment in before late; do
	assay run -e $experiment --name other -- ./model.sh 1 0.7 2>/dev/null &&
		assay run -e $experiment --name chosen -- ./model.sh 2 0.85 2>/dev/null || fail "runs of $experiment"
done
test "$(footer before)" = "named as candidate before the first run: no correction for picking needed" ||
	fail "before: $(footer before)"
printf -- '---\ncandidate: chosen\n---\n# Late\n' >experiments/late.md
git commit -qam late
case $(footer late) in
"best of 2, corrected"*) ;;
*) fail "late: $(footer late)" ;;
esac
# a named candidate that is not the best needs none either, and `best` names nobody
assay run -e before --name better -- ./model.sh 3 0.93 2>/dev/null || fail better
case $(COLUMNS=300 footer before) in
"best of 3, corrected"*"; chosen was named as candidate before the first run: no correction for picking needed") ;;
*) fail "before, with a better one: $(footer before)" ;;
esac
assay show chosen -e before --no-pager | grep -q 'named as candidate before the first run' || fail "show chosen"
printf -- '---\ncandidate: best\n---\n# Whichever\n' >experiments/whichever.md
git add . && git commit -qm whichever
for i in 1 2; do
	assay run -e whichever -- ./model.sh $i 0.8 2>/dev/null || fail whichever
done
case $(footer whichever) in
"best of 2, corrected"*) ;;
*) fail "whichever: $(footer whichever)" ;;
esac
