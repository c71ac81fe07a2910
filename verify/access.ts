/** What a client needs besides an address: nothing, where the lbs take telemetry from anybody. */
export interface Access {
    /** Who vouches for the lbs, as PEM; absent: the authorities that the system knows. */
    authority?: string;
    /** The name that their certificate is for; absent: the address. */
    serverName?: string;
    /** A bearer token. */
    token?: string;
}

/** As gRPC metadata and HTTP write it. */
export const authorization = ({ token }: Access): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
