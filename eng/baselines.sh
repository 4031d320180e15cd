#!/usr/bin/env bash
# Asks the installed git for its verdicts on ref names and refspec patterns and records them for the tests.
# Usage: eng/baselines.sh   (only to add a case or to look at a newer git; the recorded files are the reference)
# Names are written with \xNN for bytes that are not printable ASCII.
set -eu
cd "$(dirname "$0")/../tests/MirrorAction.Tests/Git/Baselines"
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

verdicts() { # options of check-ref-format; names on standard input
  while IFS= read -r name; do
    bytes=$(printf '%bX' "$name")
    if git check-ref-format "$@" "${bytes%X}"; then verdict=ok; else verdict=refused; fi
    printf '%s\t%s\n' "$name" "$verdict"
  done
}

verdicts > check-ref-format.tsv <<'NAMES'
refs/heads/main
refs/heads/feature/x
refs/tags/v1.0
refs/notes/commits
refs/remotes/origin/HEAD
refs/heads/-dash
refs/heads/_under
refs/heads/UPPER
refs/heads/a-b+c=d,e;f!g
refs/heads/a@b
refs/heads/@
refs/heads/a{b}
refs/heads/a"b'c
refs/heads/a<b>c|d
refs/heads/a&b$c%d
refs/heads/#1
refs/heads/(a)
refs/heads/a`b
refs/heads/lock
refs/heads/.locked
refs/heads/a.lockx
refs/heads/a.LOCK
refs/heads/caf\xc3\xa9
refs/heads/caf\xe9
refs/heads/\xff\xfe
refs/heads/\x80
refs/heads/\xe2\x80\xae
refs/heads/\xf0\x9f\x9a\x80
refs/x
a/b
x/refs/heads/main
refs/heads/refs/heads/main
refs/heads/HEAD
refs/heads/a.b
refs/heads/a..b
refs/heads/a...b
refs/heads/a.
refs/heads/a./b
refs/heads/.a
refs/heads/a/.b
refs/heads/a/..
refs/heads/a/../b
refs/heads/.
refs/heads/a.lock
refs/heads/a.lock/b
refs/heads/.lock
refs/heads/a b
refs/heads/ a
refs/heads/a\x20
refs/heads/a~1
refs/heads/a^
refs/heads/a^{}
refs/heads/a:b
refs/heads/a?
refs/heads/a*
refs/heads/*
refs/heads/a[b
refs/heads/a]b
refs/heads/a\x5cb
refs/heads/@{
refs/heads/a@{1}
refs/heads/@{u}
refs/heads/a@/b
refs/heads/{@
refs/heads/a\x01b
refs/heads/a\x1fb
refs/heads/a\x09b
refs/heads/a\x0ab
refs/heads/a\x0a
refs/heads/a\x0db
refs/heads/a\x1b[31mb
refs/heads/a\x7fb
refs/heads/
refs/heads
refs
refs/
/refs/heads/a
//refs/heads/a
refs//heads/a
refs/heads//a
refs/heads/a/
refs/heads/a//
/
@
HEAD
main

.
..
refs/./a
refs/../a
.refs/heads/a
refs.lock/heads/a
refs/heads/a.lock.lock
refs/heads/a.lock.b
NAMES

verdicts --refspec-pattern > refspec-pattern.tsv <<'NAMES'
refs/heads/*
refs/tags/*
refs/heads/feature/*
refs/heads/*/x
refs/heads/v*
refs/heads/*x
refs/heads/a*b
refs/heads/*/a/b
refs/heads/main
refs/heads/**
refs/heads/*/*
refs/*/heads/*
refs/heads/*.lock
refs/heads/*.lock/x
refs/heads/.*
refs/heads/*.
refs/heads/*..
refs/heads/a.*
refs/heads/a..*
refs/heads/@{*
refs/heads/@*{
refs/heads/@*
refs/heads/* x
refs/heads/*?
refs/heads/*[a]
refs/heads/*~
refs/heads/*\x5c
refs/heads//*
refs/heads/*/
refs/heads/*//x
refs/heads/*\x01
refs/heads/caf\xc3\xa9*
NAMES

# Which refs a pattern takes in: fetch them through a refspec and see what arrives.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git init -q --bare "$folder"
id=$(git -C "$folder" -c user.name=Acme -c user.email=acme@example.com commit-tree -m x "$(git -C "$folder" mktree < /dev/null)")
names='refs/heads/main refs/heads/mainx refs/heads/v refs/heads/v1 refs/heads/v1.0 refs/heads/release/1/final refs/heads/release/final
refs/heads/release/1/2/final refs/heads/a refs/heads/aa refs/heads/aba refs/heads/ab/a refs/tags/v refs/tags/v1 refs/tags/rel/v1 refs/notes/commits'
for name in $names; do git -C "$folder" update-ref "$name" "$id"; done
for pattern in 'refs/heads/*' 'refs/heads/v*' 'refs/heads/release/*/final' 'refs/heads/release/*' 'refs/heads/a*a' 'refs/heads/a*' 'refs/heads/*a' \
  'refs/heads/*/final' 'refs/tags/v*' 'refs/tags/*v1' 'refs/tags/rel/*' 'refs/h*' 'refs/heads/main*' 'refs/notes/*' 'refs/heads/ab/*'; do
  for kept in $(git -C "$folder" for-each-ref --format='%(refname)' refs/probe); do git -C "$folder" update-ref -d "$kept"; done
  git -C "$folder" fetch -q --no-tags . "+$pattern:refs/probe/x*y" 2> /dev/null || continue
  prefix=${pattern%%\**}
  suffix=${pattern#*\*}
  for name in $names; do
    middle=${name#"$prefix"}
    middle=${middle%"$suffix"}
    if [ "$name" = "$prefix$middle$suffix" ] && git -C "$folder" rev-parse -q --verify "refs/probe/x${middle}y" > /dev/null; then verdict=match; else verdict=no; fi
    printf '%s\t%s\t%s\n' "$pattern" "$name" "$verdict"
  done
done > pattern-match.tsv
