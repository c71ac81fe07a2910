/** What Docker tells of a container's life; `kill` is any signal that was sent through Docker. */
export interface LifeEvent {
    action: "start" | "kill" | "oom" | "die";
    container: string;
    replica: string;
    exitCode?: string;
}

/** What a process ends with that was told to end, in time or not. */
const exitCodesOfStopped = ["0", "137", "143"];

/** The ends that nobody asked for, in a sentence each, in their order. A container that is restarted by hand forgets them; this does not. */
export function crashesIn(events: LifeEvent[]): string[] {
    const asked = new Set<string>();
    return events.flatMap(({ action, container, replica, exitCode = "" }) => {
        switch (action) {
            case "start":
                asked.delete(container);
                return [];
            case "kill":
                asked.add(container);
                return [];
            case "oom":
                return [`${replica} ran out of memory`];
            case "die":
                if (!asked.has(container)) return [`${replica} ended by itself with exit code ${exitCode}`];
                return exitCodesOfStopped.includes(exitCode)
                    ? []
                    : [`${replica} ended with exit code ${exitCode} when it was asked to stop`];
        }
    });
}
