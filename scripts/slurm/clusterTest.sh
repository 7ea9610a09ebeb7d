#!/bin/bash
# npm run cluster-test [-- SPECTRA]: the shares of a survey under a real Slurm on this machine, one task killed and requeued; the same under GNU
# parallel and Snakemake; each catalogue must equal a single run's to the byte. Needs Debian's slurm-wlm, munge, parallel, snakemake, and root.
# SPECTRA (default 500) are names of some stars of $MAURY_SHARED, so that they fit in little room. Everything lies in a new folder of /tmp.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
spectra=${1:-500}
tasks=8
options=(--model lte-atlas9-v3-small)
stars=$(realpath "${MAURY_SHARED:-../shared}")/spectra/lamost-dr10

for program in slurmctld slurmd sbatch munged parallel snakemake; do
  command -v $program >/dev/null || { echo "cluster-test: $program is missing: apt-get install slurm-wlm munge parallel snakemake" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo 'cluster-test: slurmctld and slurmd need root here' >&2; exit 2; }
[ -d "$stars" ] || { echo "cluster-test: no spectra in $stars: set MAURY_SHARED" >&2; exit 2; }

work=$(mktemp -d /tmp/maury-cluster-XXXXXX)
chmod 755 "$work"
pids=()
stop() {
  scancel --user root 2>/dev/null || true
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 1
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
}
trap stop EXIT
fail() { echo "FAILED: $*; its files are in $work" >&2; exit 1; }
maury() { node --import tsx "$root/cli/main.ts" "$@"; }
# Waits until a command succeeds, at most $1 seconds.
wait_for() { local until=$((SECONDS + $1)); shift; until "$@"; do [ $SECONDS -lt $until ] || fail "waited too long for: $*"; sleep 1; done; }

mkdir "$work/stars"
mapfile -t files < <(ls "$stars"/*.fits.gz | head -40)
for ((i = 0; i < spectra; i++)); do ln -s "${files[$((i % ${#files[@]}))]}" "$work/stars/$(printf 'spec-%05d.fits.gz' "$i")"; done

echo "== $spectra spectra in one run"
time maury batch "$work/stars" --out "$work/single" "${options[@]}"
maury merge "$work/single" --out "$work/single.fits"

echo '== munge, slurmctld, slurmd'
host=$(hostname -s)
head -c 1024 /dev/urandom >"$work/munge.key"
chmod 400 "$work/munge.key"
munged --force --foreground --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munge.seed" >/dev/null 2>&1 &
pids+=($!)
mkdir "$work/state" "$work/spool"
cat >"$work/slurm.conf" <<CONF
ClusterName=maury
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
KillWait=5
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
wait_for 30 test -S "$work/munge.socket"
slurmctld -D >/dev/null 2>&1 & pids+=($!)
slurmd -D >/dev/null 2>&1 & pids+=($!)
idle() { [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; }
wait_for 120 idle
sinfo

echo "== an array of $tasks tasks"
job=$(sbatch --parsable --array=1-$tasks --output="$work/task-%a.log" --mem-per-cpu=0 scripts/slurm/array.sh "$work/stars" "$work/slurm" "${options[@]}")
# A task that has begun and has not ended: the first that is seen.
victim=
find_victim() {
  local i
  for ((i = 1; i <= tasks; i++)); do
    [ -s "$work/slurm/$i/results.ndjson" ] && [ -e "$work/slurm/$i/lock" ] || continue
    victim=$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$work/slurm/$i/lock" 2>/dev/null) && task=$i
    [ -n "$victim" ] && kill -9 "$victim" 2>/dev/null && return 0
  done
  return 1
}
until find_victim; do
  [ -n "$(squeue -h)" ] || fail 'all tasks ended before one could be killed: give more spectra'
  sleep 0.2
done
echo "task $task (process $victim) killed after $(wc -l <"$work/slurm/$task/results.ndjson") lines"
dead() { ! squeue -h -j "${job}_$task" -t RUNNING 2>/dev/null | grep -q .; }
wait_for 120 dead
scontrol requeue "${job}_$task"
ended() { [ -z "$(squeue -h 2>/dev/null)" ]; }
wait_for 36000 ended
grep -h 'were there' "$work/task-$task.log" || fail 'the requeued task did not go on where it stood'
maury merge "$work"/slurm/*/ --out "$work/slurm.fits"
cmp "$work/single.fits" "$work/slurm.fits" || fail 'the catalogue of the array is not that of the single run'
echo 'Slurm: the same catalogue to the byte'

# The rest is about how shares are started, for which fewer spectra do.
few=$((spectra < 8 ? spectra : 8))
mkdir "$work/few"
for ((i = 0; i < few; i++)); do ln -s "${files[$((i % ${#files[@]}))]}" "$work/few/$(printf 'spec-%05d.fits.gz' "$i")"; done
maury batch "$work/few" --out "$work/fewSingle" "${options[@]}" 2>/dev/null
maury merge "$work/fewSingle" --out "$work/few.fits"

echo '== GNU parallel'
seq 4 | parallel -j 2 node --import tsx cli/main.ts batch "$work/few" --out "$work/parallel/{}" --shard {}/4 --workers 1 "${options[@]}" 2>"$work/parallel.log"
maury merge "$work"/parallel/*/ --out "$work/parallel.fits"
cmp "$work/few.fits" "$work/parallel.fits" || fail 'the catalogue of GNU parallel is not that of the single run'
echo 'GNU parallel: the same catalogue to the byte'

echo '== Snakemake'
snakemake -s scripts/snakemake/Snakefile -d "$root" -j 2 --quiet --nolock --config "source=$work/few" "out=$work/snakemake" shards=4 "options=${options[*]}" >"$work/snakemake.log" 2>&1 ||
  fail "Snakemake: $(tail -5 "$work/snakemake.log")"
cmp "$work/few.fits" "$work/snakemake/catalogue.fits" || fail 'the catalogue of Snakemake is not that of the single run'
echo 'Snakemake: the same catalogue to the byte'
echo "cluster-test passed: $spectra spectra, $tasks tasks"
stop
trap - EXIT
rm -rf "$work"
