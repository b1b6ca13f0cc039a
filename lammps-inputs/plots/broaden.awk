# A column of g(r) as fix ave/time wrote it, broadened by Gaussians of width sigma (A): distance,
# value, in units of the highest value.

/^#/ || NF < 4 { next }
{ r[++n] = $2; g[n] = $column }
END {
    reach = int(4 * sigma / (r[2] - r[1])) + 1
    for (i = 1; i <= n; i++) {
        sum[i] = weight = 0
        for (j = i - reach; j <= i + reach; j++) {
            w = exp(-((i - j) * (r[2] - r[1]) / sigma) ^ 2 / 2)
            weight += w
            if (j >= 1 && j <= n)
                sum[i] += w * g[j]
        }
        sum[i] /= weight
        if (sum[i] > most) most = sum[i]
    }
    for (i = 1; i <= n; i++)
        printf "%.5f %.5f\n", r[i], (most > 0 ? sum[i] / most : 0)
}
