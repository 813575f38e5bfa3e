import { readdirSync } from "node:fs";
import { SOURCE_EXTENSION } from "@agentos/core";
import { fileArguments, type LanguageFacts } from "./language.js";

/** Small programs start quicker without the optimising compiler and with the simplest collector. */
const OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xss8m";
const COMPILE = `$program -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -J-Xmx\${heap}m -proc:none -nowarn -encoding UTF-8 -d /tmp/classes`;
const JAVA = `\${program%javac}java -Xmx\${heap}m ${OPTIONS} -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -cp /tmp/classes`;

/** Prints the class that a file declares under its own name. */
const CLASS_OF = `class_of() {
package=$(sed -n 's/^[[:space:]]*package[[:space:]]\\{1,\\}\\([A-Za-z0-9_.]*\\)[[:space:]]*;.*/\\1./p' "$1" | head -n 1)
name=\${1##*/}; echo "$package\${name%.java}"
}
`;

/** Java, by javac and java: all `.java` files of the run are compiled together. */
export const JAVA_LANGUAGE: LanguageFacts = {
  extension: SOURCE_EXTENSION.java,
  ownTests: undefined,
  hooks: /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?|module-info\.java)$/,
  dependencyFolders: [],
  testPath: /\.java$/,
  foreignTests: /\borg\.(?:junit|testng|assertj)\b/,
  toolchain: {
    name: "java",
    programs: () => ["/usr/bin/javac", "/usr/local/bin/javac"],
    trial: `$program --version && exec \${program%javac}java --version >&2`,
    lowest: [17, 0],
    remedy: "apt-get install default-jdk-headless",
    // Debian keeps the settings of the virtual machine there; without them it does not start.
    reads: () =>
      readdirSync("/etc")
        .filter((name) => /^java-\d+-openjdk$/.test(name))
        .map((name) => `/etc/${name}`),
  },
  steps: {
    run: `${CLASS_OF}entry=$1; shift
find . -name '*.java' > /tmp/sources
${COMPILE} @/tmp/sources >/tmp/build-errors 2>&1 || { cat /tmp/build-errors >&2; echo "invalid $entry" >&3; exit 1; }
exec ${JAVA} "$(class_of "$entry")" "$@" 3>&-`,
    test: `${CLASS_OF}nonce=$1; shift; status=0
{ find . -name '*.java'; echo /harness/Harness.java; } > /tmp/sources
if ! ${COMPILE} @/tmp/sources >/tmp/build-errors 2>&1; then
cat /tmp/build-errors >&2; rm -rf /tmp/classes; ${COMPILE} /harness/Harness.java || exit 1
while [ $# -gt 0 ]; do ${JAVA} --add-opens java.base/java.io=ALL-UNNAMED Harness "$nonce" "$1" /tmp/build-errors; shift 3; done
exit 1
fi
while [ $# -gt 0 ]; do
${JAVA} -ea --add-opens java.base/java.io=ALL-UNNAMED Harness "$nonce" "$1" "$3" "$(class_of "$2")" || status=$?
shift 3
done
exit $status`,
    check: `find . -name '*.java' > /tmp/sources
exec ${COMPILE} @/tmp/sources 3>&-`,
    testArguments: fileArguments,
    reservesMemory: true,
  },
};
