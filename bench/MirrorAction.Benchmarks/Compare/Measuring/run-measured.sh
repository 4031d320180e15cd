#!/bin/bash
# run-measured.sh REPORT PROGRAM [ARGUMENT...]
# Runs the program and writes what the kernel counted for it and for everything that it started. Builtins only: any other program would be
# counted too. The report: exit code, start and end (seconds), the lines of `times`, the lines of /proc/PID/io.
report=$1
shift
LC_ALL=C # a point in the seconds
start=$EPOCHREALTIME
"$@"
code=$?
end=$EPOCHREALTIME
mapfile -t io <"/proc/$$/io"
{
  echo "$code"
  echo "$start"
  echo "$end"
  times
  printf '%s\n' "${io[@]}"
} >"$report"
