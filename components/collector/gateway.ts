import { invalid } from "../errors";
import { type Config, mergeConfig, section } from "./config";
import { externalExporter } from "./mtls";

/** Completes a gateway's configuration: where the external gateway is. */
export function gatewayConfig(base: Config, externalGateway: string): Config {
    if (!section(base, "exporters")[externalExporter]) {
        throw invalid("exporters", Object.keys(section(base, "exporters")), `an exporter named ${externalExporter}`);
    }
    return mergeConfig(base, { exporters: { [externalExporter]: { endpoint: externalGateway } } });
}
