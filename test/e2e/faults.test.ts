import { describeLab } from "../support/labTests";

describeLab("docker", process.env.TIERS_NO_DOCKER);
