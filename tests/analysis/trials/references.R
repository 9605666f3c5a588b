# The R calls behind the figures in these tests; the tests do not run R.
# R 4.2.2, lme4 1.1-31 (Debian 12). Run: Rscript tests/analysis/trials/references.R [folder of the
# multilevel_trials files]. Random-intercept models are solved here with dense matrices, their
# score brought to zero by uniroot, and compared with lmer (whose optimiser stops at about 1e-7).
# The effect sizes are the formulas of Hedges (2007; 2011), as eefAnalytics 1.1.5 has them, with
# nothing rounded.
suppressMessages(library(lme4))
options(digits = 14, width = 150)
show <- function(name, x) cat(name, format(as.vector(t(x)), digits = 14), "\n")

# ---- data made up of whole numbers, the same as in tests/analysis/trials/conftest.py
made_up <- function(n_schools, arms, within = FALSE) {
  rows <- NULL
  for (j in 0:(n_schools - 1)) {
    size <- 4 + (5 * j) %% 7
    for (i in 0:(size - 1)) {
      arm <- if (within) i %% arms else j %% arms
      x <- (7 * i + 3 * j) %% 11
      y <- x + (13 * i * i + 5 * j) %% 17 + 2 * ((j * j * 3) %% 7) + 3 * arm +
        if (within) ((4 * j * j + 3 * j) %% 13) * arm else 0
      rows <- rbind(rows, data.frame(school = sprintf("s%02d", j), arm = arm, x = x, y = y))
    }
  }
  rows
}
cluster <- made_up(12, 2); three <- made_up(15, 3); multi <- made_up(12, 2, TRUE)

# ---- one random-intercept model, dense
dense <- function(y, X, g) {
  Z <- outer(g, unique(g), "==") + 0; ZZ <- Z %*% t(Z); n <- length(y); p <- ncol(X)
  at <- function(r) {
    Vi <- solve(diag(n) + r * ZZ); XV <- t(X) %*% Vi; C <- solve(XV %*% X)
    P <- Vi - t(XV) %*% C %*% XV
    list(beta = C %*% XV %*% y, P = P, s2 = sum(y * (P %*% y)) / (n - p))
  }
  score <- function(r) { a <- at(r); Py <- a$P %*% y; sum(a$P * ZZ) - sum(Py * (ZZ %*% Py)) / a$s2 }
  r <- if (score(0) >= 0) 0 else uniroot(score, c(0, 1000), tol = 1e-15, maxiter = 1e4)$root
  a <- at(r)
  tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-11, maxfun = 1e5),
                       check.conv.singular = "ignore")
  f <- lmer(y ~ X - 1 + (1 | g), control = tight)
  v <- as.data.frame(VarCorr(f))$vcov
  stopifnot(all(abs(v - c(r * a$s2, a$s2)) < 1e-5 * sum(v)), abs(fixef(f) - a$beta) < 1e-4)
  list(beta = as.vector(a$beta), W = a$s2, B = r * a$s2, ll = as.numeric(logLik(f)))
}
hedges <- function(beta, W, B, id, t) {            # t: 1 the arm, 0 the control, NA another arm
  id <- id[!is.na(t)]; t <- t[!is.na(t)]
  nt <- as.vector(table(id[t == 1])); nc <- as.vector(table(id[t == 0]))
  nt <- nt[nt > 0]; nc <- nc[nc > 0]
  Nt <- sum(nt); Nc <- sum(nc); N <- Nt + Nc; mt <- length(nt); mc <- length(nc); M <- mt + mc
  r <- B / (B + W); u <- function(n) (sum(n)^2 - sum(n^2)) / (sum(n) * (length(n) - 1))
  sim <- Nc * sum(nt^2) / (Nt * N) + Nt * sum(nc^2) / (Nc * N)
  dw <- beta / sqrt(W)
  sw <- sqrt(N / (Nt * Nc) * (1 + (sim - 1) * r) / (1 - r) + dw^2 / (2 * (N - M)))
  dt <- beta / sqrt(W + B) *
    sqrt(1 - r * ((N - u(nt) * mt - u(nc) * mc) + u(nt) + u(nc) - 2) / (N - 2))
  b <- u(nt) * (mt - 1) + u(nc) * (mc - 1)
  A <- function(n) (sum(n)^2 * sum(n^2) + sum(n^2)^2 - 2 * sum(n) * sum(n^3)) / sum(n)^2
  st <- sqrt(N / (Nt * Nc) * (1 + (sim - 1) * r) +
    ((N - 2) * (1 - r)^2 + (A(nt) + A(nc)) * r^2 + 2 * b * r * (1 - r)) * dt^2 /
      (2 * (N - 2) * ((N - 2) - r * (N - 2 - b))))
  c(dw, sw, dt, st)
}
one_cluster <- function(d, covariate = "x") {
  a <- factor(d$arm); X <- model.matrix(~ a); X <- cbind(X, as.matrix(d[covariate]))
  f <- dense(d$y, X, d$school); e <- dense(d$y, X[, 1, drop = FALSE], d$school)
  k <- nlevels(a) - 1
  list(f = f, e = e, sizes = t(sapply(1:k, function(i) {
    t <- ifelse(a == levels(a)[i + 1], 1, ifelse(a == levels(a)[1], 0, NA))
    c(hedges(f$beta[1 + i], f$W, f$B, d$school, t), hedges(f$beta[1 + i], e$W, e$B, d$school, t))
  })))
}
estimates <- function(d) one_cluster(d)$sizes[, c(1, 3, 5, 7)]
for (name in c("cluster", "three")) {
  r <- one_cluster(get(name))
  show(paste(name, "estimate, std_error by definition:"), r$sizes)
  show(paste(name, "between, within:"), c(r$f$B, r$f$W, r$e$B, r$e$W))
  show(paste(name, "log likelihoods:"), c(r$f$ll, r$e$ll))
}

