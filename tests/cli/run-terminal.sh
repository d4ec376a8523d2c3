#!/bin/sh
# On a terminal a command under `assay run` behaves as it does alone: colours, size, keys, job control, how it ends.
. "${0%/*}/lib.sh"
command -v python3 >/dev/null || skip "no python3 to make a terminal with"
scene="python3 $top/tests/cli/on_terminal.py"
interrupt=$(printf '\003') quit=$(printf '\034')
new_repository

# log: that of the newest run
log() {
	git show "assay/runs:$(git ls-tree -r --name-only assay/runs | grep '/log.txt$' | sort | tail -n 1)"
}
# status WANT: of the newest run, and its log goes
status() {
	got=$(assay ls --json | jq -r 'sort_by(.id) | last | .status') || fail "assay ls"
	test "$got" = "$1" || fail "recorded as $got, not as $1"
}

# what is a terminal stays one, with colours and size; a pipe stays a pipe
tell='import os,sys
print([os.isatty(i) for i in range(3)], *os.get_terminal_size(2))
if os.isatty(1): print("\033[31mred\033[0m")
print("apart", file=sys.stderr)'
expect 0 $scene plain assay run -q -- python3 -c "$tell"
printf '[True, True, True] 77 33\n\033[31mred\033[0m\napart\n' >want
cmp want "$here/out" || fail "on a terminal"
log >got
cmp want got || fail "the log of a terminal"
expect 0 $scene plain sh -c 'assay run -q -- python3 -c "$1" | cat >piped' sh "$tell"
grep -qx '\[True, False, True\] 77 33' piped || fail "stdout is piped: $(cat piped)"
test "$(cat "$here/out")" = apart || fail "stderr stays on the terminal: $(cat "$here/out")"
expect 0 $scene plain sh -c 'echo x | assay run -q -- python3 -c "$1" 2>apart' sh "$(echo "$tell" | sed 's/get_terminal_size(2)/get_terminal_size(1)/')"
grep -qx '\[False, True, False\] 77 33' "$here/out" || fail "stdin and stderr are no terminal: $(cat "$here/out")"
grep -qx apart apart || fail "stderr went elsewhere"

# a new size arrives, with its signal
# shellcheck disable=SC2016 # for the inner shell
expect 0 $scene resized assay run -q -- sh -c 'trap "size=\$(stty size <&2); echo \$size; test \"\$size\" = \"20 50\" && exit" WINCH
	echo ready; i=0; while test $i -lt 500; do sleep 0.02; i=$((i + 1)); done; exit 1'
grep -qx '20 50' "$here/out" || fail "the new size: $(cat "$here/out")"

# what is typed
expect 0 $scene typed 'name?' "Ada
" assay run -q -- sh -c 'printf "name? "; read -r name; echo "hello $name"'
grep -qx 'hello Ada' "$here/out" || fail "stdin: $(cat "$here/out")"

# a program that draws on the whole screen sets the keyboard's modes on stdout; they are as they were at its end
draw='import curses
def main(screen):
    screen.addstr(2, 4, "ready")
    return screen.getch()
key = curses.wrapper(main)
print("pressed", chr(key))'
if python3 -c 'import curses'; then
	TERM=xterm
	export TERM
	expect 0 $scene typed ready q assay run -q -- python3 -c "$draw"
	grep -q 'pressed q' "$here/out" || fail "a key: $(cat "$here/out")"
fi

# Ctrl-C is the command's: its own end, its default end, none at all
expect 9 $scene typed ready "$interrupt" assay run -q -- sh -c 'trap "echo saving; exit 9" INT; echo ready; while :; do sleep 0.02; done'
grep -q 'saving$' "$here/out" || fail "the handler did not run: $(cat "$here/out")"
status failed
expect 130 $scene typed ready "$interrupt" assay run -q -- sh -c 'echo ready; exec sleep 20'
status killed
expect 0 $scene typed ready "$interrupt" assay run -q -- sh -c 'trap "" INT; echo ready; sleep 0.5; echo unmoved'
grep -q 'unmoved$' "$here/out" || fail "a command that ignores Ctrl-C: $(cat "$here/out")"
status finished
expect 131 $scene typed ready "$quit" assay run -q -- sh -c 'ulimit -c 0; echo ready; exec sleep 20'
status killed

# Ctrl-Z stops both, fg lets both go on, twice; and the run ends as it would have
expect 7 $scene suspended assay run -q -- sh -c 'trap "exit 7" INT; while :; do echo ready; sleep 0.05; done'
status failed

# in the background nothing waits for the terminal
expect 4 $scene background assay run -q -- sh -c 'echo from behind; exit 4'
grep -qx 'from behind' "$here/out" || fail "a job in the background: $(cat "$here/out")"

# the window closes
expect 129 $scene hung_up assay run -q -- sh -c 'echo ready; exec sleep 20'
status killed

# ended by a signal: assay ends by the same
expect 137 $scene plain assay run -q -- sh -c 'kill -9 $$'
expect 143 $scene plain assay run -q -- sh -c 'kill $$'

git fsck --strict 2>&1 | grep -v '^notice' && fail "git fsck"
exit 0
