#!/bin/sh
# Lists are the same whatever became of the catalog: lost, damaged, locked, not to be written, killed while it was made, used by many.
. "${0%/*}/lib.sh"
new_repository
sample_csv >data.csv
expect 0 assay baseline --data data.csv --target left
catalog=.git/assay/catalog.db
assay ls --json >"$here/want" || fail "ls"
test -s $catalog || fail "there is no catalog"

same() {
	expect 0 assay ls --json
	cmp "$here/out" "$here/want" || fail "another list where the catalog is $1"
	test ! -s "$here/err" || fail "something is said where the catalog is $1: $(cat "$here/err")"
}
same there
rm $catalog
same lost
test -s $catalog || fail "a lost catalog is not made anew"
head -c 5000 $catalog >"$here/half"
cp "$here/half" $catalog
same cut
echo "no database" >$catalog
same foreign
: >$catalog
same empty
rm $catalog && mkdir $catalog
same "a folder"
rmdir $catalog && ln -s "$here/elsewhere" $catalog
same "a link"
test ! -e "$here/elsewhere" || fail "a link was followed"
rm $catalog

# many at once, on a catalog that is not there and one that is behind
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	assay ls --json >"$here/list.$i" 2>"$here/list-err.$i" &
	lists="${lists-} $!"
done
for list in $lists; do wait "$list" || fail "one of many: exit $?"; done
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	cmp "$here/list.$i" "$here/want" || fail "many at once see another list"
done

# killed at any moment while it is made
for pause in 0.001 0.003 0.005 0.007 0.009 0.012 0.015 0.02; do
	rm -f $catalog
	timeout -s KILL $pause assay ls >"$here/out" 2>&1
	same "half-made after $pause s"
done

# a writer that holds the lock: the list comes all the same
if command -v python3 >/dev/null; then
	expect 0 assay run --name later -- true
	assay ls --json >"$here/want" || fail "ls"
	cp $catalog "$here/behind"
	expect 0 assay run --name last -- true
	assay ls --json >"$here/want" || fail "ls"
	cp "$here/behind" $catalog
	python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
open(sys.argv[2], "w").close()
time.sleep(8)' $catalog "$here/locked" &
	holder=$!
	until test -e "$here/locked"; do sleep 0.1; done
	same locked
	kill $holder
	wait $holder 2>/dev/null
fi

# a user who may not write there
if test "$(id -u)" = 0 && command -v setpriv >/dev/null; then
	rm -f $catalog
	chmod -R go+rX "$here"
	git config --global --add safe.directory "$PWD"
	chmod go+rX "$HOME" "$HOME/.gitconfig"
	setpriv --reuid=65534 --regid=65534 --clear-groups assay ls --json >"$here/out" 2>"$here/err" ||
		fail "ls of another user: $(cat "$here/err")"
	cmp "$here/out" "$here/want" || fail "another list in a repository that cannot be written"
	test ! -e $catalog || fail "the catalog was written"
fi
