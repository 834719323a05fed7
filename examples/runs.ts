import type { MockOptions, Turn } from '@enjamb/testing'

/** A run of an example. */
export interface Run {
  /** What the model says; default: what the mock says by itself. */
  turns?: Turn[]
  rateLimits?: MockOptions['rateLimits']
  /** What the example prints. */
  out: RegExp
}

const river = JSON.stringify({ name: 'Yangtze', km: 6300, countries: ['China'] })
const poem = 'It rains, and rains, and rains.\n'.repeat(20)
const slow = { text: 'Ten sentences about a horse that was none. '.repeat(10), eventDelayMs: 20 }

/** The examples that need nothing of Node, by their paths: for their tests, and for the playground of the site. */
export const runs = {
  'core/first-call': { out: /You said: Name three rivers\./ },
  'core/burst': { rateLimits: { requestsPerMinute: 600 }, out: /^6 answers\n$/ },
  'stream/first-stream': { out: /^You said: What is an enjambment\?\nend_turn \{/ },
  'stream/live-input': {
    turns: [{ toolCalls: [{ name: 'write_file', input: { path: 'rain.txt', text: poem } }], eventDelayMs: 1 }],
    out: /^rain\.txt [1-9]\d* characters so far$[\s\S]*\nrain\.txt 640 characters in all\n$/m,
  },
  'stream/relay': { out: /^\d+ tokens$/m },
  'chat/first-chat': {
    out: /^You said: What is an enjambment\?\nYou said: Name three rivers\. \{[\s\S]*\} 0\.0000\d+\n$/,
  },
  'chat/stream-and-cost': { out: /^You said: What is an enjambment\?\n\d+ tokens, 0\.0000\d+ dollars\n$/ },
  'chat/without-key': {
    out: /^A thought .* line break\.\nThe Nile, the Po, the Amur\. \{[\s\S]*\} 0\.0000\d+\n$/,
  },
  'chat/conversation': {
    out: /^You said: Name three rivers\. end_turn [\s\S]*\nYou said: Which one is the longest\?\nYou said: A haiku on rain\.\n$/,
  },
  'chat/structured': {
    turns: [river, river, '{"km": 5}'],
    out: /^Yangtze 6300 0\.000\d+\n[\s\S]*\nYangtze\n\[ 'China' \]\n\[\n? *\{[\s\S]*'km'[\s\S]* 0\.0000\d+\n$/,
  },
  'chat/tools': { out: /^weather returned: Sunny in text \d+ 0\.000\d+\nYou said: And tomorrow\?\n$/ },
  'chat/batch': {
    out: /^3 0 \d+ 0\.0000\d+ You said: Name a river\.\n[\s\S]*'sea: You said: Name a sea\.'[\s\S]* 0\.0000\d+\nmsgbatch_\n$/,
  },
  'chat/which-model': {
    turns: [{ when: { text: /vaccines/ }, reply: { text: 'They train the body.', refusal: 'bio' } }],
    out: /^claude-haiku-\S+ claude-opus-\S+ opus for a word such as "explain"[\s\S]*\nclaude-opus-\S+ \[ \{ model: 'claude-fable-\S+', reason: 'refusal' \} \] 0\.\d+\n$/,
  },
  'chat/talk': {
    out: /^1 messages to keep\n[\s\S]*You said: Name a river\.2 messages to keep\n[\s\S]*You said: Name a lake\.2 messages to keep\nassistant ready\n$/,
  },
  'chat/ui-server': {
    out: /^data: \{"type":"start"\}\n[\s\S]*"finishReason":"stop","messageMetadata"[\s\S]*\ndata: \[DONE\]\n/,
  },
  'chat/openai-door': {
    out: /^\{[\s\S]*content: 'You said: Name a river\.'[\s\S]*\nlogprobs must be false or left out: Claude has nothing like it\.\n401\n$/,
  },
  'tools/first-tool': {
    turns: [{ text: 'Let me see. ', toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }, 'It is sunny.'],
    out: /^Let me see\. It is sunny\.\n1 call, \d+ tokens written\n$/,
  },
  'agent/callback': {
    turns: ['A line that runs on.'],
    out: /^A line that runs on\.\n20 characters, \d+ tokens, \$0\.\d{6}\n$/,
  },
  'agent/task-progress': {
    turns: [{ times: 7, reply: 'Good.' }, { error: 400 }],
    out: /^(.*\n){7}\[█{20}\] 0 at work, 1 failed, \$0\.\d{6} .*\n$/,
  },
  'agent/replay': {
    turns: ['Rhine, Elbe, Oder.'],
    out: /^Rhine, Elbe, Oder\.\nRequest 1 is not the recorded one\. First difference: system\[0\]\.text was "Be short\.", and is "Be long\."\.\n$/,
  },
  'agent/stream-or-not': { turns: [slow, slow], out: /│ '?not streamed'? *│ *\d+ *│ *\d+/ },
} satisfies { [example: string]: Run }
