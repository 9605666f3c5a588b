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

# Describe, change and many comparisons. Further packages: clubSandwich 0.5.8, coin 1.4-2,
# effectsize 0.8.3 (Debian 12).
suppressMessages({library(clubSandwich); library(coin)})
options(digits = 12)
cr2 <- function(fit, school) {       # last coefficient: estimate, error, Satterthwaite df, p
  t <- as.data.frame(coef_test(fit, vcov = "CR2", cluster = school)); t <- t[nrow(t), ]
  c(t$beta, t$SE, t$df, t$p_Satt)
}
bounds <- function(fit, school) {
  i <- as.data.frame(conf_int(fit, vcov = "CR2", cluster = school)); c(i$CI_L, i$CI_U)
}

# Clopper and Pearson
binom.test(81, 263)$conf.int   # 0.252736745585 0.367621922601
binom.test(0, 20)$conf.int     # 0.000000000000 0.168433470983
binom.test(1, 3)$conf.int      # 0.00840375865961 0.90570067594975
binom.test(4, 4)$conf.int      # 0.397635364384 1.000000000000

# Mean of pupils in schools with CR2 errors (data frame d above), and the ICC
cr2(lm(y ~ 1, d), d$school)      # 3.2222222222222 0.7922686377462 1.8421052631579 0.0635678577739
bounds(lm(y ~ 1, d), d$school)   # -0.482530980163 6.92697542461
icc <- function(y, school) {
  a <- anova(lm(y ~ school))[["Mean Sq"]]; n <- table(school)
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  (a[1] - a[2]) / (a[1] + (n0 - 1) * a[2])
}
icc(d$y, d$school)               # 0.502127659574

# Change of pupils in schools: two waves, some schools and pupils at both
s <- data.frame(
  school = strsplit("aaabbccccdaabbbccee", "")[[1]],
  pupil = c(1:10, 1, 2, 4, 5, 11, 6, 7, 12, 13), wave = c(rep(0, 10), rep(1, 9)),
  y = c(1, 2, 3, 2, 4, 5, 3, 4, 5, 2, 2, 4, 3, 4, 5, 5, 4, 3, 1))
cr2(lm(y ~ wave, s), s$school)   # 0.344444444444 0.628709674010 3.007612742136 0.621830232564
k <- s[s$school %in% c("a", "b", "c"), ]
cr2(lm(y ~ wave, k), k$school)   # 0.634920634921 0.467941983180 2.000684005022 0.307644330603
m <- tapply(k$y, list(k$school, k$wave), mean)
t <- t.test(m[, 2], m[, 1], paired = TRUE)
c(t$estimate, t$stderr, t$p.value)   # 0.75 0.25 0.0954659662667
t$conf.int                           # -0.3256631824374 1.8256631824374
p <- merge(s[s$wave == 0, ], s[s$wave == 1, ], by = c("school", "pupil"))
p$change <- p$y.y - p$y.x
cr2(lm(change ~ 1, p), p$school)     # 0.833333333333 0.333333333333 2.000000000000 0.129611720222

# Response of pupils in four schools: 9 of 10, 3 of 5, 4 of 8, 15 of 20
r <- data.frame(school = rep(1:4, c(10, 5, 8, 20)), y = rep(rep(1:0, 4), c(9, 1, 3, 2, 4, 4, 15, 5)))
e <- cr2(lm(y ~ 1, r), r$school)
e[1:3]   # 0.7209302325581 0.0700066769753 2.3159887122307
plogis(qlogis(e[1]) + c(-1, 1) * qt(.975, e[3]) * e[2] / (e[1] * (1 - e[1])))
#  0.408926345272 0.906069995716

