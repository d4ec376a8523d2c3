#!/bin/sh
# Every record that a baseline makes, parents of several among them, on the branch and as `show --json` prints it, is valid by the schema that the program
# prints; and a record that is not is refused by it.
. "${0%/*}/lib.sh"
python=/usr/bin/python3
$python -c 'import jsonschema' 2>/dev/null || skip "no python3-jsonschema"
cat >"$here/validate.py" <<'END'
import json
import re
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bad = 0
for path in sys.argv[2:]:
    record = json.load(open(path, encoding="utf-8"))
    for error in validator.iter_errors(record):
        bad += 1
        print("%s: %s: %s" % (path, "/".join(map(str, error.absolute_path)), error.message), file=sys.stderr)
sys.exit(bad > 0)
END
assay help schema >"$here/schema.json" || fail "help schema"

new_repository
awk 'BEGIN { print "id,age,plan,churn"; for (i = 1; i <= 400; i++)
	print i "," (i * 37) % 80 "," (i % 3 ? "basic" : "plus") "," ((i * 37) % 80 + i % 7 > 50 ? "yes" : "no") }' >data.csv
mkdir experiments
cat >experiments/age.md <<'END'
---
question: Does age tell who leaves?
expects: {f1: better}
success_criteria: {f1: 0.5, roc_auc: {beats: baseline}, broken: "<= 0.5"}
constraints: {latency_ms: {max: 1000}}
margins: {f1: 0.01}
---
# Age
END
expect 0 assay baseline --data data.csv --target churn --id id -e age
git add data.csv && git commit -q -m data
expect 0 assay baseline --data data.csv --target plan --id id -e plan
awk 'BEGIN { print "x,colour"; for (i = 1; i <= 300; i++)
	print (i * 17) % 100 "," substr("redgreblu", i % 3 * 3 + 1, 3) }' >colours.csv
expect 0 assay baseline --data colours.csv --target colour -e colours
# parents of seeds and of splits, judged in their scopes
expect 0 assay baseline --data data.csv --target churn --id id -e seeds --seeds 3
expect 0 assay baseline --data data.csv --target churn --id id -e splits --splits 10
expect 0 assay show -e splits random_forest --json
jq -e '.record.comparison[0].scope == "change"' "$here/out" >"$here/jq" || fail "no parent was judged: $(cat "$here/out")"

n=0
git ls-tree -r --name-only assay/runs >"$here/paths" || fail "ls-tree"
grep '/run\.json$' "$here/paths" >"$here/records" || fail "no records"
while read -r path; do
	n=$((n + 1))
	git cat-file blob "assay/runs:$path" >"$here/record-$n.json" || fail "$path"
done <"$here/records"
test "$n" -ge 9 || fail "only $n records"
$python "$here/validate.py" "$here/schema.json" "$here"/record-*.json || fail "a record is not valid"

# what the branch holds is what show prints
id=$(jq -r .id "$here/record-1.json")
expect 0 assay show --json "$id"
jq -S .record "$here/out" >"$here/shown" || fail "show --json"
jq -S . "$here/record-1.json" >"$here/stored"
cmp "$here/shown" "$here/stored" || fail "show prints another record than the branch has"

# the schema can say no
for change in '.status = "well"' '.id = "x"' '.measured.f1 = "high"' '.schema = 2' 'del(.kind)' \
	'.artifacts = [{path: "../x"}]' '.intervals.f1 = [1]' '.code.commit = "HEAD"'; do
	jq "$change" "$here/record-1.json" >"$here/changed.json"
	$python "$here/validate.py" "$here/schema.json" "$here/changed.json" 2>/dev/null && fail "valid after $change"
done
# and keeps an unknown key
jq '.later = {x: [1]}' "$here/record-1.json" >"$here/changed.json"
$python "$here/validate.py" "$here/schema.json" "$here/changed.json" || fail "an unknown key is refused"
exit 0
