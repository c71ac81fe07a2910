import { describeLab } from "../support/labTests";
import { reason } from "./onlyWithKubernetes";

describeLab("kubernetes", reason);
