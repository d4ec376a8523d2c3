#!/bin/sh
# The site of a repository that was trained a minute ago: its files, its links, the record's exact bytes, built twice the same.
. "${0%/*}/lib.sh"
new_repository
awk 'BEGIN { print "id,a,b,kind,y"; for (i = 1; i <= 400; i++) { s = (i * 7919) % 101; t = (i * 104729) % 89
	print i "," s "," t "," (i % 3 ? "x" : "y") "," ((s + (i * 31) % 40 > 70) ? "yes" : "no") } }' >data.csv
mkdir experiments
cat >experiments/first.md <<'EOF'
---
question: Does a forest see more?
expects: {f1: better}
success_criteria: {f1: 0.5, latency_ms: 50}
baseline: logistic
candidate: random_forest
---
The forest should see **more**.
EOF
git add . && git commit -qm data
expect 0 assay baseline --data data.csv --target y

expect 0 assay site
test -s site/index.html || fail "no index.html"
test "$(cat site/.gitignore)" = '*' || fail "the site would show up in git status"
test -z "$(git status --porcelain)" || fail "the work tree is not clean"
for page in index experiments experiments/first runs methods 404; do
	test -s "site/$page.html" || fail "no $page.html"
	grep -q '<h1>' "site/$page.html" || fail "$page.html has no answer"
done
grep -q 'Does a forest see more?' site/experiments/first.html || fail "no question"
grep -q '<strong>more</strong>' site/experiments/first.html || fail "no Markdown"
grep -q 'Written by Tester.*, before any run' site/experiments/first.html || fail "nobody wrote it"

# each figure leads to its run, each run to its record and its commit
git ls-tree -r --name-only assay/runs | grep '/run\.json$' >"$here/records"
test -s "$here/records" || fail "no records"
while read -r path; do
	id=$(basename "$(dirname "$path")")
	git cat-file blob "assay/runs:$path" | cmp - "site/runs/$id.json" || fail "$id.json is not the record"
	commit=$(git log --format=%h --abbrev=7 -1 assay/runs -- "$path")
	grep -q "$commit" "site/runs/$id.html" || fail "$id.html does not name its commit"
	grep -q "runs/$id.html" site/runs.html || fail "runs.html does not lead to $id"
done <"$here/records"
forest=$(basename "$(git ls-tree -r --name-only assay/runs | grep '/evaluation\.json$' | tail -n 1 | xargs dirname)")
grep -q 'Which mistakes does it make?' "site/runs/$forest.html" || fail "no confusion matrix"

# what the pointer reads out stands in the frame that the chart has
grep -q 'data-plot="{&quot;box&quot;:\[40,14,390,230\],&quot;x&quot;:\[0,1\]' "site/runs/$forest.html" || fail "no points to read out"
grep -q '<path class="k-axis" d="M40,230L390,230"/>' "site/runs/$forest.html" || fail "the frame of a curve is elsewhere"

# no link leads nowhere
find site -name '*.html' | while read -r page; do
	grep -o 'href="[^"#]*' "$page" | sed 's/href="//' | grep -v '^data:\|^https\?:\|^$' | sort -u | while read -r link; do
		test -f "$(dirname "$page")/$link" || echo "$page: $link"
	done
done >"$here/broken"
test ! -s "$here/broken" || fail "broken links: $(cat "$here/broken")"

# the same records and texts give the same bytes, whatever stood there before
cp -R site "$here/first"
expect 0 assay site
diff -r site "$here/first" || fail "a second build differs"
rm -rf site
expect 0 assay site
diff -r site "$here/first" || fail "a build from nothing differs"

# text that git does not have is said to be so, and so is what was changed after a run
expect 0 assay run -e first --name tried -- true
echo 'And faster.' >>experiments/first.md
expect 0 assay site
grep -q 'not committed' site/experiments/first.html || fail "uncommitted text passes for committed"

git commit -qam 'faster, too'
expect 0 assay site
grep -q 'Written by Tester.*, before the first run, changed since' site/experiments/first.html || fail "a later text passes for the first"
grep -q 'text of the hypothesis changed after run 1 (tried, ' site/experiments/first.html || fail "what was changed is not said"

# -o: no .gitignore; a folder with other things in it is left alone
expect 0 assay site -o "$here/public"
test ! -e "$here/public/.gitignore" || fail ".gitignore in a folder given by -o"
mkdir "$here/thesis" && echo years >"$here/thesis/chapter.tex"
expect 2 assay site -o "$here/thesis"
says chapter.tex
test "$(ls "$here/thesis")" = chapter.tex || fail "something was written into a folder that is not ours"

# a project's own template goes before the built-in one
mkdir -p templates/part && echo '<p>ours</p>' >templates/part/bottom.mustache
expect 0 assay site
grep -q '<p>ours</p>' site/index.html || fail "the project's template is not used"
echo '{{#open}}' >templates/part/bottom.mustache
expect 3 assay site
says bottom.mustache
