# What GaussSuppression (Langsrud) hides of the tables beside this file, and how long it takes.
#
# Rscript references_gauss.R FOLDER
#
# FOLDER holds references_gauss_input.csv, made by test_references.py from a seed:
# region > la > school x year x answer, every group's answers, none missing. Written there:
# references_gauss_hidden.csv, one row per run and hidden cell ("school" also names areas and regions,
# "Total" is a margin), and references_gauss_runs.csv, what each run hid and its processor seconds.
# R 4.2.2, GaussSuppression 1.2.3, SSBtools 1.8.6, RegSDC and Rglpk (Debian's).
library(GaussSuppression)
folder <- commandArgs(trailingOnly = TRUE)[1]
table <- read.csv(file.path(folder, "references_gauss_input.csv"), colClasses = c(n = "numeric"))

runs <- list(
  default = list(),
  rangeMin = list(rangeMin = 10, lpPackage = "Rglpk")
)
hidden <- list()
said <- list()
for (name in names(runs)) {
  call <- c(list(table, dimVar = c("region", "la", "school", "year", "answer"), freqVar = "n",
                 maxN = 9, protectZeros = TRUE, secondaryZeros = TRUE,
                 preAggregate = FALSE, printInc = FALSE), runs[[name]])
  spent <- system.time(found <- do.call(SuppressSmallCounts, call))
  said[[name]] <- data.frame(run = name, n_cells = nrow(found), n_primary = sum(found$primary, na.rm = TRUE),
                             n_hidden = sum(found$suppressed), seconds = round(unname(spent["user.self"]), 2))
  cells <- found[found$suppressed, c("school", "year", "answer")]
  hidden[[name]] <- cbind(run = name, cells)
}
write.csv(do.call(rbind, said), file.path(folder, "references_gauss_runs.csv"), row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, hidden), file.path(folder, "references_gauss_hidden.csv"), row.names = FALSE, quote = FALSE)
