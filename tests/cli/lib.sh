# What every end-to-end test sources: a folder of its own, a HOME of its own, fixed locale and zone, a repository, `fail`.
# The real binary, real git. Nothing of the machine's git configuration is read.
set -u
: "${BUILD:?run by make check}" "${top:?run by make check}"
export LC_ALL=C.UTF-8 TZ=UTC PATH="$BUILD:$PATH" NO_COLOR=1
export GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL
here=$(mktemp -d "${TMPDIR:-/tmp}/assay-test-XXXXXX")
trap 'code=$?; cd /; chmod -R u+w "$here"; rm -rf "$here"; exit $code' EXIT
export HOME="$here/home"
mkdir "$HOME"
cd "$here" || exit 1

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

# new_repository [NAME]: makes it with one commit and an identity, and goes there
new_repository() {
	git init -q -b main "$here/${1:-repo}" && cd "$here/${1:-repo}" || exit 1
	git config user.name Tester
	git config user.email tester@example.org
	git config maintenance.auto false
	git commit -q --allow-empty -m start
}

# expect CODE COMMAND...: stdout in $here/out, stderr in $here/err
expect() {
	want=$1
	shift
	"$@" >"$here/out" 2>"$here/err"
	got=$?
	test $got = "$want" || {
		cat "$here/out" "$here/err" >&2
		fail "exit $got, not $want: $*"
	}
}

# says WORDS: the last expect's stderr holds them
says() {
	grep -qF -- "$1" "$here/err" || {
		cat "$here/err" >&2
		fail "stderr does not say: $1"
	}
}

# sample_csv [ROWS]: a table with a number, a category and a target that depends on both, on stdout
sample_csv() {
	awk -v rows="${1:-200}" 'BEGIN {
		print "age,plan,left"
		for (i = 1; i <= rows; i++) {
			age = (i * 37) % 61 + 18
			plan = i % 3 ? (i % 2 ? "gold" : "basic") : "free"
			print age "," plan "," ((age + (plan == "free") * 25 + (i * 13) % 29 > 75) ? "yes" : "no")
		}
	}'
}

# left_nothing: no run, no ref of ours, nothing in flight, nothing new in the work tree's index
left_nothing() {
	test -z "$(git for-each-ref refs/heads/assay refs/assay)" || fail "refs were made"
	test -z "$(ls .git/assay/running 2>/dev/null)" || fail "something is left in flight"
	test -z "$(git diff --cached --name-only)" || fail "the index changed"
}
