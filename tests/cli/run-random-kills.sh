#!/bin/sh
# assay is killed at random moments of runs and trainings, each time followed by a recovery: every run that had started is in git
# once, and index, work tree and branches are as they were, byte for byte. KILLS=200 (make soak) for the long form; SEED repeats.
. "${0%/*}/lib.sh"
kills=${KILLS:-40}
seed=${SEED:-$(date +%N)}
echo "KILLS=$kills SEED=$seed"
new_repository
sample_csv >data.csv
git add data.csv && git commit -qm data
echo staged >staged.txt && git add staged.txt
echo changed >>data.csv && git add data.csv && sample_csv >data.csv
echo new >untracked.txt

# mine: the user's side of the repository, as bytes
mine() {
	cat .git/index .git/HEAD .git/refs/heads/main data.csv staged.txt untracked.txt | sha256sum
	ls -A
}
# on_branch: ids of the runs in git
on_branch() {
	git log --format='%(trailers:key=Assay-Run,valueonly)' refs/heads/assay/runs 2>/dev/null | grep . | sort
}
mine >"$here/mine.before"

# The command says itself that it was started, in a file outside: that is the list nothing may be missing from.
export STARTED="$here/started"
: >"$STARTED"
# shellcheck disable=SC2016 # for the shell of the run
script='echo "$ASSAY_RUN_ID" >>"$STARTED"; i=0
	while test $i -lt 200; do i=$((i + 1)); echo "{\"step\": $i, \"loss\": $i}"; done >"$ASSAY_RUN_DIR/metrics.jsonl"
	mkdir -p "$ASSAY_RUN_DIR/artifacts"; echo model >"$ASSAY_RUN_DIR/artifacts/model"; echo done'

# begin: the next of them, by turns a short run, one with seeds, a training
begin() {
	case $(($1 % 4)) in
	0 | 1) exec assay run --quiet -- sh -c "$script" ;;
	2) exec assay run --quiet --seeds 3 -- sh -c "$script" ;;
	3) exec assay baseline --data data.csv --target left --threads 1 --again ;;
	esac
}
# how long each takes when nobody kills it, in nanoseconds
duration() {
	start=$(date +%s%N)
	(begin "$1") >"$here/out" 2>"$here/err" || fail "unharmed, exit $?: $(cat "$here/err")"
	echo $(($(date +%s%N) - start))
}
for kind in 0 2 3; do
	eval "last_$kind=\$(duration $kind)" || exit 1
done
last_1=$last_0

round=0
struck=0
while test $round -lt "$kills"; do
	round=$((round + 1))
	eval "last=\$last_$((round % 4))"
	pause=$(awk -v seed="$seed" -v round=$round -v last="$last" \
		'BEGIN { srand(seed + round * 7919); rand(); printf "%.4f", rand() * last * 1.1 / 1e9 }')
	(begin $round) >"$here/out" 2>"$here/err" &
	child=$!
	sleep "$pause"
	kill -9 $child 2>/dev/null
	wait $child 2>/dev/null
	test $? != 137 || struck=$((struck + 1))
	ls .git/assay/running 2>/dev/null | grep '^2' >>"$STARTED"
	on_branch >>"$STARTED"
	# a command that outlived assay comes to its end first: until then its run is said to go on
	tries=0
	while
		expect 0 assay recover
		test -n "$(ls .git/assay/running | grep '^2')"
	do
		tries=$((tries + 1))
		test $tries -lt 100 || fail "round $round: not recovered after ten seconds: $(ls -A .git/assay/running)"
		sleep 0.1
	done
	on_branch >"$here/landed"
	test -z "$(uniq -d "$here/landed")" || fail "round $round: a run is in git twice"
	lost=$(sort -u "$STARTED" | comm -23 - "$here/landed")
	test -z "$lost" || fail "round $round, killed after $pause s: lost: $lost"
	mine | cmp - "$here/mine.before" || fail "round $round, killed after $pause s: something of the user's changed"
done
test $struck -ge $((kills / 2)) || fail "only $struck of $kills were killed in time"
git ls-tree -r --name-only assay/runs | sed -n 's|.*/\([^/]*\)/run.json$|\1|p' | sort | cmp - "$here/landed" ||
	fail "commits and folders differ"
test -z "$(git rev-list refs/assay/keep..assay/runs)" || fail "the chain lacks a run"
if ls -A .git/assay/running | grep -q '^\.tmp-'; then # killed before its owner was known: only time tells
	sleep 7
	expect 0 assay recover
fi
test -z "$(ls -A .git/assay/running)" || fail "something stays in flight: $(ls -A .git/assay/running)"
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
test ! -s "$here/fsck" || fail "git fsck: $(cat "$here/fsck")"
expect 0 assay verify
