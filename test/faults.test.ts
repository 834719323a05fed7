import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A kind of fault that others met, and where it is held off: a test by its file and its title, or a part of that. */
type Row = [row: string, kind: string, ...tests: [file: string, title: string][]]

/** What was found in public bug reports, other libraries' test suites, by attack and in a newcomer's first hour. */
const rows: Row[] = [
  // Streams and messages
  [
    '1.1',
    'what one event finishes is checked at the end of the message',
    [
      'packages/stream/src/message/create-accumulator.test.ts',
      'that was streamed is there where its block was still open',
    ],
    ['packages/tools/src/loop/odd-replies.test.ts', 'whose block is still open when the message ends is made'],
  ],
  [
    '1.2',
    'frames that are not the API’s own are passed over, and nothing spoils a whole message',
    ['packages/stream/src/events/create-event-parser.test.ts', 'is passed over where it is a sign of life'],
    ['packages/stream/src/stream/message-stream.test.ts', 'nothing that comes after the end spoils a whole message'],
  ],
  [
    '1.3',
    'a gateway’s error has the class that its type has',
    ['packages/stream/src/events/create-event-parser.test.ts', 'is the error that a gateway gives it as'],
    ['packages/stream/src/stream/message-stream.test.ts', 'an error in a gateway’s form before the first content'],
  ],
  [
    '1.4',
    'an error of status 200 is one everywhere',
    ['packages/core/src/http/answer/judge.test.ts', 'that is answered with an error of status 200'],
    ['packages/core/src/http/answer/judge.test.ts', 'a health check whose answer of status 200 is an error'],
  ],
  [
    '1.5',
    'an abort is heeded between two events of a chunk',
    ['packages/stream/src/stream/message-stream.test.ts', 'an abort between two events of one chunk'],
  ],
  ['1.6', 'no half surrogate leaves', ['packages/core/src/http/to-body.test.ts', 'has no half surrogate in %s']],
  [
    '1.7',
    'tool calls that are not as usual',
    ['packages/stream/src/stream/tool-input.test.ts', 'is reported like any other where the call is whole'],
    ['packages/tools/src/loop/odd-replies.test.ts', 'that the reply ends for and does not have is an error'],
    ['packages/tools/src/loop/tool-trouble.test.ts', 'whose id a call of an earlier turn had is made'],
  ],
  [
    '1.8',
    'a call with input that is no JSON ends no run',
    ['packages/tools/src/loop/odd-replies.test.ts', 'with input that is no JSON object, %s, is answered with that'],
  ],
  [
    '1.9',
    'platforms that differ',
    ['packages/core/src/http/answer/judge.test.ts', 'where bodies are no web streams'],
    ['packages/core/src/platform/platform.test.ts', 'and none where the platform can make none'],
  ],
  [
    '1.10',
    'a slow answer is not sent and billed again',
    ['packages/core/src/node/fetch/platform-timeouts.test.ts', 'a limit of fetch itself on %s, shorter than timeoutMs'],
  ],
  [
    '1.11',
    'a middleware that reads the body',
    [
      'packages/core/src/http/answer/judge.test.ts',
      'in a middleware is one request, and an error that says what to do',
    ],
  ],
  [
    '1.12',
    'words of errors',
    ['packages/core/src/errors/redact.test.ts', 'an ordinary word that is a key is left in peace'],
    ['packages/core/src/errors/redact.test.ts', 'a failure of fetch has words, whatever it is'],
    ['packages/core/src/endpoints/files/upload-file.test.ts', 'follows no redirect, and is sent once'],
    ['packages/stream/src/message/create-accumulator.test.ts', 'a stop for a block that never started ends nothing'],
  ],
  [
    '1.13',
    'types without the DOM, and of β fields',
    ['test/consumers.test.ts', 'a program for %s compiles with each package'],
    ['test/consumers.test.ts', 'the β fields of a request are typed'],
  ],
  ['1.14', 'blank is unset', ['packages/core/src/platform/platform.test.ts', 'a variable that is blank is unset']],
  [
    '1.15',
    'no warning and no listener left',
    ['packages/core/src/http/abort.test.ts', 'many calls on one signal raise no warning, and leave no listener'],
  ],
  // Money and facts of the API
  [
    '2.1',
    'money from iterations',
    ['packages/core/src/models/cost-of.test.ts', 'compaction is billed beside the answer'],
    ['packages/core/src/usage/add-usage.test.ts', 'adds up iterations of one type and model'],
    ['packages/core/src/usage/bound/cost-bound.test.ts', 'bounds compaction, advisors and fallbacks'],
    ['packages/core/src/otel/create-telemetry.test.ts', 'counts the tokens of compaction and advisors'],
  ],
  [
    '2.2',
    'refusals that are billed and those that are not',
    ['packages/core/src/models/cost-of.test.ts', 'a refusal before any output, of category %s'],
  ],
  [
    '2.3',
    'thinking turned off by model',
    ['packages/chat/src/request/fit-to-model.test.ts', 'turns thinking off on $id'],
  ],
  [
    '2.4',
    'what the model thinks is shown',
    ['packages/chat/src/request/fit-to-model.test.ts', 'how thoughts are displayed'],
    ['packages/agent/src/session/session.test.ts', 'shows what the model thinks, unless told otherwise'],
  ],
  [
    '2.5',
    'forced choice and effort by model',
    ['packages/chat/src/request/fit-to-model.test.ts', 'a forced tool choice is sent to $id only if it takes one'],
    ['packages/chat/src/request/fit-to-model.test.ts', 'is sent to $id if it takes it, refused if it does not'],
  ],
  ['2.6', 'pools of rate limits', ['packages/core/src/pacing/rate-limit-pool.test.ts', 'puts $id into the pool']],
  [
    '2.7',
    'spend limits',
    ['packages/core/src/http/answer/judge.test.ts', 'of the code %s is not tried again, and says when it ends'],
    ['packages/core/src/http/answer/judge.test.ts', 'that you have set yourself (%s) is a BillingError'],
  ],
  [
    '2.8',
    'texts that mean a limit',
    ['packages/core/src/usage-limit/parse-usage-limit.test.ts', 'Your org is out of usage · contact your admin'],
  ],
  [
    '2.9',
    'facts of models',
    ['packages/core/src/models/models.generated.test.ts', 'knows of %s what its maker says'],
    ['packages/core/src/models/models.generated.test.ts', 'held against their sources in the last 60 days'],
    ['packages/core/src/models/resolve-model.test.ts', 'stands for the newest model of its family'],
  ],
  [
    '2.10',
    'calls of the model that declined',
    ['packages/tools/src/loop/odd-replies.test.ts', 'the calls of the first are not made'],
  ],
  [
    '2.11',
    'compaction, orphans, tools that were withdrawn',
    ['packages/tools/src/loop/odd-replies.test.ts', 'a run that is told to compact does so once'],
    ['packages/tools/src/loop/odd-replies.test.ts', 'a tool that a system message has withdrawn does not run'],
    ['packages/tools/src/loop/odd-replies.test.ts', 'an abort leaves no call behind that a server tool'],
  ],
  [
    '2.12, 2.13',
    'the mock takes and refuses what the API does',
    ['packages/testing/test/api-rules.test.ts', 'a request is accepted or refused as the API does it:'],
    ['packages/testing/test/api-answers.test.ts', 'thinking is bound to what stood before it:'],
  ],
  [
    '2.14',
    'the mock answers as the API does',
    ['packages/testing/test/api-answers.test.ts', 'begins with thinking that is signed, and not shown'],
    ['packages/testing/test/api-answers.test.ts', 'of %s takes prefixes of %i tokens'],
  ],
  // Schemas
  [
    '3.1',
    'strict schemas keep definitions, and close nullable objects',
    ['packages/core/src/schema/to-strict-schema.test.ts', 'definitions'],
  ],
  [
    '3.2 to 3.4',
    'schemas mean what JSON Schema says, or are refused when the tool is defined',
    ['packages/core/src/schema/validate-json.test.ts', 'oneOf'],
    ['packages/tools/src/define/try-json-schema.test.ts', 'could only fail at each call is refused when the tool is'],
  ],
  [
    '3.5',
    'MCP tools with schemas that the API refuses',
    ['packages/tools/src/mcp/tool/schema/tool-schema.test.ts', 'is offered as the meta-schema takes it, or not at all'],
  ],
  // Coding tools
  [
    '4.1',
    'files that run',
    ['packages/tools/src/permissions/permissions.test.ts', 'is asked for in every mode but bypass'],
    ['packages/tools/src/permissions/protected-path.test.ts', '%s can make other programs run things'],
  ],
  [
    '4.2',
    'limits over a whole history',
    ['packages/tools/src/loop/layers/limit-media.test.ts', 'the oldest are left out where there are too many'],
  ],
  [
    '4.3',
    'pictures are looked at to their end, and a history that is refused for one is mended',
    ['packages/tools/src/node/read/read-tool.test.ts', 'refuses images of which there is no more than a beginning'],
    ['packages/tools/src/loop/turn/replace-refused.test.ts', 'a picture that the API refuses is replaced by a text'],
  ],
  ['4.4', 'one encoding a file', ['packages/tools/src/node/edit/edit-tool.test.ts', 'is the encoding, into which']],
  ['4.5', 'Write keeps the form', ['packages/tools/src/node/write/write-tool.test.ts', 'stays: line breaks as on']],
  [
    '4.6',
    'empty answers say why',
    [
      'packages/tools/src/node/search/grep/grep-tool.test.ts',
      'is found where a folder is named of which rules leave out',
    ],
    ['packages/tools/src/node/search/glob-tool.test.ts', 'unless that is all there is in the folder named'],
  ],
  [
    '4.7',
    'one meaning of globs',
    ['packages/tools/src/node/search/grep/grep-tool.test.ts', 'are chosen by globs as Glob reads them'],
    ['packages/tools/src/glob/compile-glob.test.ts', '%s fits what it says'],
  ],
  [
    '4.8',
    'line ends',
    ['packages/tools/src/node/search/grep/grep-tool.test.ts', 'match the same whether they end as on'],
  ],
  [
    '4.9',
    'files that cannot be replaced',
    ['packages/tools/src/node/files/change/overwrite-file.test.ts', 'is written in place, and the model is told'],
  ],
  [
    '4.10',
    'rules and the usual forms of calls',
    ['packages/tools/src/permissions/hostile-calls.test.ts', 'is denied by a rule about %s where it would show it'],
    ['packages/tools/src/permissions/hostile-calls.test.ts', 'git -C "My Project" push'],
    ['packages/tools/src/permissions/hostile-calls.test.ts', 'rm -fr x'],
  ],
  [
    '4.11',
    'input as models send it',
    ['packages/tools/src/code/fit-input.test.ts', 'a call that says plainly what it'],
  ],
  ['4.12', 'heads of skills', ['packages/tools/src/node/head/parse-head.test.ts', 'is taken as it was meant, with']],
  [
    '4.13',
    'names that look the same',
    ['packages/tools/src/node/files/missing-file.test.ts', 'spells a name out that'],
  ],
  [
    '4.14',
    'long and overwritten output',
    ['packages/tools/src/node/bash/bash-tool.test.ts', 'that is long is shown from its beginning and its end'],
    ['packages/tools/src/node/bash/bash-tool.test.ts', 'of a line that is written over is all that it has said'],
  ],
  [
    '4.15',
    'MCP as the official client does it',
    ['packages/tools/src/mcp/mcp-tools.test.ts', 'shows the rest of a result that has one part of a kind'],
    ['packages/tools/src/mcp/link/http-trouble.test.ts', 'is made again in a new session when the server says that'],
    ['packages/tools/src/mcp/link/newer-protocol.test.ts', 'as the official client would'],
    ['packages/tools/src/mcp/parse-mcp-config.test.ts', 'may begin with a byte order mark'],
    ['packages/tools/src/mcp/parse-mcp-config.test.ts', 'leaves out servers that are disabled'],
  ],
  // Safety
  [
    '5.1',
    'what a caller has seen is booked',
    ['packages/core/src/node/usage-store/file-usage-store.test.ts', 'in any of 250 kills, while others write'],
  ],
  [
    '5.2',
    'what is asked about is what runs',
    ['packages/tools/src/loop/layers/with-permission.test.ts', 'is asked about the very value that runs'],
    ['packages/tools/src/permissions/hostile-calls.test.ts', 'what is no URL to a rule may be one to the tool'],
  ],
  [
    '5.3',
    'a rejection where one is expected',
    [
      'packages/stream/src/stream/message-stream.test.ts',
      'a stream with wrong parameters rejects with the ConfigError',
    ],
  ],
  [
    '5.4',
    'a loop left by throw()',
    ['packages/stream/src/stream/message-stream.test.ts', 'a pipeline whose sink fails'],
  ],
  [
    '5.5',
    'globs in linear time',
    ['packages/tools/src/glob/compile-glob.test.ts', 'that nearly fits in very many ways takes no longer for it'],
    ['packages/tools/src/glob/ignore-rules.test.ts', 'take no longer for being made to'],
  ],
  [
    '5.6',
    'cassettes and redirects',
    ['packages/testing/test/cassette-secrets.test.ts', 'follows no redirect, and so carries the key nowhere'],
    ['packages/testing/test/cassette-secrets.test.ts', 'keeps no key that came as %s'],
  ],
  [
    '5.7',
    'credentials that a server echoes',
    ['packages/core/src/errors/redact.test.ts', 'a credential is in no message for a redirect, no request id'],
    ['packages/core/src/ndjson/parse-ndjson.test.ts', 'shows no key of the API'],
  ],
  [
    '5.8',
    'pauses that are longer than a timer, and aborts that are final',
    ['packages/core/src/http/deadline.test.ts', 'a pause of %d ms lasts as long, and is no storm of requests'],
    ['packages/core/src/client/retry-options.test.ts', 'where the caller has aborted it, whatever the rules'],
  ],
  [
    '5.9',
    'daemons born while a command is being stopped',
    ['packages/tools/src/node/bash/bash-tool.test.ts', 'is up for daemons, too, that are born while'],
  ],
  [
    '5.10',
    'shapes that are checked',
    ['packages/core/src/http/answer/judge.test.ts', 'an answer that is %s is a StreamParseError, and no message'],
    ['packages/core/src/usage/add-usage.test.ts', 'a count named __proto__ is one like any other'],
  ],
  [
    '5.11',
    'bounds',
    ['packages/core/src/http/answer/judge.test.ts', 'an answer of JSON has a limit'],
    ['packages/stream/src/stream/message-stream.test.ts', 'pings without end before the first content are not kept'],
    ['packages/stream/src/message/create-accumulator.test.ts', 'blocks that come from the last to the first'],
  ],
  [
    '5.12',
    'the event loop is not held up',
    ['packages/tools/src/mcp/link/flood.test.ts', 'is heard some of them at a time'],
    ['packages/tools/src/node/parse-notebook-json.test.ts', 'lets everything else have its turn'],
    ['packages/tools/src/node/files/missing-file.test.ts', 'lets everything else have its turn among thousands'],
    ['packages/testing/src/script/default-turn.test.ts', 'reads a text once, whatever is in it'],
  ],
  [
    '5.13',
    'the small print of permissions',
    ['packages/tools/src/permissions/hostile-calls.test.ts', 'does not allow another file'],
    ['packages/tools/src/permissions/hostile-calls.test.ts', 'is not stretched by what it looks for'],
  ],
  [
    '5.14',
    'ends and options',
    ['packages/tools/src/node/process/process-group.test.ts', 'dies of %s as before, and takes along what runs'],
    ['packages/core/src/node/usage-store/file-usage-store.test.ts', 'with %s are no books: nothing is granted'],
    ['packages/core/src/platform/checks/check-names.test.ts', 'betas are a list of names, not %j'],
    ['packages/core/src/client/logger.test.ts', 'a logger that throws fails no call'],
    ['packages/core/src/client/with-options.test.ts', 'a client shows no key, however it is printed'],
    ['packages/core/src/errors/errors.test.ts', '20,000 errors within one another are written and read'],
  ],
  // The first hour
  [
    '6.1',
    'installs beside any version',
    ['test/versions.long.test.ts', 'a project with %s versions of what the subpaths'],
  ],
  ['6.2', 'a missing peer', ['packages/tools/src/node/find-peer.test.ts', 'is named with the line that installs it']],
  ['6.3', 'the first program', ['test/installed.test.ts', 'runs as it is pasted into a new project']],
  ['6.4', 'CommonJS', ['test/installed.test.ts', 'is required by CommonJS']],
  ['6.5', 'Ctrl-C', ['examples/quickstart/quickstart.test.ts', 'takes Ctrl-C in the middle of an answer']],
  ['6.6', 'an alias', ['packages/core/src/http/answer/judge.test.ts', 'is not found, with a hint']],
  ['6.7', 'logs', ['packages/core/src/client/logger.test.ts', 'ANTHROPIC_LOG=%s has what is of that level or above']],
  [
    '6.8',
    'misspelt options',
    ['packages/core/src/platform/checks/check-names.test.ts', 'an option that is meant to be another'],
    ['packages/tools/src/checks/server.test.ts', 'an option that is misspelt is refused, with the one that was meant'],
    ['packages/tools/src/node/coding-tools.test.ts', 'refuses options that there are not, and names the nearest'],
  ],
  ['6.9', 'READMEs', ['test/repo.test.ts', 'has a %s without links that lead out of its tarball']],
]

describe('a fault that others found is held off by a test:', () => {
  it.each(rows)('%s, %s', (_row, _kind, ...tests) => {
    for (const [file, title] of tests) {
      expect(existsSync(`${root}${file}`), file).toBe(true)
      expect(readFileSync(`${root}${file}`, 'utf8'), file).toContain(title)
    }
  })
})
