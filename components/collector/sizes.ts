/** What one replica is given, when nothing else is said. */
export const Size = { small: "small", medium: "medium", large: "large" } as const;
export type Size = (typeof Size)[keyof typeof Size];

/** A memory limit, which is also what is reserved, and the CPU that is reserved; none has a CPU limit. */
export const sizes: Record<Size, { memory: string; cpuRequest: string }> = {
    small: { memory: "512Mi", cpuRequest: "100m" },
    medium: { memory: "1Gi", cpuRequest: "500m" },
    large: { memory: "2Gi", cpuRequest: "1" },
};
