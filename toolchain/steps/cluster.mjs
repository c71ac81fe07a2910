// What a test cluster is made of; `cluster/` starts it.
import { copyFileSync, existsSync, mkdtempSync, renameSync } from "node:fs";
import { platform } from "node:os";
import { basename, join } from "node:path";
import { install, isRoot, mayInstall } from "../debian.mjs";
import { hasImage } from "../engine.mjs";
import { buildFromModules, moduleFolder } from "../goBuild.mjs";
import { cache, made, toolFolder, versions } from "../places.mjs";
import { Problem } from "../problem.mjs";
import { which } from "../shell.mjs";
import { importBinary } from "./images.mjs";

export const pauseImage = "otel-collector-tiers/pause:1";
export const corednsImage = `otel-collector-tiers/coredns:${versions.coredns}`;

/** Debian's packages, each by a program of it. */
const packages = {
    containerd: "containerd",
    etcd: "etcd-server",
    "bridge (CNI)": "containernetworking-plugins",
    conntrack: "conntrack",
    iptables: "iptables",
    ip: "iproute2",
};

/** Where distributions put the CNI plugins. */
export const pluginFolder = () =>
    ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"].find((folder) => existsSync(join(folder, "bridge")));

const lacks = () =>
    Object.entries(packages).filter(([program]) => (program === "bridge (CNI)" ? !pluginFolder() : !which(program)));

export const clusterPrograms = {
    title: "programs of a cluster",
    ready: () => platform() === "linux" && isRoot() && lacks().length === 0,
    async obtain(/** @type {(text: string) => void} */ say) {
        if (platform() !== "linux" || !isRoot()) {
            throw new Problem(
                "a test cluster runs on Linux as root only: set TEST_KUBECONFIG to the kubeconfig of another cluster",
            );
        }
        const names = lacks().map(([program]) => program);
        if (!mayInstall()) {
            throw new Problem(
                `a test cluster needs ${names.join(", ")}: install what is missing and run the command again`,
            );
        }
        say(`installing the distribution's ${names.join(", ")}`);
        await install(lacks().map(([, name]) => name));
    },
};

/** @param {string} name @param {string} version @param {string[]} recipe files below cluster/ */
const folderOf = (name, version, recipe) =>
    toolFolder(
        name,
        version,
        recipe.map((file) => `cluster/${file}`),
    );

const kubernetesFolder = folderOf("kubernetes", versions.kubernetes, ["kube/go.mod", "kube/go.sum", "kube/main.go"]);
export const kubernetesBinary = join(kubernetesFolder, "kube");

export const kubernetes = {
    title: `Kubernetes ${versions.kubernetes}`,
    ready: () => existsSync(kubernetesBinary),
    async obtain(/** @type {(text: string) => void} */ say) {
        say("building it from Go modules (about 4 minutes)");
        const [major, minor] = versions.kubernetes.split(".");
        const facts = {
            gitVersion: `v${versions.kubernetes}`,
            gitMajor: major,
            gitMinor: minor,
            gitTreeState: "clean",
        };
        await buildFromModules({
            tool: "Kubernetes",
            folder: kubernetesFolder,
            binary: "kube",
            recipe: "cluster/kube",
            package: ".",
            ldflags: Object.entries(facts)
                .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
                .join(" "),
        });
    },
};

/** @param {{ image: string, name: string, version: string, recipe: string[], package: string, minutes: number }} part */
function imageStep({ image, name, version, recipe, package: main, minutes }) {
    const folder = folderOf(name, version, recipe);
    return {
        title: `${name} image ${version}`,
        ready: () => hasImage(image),
        async obtain(/** @type {(text: string) => void} */ say) {
            if (!existsSync(join(folder, name))) {
                say(`building it from Go modules (about ${minutes} minutes)`);
                await buildFromModules({ tool: name, folder, binary: name, recipe: `cluster/${name}`, package: main });
            }
            say("making the image");
            await importBinary(image, join(folder, name));
        },
    };
}

export const pauseImageStep = imageStep({
    image: pauseImage,
    name: "pause",
    version: "1",
    recipe: ["pause/go.mod", "pause/main.go"],
    package: ".",
    minutes: 1,
});

export const corednsImageStep = imageStep({
    image: corednsImage,
    name: "coredns",
    version: versions.coredns,
    recipe: ["coredns/go.mod", "coredns/go.sum"],
    package: "github.com/coredns/coredns",
    minutes: 3,
});

/** As in "gatewayclasses.yaml", without the group. */
const definition = (/** @type {string} */ file) => basename(file).replace(/^.*_/, "");

/**
 * Definitions of objects, out of a Go module.
 * @param {{ title: string, name: string, version: string, module: string, files: string[] }} part
 *   name: of the recipe below cluster/; files: in the module
 */
function definitionsStep({ title, name, version, module, files }) {
    const folder = folderOf(name, version, [`${name}/go.mod`, `${name}/go.sum`]);
    return {
        title: `${title} ${version}`,
        files: files.map((file) => join(folder, definition(file))),
        ready: () => existsSync(folder),
        async obtain() {
            const source = await moduleFolder({ tool: title, recipe: `cluster/${name}`, module });
            const scratch = mkdtempSync(join(made(cache), "building-"));
            for (const file of files) copyFileSync(join(source, file), join(scratch, definition(file)));
            renameSync(scratch, folder);
        },
    };
}

export const gatewayApi = definitionsStep({
    title: "Gateway API",
    name: "gateway-api",
    version: versions.gatewayApi,
    module: "sigs.k8s.io/gateway-api",
    files: ["gatewayclasses", "gateways", "httproutes", "grpcroutes"].map(
        (kind) => `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`,
    ),
});

/** What cert-manager is asked with; it itself is not there. */
export const certManager = definitionsStep({
    title: "cert-manager's definitions",
    name: "cert-manager",
    version: versions.certManager,
    module: "github.com/cert-manager/cert-manager",
    files: ["certificates", "issuers"].map((kind) => `deploy/crds/cert-manager.io_${kind}.yaml`),
});
