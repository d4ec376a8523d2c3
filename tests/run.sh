#!/bin/sh
# Runs the tests: built cmocka programs, tests/cli/*.sh and tests/browser/*.sh; or those named on the command line as
# ROOM/NAME. Logs in $BUILD/tests/; the last line is 'N passed, N failed' with ', N skipped' where something was.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$top/build}
export BUILD top
logs=$BUILD/tests/log
mkdir -p "$logs"

if test $# = 0; then
	set -- $(cd "$top/tests" && ls */test_*.c cli/*.sh browser/*.sh 2>/dev/null | grep -v '/lib\.sh$' | sed 's/\.[a-z]*$//')
fi

# one test: its log, and a line 'passed failed skipped' beside it
one() {
	test=$1
	log=$logs/$(echo "$test" | tr / _)
	case $test in
	cli/* | browser/*) sh "$top/tests/$test.sh" >"$log.log" 2>&1 ;;
	*) "$BUILD/tests/$test" >"$log.log" 2>&1 ;;
	esac
	code=$?
	passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$log.log" | tail -n 1)
	if test $code = 0; then
		echo "${passed:-1} 0 0" >"$log.count"
		echo "ok    $test"
	elif test $code = 77; then
		echo "0 0 1" >"$log.count"
		echo "skip  $test: $(tail -n 1 "$log.log")"
	else
		failed=$(grep -c '^\[  FAILED  \] [a-z]' "$log.log")
		test "$failed" -gt 0 || failed=1
		echo "${passed:-0} $failed 0" >"$log.count"
		echo "FAIL  $test (exit $code, $log.log)"
		grep -v '^\[ RUN  \|^\[       OK' "$log.log" | tail -n 40 | sed 's/^/      /'
	fi
}

if test "${1:-}" = --one; then
	one "$2"
	exit 0
fi
rm -f "$logs"/*
# signals as a terminal has them, also under nohup or in the background: tests send some
printf '%s\n' "$@" | xargs -n 1 -P "${JOBS:-$(nproc)}" env --default-signal sh "$0" --one
cat "$logs"/*.count 2>/dev/null | awk '{ p += $1; f += $2; s += $3 }
	END { printf "%d passed, %d failed%s\n", p, f, s ? ", " s " skipped" : ""; exit f > 0 || p + f == 0 }'
