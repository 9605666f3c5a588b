# The R calls behind the figures in the tests of reliability, agreement, funnels, shrinkage, ranks
# and planning; the tests do not run R. What each line printed stands after it.
# R 4.2.2, psych 2.2.9, GPArotation 2022.10-2, metafor 3.8-1, vcd 1.4-11 (Debian 12). irr 0.84.1,
# FunnelPlotR 0.6.0 and PowerUpR 1.1.0 are not in Debian: the functions named here are their
# published sources, read with source(). Run: Rscript tests/analysis/references_fair.R FOLDER
# where FOLDER holds those sources (kappa2.R, od_adjustment.R, calculate_limits.R,
# aggregate_func.R; pu/error.R, pu/utils.R, pu/cra2.R, pu/bira2.R).
options(digits = 12)
folder <- commandArgs(TRUE)[1]
library(psych)

# Reliability and items ---------------------------------------------------------------------
q <- data.frame(
  q1 = c(1, 3, 3, 4, 5, 3, 4, 2, 4, 1, 3, 3),
  q2 = c(2, 2, 3, 5, 4, 3, 1, 4, 5, 2, 4, 2),
  q3 = c(1, 3, 3, 4, 5, 2, 2, 3, 4, 1, 4, 4),
  q4 = c(2, 1, 4, 4, 4, 3, 3, 5, 3, 1, 5, 2)
)
a <- psych::alpha(q)
a$total$raw_alpha
1 - (1 - a$total$raw_alpha) * qf(c(.975, .025), 11, 33)      # Feldt
a$item.stats[, c("r.drop", "mean", "sd")]
a$alpha.drop$raw_alpha
o <- suppressMessages(psych::omega(q, nfactors = 1, fm = "minres", plot = FALSE))
o$omega.tot
as.numeric(psych::fa(q, nfactors = 1, fm = "minres")$loadings)
S <- matrix(c(1, .52, .41, .33, .52, 1, .47, .29, .41, .47, 1, .36, .33, .29, .36, 1), 4)
suppressMessages(psych::omega(S, nfactors = 1, plot = FALSE))$omega.tot
# Delete-one-school jackknife of log(1 - alpha), written out: schools a, b, c, d of three
school <- rep(c("a", "b", "c", "d"), each = 3)
jack <- function(stat) {
  all <- log(1 - stat(q))
  left <- sapply(unique(school), function(s) log(1 - stat(q[school != s, ])))
  se <- sqrt((4 - 1) / 4 * sum((left - mean(left))^2))
  1 - exp(all + c(1, -1) * qt(.975, 3) * se)
}
raw <- function(d) { k <- ncol(d); k / (k - 1) * (1 - sum(diag(cov(d))) / sum(cov(d))) }
jack(raw)
minres <- function(d) {                         # psych's optimum, to more digits than psych stops at
  R <- cor(d)
  left <- function(l) { e <- R - tcrossprod(l); sum(e[lower.tri(e)]^2) }
  l <- rep(.7, ncol(R))
  for (i in 1:20) l <- optim(l, left, method = "BFGS", control = list(reltol = 1e-18, maxit = 2000))$par
  (sum(R) - sum(1 - l^2)) / sum(R)
}
minres(q)
jack(minres)

# Agreement ---------------------------------------------------------------------------------
self <- c(3, 3, 2, 2, 1, 3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 3, 2, 2, 3, 1)
reviewer <- c(3, 2, 2, 1, 1, 3, 2, 2, 1, 2, 1, 3, 2, 2, 1, 3, 3, 1, 2, 1)
linear <- 1 - abs(outer(1:3, 1:3, "-")) / 2
k <- psych::cohen.kappa(cbind(self, reviewer), levels = 1:3); k$confid
psych::cohen.kappa(cbind(self, reviewer), w = linear, levels = 1:3)$confid
# psych's weighted interval is off: its variance takes rowSums(w * rs) where Fleiss, Cohen and
# Everitt (1969) have colSums(w * rs). vcd has it right, and it is vcd's that is met.
library(vcd)
confint(vcd::Kappa(table(self, reviewer), weights = "Equal-Spacing"))
confint(vcd::Kappa(table(self, reviewer), weights = "Fleiss-Cohen"))
source(file.path(folder, "kappa2.R"))
kappa2(cbind(self, reviewer))$value
kappa2(cbind(self, reviewer), "equal")$value
kappa2(cbind(self, reviewer), "squared")$value
binom.test(7, 9)$p.value                       # 7 higher by the school itself, 2 by the reviewer
# Cohen (1968), Psychological Bulletin 70: 213-220, table 1, as in psych's help page
cohen <- matrix(c(0.44, 0.07, 0.09, 0.05, 0.20, 0.05, 0.01, 0.03, 0.06), ncol = 3)
cw <- matrix(c(0, 1, 3, 1, 0, 6, 3, 6, 0), ncol = 3)
psych::cohen.kappa(cohen, cw, n.obs = 200)$confid[1, ]
# School jackknife of kappa (five schools of four)
unit <- rep(1:5, each = 4)
kap <- function(keep) psych::cohen.kappa(cbind(self, reviewer)[keep, ], levels = 1:3)
all <- kap(rep(TRUE, 20))
for (name in c("kappa", "weighted.kappa")) {
  left <- sapply(1:5, function(u) kap(unit != u)[[name]])
  se <- sqrt(4 / 5 * sum((left - mean(left))^2))
  print(all[[name]] + c(-1, 1) * qt(.975, 4) * se)
}

