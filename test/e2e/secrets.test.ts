import { expect, test } from "vitest";
import { projectName } from "../../engine/reason";
import { docker, type TestStack, withStack } from "./stack";

/** Given as secrets; each has to be of use where it is planted. */
const planted = {
    "backends[0].headers.api-key": "planted-in-a-header-of-a-backend",
    "gatewayOverrides.exporters.otlp_grpc/external.headers.x-planted": "planted-in-an-override",
    "clientTokens[0]": "planted-as-a-token-of-clients",
};
const privateKey = "PRIVATE KEY";
const secrets = [...Object.values(planted), privateKey];

const settings = {
    gateways: 1,
    clientTls: "generated",
    backends: [{ endpoint: "http://planted-in-plain-text:4317" }],
};

/** All that Docker tells about a stack: its containers, also those that only carry files, volumes, network and logs. */
async function toldByDocker(stack: TestStack): Promise<Record<string, string>> {
    const filters = { label: [`${projectName}.${projectName}-${stack.name}`] };
    const containers = await docker.listContainers({ all: true, filters });
    const told: Record<string, string> = {};
    for (const { Id, Names } of containers) {
        const container = docker.getContainer(Id);
        told[`inspect ${Names.join()}`] = JSON.stringify(await container.inspect());
        told[`logs ${Names.join()}`] = (await container.logs({ stdout: true, stderr: true })).toString();
    }
    told.volumes = JSON.stringify(await docker.listVolumes({ filters }));
    told.networks = JSON.stringify(await docker.listNetworks({ filters }));
    return told;
}

/** Where something stands in plain text, or as Docker or Kubernetes would encode it. */
function placesOf(text: string, places: Record<string, string>): string[] {
    const forms = [text, Buffer.from(text).toString("base64").replace(/=+$/, "")];
    return Object.keys(places).filter((place) => forms.some((form) => places[place]?.includes(form)));
}

test("what is secret stands in plain text nowhere: state, settings, previews, containers, volumes, logs", () =>
    withStack(async (stack) => {
        const paths = Object.entries(planted).map(([path, value]) => [`${projectName}:${path}`, value]);
        const outputs = await stack.up(settings, Object.fromEntries(paths) as Record<string, string>);
        expect(outputs.access?.token).toBe(planted["clientTokens[0]"]);

        const places = {
            state: stack.stateText(),
            settings: stack.settingsText(),
            "preview of a change": await stack.previewAsConfigured({ gateways: "2", certificateGeneration: "2" }),
            ...(await toldByDocker(stack)),
        };
        for (const secret of secrets) expect(placesOf(secret, places), secret).toEqual([]);
        expect(placesOf("planted-in-plain-text", places), "the search itself").toContain("state");
        expect(placesOf("REPLICA_NAME", places)).toContainEqual(expect.stringMatching(/^inspect .*gateway-1$/));
    }));
