/** What the tiers are called: part of the names of all that is created. */
export const tierNames = {
    externalGateway: "external-gateway",
    gateways: "gateway",
    loadBalancer: "load-balancer",
    generator: "generator",
} as const;
