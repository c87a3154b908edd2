/** A saved query as a call from outside. */
export interface EndpointCall {
  /** Scheme, host and port. */
  origin: string;
  tenant: string;
  fabric: string;
  name: string;
  /** Values for the parameters the caller must give, or may. */
  bindVars: Record<string, unknown>;
}

export type SnippetLanguage = 'curl' | 'javascript' | 'csharp' | 'python' | 'lambda';

export const snippetLanguages: readonly (readonly [SnippetLanguage, string])[] = [
  ['curl', 'curl'],
  ['javascript', 'JavaScript'],
  ['csharp', 'C#'],
  ['python', 'Python'],
  ['lambda', 'AWS Lambda handler'],
];

export const endpointPath = ({ tenant, fabric, name }: Pick<EndpointCall, 'tenant' | 'fabric' | 'name'>) =>
  `/_tenant/${encodeURIComponent(tenant)}/_fabric/${encodeURIComponent(fabric)}/restql/execute/${encodeURIComponent(name)}`;

export const endpointUrl = (call: EndpointCall) => call.origin + endpointPath(call);

/** The call in a language, ready to run once the variable GEOFABRIC_TOKEN holds a token. */
export const snippet = (language: SnippetLanguage, call: EndpointCall): string => writers[language](call);

const bodyOf = (call: EndpointCall) => JSON.stringify({ bindVars: call.bindVars });

const writers: Record<SnippetLanguage, (call: EndpointCall) => string> = {
  curl: call =>
    [
      `curl -X POST ${shellText(endpointUrl(call))} \\`,
      `  -H "Authorization: bearer $GEOFABRIC_TOKEN" \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d ${shellText(bodyOf(call))}`,
    ].join('\n'),

  javascript: call => `const response = await fetch(${JSON.stringify(endpointUrl(call))}, {
  method: 'POST',
  headers: {
    authorization: \`bearer \${process.env.GEOFABRIC_TOKEN}\`,
    'content-type': 'application/json',
  },
  body: JSON.stringify(${JSON.stringify({ bindVars: call.bindVars }, null, 2).replaceAll('\n', '\n  ')}),
});
const { error, errorMessage, result } = await response.json();
if (error) throw new Error(errorMessage);
console.log(result);`,

  csharp: call => `using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

using var client = new HttpClient { BaseAddress = new Uri(${JSON.stringify(call.origin)}) };
client.DefaultRequestHeaders.Authorization =
    new AuthenticationHeaderValue("bearer", Environment.GetEnvironmentVariable("GEOFABRIC_TOKEN"));

var body = new StringContent(${csharpText(bodyOf(call))}, Encoding.UTF8, "application/json");
using var response = await client.PostAsync(${JSON.stringify(endpointPath(call))}, body);
response.EnsureSuccessStatusCode();

using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
foreach (var row in answer.RootElement.GetProperty("result").EnumerateArray())
    Console.WriteLine(row);`,

  python: call => `import json
import os
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(endpointUrl(call))},
    method="POST",
    headers={
        "Authorization": "bearer " + os.environ["GEOFABRIC_TOKEN"],
        "Content-Type": "application/json",
    },
    data=json.dumps({"bindVars": ${pythonValue(call.bindVars)}}).encode(),
)
with urllib.request.urlopen(request) as response:
    for row in json.load(response)["result"]:
        print(row)`,

  lambda: call => {
    const { protocol, hostname, port } = new URL(call.origin);
    const library = protocol === 'https:' ? 'https' : 'http';
    const portLine = port ? `\n  port: ${port},` : '';
    return `import ${library} from 'node:${library}';

const options = {
  hostname: ${JSON.stringify(hostname)},${portLine}
  path: ${JSON.stringify(endpointPath(call))},
  method: 'POST',
  headers: {
    authorization: \`bearer \${process.env.GEOFABRIC_TOKEN}\`,
    'content-type': 'application/json',
  },
};

const execute = bindVars => new Promise((resolve, reject) => {
  const request = ${library}.request(options, response => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', part => (text += part));
    response.on('end', () => resolve(JSON.parse(text)));
  });
  request.on('error', reject);
  request.end(JSON.stringify({ bindVars }));
});

export const handler = async event => {
  const answer = await execute(event.bindVars ?? ${JSON.stringify(call.bindVars)});
  return { statusCode: answer.code, body: JSON.stringify(answer.error ? answer.errorMessage : answer.result) };
};`;
  },
};

const shellText = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

// A raw literal; JSON never holds three quotation marks in a row.
const csharpText = (text: string) => `"""${text}"""`;

function pythonValue(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${pythonValue(item)}`).join(', ')}}`;
  return JSON.stringify(value);
}
