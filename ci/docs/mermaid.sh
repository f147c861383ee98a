#!/bin/bash
# Fetch Mermaid, which draws the site's diagrams, from the npm registry. Debian has no package of it.
#
#   ci/docs/mermaid.sh FILE

set -euo pipefail

version=10.9.8
sum=8d607d7ef1d077a8aa202e18e62212bfa992c68bfeabc5cf45d51a128fe6675d

file=$1
[ ! -e "$file" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "ci/docs/mermaid.sh: fetching Mermaid $version" >&2
(cd "$work" && npm pack --silent "mermaid@$version" >/dev/null)
tar -xzf "$work/mermaid-$version.tgz" -C "$work" package/dist/mermaid.min.js
echo "$sum  $work/package/dist/mermaid.min.js" | sha256sum --check --quiet
mkdir -p "$(dirname "$file")"
mv "$work/package/dist/mermaid.min.js" "$file"
