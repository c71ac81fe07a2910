/** What somebody else has worded, on one line and with nothing in it that markdown would take for its own. */
export function literal(text: string): string {
    return text
        .trim()
        .replace(/\s+/g, " ")
        .replace(/[\\`*<[\]]/g, "\\$&")
        .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_");
}

export const list = (items: string[]) => items.map((item) => `- ${item}`).join("\n");

/** Nothing to say about something is said by its absence. */
export const document = (...parts: (string | undefined)[]) => `${parts.filter(Boolean).join("\n\n")}\n`;
