import * as grpc from "@grpc/grpc-js";
import { connect } from "node:tls";
import { X509Certificate } from "node:crypto";
import type { KeyPair } from "../../components/certificates/authority";
import { tracesMethod } from "../../verify/otlp";

/** The certificate that a server shows whoever connects. */
export function servedCertificate(host: string, port: number): Promise<X509Certificate> {
    return new Promise((resolve, reject) => {
        const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ["h2"] }, () => {
            const { raw } = socket.getPeerCertificate();
            socket.destroy();
            resolve(new X509Certificate(raw));
        });
        socket.once("error", reject);
    });
}

/** What a receiver answers to an empty export of somebody with this identity: "accepted", or why not. */
export function exportAs(
    address: string,
    { trusts, serverName, shows }: { trusts: KeyPair; serverName: string; shows?: KeyPair },
): Promise<string> {
    const text = (pem: string | undefined) => (pem === undefined ? null : Buffer.from(pem));
    const credentials = grpc.credentials.createSsl(
        Buffer.from(trusts.certificate),
        text(shows?.key),
        text(shows?.certificate),
    );
    const client = new grpc.Client(address, credentials, { "grpc.ssl_target_name_override": serverName });
    const same = (bytes: Buffer) => bytes;
    return new Promise((resolve) => {
        const deadline = { deadline: Date.now() + 5_000 };
        client.makeUnaryRequest(tracesMethod, same, same, Buffer.alloc(0), new grpc.Metadata(), deadline, (error) => {
            client.close();
            resolve(error ? error.message : "accepted");
        });
    });
}
