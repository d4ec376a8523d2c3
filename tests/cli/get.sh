#!/bin/sh
# get brings files of a run back byte for byte, from git and from this machine, and never writes outside its folder.
. "${0%/*}/lib.sh"
new_repository
printf 'git: {artifact_limit: 1 KiB}\n' >assay.yaml
git add . && git commit -q -m start
expect 0 assay run --name made -- sh -c 'd=$ASSAY_RUN_DIR/artifacts; mkdir -p "$d/plots"
	echo small >"$d/small.txt"; printf "a\r\nb" >"$d/plots/odd name.txt"; head -c 5000 /dev/zero >"$d/large.bin"
	echo "{\"score\": 1}" >"$ASSAY_RUN_DIR/metrics.json"; echo said'

cd "$here" && mkdir elsewhere && cd "$here/repo" || exit 1
expect 0 assay get made -o "$here/all"
test "$(cat "$here/all/artifacts/small.txt")" = small || fail "small.txt"
printf 'a\r\nb' | cmp - "$here/all/artifacts/plots/odd name.txt" || fail "odd name.txt"
head -c 5000 /dev/zero | cmp - "$here/all/artifacts/large.bin" || fail "large.bin"
test -f "$here/all/run.json" && test -f "$here/all/log.txt" || fail "record or log are missing"
git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep run.json)" | cmp - "$here/all/run.json" || fail "run.json"
ls -A "$here/all" "$here/all/artifacts" | grep -q '\.assay-get' && fail "a temporary file is left"

# one file, a folder, a pattern; a name that fits nothing
expect 0 assay get made artifacts/plots -o "$here/folder"
test "$(cd "$here/folder" && find . -type f)" = './artifacts/plots/odd name.txt' || fail "a folder alone"
expect 0 assay get made 'artifacts/*.txt' -o "$here/pattern"
test -f "$here/pattern/artifacts/small.txt" && test ! -e "$here/pattern/artifacts/large.bin" || fail "a pattern"
expect 2 assay get made artifacts/none -o "$here/none"
says "has no file 'artifacts/none'"
test ! -e "$here/none" || fail "a folder for nothing"
expect 0 assay get made run.json
test -f "$(ls -d ???????)/run.json" || fail "no folder by the handle"

# what is there stays
echo mine >"$here/all/artifacts/small.txt"
expect 1 assay get made artifacts/small.txt -o "$here/all"
says 'it is there already'
test "$(cat "$here/all/artifacts/small.txt")" = mine || fail "written over"
expect 0 assay get made artifacts/small.txt -o "$here/all" --force
test "$(cat "$here/all/artifacts/small.txt")" = small || fail "--force"

# links that lie in the folder lead nowhere
mkdir "$here/trap" && ln -s "$here/elsewhere" "$here/trap/artifacts"
expect 1 assay get made artifacts/small.txt -o "$here/trap" --force
says 'where its folder would be'
test -z "$(ls "$here/elsewhere")" || fail "written through a link"
mkdir -p "$here/trap2/artifacts" && echo keep >"$here/elsewhere/file" && ln -s "$here/elsewhere/file" "$here/trap2/artifacts/small.txt"
expect 0 assay get made artifacts/small.txt -o "$here/trap2" --force
test "$(cat "$here/elsewhere/file")" = keep || fail "written through a link to a file"

# a damaged object is not handed out
object=$(find .git/assay/objects -type f -size +4k | head -1)
chmod u+w "$object" && printf x | dd of="$object" bs=1 conv=notrunc 2>/dev/null
expect 1 assay get made artifacts/large.bin -o "$here/damaged"
says 'is not the file that the record names'
test ! -e "$here/damaged/artifacts/large.bin" || fail "a damaged file was handed out"
expect 1 assay verify
grep -q 'large.bin is not the file that the record names' "$here/out" || fail "verify: $(cat "$here/out")"
rm -f "$object"
expect 1 assay get made artifacts/large.bin -o "$here/damaged"
says 'another machine'

# a stranger's record with paths that lead out, by hand: nothing is written outside
folder=$(dirname "$(git ls-tree -r --name-only assay/runs | grep run.json)")
sum=$(printf evil | sha256sum | cut -c1-64)
mkdir -p ".git/assay/objects/$(echo "$sum" | cut -c1-2)"
printf evil >".git/assay/objects/$(echo "$sum" | cut -c1-2)/$sum"
git worktree add -q "$here/edit" assay/runs
for path in ../../evil /tmp/assay-evil artifacts/../../evil .git/hooks/pre-commit artifacts/.GIT/x; do
	jq --arg p "$path" --arg s "$sum" '.artifacts = [{path: $p, sha256: $s, bytes: 4, where: "local"}]' \
		"$here/edit/$folder/run.json" >"$here/new.json" && cp "$here/new.json" "$here/edit/$folder/run.json"
	git -C "$here/edit" commit -q -a -m "$path"
	mkdir -p "$here/victim"
	assay get made -o "$here/victim" --force >"$here/out" 2>"$here/err"
	assay get made "$path" -o "$here/victim" --force >"$here/out" 2>"$here/err" && fail "$path: exit 0"
	test ! -e "$here/evil" && test ! -e "$here/victim/.git" && test ! -e "$here/victim/artifacts/.GIT" &&
		test ! -e /tmp/assay-evil || fail "$path was written"
done

# a file that was recorded where it lay, outside: not among the files of the run, and said where it is asked for
new_repository outside
truncate -s 101M "$here/big.bin"
expect 0 assay run --name far -- assay log artifact "$here/big.bin"
expect 0 assay get far -o "$here/far"
expect 1 assay get far big.bin -o "$here/far"
says 'outside of the run'
expect 0 assay verify
