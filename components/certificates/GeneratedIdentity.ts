import * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "../defaults";
import type { KeyPair } from "./authority";
import type { TierIdentity } from "./identity";

export interface GeneratedIdentityArgs {
    /** The name that whoever connects verifies. */
    serverName: string;
    /**
     * Further host names and addresses that the certificate is for.
     * @default - none
     */
    names?: string[];
    /**
     * Another number is another authority and another certificate.
     * @default 1
     */
    generation?: number;
    /**
     * The time that decides which certificate is due.
     * @default - now
     */
    at?: Date;
}

const dayMs = 86_400_000;
const authorityDays = 3_650;
/** Of a certificate; the first `up` of another quarter of a year renews it, so that three quarters remain to run one. */
const certificateDays = 365;

/**
 * An identity that the stack makes itself and keeps, encrypted, in its state: an authority of ten years, and a certificate
 * of a year that the first `up` of each quarter renews.
 *
 * @example
 * const gateway = new GeneratedIdentity("gateway-identity", { serverName: "gateway" });
 */
export class GeneratedIdentity extends pulumi.ComponentResource implements TierIdentity {
    static readonly token = "otel-collector-tiers:index:GeneratedIdentity";

    readonly serverName: string;
    readonly certificate: pulumi.Output<string>;
    readonly key: pulumi.Output<string>;
    readonly authority: pulumi.Output<string>;

    constructor(name: string, args: GeneratedIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super(GeneratedIdentity.token, name, {}, opts);
        const { serverName, names, generation, at } = withDefaults(args, { names: [], generation: 1, at: new Date() });
        const validFor = (days: number) => ({
            notBefore: new Date(at.getTime() - dayMs), // clocks differ
            notAfter: new Date(at.getTime() + days * dayMs),
        });

        const authority = this.kept(
            `${name}-authority-${generation}`,
            library().then(({ makeAuthority }) =>
                makeAuthority({ commonName: `${name} authority`, ...validFor(authorityDays) }),
            ),
        );
        const all = [...new Set([serverName, ...names])];
        const subject = { commonName: name, names: all, ...validFor(certificateDays) }; // a name may be too long for that
        const certificate = this.kept(
            `${name}-${quarter(at)}-${generation}`,
            authority.apply(async (by) => (await library()).issue(by, subject)),
        );

        this.serverName = serverName;
        this.certificate = pulumi.unsecret(certificate.apply((pair) => pair.certificate));
        this.key = certificate.apply(({ key }) => key);
        this.authority = pulumi.unsecret(authority.apply((pair) => pair.certificate));
        this.registerOutputs({ serverName, authority: this.authority });
    }

    /** What was made for a name first, by this update or an earlier one. */
    private kept(name: string, made: pulumi.Input<KeyPair>): pulumi.Output<KeyPair> {
        const options = { parent: this, ignoreChanges: ["input"], additionalSecretOutputs: ["input", "output"] };
        const stash = new pulumi.Stash(name, { input: pulumi.secret(made) }, options);
        return pulumi.secret(stash.output as pulumi.Output<KeyPair>);
    }
}

/** It takes a tenth of a second to load, which only who makes certificates should pay for. */
const library = () => import("./authority");

/** As in "2026q4". */
const quarter = (at: Date) => `${at.getUTCFullYear()}q${Math.floor(at.getUTCMonth() / 3) + 1}`;
