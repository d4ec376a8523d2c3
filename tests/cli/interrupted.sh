#!/bin/sh
# A training that is interrupted or killed: ls says so, and the next command that writes records each of its runs as killed.
. "${0%/*}/lib.sh"
new_repository
# enough rows that the training lasts until it is killed
awk 'BEGIN {
	print "a,b,c,d,e,f,left"
	for (i = 1; i <= 60000; i++) {
		x = (i * 7919) % 10007
		print x "," (i * 104729) % 9973 "," (x * i) % 997 "," (x * x) % 911 "," i % 89 "," (i * i) % 83 "," ((x * i) % 1009 > 500 ? "yes" : "no")
	}
}' >data.csv

# in_flight SIGNAL CODE: start, wait for its runs to be on disk, end it
in_flight() {
	# a child of this shell in the background ignores SIGINT: env gives it back
	env --default-signal=INT assay baseline --data data.csv --target left --again --threads 1 >"$here/out" 2>"$here/err" &
	child=$!
	tries=0
	until test "$(ls .git/assay/running 2>/dev/null | grep -c '^2')" = 6; do
		tries=$((tries + 1))
		test $tries -lt 500 || fail "no runs in flight after ten seconds"
		kill -0 $child 2>/dev/null || fail "the training ended too early: $(cat "$here/err")"
		sleep 0.02
	done
	kill -"$1" $child
	wait $child
	test $? = "$2" || fail "the exit after SIG$1 is not $2"
}

sample_csv >small.csv
# recorded N: the next command that writes puts them on record, N killed ones in all
recorded() {
	expect 0 assay baseline --data small.csv --target left
	says "6 runs were recorded that had been killed"
	expect 0 assay ls --json
	test "$(jq '[.[] | select(.status == "killed")] | length' "$here/out")" = "$1" || fail "not all killed runs are on record"
	test -z "$(ls .git/assay/running)" || fail "something is left in flight"
	git fsck --strict >"$here/out" 2>"$here/err" || fail "git fsck"
}

in_flight INT 130
git show-ref >../refs
expect 0 assay ls
says "6 runs were killed"
git show-ref >../refs.after
cmp ../refs ../refs.after || fail "a reader wrote"
recorded 6
in_flight KILL 137
recorded 12
expect 0 assay ls --json
test "$(jq '[.[] | select(.status == "finished")] | length' "$here/out")" = 6 || fail "the finished runs are not there"