# Funnel ------------------------------------------------------------------------------------
num <- c(12, 30, 26, 50, 42, 71, 4, 29, 48, 36)
den <- c(82, 98, 100, 125, 162, 151, 12, 100, 82, 99)
for (f in c("aggregate_func", "od_adjustment", "calculate_limits")) source(file.path(folder, paste0(f, ".R")))
agg <- aggregate_func(data.frame(numerator = num, denominator = den, group = sprintf("%02d", 1:10)))
target <- sum(num) / sum(den); target
z <- transformed_zscore(agg, "PR"); z$Uzscore
w <- winsorisation(z, .1); w$Wuzscore
phi <- phi_func(10, w$Wuzscore); phi
tau2 <- tau_func(10, phi, w$s); tau2
tr <- truncation(z, .1); nt <- sum(!is.na(tr$Wuzscore)); nt
phit <- phi_func(nt, na.omit(tr$Wuzscore)); phit
tau_func(nt, phit, tr$s[!is.na(tr$Wuzscore)])
(z$Y - z$target_transformed) / sqrt(z$s^2 + tau2)
g <- data.frame(number_seq = sort(den))
calculate_limits(g, "PR", "SHMI", 1, tau2, target, TRUE)
calculate_limits(g, "PR", "SHMI", 1, tau2, target, FALSE)
# Exact binomial limits with interpolation (Spiegelhalter 2005, appendix A.1.1)
exact <- function(p, n, t) {
  r <- qbinom(p, n, t)
  b <- (pbinom(r, n, t) - p) / (pbinom(r, n, t) - pbinom(r - 1, n, t))
  pmin(pmax((r - b) / n, 0), 1)
}
sapply(c(.025, .975, .001, .999), exact, n = den, t = target)

# Shrinkage ---------------------------------------------------------------------------------
nll <- function(p) {                            # beta-binomial, logit mean and log(a + b)
  m <- plogis(p[1]); s <- exp(p[2])
  -sum(lbeta(m * s + num, (1 - m) * s + den - num) - lbeta(m * s, (1 - m) * s))
}
fit <- optim(c(qlogis(target), 2), nll, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000))
fit <- optim(fit$par, nll, method = "Nelder-Mead", control = list(reltol = 1e-16, maxit = 5000))
m <- plogis(fit$par[1]); s <- exp(fit$par[2]); c(m, s)
(num + m * s) / (den + s)
library(metafor)
# Raudenbush and Bryk: the eight schools' coaching effects, Rubin (1981), J. Educational Statistics 6: 377-401
y <- c(28, 8, -3, 7, -1, 1, 18, 12); se <- c(15, 10, 16, 11, 9, 11, 10, 18)
r <- rma(y, sei = se, method = "REML"); r$tau2; coef(r)
# Nine school means with real differences
y <- c(3.1, 2.4, 3.6, 2.9, 4.1, 3.3, 2.2, 3.8, 3.0); se <- c(.20, .35, .25, .15, .40, .22, .30, .28, .18)
r <- rma(y, sei = se, method = "REML", control = list(threshold = 1e-12, maxiter = 1000)); r$tau2; coef(r); r$se
b <- blup(r); b$pred; b$se

# Ranks -------------------------------------------------------------------------------------
draws <- matrix(c(.1, .2, .3, .25, .2, .3, .4, .3, .2, .1, .3, .2), ncol = 3, byrow = TRUE)
rk <- t(apply(-draws, 1, rank)); rk
apply(rk, 2, median); apply(rk, 2, quantile, c(.025, .975)); colMeans(rk)

