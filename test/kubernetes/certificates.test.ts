import { X509Certificate } from "node:crypto";
import { expect, test, vi } from "vitest";
import { kill, testCluster } from "../../bench/rigs/kubernetesCluster";
import type { KeyPair } from "../../components/certificates/authority";
import type { Reach } from "../../components/platform";
import { eventually } from "../support/eventually";
import { exportAs } from "../support/tlsClient";
import { steady, underTraffic } from "../support/traffic";
import { livesOf, podsOf, servedSerial, withPorts } from "./cluster";
import { tiers, withProvided } from "./providedSecrets";
import { ringOf } from "./ring";
import { withStack } from "./stack";

/** A kubelet looks once a minute, its answer may be as old again, and a collector looks every 10 s. */
const renewedMs = 180_000;
const longTestMs = 900_000;
const dayMs = 86_400_000;
/** The tap shows each span of the last two minutes, also when all that was held back arrives at once. */
const slowly = { tracesPerSecond: 10 };

const serialOf = ({ certificate }: KeyPair) => new X509Certificate(certificate).serialNumber;

/** Waits until what was held back goes on: who could not connect for long tries again after two minutes at most. */
const untilArriving = (target: Reach) =>
    eventually(
        "arrival of new traces",
        async () => {
            const saw = await steady(target, 20).catch((error: Error) => ({ lost: error.message }));
            return { done: saw.lost === 0, saw: saw.lost };
        },
        renewedMs,
    );

test(
    "provided certificates that have expired are renewed under traffic: nothing is lost, and nothing is restarted",
    () =>
        withProvided({ gateways: 2, loadBalancers: 1 }, async (stack, given) => {
            const { namespace } = stack;
            const { core } = await testCluster();
            const forMs = 150_000;
            const expire = Date.now() + forMs;
            await given.renew(forMs);
            await stack.up({});
            await stack.through(async (target) => {
                await ringOf(target.metrics, 2);
                const outcome = await underTraffic(
                    target,
                    async () => {
                        await eventually(
                            "expiry",
                            () => Promise.resolve({ done: Date.now() > expire, saw: "" }),
                            forMs,
                        );
                        // Whoever sends to its successor has to shake hands anew.
                        const uid = (await podsOf(namespace, "gateway")).get("gateway-1")?.metadata?.uid;
                        await kill(namespace, "gateway-1");
                        await stack.backFrom("gateway-1", uid);
                        await eventually("handshake that fails", async () => {
                            const said = await core.readNamespacedPodLog({ namespace, name: "load-balancer-0" });
                            return { done: said.includes("certificate has expired"), saw: said.slice(-500) };
                        });
                        const before = await livesOf(namespace);

                        const renewed = await given.renew();
                        const started = Date.now();
                        for (const [pod, tier] of [
                            ["gateway-0", "gateway"],
                            ["gateway-1", "gateway"],
                            ["external-gateway-0", "external-gateway"],
                        ] as const) {
                            const wanted = serialOf(renewed[tier]);
                            const look = async () => {
                                const saw = await servedSerial(namespace, pod);
                                return { done: saw === wanted, saw };
                            };
                            await eventually(`renewed certificate of ${pod}`, look, renewedMs);
                        }
                        console.log("served after", Date.now() - started, "ms");
                        await untilArriving(target);
                        console.log("arriving after", Date.now() - started, "ms");
                        expect(await livesOf(namespace)).toEqual(before);
                    },
                    slowly,
                );
                expect(outcome).toMatchObject({ lost: 0 });
                expect(outcome.acknowledged).toBeGreaterThan(1_000);
            });
        }),
    longTestMs,
);

test("a tier lets in the tier before it and nobody else; what would not work is refused at preview", () =>
    withProvided({ gateways: 1, loadBalancers: 1 }, async (stack, given) => {
        await given.renew();
        await stack.up({});
        const { authorities } = given;
        const [lb, gateway] = await Promise.all([given.issue("load-balancer"), given.issue("gateway")]);
        const foreign = await authorities.issue("somebody else", given.serverName("load-balancer"));
        await withPorts(stack.namespace, async (to) => {
            const knock = async (tier: (typeof tiers)[number], shows?: KeyPair) => {
                const trust = { trusts: await authorities.of(tier), serverName: given.serverName(tier) };
                return exportAs(await to(`${tier}-0`), { ...trust, shows });
            };
            expect(await knock("gateway", lb)).toBe("accepted");
            for (const other of [undefined, foreign, gateway])
                expect(await knock("gateway", other)).toContain("UNAVAILABLE");
            expect(await knock("external-gateway", gateway)).toBe("accepted");
            for (const other of [undefined, foreign, lb])
                expect(await knock("external-gateway", other)).toContain("UNAVAILABLE");
        });

        const before = await livesOf(stack.namespace);
        const mismatches: [string, () => Promise<KeyPair>, RegExp][] = [
            [
                "another tier's name",
                () => authorities.issue("gateway", given.serverName("external-gateway")),
                /the name in tls\.crt of the Secret gateway-tls is "DNS:external-gateway\.\S+"; allowed: one that is gateway\.\S+\.svc/,
            ],
            [
                "another's authority",
                () => authorities.issue("foreign", given.serverName("gateway")),
                /tls\.crt of the Secret gateway-tls is "a certificate of CN=foreign"; allowed: one that ca\.crt of the Secret gateway-tls vouches for/,
            ],
            [
                "another's key",
                () => Promise.resolve({ ...gateway, key: lb.key }),
                /tls\.key of the Secret gateway-tls is "another certificate's key"; allowed: the private key of tls\.crt/,
            ],
            [
                "expired",
                () => given.issue("gateway", -1_000),
                /tls\.crt of the Secret gateway-tls is "valid until .*"; allowed: a certificate that has not expired/,
            ],
        ];
        for (const [what, spoiled, sentence] of mismatches) {
            await given.write("gateway", await spoiled());
            await expect(stack.preview({}), what).rejects.toThrow(sentence);
            await expect(stack.up({}), what).rejects.toThrow(sentence);
        }
        expect(await livesOf(stack.namespace)).toEqual(before);
    }));

test(
    "generated certificates are renewed under traffic by the next up of another quarter, and nothing is restarted",
    () =>
        withStack(async (stack) => {
            const { namespace } = stack;
            vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 100 * dayMs });
            try {
                await stack.up({ gateways: 2 });
            } finally {
                vi.useRealTimers();
            }
            const served = (pod: string) => servedSerial(namespace, pod);
            const pods = ["gateway-0", "gateway-1", "external-gateway-0"];
            const serials = () => Promise.all(pods.map(served));
            const first = await serials();
            const lives = await livesOf(namespace);
            await stack.through(async (target) => {
                await ringOf(target.metrics, 2);
                const renewed = await underTraffic(
                    target,
                    async () => {
                        await stack.up({ gateways: 2 });
                        const look = async () => {
                            const saw = await serials();
                            return { done: saw.every((serial, index) => serial !== first[index]), saw };
                        };
                        await eventually("renewed certificates", look, renewedMs);
                    },
                    slowly,
                );
                expect(renewed).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
            });
            expect(await livesOf(namespace)).toEqual(lives);
            await stack.expectNoChanges();
        }),
    longTestMs,
);
