#!/bin/sh
# Three clones that work at the same time and sync in a triangle, without a hub, end with the same branch and chain; eight that
# sync with one hub at once too. Nothing is lost.
. "${0%/*}/lib.sh"
git init -q --bare -b main "$here/hub.git"
new_repository a
sample_csv 60 >data.csv && git add data.csv && git commit -q -m data
git push -q "$here/hub.git" main
clone() {
	git clone -q "$here/hub.git" "$here/$1"
	git -C "$here/$1" config user.name "$1" && git -C "$here/$1" config user.email "$1@example.org"
	git -C "$here/$1" config maintenance.auto false
}
work() { # CLONE SEED: the six baselines on a split of their own
	(cd "$here/$1" && assay baseline --data data.csv --target left --seed "$2" >/dev/null 2>&1) || fail "$1: baseline"
}
tips() {
	git -C "$here/$1" rev-parse assay/runs refs/assay/keep
}
count() {
	git -C "$here/$1" ls-tree -r --name-only assay/runs | grep -c '/run.json$'
}
clone b
clone c
work a 1 & work b 2 & work c 3 & wait
for pair in 'a b' 'b c' 'c a' 'a b' 'b c'; do
	set -- $pair
	cd "$here/$1" || exit 1
	expect 0 assay sync "$here/$2"
done
for name in a b c; do
	test "$(count $name)" = 18 || fail "$name has $(count $name) runs"
	test "$(tips $name)" = "$(tips a)" || fail "$name stands elsewhere"
	git -C "$here/$name" fsck --strict || fail "$name: fsck"
done

# criss-cross: both join the same two tips by themselves, then each other's joint
work a 4 & work b 5 & wait
cd "$here/a" && expect 0 assay sync --no-push "$here/b"
cd "$here/b"
expect 0 assay sync --no-push "$here/a"
work c 6
cd "$here/c" && expect 0 assay sync "$here/a"
cd "$here/b" && expect 0 assay sync "$here/c"
cd "$here/a" && expect 0 assay sync "$here/b"
test "$(count a)" = 36 && test "$(count b)" = 36 || fail "criss-cross: $(count a), $(count b)"
expect 0 assay verify

# eight at once with a hub
for name in d e f g h; do clone $name; done
seed=10
for name in a b c d e f g h; do
	seed=$((seed + 1))
	work $name $seed &
	test $((seed % 2)) = 0 && wait
done
wait
for name in a b c d e f g h; do
	(cd "$here/$name" && assay sync --yes "$here/hub.git" >"$here/$name.out" 2>"$here/$name.err"; echo $? >"$here/$name.code") &
done
wait
for name in a b c d e f g h; do
	test "$(cat "$here/$name.code")" = 0 || fail "$name: exit $(cat "$here/$name.code"): $(cat "$here/$name.err")"
done
test "$(count hub.git)" = 84 || fail "the hub has $(count hub.git) of 84 runs"
git -C "$here/hub.git" fsck --strict || fail "the hub: fsck"