# Planning ----------------------------------------------------------------------------------
for (f in c("error", "utils", "cra2", "bira2")) source(file.path(folder, "pu", paste0(f, ".R")))
options(digits = 12)
pr <- function(x) { cat(format(c(unlist(x$mdes), x$power, x$df), digits = 12), "\n") }
quiet <- function(e) { capture.output(v <- e); v }
pr(quiet(mdes.cra2r2(rho2 = .20, n = 4, J = 20, alpha = .01)))
pr(quiet(power.cra2r2(es = .50, rho2 = .20, n = 4, J = 20)))
pr(quiet(mdes.cra2r2(rho2 = .15, n = 25, J = 40, p = .4, g2 = 2, r21 = .3, r22 = .5)))
pr(quiet(power.cra2r2(es = .25, rho2 = .15, n = 25, J = 40, p = .4, g2 = 2, r21 = .3, r22 = .5)))
pr(quiet(mdes.cra2r2(rho2 = .15, n = 25, J = 40, two.tailed = FALSE, power = .4)))
pr(quiet(mdes.bira2r1(rho2 = .35, omega2 = .10, n = 83, J = 480)))
pr(quiet(power.bira2r1(rho2 = .35, omega2 = .10, n = 83, J = 480)))
pr(quiet(mdes.bira2r1(rho2 = .15, omega2 = .2, n = 20, J = 12, p = .4, g2 = 1, r21 = .4, r2t2 = .1)))
pr(quiet(power.bira2r1(es = .2, rho2 = .15, omega2 = .2, n = 20, J = 12, p = .4, g2 = 1, r21 = .4, r2t2 = .1)))
tpower <- function(effect, se, df, a = .05)
  1 - pt(qt(1 - a / 2, df), df, effect / se) + pt(qt(a / 2, df), df, effect / se)
# unequal schools: the between part times 1 + cv^2 (Eldridge, Ashby and Kerry 2006)
tpower(.25, sqrt(.15 * (1 + .6^2) / (.25 * 40) + .85 / (.25 * 40 * 25)), 38)
# binary, cluster trial: 30% against 45%
se2 <- function(p0, p1, J, P, n, rho) sqrt((p1 * (1 - p1) / P + p0 * (1 - p0) / (1 - P)) * (rho / J + (1 - rho) / (J * n)))
tpower(.15, se2(.3, .45, 40, .5, 25, .1), 38)
uniroot(function(d) d - (qt(.975, 38) + qt(.8, 38)) * se2(.3, .3 + d, 40, .5, 25, .1), c(1e-9, .69), tol = 1e-13)$root
# the same schools before and after (Feldman and McKinlay 1994): cluster and pupil autocorrelation
sepp <- function(J, n, rho, ca, pa) sqrt(2 * (rho * (1 - ca) / J + (1 - rho) * (1 - pa) / (J * n)))
tpower(.2, sepp(15, 40, .1, .7, .4), 14)
(qt(.975, 14) + qt(.8, 14)) * sepp(15, 40, .1, .7, .4)
# exact and mid-p McNemar, by enumeration
mcnemar_power <- function(n, gain, lose, a = .05, mid = FALSE) {
  total <- 0
  for (m in 0:n) for (b in 0:m) {
    t <- min(b, m - b)
    p <- 2 * pbinom(t, m, .5) - (if (mid) dbinom(t, m, .5) else 0)
    if (min(p, 1) <= a) total <- total + dmultinom(c(b, m - b, n - m), prob = c(gain, lose, 1 - gain - lose))
  }
  total
}
mcnemar_power(20, .4, .05)
mcnemar_power(20, .4, .05, mid = TRUE)
mcnemar_power(40, .3, .1)
mcnemar_power(40, .3, .1, mid = TRUE)
uniroot(function(g) mcnemar_power(40, g, .05) - .8, c(.1, .9), tol = 1e-12)$root
uniroot(function(g) mcnemar_power(40, g, .05, mid = TRUE) - .8, c(.1, .9), tol = 1e-12)$root

# Sensitivity -------------------------------------------------------------------------------
x <- c(0, 0, 0, 100, 100, 0, 0); d <- c(100, 100, 100, 0, -100, 0, 0)
model <- lm(d ~ x); X <- model.matrix(model); B <- solve(t(X) %*% X); a <- c(1, 40)
V <- B %*% t(X) %*% diag(resid(model)^2 / (1 - hatvalues(model))) %*% X %*% B       # HC2
sum(a * coef(model)) + c(-1, 1) * qt(.975, 5) * sqrt(c(t(a) %*% V %*% a))
t.test(c(1, 1, 1, 0, -1, 0, 0))$conf.int