# McNemar's mid-p (Fagerland et al. 2013), and Tango's score interval
midp <- function(a, b) min(1, 2 * pbinom(min(a, b), a + b, .5) - dbinom(min(a, b), a + b, .5))
c(midp(86, 150), midp(9, 21))   # 2.89338951762e-05 2.94493734837e-02
c(midp(5, 0), midp(1, 7))       # 0.0312500 0.0390625
tango <- function(b, c, n, conf = .95) {
  z <- function(d) {
    B <- -b - c + (2 * n - b + c) * d
    q <- (sqrt(B^2 + 8 * n * c * d * (1 - d)) - B) / (4 * n)
    (b - c - n * d) / sqrt(n * (2 * q + d * (1 - d)))
  }
  e <- (b - c) / n; u <- qnorm((1 + conf) / 2)
  c(uniroot(function(d) z(d) - u, c(-1 + 1e-9, e), tol = 1e-13)$root,
    uniroot(function(d) z(d) + u, c(e, 1 - 1e-9), tol = 1e-13)$root)
}
tango(12, 2, 50)      # 0.0611124061863 0.3447087482821
tango(1, 7, 21)       # -0.5172322764214 -0.0260030324809
tango(5, 0, 41)       # 0.0258363846711 0.2554421152098
tango(3, 9, 30, .9)   # -0.3784511467364 -0.0108379781393
binom.test(6, 25)$p.value; binom.test(2, 11)$p.value   # 0.0146332979202 0.0654296875

# Wilcoxon's signed ranks with zeros and ties: z, asymptotic p, exact p
before <- c(3, 2, 5, 4, 6, 1, 2, 3, 4, 5, 2, 3, 7, 1)
after <- c(4, 4, 5, 6, 7, 3, 2, 2, 6, 5, 4, 3, 4, 2)
signed <- function(x, y, zero) {
  a <- wilcoxsign_test(y ~ x, zero.method = zero)
  e <- wilcoxsign_test(y ~ x, zero.method = zero, distribution = "exact")
  c(as.numeric(statistic(a)), as.numeric(pvalue(a)), as.numeric(pvalue(e)))
}
signed(before, after, "Wilcoxon")   # 1.559625734730 0.118848351356 0.148437500000
signed(before, after, "Pratt")      # 1.7338355074834 0.0829472735231 0.0878906250000
effectsize::rank_biserial(after, before, paired = TRUE)$r_rank_biserial   # 0.545454545455
x <- c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30)   # Hollander and Wolfe (1973), p. 29
y <- c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
v <- wilcox.test(y, x, paired = TRUE, conf.int = TRUE)
c(v$statistic, v$p.value, v$estimate, v$conf.int)   # 5 0.0390625 -0.46 -0.786 -0.01
big <- c(-1, 1, -1, 3, 1, -1, 1, 2, 1, 0, 3, 1, -1, -3, 2, 0, 0, 2, 2, 1, 2, 2, 1, -3, 1, 0, 0, -2, 0, 1,
  2, 0, 1, 0, -2, 0, 0, 0, 2, 2, 0, 0, 1, 1, -1, -1, 1, 2, 0, 2, 1, -1, 1, -1, 3, 3, 0, -1, 1, 0)
signed(0 * big, big, "Wilcoxon")    # 2.76738508223819 0.00565079638064 0.00501798725395
signed(0 * big, big, "Pratt")       # 2.81838401407821 0.00482660456013 0.00451971109646

# Friedman (Hollander and Wolfe 1973, p. 140, with ties) and Kendall's W; Cochran's Q
times <- matrix(c(5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85, 5.70,
  5.45, 5.55, 5.60, 5.40, 5.40, 5.35, 5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85, 5.80, 5.70, 5.25, 5.20, 5.10,
  5.65, 5.55, 5.45, 5.60, 5.35, 5.45, 5.05, 5.00, 4.95, 5.50, 5.50, 5.40, 5.45, 5.55, 5.50, 5.55, 5.55, 5.35,
  5.45, 5.50, 5.55, 5.50, 5.45, 5.25, 5.65, 5.60, 5.40, 5.70, 5.65, 5.55, 6.30, 6.30, 6.25), 22, byrow = TRUE)
f <- friedman.test(times)
c(f$statistic, f$p.value, f$statistic / (22 * 2))   # 11.14285714285714 0.00380504077551 0.25324675324675
yes <- matrix(c(0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0), 9, byrow = TRUE)
q <- 2 * (3 * sum(colSums(yes)^2) - sum(yes)^2) / (3 * sum(yes) - sum(rowSums(yes)^2))
c(q, pchisq(q, 2, lower.tail = FALSE))              # 3.714285714286 0.156118045316

