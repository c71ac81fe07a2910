import { Resolver } from "../../components";
import type { Profile } from "../rigs/rig";
import type { Lane } from "./lane";
import type { Platform, Scenario } from "./scenario";
import { controls, resolverSwitches, scenarios } from "./scenarios";

/** What of the lab is asked for; what is absent is not narrowed. */
export interface Choice {
    platform?: Platform;
    resolver?: Resolver;
    profile?: Profile;
    scenario?: string;
    /** Only those that CI has time for, and no longer than they must be. */
    subset?: boolean;
}

const platforms = ["docker", "kubernetes"] as const;

/** What can not share a rig, or the machine, with other scenarios has a lane of its own, and what mostly waits: others go on meanwhile. */
type Kind = "with others" | "long" | "on small disks" | "alone";
const longSeconds = 120;

function kindOf({ alone, diskMiB, steps }: Scenario): Kind {
    if (alone) return "alone";
    if (diskMiB) return "on small disks";
    const waits = steps.reduce((sum, step) => sum + ("wait" in step ? step.wait : 0), 0);
    return waits > longSeconds ? "long" : "with others";
}

const resolversOf: Record<Platform, Resolver[]> = {
    docker: [Resolver.static, Resolver.dns],
    kubernetes: [Resolver.static, Resolver.dns, Resolver.k8s],
};

/** Everything that is to be done, by rig. Controls are always among it: a lab that can not see loss proves nothing. */
export function lanes(choice: Choice): Lane[] {
    const wanted = ({ name, inSubset }: Scenario) =>
        (choice.scenario === undefined || name === choice.scenario) && (!choice.subset || inSubset);
    const lane = (platform: Platform, resolver: Resolver, scenarios: Scenario[]): Lane => ({
        platform,
        resolver,
        profile: "custody",
        scenarios: scenarios.filter(wanted),
    });
    const onEach = (...kinds: Kind[]) =>
        platforms.flatMap((platform) =>
            kinds.flatMap((kind) => {
                const isMeant = (one: Scenario) => kindOf(one) === kind && (one.platforms?.includes(platform) ?? true);
                const runs = scenarios.filter(isMeant);
                const mostlyWaits = kind === "long";
                return resolversOf[platform].map((resolver) => ({ ...lane(platform, resolver, runs), mostlyWaits }));
            }),
        );
    const switches = platforms.map((platform) => lane(platform, Resolver.static, [resolverSwitches[platform]]));
    const compared = scenarios.filter(({ profiles }) => profiles?.includes("default")).filter(wanted);
    const all: Lane[] = [
        { platform: "docker", resolver: Resolver.static, profile: "default", scenarios: compared },
        ...onEach("with others", "long"),
        ...onEach("on small disks"),
        ...switches,
        ...onEach("alone"),
    ];
    const chosen = all.filter(
        ({ platform, resolver, profile, scenarios }) =>
            scenarios.length > 0 &&
            !(choice.subset && profile === "default") &&
            (choice.platform ?? platform) === platform &&
            (choice.resolver ?? resolver) === resolver &&
            (choice.profile ?? profile) === profile,
    );
    const withControls: Lane[] = [
        { platform: "docker", resolver: Resolver.static, profile: "default", scenarios: controls },
        ...chosen,
    ];
    if (!choice.subset) return withControls;
    return withControls.map((lane) => ({ ...lane, scenarios: lane.scenarios.map(shortened) }));
}

const shortened = (scenario: Scenario): Scenario => ({ ...scenario, seconds: Math.min(scenario.seconds, 15) });

/** What a platform has no use for, with the reason. */
export function leftOut(choice: Choice): { scenario: Scenario; platform: Platform; reason: string }[] {
    return platforms
        .filter((platform) => (choice.platform ?? platform) === platform && (choice.profile ?? "custody") === "custody")
        .flatMap((platform) =>
            scenarios
                .filter(({ platforms }) => platforms && !platforms.includes(platform))
                .map((scenario) => ({ scenario, platform, reason: scenario.elsewhere ?? "it makes no sense there" })),
        );
}
