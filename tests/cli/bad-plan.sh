#!/bin/sh
# A broken experiment stops `run` and `baseline` before anything starts: file and line, what to do, exit 2, nothing recorded.
. "${0%/*}/lib.sh"
new_repository
sample_csv 200 >d.csv
mkdir experiments
git add . && git commit -qm data

# broken TEXT WORDS: an experiments/e.md of this text is refused with these words
broken() {
	printf -- "$1" >experiments/e.md
	shift
	for command in 'run --name r -- touch started' 'baseline --data d.csv --target left'; do
		expect 2 assay ${command%% *} -e e ${command#* }
		says "$1"
		test ! -e started || fail "the command was started for: $1"
		test ! -s "$here/out" || fail "something was printed for: $1"
		left_nothing
	done
}
broken '---\nquestion: x\n\tbaseline: y\n---\n' "experiments/e.md:3"
says "hint: indent by blanks, never by tabs"
broken '---\nquestion: x\nsuccess_criteria:\n\tf1: 0.8\n---\n' "experiments/e.md:4"
says "hint: indent by blanks, never by tabs"
broken '---\nquestion: x\nstatus: open\nquestion: y\n---\n' "the key 'question' is there twice: experiments/e.md:4 (first on line 2)"
says "hint: "
broken '---\nsuccess_criteria:\n  f1: 0.8\n  f1: 0.9\n---\n' "experiments/e.md:4"
broken '---\nsuccess_criteria: {f2: 0.8}\n---\n' "experiments/e.md:2: success_criteria: it is not known which way 'f2' is better"
says 'write f2: ">= 0.8" or f2: "<= 0.8", or list {f2: higher} under metrics'
broken '---\nsuccess_criteria: {f2: {beats: baseline}}\n---\n' "experiments/e.md:2: success_criteria: it is not known which way 'f2'"
broken '---\nexpects: {f2: better}\n---\n' "experiments/e.md:2: expects: it is not known which way 'f2' is better"
broken '---\nmargins: {f1: -0.01}\n---\n' "experiments/e.md:2: the margin of f1 is not above 0"
broken '---\nmargins:\n  f1: 0\n---\n' "experiments/e.md:3: the margin of f1 is not above 0"
broken '---\nsuccess_criteria: {f1: {no_worse_than: baseline, margin: -1}}\n---\n' "experiments/e.md:2: success_criteria: margin of f1 is below 0"
broken '---\nsucess_criteria: {f1: 0.8}\n---\n' "experiments/e.md:2: unknown key 'sucess_criteria'"
says "success_criteria"
broken '---\nquestion: x\n' "experiments/e.md:1"

# A baseline that names no run: not to be run against, until there is one.
cat >experiments/e.md <<'END'
---
question: x
baseline: forrest
---
END
expect 2 assay run -e e --name r -- touch started
says "experiments/e.md:3: baseline: "
says "forrest"
says "assay baseline"
test ! -e started || fail "the command was started against a run that there is not"
left_nothing
sed -i 's/forrest/logistic/' experiments/e.md
expect 2 assay run -e e --name r -- touch started
expect 0 assay baseline -e e --data d.csv --target left
expect 0 assay run -e e --name r -- touch started
test -e started || fail "it was not started"

# Labels that are pinned and broken stop it as well.
printf 'data: {file: d.csv, target: left}\nevaluation: {labels: y.csv, id: key}\n' >assay.yaml
rm started
labels() {
	expect 2 assay run -e e --name l -- touch started
	says "$1"
	test ! -e started || fail "the command was started for: $1"
}
labels "y.csv: there is no such file"
says "\`evaluation:\` in assay.yaml names it"
printf 'key,left\na,yes\nb,no\na,yes\n' >y.csv
labels "y.csv:4: an id that was there before: a"
printf 'key,lft\na,yes\nb,no\n' >y.csv
labels "y.csv:1: there is no column 'left'"
printf 'evaluation: {labels: y.csv}\n' >assay.yaml
labels "assay.yaml:1: evaluation names labels and no id"
