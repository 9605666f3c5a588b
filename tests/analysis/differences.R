# The R calls behind tests/analysis/test_differences.py; the tests do not run R.
# R 4.2.2, clubSandwich 0.5.8 (Debian 12). Run: Rscript tests/analysis/differences.R
suppressMessages(library(clubSandwich)); options(digits = 14)
j <- 0:8                                        # nine schools, five of them in the programme
arm <- as.numeric(j %% 2 == 0); before <- 2 + (5 * j) %% 4; after <- before + (3 * j) %% 4 + 2 * arm
d <- data.frame(school = rep(j, 2), arm = rep(arm, 2), late = rep(0:1, each = 9), y = c(before, after))
f <- lm(y ~ arm * late, d)
coef_test(f, vcov = "CR2", cluster = d$school)          # arm:late
r <- coef_test(f, vcov = "CR2", cluster = d$school)[4, ]; print(unlist(r[c("beta", "SE", "df_Satt", "p_Satt")]))
conf_int(f, vcov = "CR2", cluster = d$school)[4, ]
t.test((after - before)[arm == 1], (after - before)[arm == 0])$stderr
# the same schools' yes-or-no answers: at least 5 achieved
f <- lm(I(y >= 5) ~ arm * late, d)
r <- coef_test(f, vcov = "CR2", cluster = d$school)[4, ]; print(unlist(r[c("beta", "SE", "df_Satt", "p_Satt")]))
