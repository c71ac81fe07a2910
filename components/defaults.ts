/** Arguments with every default in the place of what was left out or is undefined. */
export type WithDefaults<Args, Defaults> = Args & { [Key in keyof Args & keyof Defaults]-?: NonNullable<Args[Key]> };

export function withDefaults<Args extends object, Defaults extends Partial<Args>>(
    args: Args,
    defaults: Defaults,
): WithDefaults<Args, Defaults> {
    const missing = Object.entries(defaults).filter(([key]) => args[key as keyof Args] === undefined);
    return { ...args, ...Object.fromEntries(missing) } as WithDefaults<Args, Defaults>;
}
