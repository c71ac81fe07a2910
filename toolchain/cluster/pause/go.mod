module otel-collector-tiers/toolchain/cluster/pause

go 1.26
