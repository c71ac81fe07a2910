import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An advisory as a registry hands it out. */
export interface Advisory {
    id: number;
    url: string;
    title: string;
    severity: string;
    vulnerable_versions: string;
}

/** The part of an npm registry that `npm audit` asks: advisories, and which versions of a package there are. */
export class FakeNpmRegistry {
    private constructor(
        readonly url: string,
        private readonly server: Server,
    ) {}

    /** @param advisories by package; undefined: it refuses to be asked for them @param packages their package.json files */
    static async start(
        advisories: Record<string, Advisory[]> | undefined,
        packages: { name: string; version: string }[],
    ): Promise<FakeNpmRegistry> {
        const server = createServer(({ method, url = "" }, response) => {
            const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
            if (method === "POST") return advisories ? answer(200, advisories) : answer(405, {});
            const one = packages.find(({ name }) => url === `/${name}`);
            if (!one) return answer(404, {});
            const { name, version } = one;
            return answer(200, { name, "dist-tags": { latest: version }, versions: { [version]: one } });
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        return new FakeNpmRegistry(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((closed) => this.server.close(closed));
    }
}
