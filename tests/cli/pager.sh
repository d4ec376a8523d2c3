#!/bin/sh
# A list longer than the terminal goes through git's pager, a short one and one that is piped never; no pager loses the list.
. "${0%/*}/lib.sh"
command -v python3 >/dev/null || skip "python3 is not there to make a terminal"
new_repository
sample_csv >data.csv
expect 0 assay baseline --data data.csv --target left

# on_terminal ROWS PAGER COMMAND...: what a terminal of so many rows shows
cat >"$here/terminal.py" <<'PY'
import fcntl, os, pty, struct, sys, termios
child, fd = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(sys.argv[1]), 100, 0, 0))
    os.environ.update(GIT_PAGER=sys.argv[2], TERM="xterm")
    os.execvp(sys.argv[3], sys.argv[3:])
while True:
    try:
        text = os.read(fd, 65536)
    except OSError:
        break
    if not text:
        break
    os.write(1, text)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PY
on_terminal() {
	expect 0 python3 "$here/terminal.py" "$@"
}
paged='sed "s/^/paged: /"'
on_terminal 5 "$paged" assay ls
grep -q '^paged: .*majority' "$here/out" || fail "a long list is not paged"
on_terminal 50 "$paged" assay ls
grep -q majority "$here/out" && ! grep -q paged "$here/out" || fail "a short list is paged"
on_terminal 5 "$paged" assay ls --no-pager
grep -q majority "$here/out" && ! grep -q paged "$here/out" || fail "--no-pager"
on_terminal 5 "$paged" assay ls --json
! grep -q paged "$here/out" || fail "JSON is paged"
on_terminal 5 "no-such-pager-anywhere" assay ls
grep -q majority "$here/out" || fail "a pager that is not there loses the list"
on_terminal 5 "head -1" assay ls
test "$(wc -l <"$here/out")" = 1 || fail "a pager that ends early"
on_terminal 5 cat assay show best
grep -q 'sha256' "$here/out" || fail "show without a pager"
GIT_PAGER="$paged" assay ls >"$here/out" || fail "ls into a file"
! grep -q paged "$here/out" || fail "a file is paged"
