#!/bin/sh
# What a command leaves in its run directory is data: odd names, numbers, links, devices and sizes cost nothing but a note,
# nothing is written outside the run's folder, and nothing waits for ever.
. "${0%/*}/lib.sh"
new_repository
echo mine >mine.txt && git add mine.txt && git commit -qm mine
echo "outside the repository" >"$here/outside.txt"

# made NAME SCRIPT: a run of that script is in git, its record is valid, nothing left the place
made() {
	expect 0 timeout 60 assay run --name "$1" -- sh -ec "$2"
	expect 0 assay show "$1" --json
	jq .record "$here/out" >"$here/record"
	jq -e '.where == "git" and .record.status == "finished"' "$here/out" >"$here/jq" || fail "$1: not in git: $(cat "$here/out")"
	at=$(git ls-tree -r --name-only assay/runs | grep "/$(jq -r .id "$here/record")/run.json$") || fail "$1: no such folder"
	git cat-file blob "assay/runs:$at" >"$here/run.json"
	jq -e --arg path "$(jq -r '"runs/\(.experiment)/\(.id[0:4])-\(.id[4:6])/\(.id[6:8])/\(.id[16:18])/\(.id)"' "$here/record")" \
		-n '$path + "/run.json"' | jq -e --arg at "$at" '. == $at' >"$here/jq" || fail "$1: it lies at $at"
	test -z "$(git status --porcelain)" || fail "$1: the work tree is not clean: $(git status --porcelain)"
	test -z "$(git ls-tree -r --name-only assay/runs | grep -v '^runs/\|^\.gitattributes$')" || fail "$1: a path outside runs/"
	test -z "$(ls .git/assay/running)" || fail "$1: something stays in flight"
}

# record FILTER: holds for the last run's record
record() {
	jq -e "$1" "$here/record" >"$here/jq" || fail "the record does not hold: $1: $(jq -c . "$here/record" | cut -c 1-2000)"
}

made names 'cat >"$ASSAY_RUN_DIR/metrics.json" <<END
{"../../x": 1, "__proto__": 2, "constructor": 3, "a b": 4, "<script>alert(1)</script>": 5, "": 6, "é": 7, "-v": 9,
 "x\ny": 10, "..": 11, "\u202egnp": 12}
END'
record '.reported["../../x"] == 1 and .reported.__proto__ == 2 and .reported.constructor == 3 and .reported["a b"] == 4'
expect 0 assay ls --all
expect 0 assay ls --where 'metrics."../../x" = 1' --json
test "$(jq length "$here/out")" = 1 || fail "a metric of an odd name is not found"

made nul 'printf "%s\n" "{\"step\": 1, \"a\u0000b\": 8}" "{\"step\": 2, \"fine\": 1}" >"$ASSAY_RUN_DIR/metrics.jsonl"'
record '.reported.fine == 1 and (.notes | length) > 0'

