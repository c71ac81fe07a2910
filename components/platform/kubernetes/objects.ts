import type { V1Pod } from "@kubernetes/client-node";

export const nameOf = ({ metadata }: { metadata?: { name?: string } }): string => metadata?.name ?? "";

export function isReady({ status }: V1Pod): boolean {
    return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
