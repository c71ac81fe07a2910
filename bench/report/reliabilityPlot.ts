import { percent } from "./numbers";
import type { FaultRow } from "./row";
import { type Bar, barChart } from "./svg/bars";
import { colours } from "./svg/figure";

/** Where both profiles went through a scenario, what each lost and doubled; without any such pair, what custody did. */
export function lossPlot(rows: FaultRow[]): string | undefined {
    const places = [...new Set(rows.map(place))].map((label) => ({
        label,
        rows: rows.filter((row) => place(row) === label && (!row.control || row.profile === "default")),
    }));
    const compared = places.filter(({ rows: both }) => new Set(both.map(({ profile }) => profile)).size === 2);
    const custody = places.filter(({ rows: all }) => all.some(({ profile }) => profile === "custody"));
    const groups = (compared.length > 0 ? compared : custody).map((group) => ({
        label: group.label,
        bars: group.rows.sort((a, b) => b.profile.localeCompare(a.profile)).map(bar),
    }));
    if (groups.length === 0) return undefined;
    return barChart({
        title: "Lost and duplicated spans by scenario",
        description: groups
            .map(({ label, bars }) => `${label}: ${bars.map((one) => `${one.label} ${one.told}`).join("; ")}.`)
            .join(" "),
        unit: "% of the acknowledged spans",
        legend: [
            { label: "lost", colour: colours.red },
            { label: "duplicated", colour: colours.sky },
        ],
        groups,
    });
}

const place = ({ scenario, platform }: FaultRow) => `${scenario}, ${platform}`;

function bar({ profile, resolver, lost, duplicated, acknowledged }: FaultRow): Bar {
    const share = (spans: number) => (acknowledged === 0 ? 0 : (100 * spans) / acknowledged);
    return {
        label: `${profile}, ${resolver}`,
        pieces: [
            { value: share(lost), colour: colours.red },
            { value: share(duplicated), colour: colours.sky },
        ],
        told: `${percent(lost, acknowledged)} lost, ${percent(duplicated, acknowledged)} duplicated`,
    };
}
