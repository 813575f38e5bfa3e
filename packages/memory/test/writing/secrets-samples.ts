// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of shells and templates are among the samples
/** Secrets of every form, drawn anew for each seed: none was ever given out. */
export function madeSecrets(seed: number): readonly {
  readonly kind: string;
  readonly text: string;
  readonly secret: string;
}[] {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const draw = (length: number, from: string): string =>
    Array.from({ length }, () => from[below(from.length)]).join("");
  const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const lower = upper.toLowerCase();
  const digits = "0123456789";
  const alnum = upper + lower + digits;
  const url = `${alnum}-_`;
  const base64 = `${alnum}+/`;
  const hex = `${digits}abcdef`;
  const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = `${json({ alg: "HS256", typ: "JWT" })}.${json({ sub: draw(8, digits), exp: below(1e9) })}.${draw(43, url)}`;
  const pem = (label: string, lines = 12): string =>
    [
      `-----BEGIN ${label}-----`,
      ...Array.from({ length: lines }, () => draw(64, base64)),
      `${draw(40, base64)}==`,
      `-----END ${label}-----`,
    ].join("\n");
  const password = `${draw(5, lower)}${draw(2, digits)}!${draw(4, upper)}`;
  const key = `${draw(20, alnum)}${draw(2, digits)}${draw(10, lower)}`;
  const inside = (kind: string, before: string, secret: string, after = ""): (typeof made)[number] => ({
    kind,
    secret,
    text: `${before}${secret}${after}`,
  });
  const made: { kind: string; secret: string; text: string }[] = [];
  made.push(
    inside("aws-access-key", "The key is ", `AKIA${draw(16, `${upper}234567`)}`, "."),
    inside("aws-access-key", "export AWS_ACCESS_KEY_ID=", `ASIA${draw(16, `${upper}234567`)}`),
    inside("secret", "aws_secret_access_key = ", `a1B${draw(37, base64)}`),
    inside("secret", 'AWS_SECRET_ACCESS_KEY="', `Z9/${draw(37, base64)}`, '"'),
    inside("gcp-api-key", "maps: ", `AIza${draw(35, url)}`),
    inside("gcp-oauth-token", "ya: ", `ya29.${draw(60, url)}`),
    inside("gcp-client-secret", "", `GOCSPX-${draw(28, url)}`),
    inside(
      "github-token",
      "git clone https://x-access-token:",
      `ghs_${draw(36, alnum)}`,
      "@github.com/shop/api",
    ),
    inside("github-token", "GH=", `ghp_${draw(36, alnum)}`),
    inside("github-token", "", `github_pat_${draw(22, alnum)}_${draw(59, alnum)}`),
    inside("gitlab-token", "PRIVATE-TOKEN ", `glpat-${draw(20, url)}`),
    inside("slack-token", "bot: ", `xoxb-${draw(12, digits)}-${draw(12, digits)}-${draw(24, alnum)}`),
    inside(
      "slack-webhook",
      "https://",
      `hooks.slack.com/services/T${draw(10, upper)}/B${draw(10, upper)}/${draw(24, alnum)}`,
    ),
    inside("stripe-key", "stripe: ", `sk_live_${draw(24, alnum)}`),
    inside("stripe-key", "", `rk_test_${draw(99, alnum)}`),
    inside("stripe-webhook-secret", "", `whsec_${draw(32, alnum)}`),
    inside("anthropic-key", "", `sk-ant-api03-${draw(93, url)}AA`),
    inside("openai-key", "", `sk-proj-${draw(100, url)}`),
    inside("openai-key", "", `sk-${draw(20, alnum)}T3BlbkFJ${draw(20, alnum)}`),
    inside("huggingface-token", "", `hf_${draw(34, upper + lower)}`),
    inside("npm-token", "//registry.npmjs.org/:_authToken=", `npm_${draw(36, alnum)}`),
    inside("pypi-token", "", `pypi-AgEIcHlwaS5vcmc${draw(120, url)}`),
    inside("rubygems-key", "", `rubygems_${draw(48, hex)}`),
    inside("docker-token", "docker login -p ", `dckr_pat_${draw(27, url)}`),
    inside("digitalocean-token", "", `dop_v1_${draw(64, hex)}`),
    inside("sendgrid-key", "", `SG.${draw(22, url)}.${draw(43, url)}`),
    inside("shopify-token", "", `shpat_${draw(32, hex)}`),
    inside("vault-token", "", `hvs.${draw(90, url)}`),
    inside("databricks-token", "", `dapi${draw(32, hex)}`),
    inside("age-key", "", `AGE-SECRET-KEY-1${draw(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`),
    inside(
      "azure-storage-key",
      "AccountName=shop;AccountKey=",
      `${draw(86, base64)}==`,
      ";EndpointSuffix=core.windows.net",
    ),
    inside("azure-shared-access-key", "SharedAccessKeyName=root;SharedAccessKey=", `${draw(43, base64)}=`),
    inside(
      "azure-signature",
      "https://shop.blob.core.windows.net/a?sv=2022-11-02&sig=",
      `${draw(43, alnum)}%3D`,
    ),
    inside("azure-client-secret", "client: ", `${draw(3, alnum)}8Q~${draw(34, `${alnum}_~.-`)}`),
    inside("jwt", "cookie session=", jwt),
    inside("jwt", "Authorization: Bearer ", jwt),
    inside("private-key", "", pem("RSA PRIVATE KEY"), "\n"),
    inside("private-key", "key:\n", pem("PRIVATE KEY"), "\nend"),
    inside("private-key", "", pem("OPENSSH PRIVATE KEY", 6)),
    inside("private-key", "", pem("EC PRIVATE KEY", 2)),
    inside("private-key", '"private_key": "', pem("PRIVATE KEY").replaceAll("\n", "\\n"), '"'),
    inside("private-key", "cut: ", pem("PRIVATE KEY").slice(0, 400)),
    inside("password", "postgres://app:", password, "@db.internal:5432/shop"),
    inside(
      "password",
      "mongodb+srv://shop:",
      draw(18, alnum),
      "@cluster0.example.mongodb.net/?retryWrites=true",
    ),
    inside("password", "redis://:", draw(20, alnum), "@cache:6379/0"),
    inside("password", "Server=db;User Id=sa;Password=", password, ";Encrypt=true"),
    inside("password", "password = ", password),
    inside("password", 'password: "', `correct${draw(6, lower)}horse`, '"'),
    inside("password", "DB_PASSWORD=", `${password},x;y&z`, "\nDB_HOST=db"),
    inside("password", "The password of the test account is ", password, "."),
    inside("password", "Das Passwort ist ", password),
    inside("password", "密码是", password),
    inside("password", '{"user":"app","password":"', password, '"}'),
    inside("password", "mysql --user app --password ", password, " shop"),
    inside("password", "spring.datasource.password=", password),
    inside("secret", "api_key: ", key),
    inside("secret", "const apiKey = '", key, "';"),
    inside("secret", "X-Api-Key: ", key),
    inside("secret", "SECRET_KEY_BASE=1\nSESSION_SECRET=", draw(64, hex)),
    inside("secret", 'clientSecret => "', key, '"'),
    inside("secret", "deploy --token ", key, " --force"),
    inside("secret", "https://api.example.com/v1?access_token=", key, "&limit=5"),
    inside("secret", "The access token is ", key, ", valid for a year"),
    inside("secret", "Authorization: token ", key),
    inside("bearer-token", "curl -H 'X: Bearer ", key, "'"),
    inside("basic-credentials", "Proxy: Basic ", Buffer.from(`app:${password}`).toString("base64")),
  );
  return made;
}

