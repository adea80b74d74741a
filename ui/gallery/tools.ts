/** Tools and answers of every kind. */
import type { ToolResultView } from '../contract/ToolResultView';
import type { ToolView } from '../contract/ToolView';

function tool(name: string, description: string, properties: Record<string, unknown>, part: Partial<ToolView> & { required?: string[] } = {}): ToolView {
  const { required = [], ...rest } = part;
  return { name, title: null, description, inputSchema: { type: 'object', properties, required }, readOnly: false, destructive: false, ...rest };
}

const text = (title: string, description?: string) => ({ type: 'string', title, ...(description ? { description } : {}) });

export const tools: readonly ToolView[] = [
  tool('create_issue', 'Open a new issue in a repository', {
    owner: text('Owner'), repository: text('Repository'), title: { ...text('Title', 'One line that says what is wrong.'), minLength: 3 },
    labels: { type: 'array', title: 'Labels', items: { type: 'string', enum: ['bug', 'docs', 'question'] }, uniqueItems: true },
    assignees: { type: 'array', title: 'Assignees', items: { type: 'string' }, default: ['octo-dev', 'mona'] },
    milestone: { type: 'object', title: 'Milestone', properties: { name: text('Name'), due: { type: 'string', format: 'date', title: 'Due' } }, required: ['name'] },
    priority: { type: 'integer', title: 'Priority', minimum: 1, maximum: 5 }, draft: { type: 'boolean', title: 'Draft' },
    reviewer: { title: 'Reviewer', anyOf: [{ type: 'string', title: 'A person' }, { type: 'object', title: 'A team', properties: { team: text('Team') } }] },
  }, { required: ['owner', 'repository', 'title'] }),
  tool('list_issues', 'List issues, newest first', { owner: text('Owner'), repository: text('Repository'), state: { type: 'string', title: 'State', enum: ['open', 'closed', 'all'] } }, { required: ['owner', 'repository'], readOnly: true }),
  tool('search_code', 'Find code across repositories', { query: text('Query') }, { readOnly: true, title: 'Search code' }),
  tool('merge_pull_request', 'Merge when checks have passed', { number: { type: 'integer', title: 'Number' } }, { destructive: true }),
  tool('get_file_contents', 'Read a file or a folder', {}, { readOnly: true }),
  tool('render_chart', 'Draws a chart', {}, {}),
  tool('failing', 'Fails to show how that looks', {}, {}),
  { ...tool('query_anything', 'A schema that no form can show', {}), inputSchema: { type: 'object', properties: { filter: { $ref: 'https://elsewhere.example/schema.json' } } } },
];

const answer = (part: Partial<ToolResultView>): ToolResultView => ({ content: [], structured: null, isError: false, tookMs: 184, ...part });
const SQUARE = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

export const results: Readonly<Record<string, ToolResultView>> = {
  list_issues: answer({ structured: [{ number: 42, title: 'Reconnect from the tray', state: 'open', comments: 3 }, { number: 41, title: 'Show when a sign-in renews itself', state: 'open', comments: 0 }, { number: 39, title: 'Windows: the link arrives twice', state: 'open', comments: 11 }] }),
  search_code: answer({ content: [{ kind: 'text', text: 'src/main.rs\n\u001b[31mfn main()\u001b[0m {\n    println!("hello");\n}\nשלום עולם' }, { kind: 'link', uri: 'https://github.com/octo-dev/usher', name: 'usher' }, { kind: 'other', mediaType: 'audio/ogg' }] }),
  get_file_contents: answer({ content: [{ kind: 'text', text: '{"name":"usher","nested":{"a":[1,2,3]}}' }] }),
  render_chart: answer({ content: [{ kind: 'image', mediaType: 'image/png', data: SQUARE }, { kind: 'image', mediaType: 'image/svg+xml', data: '' }] }),
  failing: answer({ isError: true, content: [{ kind: 'text', text: 'Repository not found: octo-dev/nothing' }] }),
};
