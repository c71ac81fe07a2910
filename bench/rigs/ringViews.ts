import { type RingView, ringView } from "../../verify/ring";

const answerMs = 2_000;

/** What each lb that answers makes of its ring. @param endpoints of their metrics */
export async function ringViewsAt(endpoints: string[]): Promise<RingView[]> {
    const answers = await Promise.allSettled(endpoints.map((endpoint) => ringView(endpoint, answerMs)));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
}
