#!/bin/sh
# Writes C on stdout: the table embedded_files[] of base/embedded.h with each file named on the command line.
set -eu
echo '#include "base/embedded.h"'
i=0
for file; do
	echo "static const unsigned char file_$i[] = {"
	od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '0};'
	i=$((i + 1))
done
echo 'const struct embedded embedded_files[] = {'
i=0
for file; do
	echo "	{\"$file\", (const char *)file_$i, sizeof(file_$i) - 1},"
	i=$((i + 1))
done
echo '	{NULL, NULL, 0}'
echo '};'
