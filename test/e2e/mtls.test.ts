import { expect, test } from "vitest";
import { eventually } from "../support/eventually";
import { CertificateFolder, TestAuthorities } from "../support/certificates";
import { exportAs, servedCertificate } from "../support/tlsClient";
import { steady, underTraffic } from "../support/traffic";
import { lives } from "./lives";
import { docker, type TestStack, withStack } from "./stack";

const tiers = ["load-balancer", "gateway", "external-gateway"];

/** A stack whose certificates a person provides. */
async function withCertificates(
    act: (stack: TestStack, given: { authorities: TestAuthorities; files: CertificateFolder }) => Promise<void>,
): Promise<void> {
    const given = { authorities: new TestAuthorities(), files: new CertificateFolder() };
    try {
        await withStack((stack) => act(stack, given));
    } finally {
        given.files.remove();
    }
}

type Given = Parameters<Parameters<typeof withCertificates>[0]>[1];

async function writeAll({ authorities, files }: Given, forMs?: number): Promise<void> {
    for (const tier of tiers) files.write(tier, await authorities.issue(tier, tier, forMs), await authorities.of(tier));
}

async function addressOf(stack: TestStack, replica: string): Promise<string> {
    const { NetworkSettings } = await stack.container(replica).inspect();
    return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
}

const settings = ({ files }: Given) => ({ gateways: 2, mtls: "provided", certificatesFrom: { folder: files.folder } });

test("certificates that have expired are renewed under traffic: nothing is lost, and nothing is restarted", () =>
    withCertificates(async (stack, given) => {
        const expire = Date.now() + 40_000;
        await writeAll(given, expire - Date.now());
        const outputs = await stack.up(settings(given));
        const outcome = await underTraffic(outputs, async () => {
            await eventually("expiry", () => Promise.resolve({ done: Date.now() > expire, saw: expire }), 60_000);
            await stack.container("gateway-1").restart(); // whoever sends to it has to shake hands anew
            await eventually("handshake that fails", async () => {
                const said = (await stack.container("load-balancer-1").logs({ stderr: true, stdout: true })).toString();
                return { done: said.includes("certificate has expired"), saw: said.slice(-500) };
            });
            const before = await lives(stack);

            await writeAll(given);
            await stack.up(settings(given));
            const address = await addressOf(stack, "gateway-1");
            await eventually("renewed certificate", async () => {
                const { validTo } = await servedCertificate(address, 4317);
                return { done: new Date(validTo).getTime() > Date.now(), saw: validTo };
            });
            expect(await lives(stack)).toEqual(before);
        });
        expect(outcome).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
        expect(outcome.acknowledged).toBeGreaterThan(500);
    }));

test("a tier lets in the tier before it, and nobody else", () =>
    withCertificates(async (stack, given) => {
        await writeAll(given);
        const outputs = await stack.up({ ...settings(given), gateways: 1 });
        const { authorities } = given;
        const foreign = await authorities.issue("somebody else", "load-balancer");
        const lb = await authorities.issue("load-balancer", "load-balancer");
        const gateway = await authorities.issue("gateway", "gateway");
        const knocks = async (tier: string) => {
            const address = `${await addressOf(stack, `${tier}-1`)}:4317`;
            const trust = { trusts: await authorities.of(tier), serverName: tier };
            return (shows?: typeof lb) => exportAs(address, { ...trust, shows });
        };
        const atGateway = await knocks("gateway");
        expect(await atGateway(lb)).toBe("accepted");
        for (const other of [undefined, foreign, gateway]) expect(await atGateway(other)).toContain("UNAVAILABLE");

        const atExternal = await knocks("external-gateway");
        expect(await atExternal(gateway)).toBe("accepted");
        for (const other of [undefined, foreign, lb]) expect(await atExternal(other)).toContain("UNAVAILABLE");
        expect(await steady(outputs, 20)).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });
    }));

test("an lb sends nothing to a gateway whose certificate is for another name, or by another authority", () =>
    withCertificates(async (stack, given) => {
        await writeAll(given);
        const outputs = await stack.up({ ...settings(given), gateways: 1 });
        const generated = { gateways: 1, mtls: "generated" };
        // The gateway of a stack with other authorities takes the place of this one's, under its name.
        await withStack(async (other) => {
            await other.up(generated);
            const impostor = other.container("gateway-1");
            const network = docker.getNetwork(`otel-collector-tiers-${stack.name}`);
            await stack.container("gateway-1").stop();
            await network.connect({ Container: impostor.id, EndpointConfig: { Aliases: ["gateway-1"] } });
            const sent = steady(outputs, 20);
            await eventually("refusal", async () => {
                const said = (await stack.container("load-balancer-1").logs({ stderr: true, stdout: true })).toString();
                return { done: /failed to verify certificate|unknown authority/.test(said), saw: said.slice(-500) };
            });
            await network.disconnect({ Container: impostor.id });
            await stack.container("gateway-1").start();
            expect(await sent).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });
        });
    }));

test("provided certificates that would not work are refused at preview, and nothing that runs is touched", () =>
    withCertificates(async (stack, given) => {
        await writeAll(given);
        await stack.up({ ...settings(given), gateways: 1 });
        const { authorities, files } = given;
        const before = await lives(stack);
        const authority = await authorities.of("gateway");
        const mismatches: [string, () => Promise<void>, RegExp][] = [
            [
                "another tier's name",
                async () => files.write("gateway", await authorities.issue("gateway", "external-gateway"), authority),
                /the name in \S+gateway\.crt is "DNS:external-gateway"; allowed: one that is gateway$/,
            ],
            [
                "another's authority",
                async () => files.write("gateway", await authorities.issue("foreign", "gateway"), authority),
                /gateway\.crt is "a certificate of CN=foreign"; allowed: one that \S+gateway-ca\.crt vouches for$/,
            ],
            [
                "another's key",
                async () => {
                    const { key } = await authorities.issue("gateway", "gateway");
                    files.write("gateway", { ...(await authorities.issue("gateway", "gateway")), key }, authority);
                },
                /gateway\.key is "another certificate's key"; allowed: the private key of \S+gateway\.crt$/,
            ],
            [
                "expired",
                async () => files.write("gateway", await authorities.issue("gateway", "gateway", -1_000), authority),
                /gateway\.crt is "valid until .*"; allowed: a certificate that has not expired$/,
            ],
        ];
        for (const [what, spoil, sentence] of mismatches) {
            await spoil();
            await expect(stack.preview(settings(given)), what).rejects.toThrow(/gateway\.(crt|key) is .*allowed:/);
            await expect(stack.up(settings(given)), what).rejects.toThrow(sentence);
        }
        expect(await lives(stack)).toEqual(before);
    }));
