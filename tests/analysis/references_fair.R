# The R calls behind the figures in the tests of reliability, agreement, funnels, shrinkage, ranks
# and planning; the tests do not run R. What it printed stands at the end, in order.
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

# What it printed --------------------------------------------------------------------------
# [1] 0.835300730748
# [1] 0.602701733116 0.946825153989
#            r.drop          mean            sd
# q1 0.597399717925 3.00000000000 1.20604537831
# q2 0.684547694745 3.08333333333 1.31137217055
# q3 0.787760989061 3.00000000000 1.27920429813
# q4 0.604962914529 3.08333333333 1.37895436890
# [1] 0.820496083551 0.783176214648 0.736322188450 0.821097647897
# [1] 0.842304176575
# [1] 0.685729293647 0.740763683085 0.931787918793 0.648384112051
# [1] 0.729652097502
# [1] -0.0316746639493  0.9737069734867
# [1] 0.842304165027
# [1] 0.0677889939368 0.9733236614821
#                             lower       estimate          upper
# unweighted kappa 0.00752452449952 0.330855018587 0.654185512675
# weighted kappa   0.43254837820809 0.648437500000 0.864326621792
#                             lower       estimate          upper
# unweighted kappa 0.00752452449952 0.330855018587 0.654185512675
# weighted kappa   0.21137087696315 0.485714285714 0.760057694465
#
# Kappa                     lwr            upr
#   Unweighted 0.00752452449952 0.654185512675
#   Weighted   0.21518485238103 0.756243719048
#
# Kappa                     lwr            upr
#   Unweighted 0.00752452449952 0.654185512675
#   Weighted   0.44201941410049 0.854855585900
# [1] 0.330855018587
# [1] 0.485714285714
# [1] 0.6484375
# [1] 0.1796875
#          lower       estimate          upper
# 0.391563702054 0.491525423729 0.591487145404
# [1] -0.0604779186945  0.7221879558692
# [1] 0.443799607241 0.853075392759
# [1] 0.344213649852
#  [1] -4.245598617226 -0.805296486486 -1.838070413923  1.291214661004
#  [5] -2.360985842929  3.160645413500 -0.079637058017 -1.165976490576
#  [9]  4.422830331655  0.404174247297
#  [1] -2.549447120359 -0.805296486486 -1.838070413923  1.291214661004
#  [5] -2.360985842929  3.160645413500 -0.079637058017 -1.165976490576
#  [9]  3.286863905316  0.404174247297
# [1] 4.00905291702
# [1] 0.00868825971002
# [1] 8
# [1] 2.84842177733
# [1] 0.00545177920513
#  [1] -2.1638278956010 -0.3836573503372 -0.8688621516994  0.5585472879189
#  [5] -0.9169314547803  1.2644899560350 -0.0668997807567 -0.5511610625789
#  [9]  2.2541564834500  0.1918007118150
#    number_seq               s          odll95         odul95          odll998
# 1          12 0.1443375672974 0.0818872383674 0.674577140805 0.00919064991108
# 2          82 0.0552157630374 0.1622939638933 0.553809587628 0.08297061755870
# 3          82 0.0552157630374 0.1622939638933 0.553809587628 0.08297061755870
# 4          98 0.0505076272276 0.1656642441522 0.549282523278 0.08697224528076
# 5          99 0.0502518907630 0.1658414934797 0.549045349294 0.08718414048698
# 6         100 0.0500000000000 0.1660154692992 0.548812643431 0.08739226072336
# 7         100 0.0500000000000 0.1660154692992 0.548812643431 0.08739226072336
# 8         125 0.0447213595500 0.1695168704261 0.544147595986 0.09160961834436
# 9         151 0.0406894229386 0.1719936539466 0.540868484027 0.09462528173084
# 10        162 0.0392837100659 0.1728142213487 0.539785843017 0.09563017632610
#           odul998
# 1  0.839011747378
# 2  0.672730083539
# 3  0.672730083539
# 4  0.665978343513
# 5  0.665623836799
# 6  0.665275933909
# 7  0.665275933909
# 8  0.658286111482
# 9  0.653355650614
# 10 0.651724739196
#    number_seq               s           ll95           ul95           ll998
# 1          12 0.1443375672974 0.113790692673 0.623190906732 0.0323827591878
# 2          82 0.0552157630374 0.245815603373 0.449881381866 0.1941899665052
# 3          82 0.0552157630374 0.245815603373 0.449881381866 0.1941899665052
# 4          98 0.0505076272276 0.253804842243 0.440709136605 0.2058284493736
# 5          99 0.0502518907630 0.254241227400 0.440211468777 0.2064678500225
# 6         100 0.0500000000000 0.254671291738 0.439721343488 0.2070983523748
# 7         100 0.0500000000000 0.254671291738 0.439721343488 0.2070983523748
# 8         125 0.0447213595500 0.263738131827 0.429464494448 0.2204721640464
# 9         151 0.0406894229386 0.270731921293 0.421650207683 0.2308885252501
# 10        162 0.0392837100659 0.273183821564 0.418930300524 0.2345597517636
#             ul998
# 1  0.772011993732
# 2  0.512204470115
# 3  0.512204470115
# 4  0.497656458978
# 5  0.496866185908
# 6  0.496087804413
# 7  0.496087804413
# 8  0.479781055331
# 9  0.467339192837
# 10 0.463005778685
#                  [,1]           [,2]           [,3]           [,4]
#  [1,] 0.2367278018509 0.442989747325 0.183018223710 0.505165894415
#  [2,] 0.2465104142852 0.434928156973 0.195938080461 0.491137563770
#  [3,] 0.2474479462302 0.434038052315 0.197461983284 0.489536672363
#  [4,] 0.2579953209562 0.424600988467 0.212739204929 0.474772786453
#  [5,] 0.2687494096087 0.415268296983 0.228945126121 0.459017814518
#  [6,] 0.2660660319779 0.417579598744 0.224967298213 0.462901058435
#  [7,] 0.0390529764461 0.580271594536 0.000000000000 0.744629661097
#  [8,] 0.2474479462302 0.434038052315 0.197461983284 0.489536672363
#  [9,] 0.2367278018509 0.442989747325 0.183018223710 0.505165894415
# [10,] 0.2467943375071 0.434057421181 0.196441785458 0.490870799061
# [1]  0.342507951751 18.878692701832
#  [1] 0.183052554256 0.311999574311 0.273102787650 0.392456320729 0.267948101819
#  [6] 0.456008350058 0.338942534585 0.298338596791 0.539916814049 0.360252573181
# [1] 0
#       intrcpt
# 7.68561672496
# [1] 0.241931514894
#       intrcpt
# 3.14304968696
# [1] 0.185473370764
# [1] 3.10610782189 2.64976870258 3.50618778554 2.92068065888 3.71905935610
# [6] 3.27383544410 2.45569874513 3.63921374530 3.01689492313
# [1] 0.187129165997 0.291907098137 0.226094286915 0.144341866246 0.318996619647
# [6] 0.203193127962 0.261010324508 0.247532804173 0.170450094827
#      [,1] [,2] [,3]
# [1,]    3    2    1
# [2,]    2    3    1
# [3,]    1    2    3
# [4,]    3    1    2
# [1] 2.5 2.0 1.5
#        [,1]  [,2]  [,3]
# 2.5%  1.075 1.075 1.000
# 97.5% 3.000 2.925 2.925
# [1] 2.25 2.00 1.75
#  1.057970094545  0.243824183539  1.872116005552 18.000000000000
#  0.387426977124 18.000000000000
#  0.2921509428397  0.0864051628736  0.4978967228058 36.0000000000000
#  0.669389014742 36.000000000000
#  0.1940867344629 -0.0346072552445  0.4227807241704 38.0000000000000
# 3.29995485081e-02 9.90200318496e-03 5.60970938312e-02 4.79000000000e+02
#   1 479
#  0.3274249200119  0.0926318700718  0.5622179699520 10.0000000000000
#  0.403802719797 10.000000000000
# [1] 0.352037874679
# [1] 0.745648690865
# [1] 0.160554550482
# [1] 0.685518884568
# [1] 0.229451170355
# [1] 0.582267383687
# [1] 0.695776204553
# [1] 0.439723183412
# [1] 0.524941062266
# [1] 0.321582917109
# [1] 0.295092571677
# [1] -47.8001633211  79.8001633211
# [1] -0.413403386041  0.984831957470
# attr(,"conf.level")
# [1] 0.95
