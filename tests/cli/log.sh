#!/bin/sh
# assay log: what a shell says of its run is in the record, many processes at once never mix their lines, and wrong use is told.
. "${0%/*}/lib.sh"
new_repository

expect 2 env -u ASSAY_RUN_DIR assay log metric loss=1
says "not inside a run"
expect 2 env ASSAY_RUN_DIR="$here/gone" assay log tag a=b
says "the run has ended"

mkdir "$here/dir"
export ASSAY_RUN_DIR="$here/dir"
# wrong VALUE... : exit 2, and nothing is written
wrong() {
	expect 2 assay log "$@"
	test -z "$(ls -A "$here/dir")" || fail "written in spite of the error: log $*"
}
wrong param lr
wrong param =1
wrong param "$(printf 'a\033b')=1"
wrong metric loss=low
wrong metric
wrong tag
wrong params missing.json
wrong artifact missing.txt
wrong artifact "$here"
wrong param a=1 --step 3
wrong nonsense a=1
echo x >x.txt
wrong artifact x.txt --as ../x.txt
wrong artifact x.txt --as /x.txt
echo '[1]' >list.json
wrong params list.json
printf 'bad\n' >bad.jsonl
expect 2 assay log metrics bad.jsonl
says "1 of 1 lines are no JSON objects"

# where something else stands in the file's place, nothing waits and no link is followed
rm -r "$here/dir/"*
mkfifo "$here/dir/metrics.jsonl"
ln -s "$here/elsewhere" "$here/dir/tags.jsonl"
expect 2 timeout 10 assay log metric loss=1
expect 2 timeout 10 assay log tag a=b
test ! -e "$here/elsewhere" || fail "a link was followed"
rm "$here/dir/"*

# what a process that was killed left without a line end costs one line
printf '{"a": 1}\n{"b": ' >"$here/dir/metrics.jsonl"
expect 0 assay log metric c=3
test "$(tail -n 1 "$here/dir/metrics.jsonl")" = '{"c": 3}' || fail "the line is glued to a broken one"

# 64 writers at once, lines longer than a pipe takes in one piece
rm "$here/dir/"*
long=$(head -c 6000 /dev/zero | tr '\0' x)
i=0
while test $i -lt 64; do
	i=$((i + 1))
	(
		for k in 1 2 3 4 5; do
			assay log param "p$i.$k=$long" || exit 1
			echo "{\"m$i\": $k}" | assay log metrics || exit 1
		done
	) &
	writers="${writers-} $!"
done
for writer in $writers; do wait "$writer" || fail "a writer failed"; done
test "$(jq -c . "$here/dir/params.jsonl" | wc -l)" = 320 || fail "lines of params were mixed"
test "$(jq -c . "$here/dir/metrics.jsonl" | wc -l)" = 320 || fail "lines of metrics were mixed"

# a line is there as soon as it is complete, while the pipe stays open
rm "$here/dir/"*
mkfifo "$here/pipe"
assay log metrics <"$here/pipe" &
reader=$!
exec 9>"$here/pipe"
printf '{"loss": 1}\n{"loss"' >&9
tries=0
until grep -q 1 "$here/dir/metrics.jsonl" 2>/dev/null; do
	tries=$((tries + 1))
	test $tries -lt 500 || fail "the first line was held back"
	sleep 0.02
done
printf ': 2}' >&9
exec 9>&-
wait $reader || fail "log metrics: exit $?"
test "$(jq -s 'map(.loss) == [1, 2]' "$here/dir/metrics.jsonl")" = true || fail "the second line is not there"
unset ASSAY_RUN_DIR

# all of it in a run
cat >train.sh <<'END'
set -e
assay log param lr=0.1 depth=6 shuffle=true code=007
assay log tag "version=1.10" "note=a \"word\""
printf '{"opt": {"name": "adam"}}' | assay log params -
for step in 1 2 3; do assay log metric "loss=0.$((7 - step))" acc=nan --step "$step"; done
awk 'BEGIN { for (i = 1; i <= 5000; i++) printf "{\"step\": %d, \"f1\": %.4f}\n", i, i == 2500 ? 0.99 : 0.5 }' | assay log metrics
echo report >report.txt
assay log artifact report.txt --as text/report.txt
truncate -s 100000001 large.bin
assay log artifact large.bin
END
expect 0 assay run -- sh train.sh
assay show latest --json >"$here/show.json" || fail "show: exit $?"
check() {
	test "$(jq -c "$1" "$here/show.json")" = "$2" || {
		jq . "$here/show.json" >&2
		fail "$1 is $(jq -c "$1" "$here/show.json"), not $2"
	}
}
check '.record.params' '{"code":"007","depth":6,"lr":0.1,"opt.name":"adam","shuffle":true}'
check '.record.tags.version' '"1.10"'
check '.record.tags.note' '"a \"word\""'
check '.record.reported' '{"acc":"NaN","f1":0.5,"loss":0.4}'
check '.record.series.loss' '{"count":3,"last":0.4,"best":0.4,"best_step":3}'
check '.record.series.f1' '{"count":5000,"last":0.5,"best":0.99,"best_step":2500}'
check '.record.series.acc' '{"count":3,"last":"NaN"}'
check '[.record.artifacts[].path]' '["artifacts/metrics.jsonl","artifacts/text/report.txt","history.csv","large.bin"]'
check '.record.artifacts[3].bytes' 100000001

run=$(git ls-tree -r --name-only assay/runs | grep '/history\.csv$') || fail "no history.csv in the run"
git show "assay/runs:$run" >"$here/history.csv"
test "$(wc -l <"$here/history.csv")" -le 2007 || fail "history.csv is not thinned"
grep -q '^f1,2500,,0.99$' "$here/history.csv" || fail "the greatest value is not in history.csv"
grep -q '^loss,3,,0.4$' "$here/history.csv" || fail "a short series was thinned"
git show "assay/runs:${run%history.csv}artifacts/metrics.jsonl" | wc -l >"$here/count"
test "$(cat "$here/count")" -eq 5003 || fail "the full series is not kept"

# a command that logs by DVCLive alone; an old folder is another run's
cat >live.sh <<'END'
mkdir -p dvclive/plots/metrics/train
printf 'step\tloss\n0\t0.5\n1\t0.25\n' >dvclive/plots/metrics/train/loss.tsv
echo '{"train": {"loss": 0.25}, "step": 1}' >dvclive/metrics.json
END
expect 0 assay run --name live -- sh live.sh
assay show live --json >"$here/show.json" || fail "show: exit $?"
check '.record.reported' '{"train.loss":0.25}'
check '.record.series["train.loss"].count' 2
sleep 0.1
expect 0 assay run --name quiet -- true
assay show quiet --json >"$here/show.json" || fail "show: exit $?"
check '.record.reported' null
