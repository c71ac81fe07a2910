/** Characters of a log, and of any other reason, that go into a sentence. */
const mostWords = 600;
const mostReason = 400;

/** What a collector wrote last, as one line: from its last line with an error in it to the end; "" if nothing. */
export function lastWords(log: string): string {
    const lines = log.split("\n").filter((line) => line.trim());
    const from = lines.findLastIndex((line) => /^error:/i.test(line));
    return oneLine(lines.slice(from).join(" "), mostWords);
}

/** @param most characters of it */
export function oneLine(text: string, most = mostReason): string {
    const line = text.replace(/\s+/g, " ").trim();
    return line.length > most ? `${line.slice(0, most - 3).trimEnd()}...` : line;
}
