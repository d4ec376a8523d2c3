# DeLong's test as pROC has it (Robin et al. 2011, BMC Bioinformatics 12:77): for record_repeated.py, which gives the rows.
# Lines of `y a b` on stdin; out: area of a, area of b, z, p, low, high of the difference. Debian: r-cran-proc.
suppressMessages(library(pROC))
rows <- read.table(file("stdin"))
a <- roc(rows$V1, rows$V2, quiet = TRUE, direction = "<")
b <- roc(rows$V1, rows$V3, quiet = TRUE, direction = "<")
test <- roc.test(a, b, method = "delong", paired = TRUE)
cat(sprintf("%.17g", c(auc(a), auc(b), test$statistic, test$p.value, test$conf.int)), sep = "\n")
