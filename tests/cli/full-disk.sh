#!/bin/sh
# A disk that fills up while runs are made: no half-made object, no reference to nothing, the command's own exit passed on, and
# what had started is landed once there is space.
. "${0%/*}/lib.sh"
test "$(id -u)" = 0 || skip "mounting a small disk needs root"
disk="$here/disk"
mkdir "$disk"
mount -t tmpfs -o size=4m tmpfs "$disk" 2>/dev/null || skip "no small disk can be mounted here"
trap 'code=$?; cd /; umount -l "$disk"; chmod -R u+w "$here"; rm -rf "$here"; exit $code' EXIT
new_repository disk/repo
sample_csv 300 >"$here/data.csv"

# leave KIB: fill the disk but for so much
leave() {
	rm -f "$disk/ballast"
	free=$(df -k --output=avail "$disk" | tail -1)
	test "$free" -le "$1" || head -c "$(((free - $1) * 1024))" /dev/zero >"$disk/ballast" || fail "cannot fill the disk"
}
whole() {
	git fsck --strict --no-dangling >"$here/fsck" 2>&1 || fail "$1: git fsck: $(cat "$here/fsck")"
	test -z "$(find .git/objects/pack -name '*.keep')" || fail "$1: a pack is held for ever"
}

started=0
for room in 0 4 8 12 16 24 32 48 64 96 128 256 512; do
	leave $room
	: >"$here/ran"
	assay run --name "r$room" -- sh -c 'echo >>"$0"; echo "{\"f1\": 0.5}" >"$ASSAY_RUN_DIR/metrics.json"
		mkdir -p "$ASSAY_RUN_DIR/artifacts" && head -c 90000 /dev/urandom >"$ASSAY_RUN_DIR/artifacts/a"; exit 5' \
		"$here/ran" >"$here/out" 2>"$here/err"
	got=$?
	if test -s "$here/ran"; then
		test $got = 5 || fail "$room KiB: exit $got of a command that said 5: $(cat "$here/err")"
	else
		case $got in
		3 | 125) ;;
		*) fail "$room KiB: exit $got before the command was started: $(cat "$here/err")" ;;
		esac
		grep -q 'No space left' "$here/err" || fail "$room KiB: nobody says that the disk is full: $(cat "$here/err")"
	fi
	test ! -s "$here/ran" || started=$((started + 1))
	rm -f "$disk/ballast"
	whole "$room KiB"
done
expect 0 assay recover
expect 0 assay ls --all --json
test "$(jq length "$here/out")" -ge "$started" || fail "$(jq length "$here/out") runs of $started that were started"
jq -e 'all(.[]; .where == "git")' "$here/out" >/dev/null || fail "something is not in git: $(jq -c 'map(.where)' "$here/out")"
test -z "$(ls .git/assay/running)" || fail "something is left in flight: $(ls -R .git/assay/running)"

# a baseline
for room in 0 16 64 200; do
	leave $room
	assay baseline --data "$here/data.csv" --target left --again >"$here/out" 2>"$here/err"
	got=$?
	case $got in
	0) ;;
	3) grep -q 'No space left' "$here/err" || fail "baseline, $room KiB: $(cat "$here/err")" ;;
	*) fail "baseline, $room KiB: exit $got: $(cat "$here/err")" ;;
	esac
	rm -f "$disk/ballast"
	whole "baseline, $room KiB"
done
expect 0 assay recover
whole "in the end"
test -z "$(ls .git/assay/running)" || fail "something of a baseline is left in flight"
