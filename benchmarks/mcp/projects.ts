import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A project of a few files of which nothing is indexed. */
export async function smallProject(folder: string, name: string): Promise<string> {
  const root = join(folder, name);
  await mkdir(join(root, "src"), { recursive: true });
  await writeFile(join(root, "package.json"), '{ "name": "small", "type": "module" }\n');
  for (let number = 0; number < 20; number += 1)
    await writeFile(
      join(root, "src", `part${number}.js`),
      `export function part${number}() {\n  return ${number};\n}\n`,
    );
  return root;
}
