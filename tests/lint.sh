#!/bin/sh
# Rooms include lower floors only; no name is defined twice; both compilers are silent; clang-format, cppcheck and
# clang-tidy find nothing. CFLAGS and BUILD, with the archives of the rooms, come from `make lint`.
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

# Of two archives with one name the linker takes whichever it meets first, and says nothing.
for room in src/*/; do
	nm -A -g --defined-only "$BUILD/lib$(basename "$room").a" || complain "no archive of $room"
done | awk '$2 !~ /[VWvw]/ { where[$3] = where[$3] " " $1; times[$3]++ }
	END { for (name in times) if (times[name] > 1) { print "defined twice: " name where[name]; bad = 1 }; exit bad }' ||
	complain "names"

# every source as one line of its own, one call each, as many at a time as JOBS says
each() {
	printf '%s\n' src/*.c src/*/*.c src/*/*/*.c "$@" | xargs -n 1 -P "${JOBS:-2}" sh -c "$run" "$checks"
}
checks=
run='for compiler in gcc clang; do
	! command -v $compiler >/dev/null || $compiler $CFLAGS -Itests -Werror -fsyntax-only "$1" || bad=1
done
exit ${bad:-0}'
each tests/*/*.c || complain "compilers"
clang-format --dry-run -Werror src/*.c src/*/*.[ch] src/*/*/*.[ch] tests/*.h tests/*/*.[ch] || complain "clang-format"
cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -Isrc --enable=warning,portability \
	--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches src || complain "cppcheck"

# Off, because every report here was a false alarm:
# - easily-swappable-parameters: (a, b) is how a pair is passed;
# - implicit-widening-of-multiplication-result: small constants times small counts (BATCH * BINS * classes);
# - narrowing-conversions: int to char where ?: has promoted a char, and codes of classes to float;
# - sizeof-expression: calls sizeof(*list) of a list of pointers a mistake;
# - DeprecatedOrUnsafeBufferHandling: wants memcpy_s, which the C library does not have.
checks='-*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters'
checks="$checks,-bugprone-implicit-widening-of-multiplication-result,-bugprone-narrowing-conversions"
checks="$checks,-bugprone-sizeof-expression,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
# One file a call: the analyzer keeps state between the files of one call and then reports va_lists that are fine.
run='clang-tidy --quiet --warnings-as-errors="*" --checks="$0" "$1" -- $CFLAGS 2>/dev/null'
each || complain "clang-tidy"
test $bad = 0 && echo "lint: nothing found"
exit $bad