# ---- replicates of the cluster trial; R counts from 1, the draws from 0
schools <- unique(cluster$school); J <- length(schools); N <- nrow(cluster)
split_up <- split(seq_len(N), factor(cluster$school, schools))
draw <- function(r, j) (7 * j + 5 * r + (j * j * (r + 1)) %% 5) %% J
bound <- function(rows, labels) { d <- cluster[unlist(rows), ]; d$school <- labels; d }
for (r in 0:3) {
  rows <- lapply(0:(J - 1), function(j) split_up[[draw(r, j) + 1]])
  labels <- rep(sprintf("slot%02d", seq_along(rows)), lengths(rows))
  show(paste("schools", r), estimates(bound(rows, labels)))
  pick <- function(own) own[((0:(length(own) - 1)) * (r + 2) + r) %% length(own) + 1]
  if (r < 3) show(paste("pupils", r), estimates(cluster[unlist(lapply(split_up, pick)), ]))
  show(paste("both", r), estimates(bound(lapply(rows, pick), labels)))
}
X <- cbind(1, cluster$arm, cluster$x); f <- dense(cluster$y, X, cluster$school)
fit <- as.vector(X %*% f$beta); rest <- cluster$y - fit
u <- sapply(split_up, function(s) { q <- f$B / f$W; n <- length(s); q * n / (1 + q * n) * mean(rest[s]) })
e <- rest - u[cluster$school]
e <- (e - mean(e)); e <- e * sqrt(f$W / mean(e^2))
u <- u - mean(u); u <- u * sqrt(f$B / mean(u^2))
for (r in 0:2) {
  d <- cluster
  d$y <- fit + u[sapply(match(d$school, schools) - 1, function(j) draw(r, j)) + 1] +
    e[((0:(N - 1)) * (2 * r + 3) + r) %% N + 1]
  show(paste("residuals", r), estimates(d))
  sign <- ifelse((0:(J - 1) + r) %% 3 == 0, -1, 1)
  d$y <- fit + sign[match(d$school, schools)] * rest
  show(paste("wild", r), estimates(d))
  d <- cluster; d$arm <- ((draw(r, 0:(J - 1)) %% 2))[match(d$school, schools)]
  show(paste("permutation", r), estimates(d))
}

