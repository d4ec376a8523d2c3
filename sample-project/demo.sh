#!/bin/sh
# make demo: the sample project in a repository of its own under $BUILD/demo, trained, shown and built as a site. Each call
# starts from a fresh copy, so that what it shows is what a newcomer sees.
set -eu
: "${BUILD:?run by make demo}"
source=$(cd "$(dirname "$0")" && pwd)
demo=$BUILD/demo
mark=$demo/.git/assay-demo
PATH=$BUILD:$PATH

if test -e "$demo" && ! test -e "$mark"; then
	echo "demo.sh: $demo is not a demo of ours: move it away" >&2
	exit 2
fi
rm -rf "$demo"
mkdir -p "$demo"
git init -q -b main "$demo"
touch "$mark"
cd "$demo"
git config user.name "Sample Author"
git config user.email author@example.org
git config commit.gpgSign false
cp -R "$source/." .
rm -f demo.sh site.png
git add .
git commit -q -m "Customer churn: data, metrics, hypotheses and two training scripts"

step() {
	printf '\n$ %s\n' "$*"
	"$@"
}
step assay baseline -e forest-or-linear
step assay baseline -e without-contract
step assay run -e combinations --param combinations=false --name facts-alone -- python3 models/combinations.py
step assay run -e combinations -- python3 models/combinations.py
step assay run -e scorecard -- sh models/scorecard.sh
step assay run -e ranges --seeds 3 --param combinations=false --name ranges -- python3 models/combinations.py
step assay run -e ranges --param combinations=false --param epochs=4 --param l2=0.5 --name hurried -- \
	python3 models/combinations.py
step assay ls
step assay compare combinations/facts-alone combinations/combinations
step assay pick -e combinations facts-alone combinations
git add experiments && git commit -q -m "Combinations: what came out"
step assay status
step git --no-pager log --oneline assay/runs
step assay site
printf '\nOpen %s/site/index.html\n' "$demo"
