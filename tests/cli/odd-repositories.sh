#!/bin/sh
# Every kind of repository that git knows: runs go in and come out again, or a message says why not before anything is
# trained. The user's index is never touched.
. "${0%/*}/lib.sh"
sample_csv 120 >"$here/data.csv"

# lands WHAT: six baselines from the current folder, in git, whole, read again; the index as it was
lands() {
	what=$1
	index=$(git rev-parse --git-path index 2>/dev/null)
	cp "$index" "$here/index.before" 2>/dev/null || : >"$here/index.before"
	before=$(git rev-list --count refs/heads/assay/runs 2>/dev/null || echo 0)
	expect 0 assay baseline --data "$here/data.csv" --target left --again
	after=$(git rev-list --count refs/heads/assay/runs) || fail "$what: there is no branch"
	test "$((after - before))" = 6 || fail "$what: $((after - before)) runs, not 6"
	if test -s "$here/index.before"; then
		cmp "$index" "$here/index.before" || fail "$what: the index changed"
	fi
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$what: $(cat "$here/fsck")"
	expect 0 assay ls --json
	jq -e 'length >= 6' "$here/out" >/dev/null || fail "$what: ls shows $(cat "$here/out")"
}

new_repository origin
cp "$here/data.csv" . && git add . && git commit -qm data
lands "a plain repository"
echo two >b.txt && git add . && git commit -qm two

# a branch where git would need a folder
new_repository named
git branch assay
expect 2 assay baseline --data "$here/data.csv" --target left
says "beside the branch assay"
says "git: {branch: NAME}"
test ! -s "$here/out" || fail "something was trained"
test -z "$(ls .git/assay/running 2>/dev/null)" || fail "something is left in flight"
printf 'git: {branch: lab/book}\n' >assay.yaml
expect 0 assay baseline --data "$here/data.csv" --target left
test "$(git rev-list --count lab/book)" = 6 || fail "no runs on the branch that is named"

# clones: whole, shallow, partial, one that borrows objects; each goes on where its origin is
export ASAN_OPTIONS="detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}" # libgit2 1.5 itself leaks its list of a shallow clone's roots
git -C "$here/origin" config uploadpack.allowFilter true
for how in "" --depth=1 --filter=blob:none --shared; do
	cd "$here" && rm -rf clone
	case $how in
	--shared) url=$here/origin ;;
	*) url=file://$here/origin ;;
	esac
	# shellcheck disable=SC2086
	git clone -q $how "$url" "$here/clone" 2>"$here/said" || fail "clone $how: $(cat "$here/said")"
	cd "$here/clone" || exit 1
	git config user.name Tester && git config user.email tester@example.org
	git config maintenance.auto false
	if test "$how" = --depth=1; then
		git fetch -q --depth=1 origin assay/runs:refs/remotes/origin/assay/runs || fail "fetch"
	fi
	known=$(git rev-parse refs/remotes/origin/assay/runs)
	expect 0 assay ls --json
	jq -e 'length == 6' "$here/out" >/dev/null || fail "clone $how: the origin's runs are not read"
	expect 0 assay baseline --data "$here/data.csv" --target left --again
	test "$(git rev-parse assay/runs~6)" = "$known" || fail "clone $how: does not go on where the origin is"
	expect 0 assay ls --json
	jq -e 'length == 12' "$here/out" >/dev/null || fail "clone $how: $(jq length "$here/out") runs"
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "clone $how: $(cat "$here/fsck")"
	git push -q origin assay/runs:refs/heads/back 2>"$here/said" || fail "clone $how: push: $(cat "$here/said")"
	git push -q origin :refs/heads/back
done

# a linked work tree, with settings of its own
cd "$here/origin" || exit 1
git config extensions.worktreeConfig true
git worktree add -q "$here/linked" -b linked
cd "$here/linked" || exit 1
git config --worktree core.sparseCheckout false
lands "a linked work tree"
git worktree add -q "$here/book" assay/runs
expect 0 assay baseline --data "$here/data.csv" --target left --again
says "is checked out in $here/book"
git worktree remove --force "$here/book"
cd "$here/origin" || exit 1
expect 0 assay baseline --data "$here/data.csv" --target left --again
test "$(git rev-list --count assay/runs)" = 24 || fail "the runs that waited have not landed"

