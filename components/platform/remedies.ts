import * as pulumi from "@pulumi/pulumi";

/** The command that makes again what somebody removed by hand. */
export const refreshCommand = () => `npm run pulumi -- up --refresh --stack ${pulumi.getStack()}`;
