#!/bin/sh
# What stands where something else should: files for folders, pipes for files, another branch, a template with a fault.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv

# the setting names another branch: nobody rewrote the first
expect 0 assay baseline --data data.csv --target left
printf 'git: {branch: lab/book}\n' >assay.yaml
expect 0 assay ls
! grep -q 'rewritten\|deleted' "$here/err" || fail "another branch is taken for a rewritten one: $(cat "$here/err")"
expect 0 assay baseline --data data.csv --target left
test "$(git rev-list --count lab/book)" = 6 || fail "the runs are not on the branch that is named"
git update-ref refs/heads/lab/book "$(git rev-parse lab/book~1)"
expect 0 assay ls
says "was reset or rewritten"
printf 'git: {branch: HEAD}\n' >assay.yaml
expect 2 assay ls
says "'HEAD' cannot be the name of a branch"

rm assay.yaml
mkfifo assay.yaml
expect 2 timeout 20 assay ls
says "assay.yaml is no file"
rm assay.yaml
mkdir assay.yaml
expect 2 assay ls
rmdir assay.yaml

cp data.csv kept.csv
expect 2 assay site -o data.csv
says "'data.csv' is no folder"
cmp data.csv kept.csv || fail "the file was changed"
expect 2 assay site -o /dev/null
expect 2 assay site -o ""
ln -s nowhere dangling
expect 2 assay site -o dangling

mkdir templates
printf '<p>{{{' >templates/run.mustache
expect 3 assay site -o out
says "templates/run.mustache:1"
! grep -q 'there is no templates/run.mustache' "$here/err" || fail "a template that is there is called absent"
test -s out/index.html || fail "the other pages are not built"