# a submodule, whose git directory is inside the outer one's
new_repository outer
git -c protocol.file.allow=always submodule --quiet add "file://$here/origin" inner >/dev/null 2>&1 || fail "submodule"
git commit -qm inner
cd inner && git config user.name Tester && git config user.email tester@example.org
expect 0 assay baseline --data "$here/data.csv" --target left --again
test -d "$here/outer/.git/modules/inner/assay" || fail "the submodule's own git directory is not used"
test -z "$(git -C "$here/outer" for-each-ref refs/heads/assay)" || fail "the outer repository got the runs"
git -C "$here/outer" submodule --quiet foreach 'git fsck --strict --no-dangling' >/dev/null 2>&1 || fail "fsck"

# bytes as they were written, whatever the user's settings make of line ends
new_repository endings
git config core.autocrlf true
printf '* text=auto eol=crlf\r\n* filter=lfs diff=lfs merge=lfs\r\n' >.gitattributes
git -c filter.lfs.process= -c filter.lfs.clean=cat -c filter.lfs.required=false add .gitattributes
git -c filter.lfs.process= -c filter.lfs.clean=cat -c filter.lfs.required=false commit -qm endings
lands "core.autocrlf and LFS for everything"
git ls-tree -r assay/runs >"$here/files"
! grep -v '^100644 ' "$here/files" || fail "a file has another mode"
grep '\.\(json\|csv\)$' "$here/files" | while read -r _ _ blob _; do git cat-file blob "$blob"; done >"$here/bytes"
test -s "$here/bytes" || fail "no files"
! grep -q "$(printf '\r')" "$here/bytes" || fail "changed line ends"
! grep -q git-lfs "$here/bytes" || fail "a record became a pointer"

# the middle of things; no commit at all
new_repository middle
cp "$here/data.csv" . && git add . && git commit -qm one
for i in 2 3 4; do git commit -q --allow-empty -m "$i"; done
git bisect start -q HEAD HEAD~3 >/dev/null
lands "a bisect under way"
git bisect reset -q >/dev/null 2>&1
git init -q -b main "$here/unborn" && cd "$here/unborn" || exit 1
git config user.name Tester && git config user.email tester@example.org
lands "no commit yet"
git config core.fsync all
lands "core.fsync"
git config core.fsyncMethod batch
lands "core.fsync in batches"

# repositories that libgit2 cannot read say so, and nothing is made
git init -q -b main --object-format=sha256 "$here/long" && cd "$here/long" || exit 1
expect 2 assay baseline --data "$here/data.csv" --target left
says "sha256"
test ! -e .git/assay || fail "something was made"
new_repository tables
git config core.repositoryFormatVersion 1
git config extensions.refStorage reftable
expect 2 assay baseline --data "$here/data.csv" --target left
test ! -e .git/assay || fail "something was made"

# a bare repository has no work tree of its own: said; with one that is given it is as good as any
git clone -q --bare "$here/origin" "$here/bare.git" && cd "$here/bare.git" || exit 1
expect 2 assay ls
says "bare"
mkdir "$here/apart" && cd "$here/apart" || exit 1
export GIT_DIR="$here/bare.git" GIT_WORK_TREE="$here/apart"
git config user.name Tester && git config user.email tester@example.org
lands "a bare repository and a work tree given by the environment"
unset GIT_DIR GIT_WORK_TREE

# whose repository it is: git's own judgement, and nothing is made in one that is not trusted
if test "$(id -u)" = 0; then
	new_repository foreign
	chown -R 65534 "$here/foreign"
	expect 2 assay baseline --data "$here/data.csv" --target left
	says "safe.directory"
	test ! -e .git/assay || fail "something was made"
	git config --global --add safe.directory '*'
	expect 0 assay baseline --data "$here/data.csv" --target left
	git config --global --unset-all safe.directory

	# a repository that cannot be written: readers work, writers say so and leave nothing half-made
	chown -R root "$here/foreign" && chmod 755 "$here" "$here/foreign"
	expect 0 assay ls --json
	cp "$here/out" "$here/ls.before"
	find .git -type f -exec sha256sum {} + | sort >"$here/git.before"
	git config --global --add safe.directory '*'
	chmod -R a+rX "$here/home" "$here/data.csv"
	nobody="setpriv --reuid=65534 --clear-groups --"
	if $nobody "$BUILD/assay" --version >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		expect 3 $nobody "$BUILD/assay" baseline --data "$here/data.csv" --target left --again
		says "Permission denied"
		find .git -type f -exec sha256sum {} + | sort >"$here/git.after"
		cmp "$here/git.before" "$here/git.after" || fail "something was written"
		# shellcheck disable=SC2086
		expect 0 $nobody "$BUILD/assay" ls --json
		cmp "$here/out" "$here/ls.before" || fail "a reader needs to write"
	fi
fi