made series 'cat >"$ASSAY_RUN_DIR/metrics.jsonl" <<END
{"step": 1, "../../x": 1, "__proto__": 5, "loss": NaN}
{"step": 2, "../../x": 2, "__proto__": 6, "loss": Infinity}
this is no JSON
{"step": 3, "../../x": 3, "__proto__": 7, "loss": -Infinity}
[1, 2, 3]
{"step": 4, "loss": 0.5, "text": "yes", "loss": 0.25, "deep": {"er": 1}}
{"step": 5, "los
END'
record '.series["../../x"].count == 3 and .series.__proto__.last == 7 and (.notes | length) > 0'
record '.reported.loss == 0.25 or .reported.loss == 0.5'

made infinities 'echo "{\"a\": NaN, \"b\": Infinity, \"c\": -Infinity, \"d\": 1e400, \"e\": -0.0, \"f\": 12345678901234567890}" \
	>"$ASSAY_RUN_DIR/metrics.json"'
record '.reported.a == "NaN" and .reported.b == "Infinity" and .reported.c == "-Infinity" and .reported.e == 0'

made many 'awk "BEGIN { printf \"{\"; for (i = 1; i < 10000; i++) printf \"\\\"m%d\\\": %d, \", i, i
	print \"\\\"m10000\\\": 10000}\" }" >"$ASSAY_RUN_DIR/metrics.json"'
record '.reported | length == 10000 and .m10000 == 10000'
made many-series 'awk "BEGIN { for (s = 1; s <= 3; s++) { printf \"{\\\"step\\\": %d\", s; for (i = 1; i <= 10000; i++) printf \
	\", \\\"m%d\\\": %d\", i, i * s; print \"}\" } }" >"$ASSAY_RUN_DIR/metrics.jsonl"'
record '.series | length == 10000 and .m10000.last == 30000 and .m10000.count == 3'
history=$(git cat-file -s "assay/runs:${at%/*}/history.csv") || fail "no history.csv"
test "$history" -le 1048576 || fail "history.csv has $history bytes"

made deep 'printf "%.0s{\"a\":" $(seq 5000) >"$ASSAY_RUN_DIR/params.json"; printf "1" >>"$ASSAY_RUN_DIR/params.json"
	printf "%.0s}" $(seq 5000) >>"$ASSAY_RUN_DIR/params.json"
	printf "%.0s[" $(seq 5000) >"$ASSAY_RUN_DIR/metrics.json"'
record '(.notes | length) > 0'

made binary 'head -c 300000 /dev/urandom; printf "\033]0;title\007\000\377\376\n"; head -c 1000 /dev/zero >&2'
# the terminal of who looks is not the binary's
expect 0 python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' assay show binary --log --no-pager
! grep -q "$(printf '\033')" "$here/out" || fail "show --log hands escapes to the reader"

made links 'cd "$ASSAY_RUN_DIR"; mkdir -p artifacts/sub
	ln -s "'"$here"'/outside.txt" artifacts/link; ln -s "'"$here"'" artifacts/sub/folder; ln -s /etc/passwd artifacts/passwd
	ln -s artifacts artifacts/loop; ln -s nowhere artifacts/dangling; echo plain >artifacts/plain
	ln -s /etc/passwd params.json; ln -s /etc/passwd metrics.json; ln -s "'"$here"'/outside.txt" predictions.csv'
record '[.artifacts[].path] | index("artifacts/plain") and all(.[]; test("link|folder|passwd|loop|dangling") | not)'
record '.notes | any(.[]; test("link"))'
! git grep -q "outside the repository\|root:" assay/runs || fail "a file from outside is in git"

made devices 'cd "$ASSAY_RUN_DIR"; mkdir -p artifacts
	for name in params.json metrics.json metrics.jsonl predictions.csv artifacts/fifo; do mkfifo $name; done; mkdir params.yaml tags.jsonl params.jsonl'
record '.notes | any(.[]; test("fifo|metrics.jsonl"))'

made odd-artifacts 'mkdir -p "$ASSAY_RUN_DIR/artifacts/.git/hooks" "$ASSAY_RUN_DIR/artifacts/-rf" && cd "$ASSAY_RUN_DIR/artifacts"
	echo hook >.git/hooks/pre-commit; echo config >.gitattributes; echo x >"a
b"; printf y >"$(printf "bad\377name")"; echo dash >-rf/--force; echo sp >"a b.txt"; : >empty'
record '.artifacts | any(.[]; .path == "artifacts/a b.txt") and any(.[]; .path == "artifacts/empty" and .bytes == 0)'
rm -rf "$here/clone"
git clone -q -b assay/runs . "$here/clone" 2>"$here/err" || fail "the runs' branch cannot be checked out: $(cat "$here/err")"

made logged 'echo y >y; for path in ../x ../../../x /tmp/x artifacts/../../x; do
	assay log artifact y --as "$path" && exit 1; done; rm y; assay log metric __proto__=1 ../../x=2; assay log tag "a=b=c"'
record '.reported.__proto__ == 1 and .reported["../../x"] == 2 and .tags.a == "b=c"'
test ! -e .git/assay/x && test ! -e .git/x && test ! -e x || fail "something was written outside the run's folder"

# no folder to collect from is left, or it became something else
made removed 'rm -rf "$ASSAY_RUN_DIR"'
made replaced 'rm -rf "$ASSAY_RUN_DIR"; ln -s "'"$here"'" "$ASSAY_RUN_DIR"'
! git grep -q "outside the repository" assay/runs || fail "a replaced run directory was followed"

expect 0 assay site --no-charts
expect 0 assay verify
git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "git fsck: $(cat "$here/fsck")"
test "$(cat "$here/outside.txt")" = "outside the repository" || fail "a file outside changed"
