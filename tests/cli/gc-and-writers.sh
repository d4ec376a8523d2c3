#!/bin/sh
# Somebody's gc that prunes at once goes on beside writers: no object of a run, and none that a run was made from, is taken.
. "${0%/*}/lib.sh"
new_repository
sample_csv 100 >"$here/data.csv"
echo one >a.txt && git add a.txt && git commit -qm one
while test -d "$here" && test ! -e "$here/stop"; do git gc -q --prune=now; done >"$here/gc" 2>&1 &
collector=$!
stop() {
	: >"$here/stop"
	wait $collector
}

rounds=0
while test $rounds -lt 6; do
	rounds=$((rounds + 1))
	echo "dirty $rounds" >a.txt
	for i in 1 2 3; do
		assay run --quiet --name "r$rounds-$i" -- sh -c 'echo "{\"f1\": 0.$0}" >"$ASSAY_RUN_DIR/metrics.json"' "$rounds$i" \
			>"$here/out.$i" 2>"$here/err.$i" &
		eval "writer$i=$!"
	done
	assay baseline --data "$here/data.csv" --target left --again >"$here/out" 2>"$here/err" || {
		stop
		fail "baseline: $(cat "$here/err")"
	}
	for i in 1 2 3; do
		eval "wait \$writer$i" || {
			stop
			fail "run $rounds-$i: $(cat "$here/err.$i")"
		}
	done
done
stop
expect 0 assay recover
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
test "$(git rev-list --count assay/runs)" = $((rounds * 9)) || fail "$(git rev-list --count assay/runs) runs of $((rounds * 9))"
git ls-tree -r --name-only assay/runs | grep '/run.json$' >"$here/records"
while read -r record; do
	git show "assay/runs:$record" >"$here/one" || fail "$record"
	code=$(jq -r '.code.snapshot // .code.commit' "$here/one")
	git cat-file -e "$code:a.txt" || fail "the code of $record is gone"
done <"$here/records"
