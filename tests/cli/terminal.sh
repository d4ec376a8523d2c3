#!/bin/sh
# A pipe gets plain text; a terminal gets a bar with a share, colours and a table that fits. Text from outside cannot speak
# to the terminal.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
escape=$(printf '\033')

expect 0 assay baseline --data data.csv --target left
! grep -q "$escape" "$here/out" "$here/err" || fail "escape sequences in a pipe"
! grep -q '%\]\|\[#' "$here/err" || fail "a progress bar in a pipe"

command -v script >/dev/null || skip "no script(1) to make a terminal with"
# on_terminal COLUMNS COMMAND: what a terminal of that width receives
on_terminal() {
	script -qec "stty cols $1; $2" /dev/null </dev/null >../screen 2>&1 || fail "exit $? on a terminal: $2"
}
unset NO_COLOR
TERM=xterm
export TERM
on_terminal 80 "assay baseline --data data.csv --target left --again"
grep -q "training .*\[[#.]*\] *[0-9]* %" ../screen || fail "no progress bar on a terminal"
grep -q "$escape\[1m" ../screen || fail "no colour on a terminal"
for columns in 40 80 120; do
	on_terminal $columns "NO_COLOR=1 assay ls"
	! grep -q "$escape" ../screen || fail "NO_COLOR is not obeyed"
	wide=$(tr -d '\r' <../screen | awk -v columns=$columns 'length > columns' | head -n 1)
	test -z "$wide" || fail "wider than $columns columns: $wide"
done
on_terminal 60 "NO_COLOR=1 assay ls"
tr -s '\r\n ' '   ' <../screen | grep -q "left out, the terminal is narrow" || fail "columns are left out silently"

# a hostile column and file name
printf 'a,\033]0;owned\007x\n1,p\n2,q\n3,p\n4,q\n' >"$(printf 'ev\033[31mil.csv')"
expect 2 assay baseline --data "$(printf 'ev\033[31mil.csv')" --target "$(printf '\033[2Jy')"
! grep -q "$escape" "$here/err" || fail "an escape sequence came through"
