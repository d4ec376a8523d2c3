#!/bin/sh
# What is broken in the data is named with file and line, ends with 2, and leaves nothing behind.
. "${0%/*}/lib.sh"
new_repository

# refused WORDS [OPTION...]: bad.csv is refused with these words on stderr
refused() {
	words=$1
	shift
	expect 2 assay baseline --data bad.csv --target t "$@"
	says "$words"
	test ! -s "$here/out" || fail "something was printed for: $words"
	left_nothing
}

expect 2 assay baseline --data no-such.csv --target t
says "no-such.csv"
left_nothing
: >bad.csv
refused "bad.csv"
printf 'a,t\n' >bad.csv
refused "bad.csv"
{ sample_csv 50 | sed 's/left/t/'; echo 1,gold; } >bad.csv
refused "bad.csv:52"
{ sample_csv 50 | sed 's/left/t/'; echo 1,gold,yes,more; } >bad.csv
refused "bad.csv:52"
{ sample_csv 50 | sed 's/left/t/'; printf '1,"gold,yes\n2,free,no\n'; } >bad.csv
refused "bad.csv:52"
printf 'a,a,t\n1,2,x\n3,4,y\n' >bad.csv
refused "'a'"
printf 'a,,t\n1,2,x\n3,4,y\n' >bad.csv
refused "bad.csv:1"
sample_csv 50 | sed 's/left/t/' >bad.csv
printf '1,go\000ld,yes\n' >>bad.csv
refused "bad.csv:52"

sample_csv 50 | sed 's/left/tt/' >bad.csv
refused "'t'"
says "tt"
sample_csv 50 | sed 's/left/t/; s/yes$/no/' >bad.csv
refused "one class"
{ sample_csv 50 | sed 's/left/t/'; echo 1,gold,maybe; } >bad.csv
refused "maybe"
printf 'a,t\n1,x\n2,y\n' >bad.csv
refused "bad.csv"
awk 'BEGIN { print "a,t"; for (i = 0; i < 60; i++) print i % 7 "," i * 1.5 }' >bad.csv
refused "regression"
awk 'BEGIN { print "a,t"; for (i = 0; i < 60; i++) print i % 7 "," }' >bad.csv
refused "bad.csv"

sample_csv 50 | sed 's/left/t/' >bad.csv
refused "perhaps" --positive perhaps
refused "nobody" --id nobody
refused "plam" --drop plam
refused "plam" --features plam
refused "share of test rows" --test 1.5
refused "'Big Idea'" -e "Big Idea"
