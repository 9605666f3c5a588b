# The R calls behind references.csv; the tests do not run R.
# R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, clubSandwich 0.5.8, numDeriv 2016.8.1.1 (Debian 12).
# Run in this folder: Rscript references.R
# The data are made up by a Lehmer generator (conftest.py has the same), so both sides have them.
suppressMessages({library(lme4); library(lmerTest); library(clubSandwich); library(numDeriv)})
options(digits = 15)

lehmer <- function(n, seed) {        # x' = 48271 x mod (2^31 - 1), exact in doubles
  x <- numeric(n)
  for (i in seq_len(n)) { seed <- (48271 * seed) %% 2147483647; x[i] <- seed / 2147483647 }
  x
}
bell <- function(n, seed) round(rowSums(matrix(lehmer(12 * n, seed), n, byrow = TRUE)) - 6, 3)

made_up <- function(sizes, seed, between, slope, within = 1) {
  n <- sum(sizes); g <- rep(seq_along(sizes), sizes)
  u <- bell(length(sizes), seed + 1); v <- bell(length(sizes), seed + 2)
  pre <- bell(n, seed + 3); e <- bell(n, seed + 4)
  arm <- ifelse(g %% 2 == 0, "programme", "control")
  score <- round(10 + 0.4 * (g %% 2 == 0) + 0.6 * pre + between * u[g] +
                 slope * v[g] * pre + within * e, 9)
  data.frame(school = factor(sprintf("s%02d", g)), arm = arm, pretest = pre, score = score)
}
trial   <- made_up(c(12, 19, 7, 24, 15, 9, 21, 11, 16, 8), 11, 0.5, 0)
uneven  <- made_up(c(1, 1, 2, 30, 1, 5, 3, 44, 1, 2, 9, 1), 23, 0.8, 0)
flat    <- made_up(c(10, 14, 9, 12, 11, 13, 8, 15), 31, 0, 0)
flat$score <- round(flat$score - ave(flat$score, flat$school), 9)
slopes  <- made_up(c(20, 25, 18, 30, 22, 16, 28, 24, 19, 21, 26, 17), 47, 0.6, 0.4)
slopes1 <- made_up(c(6, 9, 1, 7, 8, 5, 2, 6, 7), 59, 0.6, 0.15)

rows <- list()
put <- function(set, formula, slope, method, what, term, value)
  rows[[length(rows) + 1]] <<- data.frame(set, formula, slope, method, what, term,
                                          value = sprintf("%.15g", value))

# lme4 at the root of the gradient of its own deviance function (its optimisers stop at 1e-7)
stay <- function(fn, par, lower, upper, control)
  list(par = par, fval = fn(par), feval = 1, convergence = 0, message = "")
settled <- function(m) {
  dev <- update(m, devFunOnly = TRUE)
  theta <- getME(m, "theta")
  slope_of <- function(t) grad(dev, t, method.args = list(r = 6, d = 1e-2))
  if (length(theta) == 1 && theta > 1e-3) {
    theta <- uniroot(slope_of, theta * c(0.99, 1.01), tol = 1e-15)$root
  } else if (length(theta) == 3 && !isSingular(m)) {
    for (i in 1:4) theta <- theta - solve(jacobian(slope_of, theta), slope_of(theta))
  }
  update(m, start = theta, control = lmerControl(optimizer = "stay", calc.derivs = FALSE,
                                                check.conv.singular = "ignore"))
}

one <- function(set, fixed, slope = "") for (reml in c(TRUE, FALSE)) {
  DATA <<- get(set)
  random <- if (slope == "") "(1 | school)" else sprintf("(1 + %s | school)", slope)
  tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.1, rhoend = 1e-10, maxfun = 1e5),
                       calc.derivs = FALSE, check.conv.singular = "ignore")
  model <- as.formula(paste(fixed, "+", random), env = globalenv())
  m <- suppressMessages(do.call(lmerTest::lmer, list(model, quote(DATA), REML = reml, control = tight)))
  m <- settled(m)
  p <- function(what, term, value) put(set, fixed, slope, if (reml) "reml" else "ml", what, term, value)
  s <- coef(summary(m)); ct <- coef_test(m, vcov = "CR2", test = "Satterthwaite")
  for (i in seq_len(nrow(s))) {
    term <- rownames(s)[i]
    p("estimate", term, s[i, 1]); p("std_error_model", term, s[i, 2]); p("df_model", term, s[i, 3])
    p("p_model", term, s[i, 5])
    p("std_error_cr2", term, ct$SE[i]); p("df_cr2", term, ct$df_Satt[i]); p("p_cr2", term, ct$p_Satt[i])
  }
  vc <- as.data.frame(VarCorr(m))
  names <- if (slope == "") c("between", "within") else c("between", "slope", "covariance", "within")
  for (i in seq_along(names)) p("variance", names[i], vc$vcov[i])
  p("log_likelihood", "", as.numeric(logLik(m))); p("aic", "", AIC(m)); p("bic", "", BIC(m))
  p("singular", "", as.numeric(isSingular(m)))
  r <- ranef(m, condVar = TRUE)$school; v <- attr(r, "postVar")
  for (i in c(1, 4)) {
    p("mode", rownames(r)[i], r[i, 1]); p("sd", rownames(r)[i], sqrt(v[1, 1, i]))
    if (slope != "") { p("slope_mode", rownames(r)[i], r[i, 2]); p("slope_sd", rownames(r)[i], sqrt(v[2, 2, i])) }
  }
  if (!reml && set %in% c("trial", "slopes", "uneven")) {
    tight$checkControl$check.conv.singular <- "ignore"
    m <- suppressMessages(do.call(lme4::lmer, list(model, quote(DATA), REML = FALSE, control = tight)))
    ci <- suppressWarnings(suppressMessages(confint(m, "beta_")))
    for (i in seq_len(nrow(ci))) { p("profile_low", rownames(ci)[i], ci[i, 1]); p("profile_high", rownames(ci)[i], ci[i, 2]) }
    # of the variances: roots of lme4's own deviance, since confint() reads them off a spline
    dev <- lme4:::devfun2(m); best <- attr(dev, "optimum"); n <- length(best) - nrow(s); best <- best[1:n]
    height <- function(i, value) {
      full <- function(rest) { par <- best; par[i] <- value; par[-i] <- rest; suppressWarnings(dev(par)) }
      if (n == 2) return(optimize(full, c(0.2, 5), tol = 1e-12)$objective)
      rest <- best[-i]
      for (k in 1:6) rest <- optim(rest, full, control = list(reltol = 1e-15, maxit = 2000))$par
      full(rest)
    }
    for (i in seq_len(n)) {
      above <- function(value) height(i, value) - attr(dev, "basedev") - qchisq(0.95, 1)
      span <- if (names(best)[i] == ".sig02") c(-0.99, 0.99) else c(0.02, 3 * best[i] + 0.5)
      p("profile_low", names(best)[i], uniroot(above, c(span[1], best[i]), tol = 1e-10)$root)
      p("profile_high", names(best)[i], uniroot(above, c(best[i], span[2]), tol = 1e-10)$root)
    }
  }
}
one("trial", "score ~ arm + pretest")
one("trial", "score ~ 1")
one("trial", "score ~ arm * pretest")
one("uneven", "score ~ arm + pretest")
one("flat", "score ~ arm + pretest")
one("slopes", "score ~ arm + pretest", "pretest")
one("slopes1", "score ~ arm + pretest", "pretest")
write.csv(do.call(rbind, rows), "references.csv", row.names = FALSE, quote = TRUE)
