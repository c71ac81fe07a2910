import { expect, it } from "vitest";
import { audit, openFindings } from "../../dependencies/audit";
import explained from "../../dependencies/explained.json";
import { projectFolder } from "../support/stackSettings";

it("npm audit finds nothing that dependencies/explained.json does not explain", async ({ skip }) => {
    const said = await audit(projectFolder);
    if ("refused" in said) return skip(`npm audit can not be asked here: ${said.refused}`);
    expect(openFindings(said.findings, explained, new Date().toISOString().slice(0, 10))).toEqual([]);
});

it("every explanation has an advisory, a reason and a last day", () => {
    const day = expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string;
    const reason = expect.stringMatching(/\w+ \w+/) as string;
    for (const one of explained) {
        expect(one).toEqual({ id: expect.stringMatching(/^GHSA(-\w{4}){3}$/) as string, reason, until: day });
    }
});
