#!/bin/bash
# One share of a survey per task of a Slurm job array. From the repository's root:
#   sbatch --array=1-64 scripts/slurm/array.sh SOURCE OUT [options of maury batch]
# Task i of n writes OUT/i; a task that was killed, requeued or submitted again goes on where it stood.
#SBATCH --job-name=maury
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1500M
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
set -eu
source=$1
out=$2
shift 2
cd "${MAURY_ROOT:-$SLURM_SUBMIT_DIR}"
# exec: signals of Slurm reach the program itself.
exec node --import tsx cli/main.ts batch "$source" --out "$out/$SLURM_ARRAY_TASK_ID" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --workers "${SLURM_CPUS_PER_TASK:-1}" "$@"
