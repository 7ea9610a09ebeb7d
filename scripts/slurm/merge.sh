#!/bin/bash
# The catalogue of an array, once all of its tasks are done:
#   sbatch --dependency=afterok:ARRAY_JOB scripts/slurm/merge.sh OUT CATALOGUE.fits
#SBATCH --job-name=maury-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1500M
#SBATCH --time=12:00:00
set -eu
cd "${MAURY_ROOT:-$SLURM_SUBMIT_DIR}"
exec node --import tsx cli/main.ts merge "$1"/*/ --out "$2"
