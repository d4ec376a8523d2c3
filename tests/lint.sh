#!/bin/sh
# Rooms include lower floors only; both compilers are silent; clang-format, cppcheck and clang-tidy find nothing.
# CFLAGS and BUILD come from `make lint`.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
complain() {
	echo "lint: $*" >&2
	bad=1
}

floor() {
	case $1 in
	base) echo 1 ;;
	format | stats | store) echo 2 ;;
	record | learn) echo 3 ;;
	judge) echo 4 ;;
	track | site) echo 5 ;;
	server) echo 6 ;;
	command) echo 7 ;;
	*) echo 8 ;;
	esac
}
includes=$(grep -rnE '^#include "[a-z]+/' src --include='*.[ch]' --include='*.def')
while IFS= read -r row; do
	from=${row#src/} && from=${from%%/*}
	to=${row#*#include \"} && to=${to%%/*}
	case $from in *:*) from=main ;; esac
	test "$from" = "$to" || test "$(floor "$to")" -lt "$(floor "$from")" || complain "looks up or sideways: $row"
done <<END
$includes
END
grep -rnE '^#include <git2' src --include='*.[ch]' | grep -v '^src/store/' && complain "only store/ includes git2.h"
grep -nE '\{\{(\{|&)' templates/*.mustache templates/*/*.mustache 2>/dev/null |
	grep -vE '\{\{(\{|&) *[a-z_.]*_(html|svg) *\}?\}\}' && complain "unescaped value whose name does not end in _html or _svg"
! grep -rnE '[[:blank:]]$' src tests templates themes sample-project/*.sh Makefile --include='*.[ch]' --include='*.sh' --include='*.mustache' --include='*.css' --include='*.js' ||
	complain "blanks at the end of a line"

# shellcheck disable=SC2086 # flags are words
for source in src/*.c src/*/*.c src/*/*/*.c; do
	for compiler in gcc clang; do
		command -v $compiler >/dev/null && { $compiler $CFLAGS -Werror -fsyntax-only "$source" || complain "$compiler: $source"; }
	done
done
clang-format --dry-run -Werror src/*.c src/*/*.[ch] src/*/*/*.[ch] tests/*.h tests/*/*.c || complain "clang-format"
cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -Isrc --enable=warning,portability \
	--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches src || complain "cppcheck"
checks='-*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,-bugprone-implicit-widening-of-multiplication-result'
checks="$checks,-bugprone-narrowing-conversions,-bugprone-reserved-identifier,-bugprone-assignment-in-if-condition"
checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-bugprone-branch-clone,-bugprone-sizeof-expression,-bugprone-suspicious-string-compare"
# shellcheck disable=SC2086
printf '%s\n' src/*.c src/*/*.c src/*/*/*.c | xargs -n 8 -P "$(nproc)" sh -c '
	clang-tidy --quiet --warnings-as-errors="*" --checks="$0" "$@" -- $CFLAGS 2>/dev/null' "$checks" || complain "clang-tidy"
test $bad = 0 && echo "lint: nothing found"
exit $bad
