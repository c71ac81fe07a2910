const identityToken = "otel-collector-tiers:index:GeneratedIdentity";
const stash = "pulumi:index:Stash";

/** The type and name of what is generated for each tier, sorted, with QUARTER for what depends on the day. */
export const identityResources = ["external-gateway", "gateway", "load-balancer"]
    .flatMap((tier) => [
        `${identityToken} ${tier}-identity`,
        `${stash} ${tier}-identity-QUARTER-1`,
        `${stash} ${tier}-identity-authority-1`,
    ])
    .sort();

export const onAnyDay = (label: string) => label.replace(/\d{4}q[1-4]/, "QUARTER");
