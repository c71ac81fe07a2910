/** What a stack's objects are called or labelled with on every platform, and are found by when its state is gone. */
export const defaultPrefix = (project: string, stack: string) => `${project}-${stack}`;
