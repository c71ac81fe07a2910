// Which licences the dependencies have, and whether this project may have them.

/** A package or a Go module. */
export interface Dependency {
    name: string;
    /** An SPDX expression, or whatever its author wrote; undefined where none was found. */
    licence: string | undefined;
}

/** Dependencies that may have a licence that nobody else may. */
export interface LicenceException {
    names: string[];
    /** Exactly what is found at each of them; undefined: nothing is. */
    licence: string | undefined;
    reason: string;
}

export interface LicencePolicy {
    allowed: ReadonlySet<string>;
    exceptions: LicenceException[];
}

/** @returns a sentence for each dependency whose licence is neither allowed nor excepted; none when all is well */
export function refusedLicences(dependencies: Dependency[], { allowed, exceptions }: LicencePolicy): string[] {
    return dependencies
        .filter(({ licence }) => !(licence && isAllowed(licence, allowed)))
        .filter(({ name, licence }) => !exceptions.some((one) => one.names.includes(name) && one.licence === licence))
        .map(({ name, licence }) => `${name}: ${licence ?? "no licence found"}`);
}

/** @returns the excepted names that excuse nothing any more */
export function idleExceptions(dependencies: Dependency[], { exceptions }: LicencePolicy): string[] {
    return exceptions.flatMap(({ names, licence }) =>
        names.filter((name) => !dependencies.some((one) => one.name === name && one.licence === licence)),
    );
}

/** Whether an SPDX expression can be met with allowed licences alone; what is no expression can not. */
export function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
    const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
    let at = 0;
    const isNext = (token: string) => tokens[at] === token && ++at > 0;
    const either = (): boolean => {
        let met = both();
        while (isNext("OR")) met = both() || met;
        return met;
    };
    const both = (): boolean => {
        let met = one();
        while (isNext("AND")) met = one() && met;
        return met;
    };
    const one = (): boolean => {
        if (!isNext("(")) return allowed.has(tokens[at++] ?? "");
        const met = either();
        return isNext(")") && met;
    };
    return either() && at === tokens.length;
}

type Named = string | { type?: string };

/** What a package.json says of its licence; old ones have an object, or a list to choose from. */
export interface Manifest {
    license?: Named;
    licenses?: Named[];
}

/** package-lock.json, as far as it matters here. */
export interface LockFile {
    packages: Record<string, { license?: string; link?: boolean }>;
}

/**
 * Every package of a lock file, for all platforms, but the project itself.
 * @param manifestOf the package.json in a folder below the project's; undefined where it is not installed
 */
export function npmDependencies(lock: LockFile, manifestOf: (folder: string) => Manifest | undefined): Dependency[] {
    return Object.entries(lock.packages)
        .filter(([folder, { link }]) => folder !== "" && !link)
        .map(([folder, { license }]) => ({
            name: folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length),
            licence: license ?? licenceIn(manifestOf(folder) ?? {}),
        }));
}

function licenceIn({ license, licenses }: Manifest): string | undefined {
    const named = license ? [license] : (licenses ?? []);
    return named.map((one) => (typeof one === "string" ? one : (one.type ?? "?"))).join(" OR ") || undefined;
}

/** An SBOM that cyclonedx-gomod made, as far as it matters here. */
export interface GoSbom {
    components: { name: string; evidence?: { licenses: { license: { id: string } }[] } }[];
}

/** Every Go module of an SBOM, with the licences that were detected in its source. */
export const goDependencies = ({ components }: GoSbom): Dependency[] =>
    components.map(({ name, evidence }) => ({
        name,
        licence: evidence?.licenses.map(({ license }) => license.id).join(" AND ") || undefined,
    }));
