import { InvalidInput } from "../../components/errors";

const begin = "<!-- by hand -->";
const end = "<!-- end -->";

/** Where a person writes into a document that runs write. */
export const handWrittenSection = `${begin}\n\n${end}`;

/**
 * Carries what a person wrote over into a document that is written anew.
 * @throws InvalidInput where it is not clear what that was: nothing may be lost that nobody can measure again
 */
export function keepHandWritten(existing: string | undefined, generated: string): string {
    const kept = existing === undefined ? undefined : section(existing);
    const place = section(generated);
    if (!kept || !place) return generated;
    return generated.slice(0, place.from) + existing!.slice(kept.from, kept.to) + generated.slice(place.to);
}

/** From the first mark to the last, so that marks quoted in between are kept too. */
function section(text: string): { from: number; to: number } | undefined {
    const from = text.indexOf(begin);
    const to = text.lastIndexOf(end);
    if (from < 0 && to < 0) return undefined;
    if (from < 0 || to < from)
        throw new InvalidInput(
            `a part by hand stands between ${begin} and ${end}: one of them is missing or misplaced`,
        );
    return { from, to: to + end.length };
}
