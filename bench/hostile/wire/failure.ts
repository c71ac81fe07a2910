import type { Answer } from "../attack";

const nobody = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"];

/** @param error why there is no answer */
export function failure(error: NodeJS.ErrnoException): Answer {
    const { code = "", name } = error;
    if (name === "AbortError" || name === "TimeoutError") return { taken: "unanswered", said: "no answer" };
    if (nobody.includes(code)) return { taken: "unreachable", said: code };
    return { taken: "closed", said: /SSL|CERT|ALTNAME|SIGNATURE/.test(code) ? "TLS refused" : "closed" };
}