/** Texts that look like secrets and are none. */
export const HARMLESS: readonly string[] = [
  "Fixed in commit 3f786850e387550fdab836ed7e6dc881de23001b.",
  "git bisect found 89e6c98d92887913cadf06b2adb97f26cde4849b",
  "The request id is 123e4567-e89b-12d3-a456-426614174000.",
  "correlation: 00000000-0000-0000-0000-000000000000",
  '"integrity": "sha512-q2k0tCU5Bm5lQd1uK3WqVHyoJ8ZQ2fYcK1Ys3dG4L0bG2o9rXWmT7r0m9o2c8QmY5WnJ0aQH0bT1cVf5lq9s2w=="',
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  "FROM node@sha256:a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90",
  "md5 d41d8cd98f00b204e9800998ecf8427e is the empty file",
  'const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";',
  "expect(encode(bytes)).toBe('SGVsbG8sIHdvcmxkISBIb3cgYXJlIHlvdT8=');",
  "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
  "The token is passed in the header Authorization: Bearer <token>.",
  "Authorization: Bearer ${TOKEN}",
  "Authorization: Bearer YOUR_ACCESS_TOKEN",
  "Authorization: Bearer {{ access_token }}",
  "Use bearer authentication for the internal API.",
  "Basic authentication is switched off.",
  "password = xxxx",
  "password: ********",
  "password=<password>",
  "password: ${DB_PASSWORD}",
  'password = os.environ["DB_PASSWORD"]',
  "password: process.env.DB_PASSWORD,",
  "apiKey: process.env.OPENAI_API_KEY ?? ''",
  "api_key = os.getenv('API_KEY_V2')",
  "apiKey: import.meta.env.VITE_API_KEY1",
  "password: changeme",
  'password: "change-me"',
  'password = "changeme123"',
  "api_key: your-api-key-goes-here-1234",
  'api_key = "YOUR_API_KEY_HERE_12345"',
  "token: ${{ secrets.GITHUB_TOKEN }}",
  "token: $GITHUB_TOKEN",
  "secret: vault:kv/data/shop#token2",
  "password_file: /run/secrets/db_password1",
  "POSTGRES_PASSWORD_FILE=/run/secrets/postgres-passwd1",
  "PWD=/home/build1/shop",
  "interface Login { user: string; password: string; token?: string }",
  "function login(user: string, password: string, apiKey: ApiKeyV2Type): void {}",
  "const password = generatePassword(24);",
  "const token = jwt.sign({ sub: user.id }, key, { expiresIn: 3600 });",
  "this.password = options.password;",
  "password: hashPassword2(input.password),",
  "if (token === previousToken) return;",
  "max_tokens: 4096, temperature: 0.2",
  'tokenizer = "cl100k_base"',
  "token_count=128000",
  "password_min_length: 12",
  "The password is hashed with bcrypt, cost 12.",
  "The password must have 12 characters or more.",
  "A token is valid for 15 minutes; the refresh token for 30 days.",
  "nextPageToken: CAUQAA1234567890abcdef",
  "publicKey: 04bfcab3d1a2b9f6f6d5b8e6a1c0e4d2",
  "pk_live_ keys may be in the frontend, sk_live_ keys may not.",
  "Tokens of GitHub begin with ghp_ and have 36 characters behind it.",
  "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  "AKIAIOSFODNN7EXAMPLE is the key of the documentation.",
  "sk-ant-api03-...",
  "-----BEGIN PRIVATE KEY-----",
  "Look for -----BEGIN RSA PRIVATE KEY----- in the repository before a release.",
  "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
  "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEa1b2c3d4e5f6\n-----END PUBLIC KEY-----",
  "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUa1b2c3d4e5f6\n-----END CERTIFICATE-----",
  "postgres://user:password@localhost:5432/db",
  "postgres://postgres:postgres@localhost:5432/shop_test",
  "postgres://app:${DB_PASSWORD}@db:5432/shop",
  "postgres://<user>:<password>@<host>/<db>",
  "http://localhost:8080/users?id=5@home",
  "https://example.com:8443/@scope/package",
  "git@github.com:shop/api.git",
  "ssh://git@host:22/repo.git",
  "import { token } from './theme/tokens.js';",
  "--color-primary: var(--token-blue-500);",
  "The secret of fast builds is a warm cache.",
  "Secret: it is all in the Makefile.",
  "credentials: 'include'",
  'fetch(url, { credentials: "same-origin" })',
  '<input type="password" name="password" id="password" autocomplete="current-password">',
  'labels: { password: "Password", confirmPassword: "Confirm password" }',
  "eyJ is how a JWT begins: eyJhbGciOi...",
  "The class of the id is 5f2b8c9d1e3a4f6b7c8d9e0f (ObjectId).",
  "ed25519 fingerprint SHA256:47DEQpj8HBSa+TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
  "Version 1.2.3-beta.4+build.20240131",
  "[redacted:github-token]",
  "password = [redacted:password]",
  "テストの説明はこちら。パスワードは必須です。",
  "The compass= bypass=true flags are undocumented.",
];
