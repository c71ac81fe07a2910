// A process that says as many words as it is told to, and ends.
import { sayLast } from "../../bench/process";

const [words = "0"] = process.argv.slice(2);
if (words === "0") process.exit(1);
for (let word = 1; word < Number(words); word++) process.send?.({ type: "word", word });
sayLast({ type: "last" });