# ---- multisite: lmer, its tightest
one_multi <- function(d) {
  d$a <- factor(d$arm)
  tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5),
                       check.conv.singular = "ignore")
  f <- lmer(y ~ a + x + (1 + a | school), d, control = tight)
  e <- dense(d$y, matrix(1, nrow(d)), d$school)
  V <- as.matrix(VarCorr(f)$school); W <- sigma(f)^2; b <- fixef(f)[[2]]; N <- nrow(d)
  total <- V[1, 1] + W + mean(d$arm == 1) * (V[2, 2] + 2 * V[1, 2])
  n <- table(d$school, d$arm); n <- n[n[, 1] > 0 & n[, 2] > 0, ]
  vb <- 1 / sum(1 / (V[2, 2] + W * (1 / n[, 1] + 1 / n[, 2]))); df <- 2 * N - 4 * length(unique(d$school))
  un <- hedges(b, e$W, e$B, d$school, d$arm)
  sd <- c(sqrt(W), sqrt(total), b / un[1], b / un[3])
  list(sizes = rbind(b / sd, sqrt(vb / sd^2 + (b / sd)^2 / df)), V = V, W = W, ll = logLik(f))
}
r <- one_multi(multi)
show("multi estimates, std_errors:", r$sizes); show("multi V, W, log likelihood:", c(r$V, r$W, r$ll))
schools <- unique(multi$school); split_up <- split(seq_len(nrow(multi)), factor(multi$school, schools))
for (r in 0:2) {
  rows <- lapply(0:(J - 1), function(j) split_up[[draw(r, j) + 1]])
  d <- multi[unlist(rows), ]; d$school <- rep(sprintf("slot%02d", seq_along(rows)), lengths(rows))
  show(paste("multi schools", r), one_multi(d)$sizes[1, ])
  d <- multi; i <- ave(seq_along(d$y), d$school, FUN = seq_along) - 1
  d$arm <- ifelse((i + r + match(d$school, schools)) %% 3 == 0, 1, 0)
  show(paste("multi permutation", r), one_multi(d)$sizes[1, ])
}

# ---- simple: independent rows
f <- lm(y ~ arm + x, cluster); n <- table(cluster$arm); s <- sum(n)
for (sd in c(sigma(f), sd(cluster$y))) {
  d <- coef(f)[[2]] / sd; j <- 1 - 3 / (4 * (s - 2) - 1)
  show("simple estimate, std_error:", c(j * d, j * sqrt(s / prod(n) + d^2 / (2 * s))))
}

# ---- the trials of eefAnalytics 1.1.5
folder <- commandArgs(TRUE)
if (length(folder)) {
  read <- function(file) read.csv(gzfile(file.path(folder, file)))
  d <- read("eefAnalytics_crtData.csv.gz")
  d <- data.frame(school = d$School, arm = d$Intervention, x = d$Prettest, y = d$Posttest)
  show("crtData:", one_cluster(d)$sizes)
  d <- read("eefAnalytics_mstData.csv.gz")
  d <- data.frame(school = d$School, arm = d$Intervention, x = d$Prettest, y = d$Posttest)
  show("mstData:", one_multi(d)$sizes)
  d <- read("eefAnalytics_mstData.csv.gz"); d$t <- factor(d$Intervention2)     # three arms
  f <- lmer(Posttest ~ t + Prettest + (1 + t | School), d, control = lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5), check.conv.singular = "ignore"))
  V <- as.matrix(VarCorr(f)$School); W <- sigma(f)^2; b <- fixef(f)[2:3]
  total <- V[1, 1] + W + sum(sapply(1:2, function(k) mean(d$Intervention2 == k) * (V[k + 1, k + 1] + 2 * V[1, k + 1])))
  show("mstData, three arms, conditional within and total:", rbind(b / sqrt(W), b / sqrt(total)))
}
