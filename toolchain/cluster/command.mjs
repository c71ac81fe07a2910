// `npm run cluster -- up | down | load IMAGE... | kubeconfig`
import { Problem } from "../problem.mjs";
import { step } from "../progress.mjs";
import { down, up } from "./cluster.mjs";
import { load } from "./images.mjs";
import { kubeconfig } from "./layout.mjs";

const title = "Kubernetes cluster";

/** @type {Record<string, (args: string[]) => Promise<unknown> | unknown>} */
const verbs = {
    async up() {
        await step(title, up);
        console.log(kubeconfig);
    },
    down: () => step(title, down),
    load: async (images) => {
        await step(title, () => up(() => {}));
        await step(`images ${images.join(", ")}`, () => load(images));
    },
    kubeconfig: () => console.log(kubeconfig),
};

/** @param {string[]} args */
export async function main([verb, ...rest]) {
    if (!Object.hasOwn(verbs, verb ?? "") || rest.length > 0 !== (verb === "load")) {
        throw new Problem("npm run cluster -- up | down | load IMAGE... | kubeconfig");
    }
    await verbs[verb](rest);
    return 0;
}