# Bowker; Stuart and Maxwell; both over all ways the moves could have gone
moves <- matrix(c(10, 2, 1, 9, 8, 3, 4, 6, 5), 3, dimnames = rep(list(c("a", "p", "n")), 2))
unlist(mcnemar.test(moves)[c("statistic", "p.value")])   # 7.2545454545455 0.0642122294979
w <- mh_test(as.table(moves))
c(statistic(w), pvalue(w))                               # 6.9145728643216 0.0315151646303
exact <- function(m) {
  M <- c(m[1, 2] + m[2, 1], m[1, 3] + m[3, 1], m[2, 3] + m[3, 2])
  V <- diag(c(M[1] + M[2], M[1] + M[3])); V[1, 2] <- V[2, 1] <- -M[1]
  g <- expand.grid(0:M[1], 0:M[2], 0:M[3])
  u <- dbinom(g[, 1], M[1], .5) * dbinom(g[, 2], M[2], .5) * dbinom(g[, 3], M[3], .5)
  N <- 2 * t(t(g) - M / 2); B <- colSums(t(N)^2 / M)
  D <- cbind(N[, 1] + N[, 2], -N[, 1] + N[, 3]); S <- rowSums((D %*% solve(V)) * D)
  o <- which(g[, 1] == m[1, 2] & g[, 2] == m[1, 3] & g[, 3] == m[2, 3])
  c(sum(u[B >= B[o] - 1e-9]), sum(u[S >= S[o] - 1e-9]))
}
exact(moves)                                             # 0.0656185150146 0.0333508253098

# Change adjusted for the start
g <- data.frame(n0 = c(1, 2, 3, 4, 2, 0, 5, 3, 6, 1), n1 = c(3, 3, 5, 4, 5, 1, 6, 3, 7, 4),
                la = rep(c("North", "South"), each = 5), fsm = c(10, 20, 15, 30, 25, 12, 8, 33, 21, 19))
a <- lm(n1 ~ I(n0 - mean(n0)), g)
coef(summary(a))[, 1:2]             # 4.1 0.326049706663; 0.757009345794 0.181983200086
coef(summary(a))[2, 4]              # 3.16618897436e-03
confint(a)[1, ] - mean(g$n0)        # 0.648128028153 2.151871971847
b <- lm(n1 ~ 0 + la + I(n0 - mean(n0)) + I(fsm - mean(fsm)), g)
coef(summary(b))[1:2, 1:2]          # 4.267064081516 0.5070739202471; 3.932935918484 0.5070739202471
b <- lm(n1 ~ la + I(n0 - mean(n0)) + I(fsm - mean(fsm)), g)
coef(b)[-1]                         # -0.334128163031 0.804537044276 -0.036718526047
coef(summary(b))[-1, 4]             # 0.661137615364553 0.007859302218271 0.456513640187256

# Schools that came back and schools that left; number achieved
t.test(c(1, 2, 4, 6, 3), c(0, 2, 1))$conf.int   # -0.336479712472 4.736479712472
t.test(c(0, 2, 3, 8, 5, 1))$conf.int            # 0.0950872862449 6.2382460470884

# Mean of a number before and after, each school a cluster of one at each end
h <- data.frame(school = strsplit("abcdexyabcden", "")[[1]], wave = rep(0:1, c(7, 6)),
                n = c(1, 2, 4, 6, 3, 0, 2, 3, 2, 5, 7, 6, 8))
cr2(lm(n ~ wave, h), h$school)       # 2.5952380952381 0.8968896955827 6.2285012285012 0.0264198137647
t <- t.test(c(3, 2, 5, 7, 6), c(1, 2, 4, 6, 3), paired = TRUE)
c(t$estimate, t$stderr, t$p.value)   # 1.4000000000000 0.5099019513593 0.0516059578112
t$conf.int                           # -0.0157147769823 2.8157147769823

# Many comparisons
v <- c(0.01, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.81, 0.0001, 0.04)
p.adjust(v, "holm")     # 0.11 0.13 0.13 1 1 1 1 1 1 1 0.0012 0.32
p.adjust(v, "hommel")   # 0.09 0.117 0.126 0.81 0.81 0.81 0.81 0.81 0.81 0.81 0.0012 0.32
p.adjust(v, "BH")       # 0.042 0.042 0.042 0.38 0.6 0.75 0.804 0.804 0.81 0.81 0.0012 0.096
p.adjust(v, "BY")       # 0.13033484848485 (three times) 1 1 1 1 1 1 1 0.00372385281385 0.29790822510823
