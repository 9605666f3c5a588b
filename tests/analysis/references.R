# The R calls behind the figures in these tests; the tests do not run R.
# R 4.2.2, survey 4.1-1, psych 2.2.9 (Debian 12). Run: Rscript tests/analysis/references.R
# What each line printed stands after it.
options(digits = 10)
w <- function(x, n) as.numeric(suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int))

# Wilson, without continuity correction
w(81, 263)   # 0.2552885199 0.3662095770
w(15, 148)   # 0.06238639953 0.16048724172
w(0, 20)     # 0.0000000000 0.1611251581
w(1, 29)     # 0.006113214293 0.171755218793

# Square and add, with a correlation (Newcombe 1998, both papers; Zou and Donner 2008)
hybrid <- function(x1, n1, x2, n2, rho) {
  p1 <- x1 / n1; p2 <- x2 / n2; a <- w(x1, n1); b <- w(x2, n2)
  c(p1 - p2 - sqrt((p1 - a[1])^2 - 2 * rho * (p1 - a[1]) * (b[2] - p2) + (b[2] - p2)^2),
    p1 - p2 + sqrt((a[2] - p1)^2 - 2 * rho * (a[2] - p1) * (p2 - b[1]) + (p2 - b[1])^2))
}
phi <- function(e, f, g, h) {       # pairs: yes yes, yes no, no yes, no no
  top <- e * h - f * g
  if (top > 0) top <- max(top - (e + f + g + h) / 2, 0)
  root <- sqrt((e + f) * (g + h) * (e + g) * (f + h))
  if (root == 0) 0 else top / root
}
paired <- function(e, f, g, h) hybrid(e + f, e + f + g + h, e + g, e + f + g + h, phi(e, f, g, h))
hybrid(56, 70, 48, 80, 0)   # 0.0524314724 0.3338726540
paired(14, 5, 0, 22)        # 0.01148324138 0.22649268435
paired(36, 12, 2, 0)        # 0.056929584 0.340427603
paired(20, 12, 2, 16)       # 0.05615642484 0.32920699540
paired(1, 1, 7, 12)         # -0.50692022669 -0.02555912416
hybrid(9, 15, 5, 16, phi(3, 4, 1, 4) * 12 / sqrt(16 * 15))   # -0.0480980861 0.5457724931

# Exact McNemar test, and Holm
binom.test(86, 236)$p.value                     # 3.71593614e-05
binom.test(9, 30)$p.value                       # 0.04277394526
binom.test(0, 5)$p.value                        # 0.0625
p.adjust(c(0.0625, 0.00390625, 1), "holm")      # 0.12500000 0.01171875 1.00000000

# Mean of pupils in schools
library(survey)
d <- data.frame(school = c("a", "a", "a", "b", "b", "c", "c", "c", "c"), y = c(1, 2, 3, 2, 4, 5, 3, 4, 5))
m <- svymean(~y, svydesign(ids = ~school, data = d, weights = ~1), deff = "replace")
m                            # 3.2222222 SE 0.7520738 DEff 2.61799
as.numeric(SE(m))            # 0.7520737981
as.numeric(deff(m))          # 2.617989418
confint(m, df = 2)           # -0.01369015793 6.458134602
t.test(c(1, 2, 3))$conf.int  # -0.4841377118 4.4841377118

# Cronbach's alpha, and Feldt's interval
q <- data.frame(q1 = c(1, 2, 3, 4, 5, 3), q2 = c(2, 2, 3, 5, 4, 3), q3 = c(1, 3, 3, 4, 5, 2))
alpha <- psych::alpha(q)$total$raw_alpha
alpha                                          # 0.9317647059
1 - (1 - alpha) * qf(c(.975, .025), 5, 10)     # 0.7109494485 0.9896912369
